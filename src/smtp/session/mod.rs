//! An SMTP session as a machine of bytes in and steps out. Knows no socket, no clock, no store.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use crate::dialogue::Endpoint;
use crate::dialogue::TlsFacts;
use crate::message::id::MessageId;
use crate::smtp::addressing::Addressing;
use crate::smtp::auth::Exchange;
use crate::smtp::body::Body;
use crate::smtp::conversation::Conversation;
use crate::smtp::conversation::Next;
use crate::smtp::in_flight::InFlight;
use crate::smtp::input::Input;
use crate::smtp::input::Line;
use crate::smtp::limits::Limits;
use crate::smtp::limits::TIMEOUT_MAX;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;
use crate::smtp::transaction::Refusal;
use crate::smtp::transaction::Transaction;

/// What a session is made with.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// What the listener speaks and asks for.
    pub service: Arc<Service>,
    /// The bytes being received, over all sessions.
    pub in_flight: Arc<InFlight>,
    /// The client.
    pub peer: Endpoint,
    /// The TLS the session runs in from its first byte on, if any.
    pub tls: Option<TlsFacts>,
    /// Whether the client may say whom it speaks for (XCLIENT, XFORWARD).
    pub is_trusted: bool,
    /// What the challenges of AUTH are made of: never the same twice.
    pub nonce: u128,
}

/// What is to be done next for a session.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Owe the client this reply. It need not be flushed before the engine wants input.
    Reply(Reply),
    /// Hold this mail, then call [`Session::delivered`]. Nothing else happens before that.
    Deliver(Transaction),
    /// Flush what is owed and close. There are no other steps from here on.
    Close,
}

/// The engine: [`receive`](Self::receive) what the client sent, then take each
/// [`step`](Self::step) until there is none.
#[derive(Debug)]
pub struct Session {
    limits: Arc<Limits>,
    state: State,
    input: Input,
    conversation: Conversation,
    body: Body,
    /// A reply that is due before anything else.
    owed: Option<Reply>,
    /// The last words, once somebody decided that the session ends.
    farewell: Option<Reply>,
    /// Replies of 5xx since the last mail that was held.
    error_count: usize,
    heard_at: Instant,
}

/// What happens next. A mail under way is owned by its state: leaving the state drops it.
#[derive(Debug)]
enum State {
    /// Wants a command.
    Command,
    /// Wants a response of AUTH.
    Response(Exchange),
    /// Wants the mail of this envelope.
    Receiving(Addressing),
    /// Has that mail whole.
    Received(Addressing),
    /// Handed a mail out; waits to hear what became of it.
    Delivering,
    /// Is over.
    Closed,
}

impl Session {
    /// A session with a client that has just connected. Its first step is the greeting.
    pub fn new(options: SessionOptions, now: Instant) -> Self {
        let SessionOptions { service, in_flight, peer, .. } = options;
        let limits = Arc::clone(&service.limits);
        let host_name = Arc::clone(&service.host_name);
        Self {
            state: State::Command,
            input: Input::default(),
            conversation: Conversation::new(service, Arc::clone(&in_flight), peer),
            body: Body::new(Arc::clone(&limits), in_flight),
            owed: Some(Reply::greeting(host_name)),
            farewell: None,
            error_count: 0,
            heard_at: now,
            limits,
        }
    }

    /// Takes what the client sent. Call it when [`step`](Self::step) gave none; then take the
    /// steps again. A mail is decoded from `bytes` straight into its buffer.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) {
        self.heard_at = now;
        let mut rest = bytes;
        if self.input.is_empty() && matches!(self.state, State::Receiving(_)) {
            let Some(end) = self.body.receive(bytes) else { return };
            self.received();
            rest = &bytes[end..];
        }
        if !matches!(self.state, State::Closed) {
            self.input.push(rest);
        }
    }

    /// The next thing to do. None: flush what is owed, read, and call
    /// [`receive`](Self::receive).
    pub fn step(&mut self) -> Option<Step> {
        if let Some(reply) = self.owed.take() {
            return Some(self.reply(reply));
        }
        match self.state {
            State::Closed => return Some(Step::Close),
            State::Delivering => return None,
            _ => {}
        }
        if let Some(farewell) = self.farewell.take() {
            self.close();
            return Some(Step::Reply(farewell));
        }
        if matches!(self.state, State::Receiving(_)) {
            let end = self.body.receive(self.input.pending());
            self.input.consume(end.unwrap_or(self.input.pending().len()));
            end?;
            self.received();
        }
        if matches!(self.state, State::Received(_)) {
            return Some(self.deliver());
        }
        let (reply, next) = self.answer()?;
        match next {
            Next::Command => {}
            Next::Response(exchange) => self.state = State::Response(exchange),
            Next::Mail(envelope) => self.state = State::Receiving(envelope),
            Next::Nothing => {
                self.close();
                return Some(Step::Reply(reply));
            }
        }
        Some(self.reply(reply))
    }

    /// Answers [`Step::Deliver`]: the mail is held, or why it is not.
    pub fn delivered(&mut self, outcome: Result<MessageId, Refusal>) {
        if !matches!(self.state, State::Delivering) {
            return;
        }
        self.state = State::Command;
        self.owed = Some(match outcome {
            Ok(id) => {
                self.error_count = 0;
                Reply::held(id)
            }
            Err(refusal) => refusal.reply(),
        });
    }

    /// The client closed its side. A mail that is not whole is dropped; the next step is to close.
    pub fn end_of_input(&mut self) {
        self.close();
    }

    /// The deadline passed: says so with 421 and closes. A mail that is not whole is dropped.
    pub fn timed_out(&mut self) {
        self.farewell = Some(Reply::TIMED_OUT);
    }

    /// The server stops: says so with 421 and closes. A mail that is not whole is dropped.
    pub fn shut_down(&mut self) {
        self.farewell = Some(Reply::SHUTTING_DOWN);
    }

    /// Whether a mail is under way: from MAIL until [`delivered`](Self::delivered).
    pub const fn in_transaction(&self) -> bool {
        match self.state {
            State::Receiving(_) | State::Received(_) | State::Delivering => true,
            State::Command | State::Response(_) => self.conversation.in_transaction(),
            State::Closed => false,
        }
    }

    /// When the client has been silent for too long (RFC 5321 §4.5.3.2).
    pub fn deadline(&self) -> Instant {
        self.heard_at + self.limits.idle_timeout.min(TIMEOUT_MAX)
    }

    /// Answers the next line, if it is there. An AUTH exchange that does not go on is over.
    fn answer(&mut self) -> Option<(Reply, Next)> {
        let bytes_max = match self.state {
            State::Response(_) => self.limits.response_line_bytes_max,
            _ => self.limits.command_line_bytes_max,
        };
        let line = self.input.next_line(bytes_max)?;
        let state = std::mem::replace(&mut self.state, State::Command);
        let line = match line {
            Line::Whole(line) => line,
            Line::TooLong => return Some((Reply::LINE_TOO_LONG, Next::Command)),
            Line::Handshake => return Some((Reply::NOT_TLS, Next::Nothing)),
        };
        // A NUL or a bare CR means something else to every program that reads it.
        if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            return Some((Reply::CONTROL_CHARACTER, Next::Command));
        }
        let line = text(line);
        Some(match state {
            State::Response(exchange) => self.conversation.response(exchange, &line),
            _ => self.conversation.command(&line),
        })
    }

    /// Gives a reply, unless it is one error too many.
    fn reply(&mut self, reply: Reply) -> Step {
        if reply.is_error() {
            self.error_count += 1;
            if self.error_count > self.limits.errors_max {
                self.close();
                return Step::Reply(Reply::TOO_MANY_ERRORS);
            }
        }
        Step::Reply(reply)
    }

    fn received(&mut self) {
        if let State::Receiving(envelope) = self.enter(State::Command) {
            self.state = State::Received(envelope);
        }
    }

    /// Hands a mail out, or refuses it.
    fn deliver(&mut self) -> Step {
        let State::Received(envelope) = self.enter(State::Delivering) else { return Step::Close };
        match self.body.finish() {
            Ok(raw) => Step::Deliver(Transaction {
                envelope: envelope.build(),
                raw,
                session: self.conversation.facts(),
            }),
            Err(reply) => {
                self.state = State::Command;
                self.reply(reply)
            }
        }
    }

    /// Ends the session. What was sent ahead is dropped unread.
    fn close(&mut self) {
        self.state = State::Closed;
        self.owed = None;
        self.conversation.abandon();
        self.body.abandon();
        self.input.clear();
    }

    const fn enter(&mut self, state: State) -> State {
        std::mem::replace(&mut self.state, state)
    }
}

/// A line as text: UTF-8, or else Latin-1, so that no address is lost (RFC 6531 asks for UTF-8).
fn text(line: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(line.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests;
