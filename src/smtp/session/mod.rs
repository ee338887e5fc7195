//! An SMTP session as a machine of bytes in and steps out. Knows no socket, no clock, no store.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::dialogue::TlsFacts;
use crate::dialogue::record::Record;
use crate::dialogue::verb::Verb;
use crate::message::id::MessageId;
use crate::smtp::body::Body;
use crate::smtp::chunk::Fate;
use crate::smtp::chunk::Incoming;
use crate::smtp::conversation::Conversation;
use crate::smtp::conversation::Next;
use crate::smtp::in_flight::InFlight;
use crate::smtp::input::Input;
use crate::smtp::input::Line;
use crate::smtp::limits::Limits;
use crate::smtp::limits::TIMEOUT_MAX;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;
use crate::smtp::session::minutes::Minutes;
use crate::smtp::session::state::State;
use crate::smtp::transaction::Refusal;
use crate::smtp::transaction::Transaction;

mod endings;
mod minutes;
mod state;

/// What a session is made with.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// What the listener speaks and asks for.
    pub service: Arc<Service>,
    /// The bytes being received, over all sessions.
    pub in_flight: Arc<InFlight>,
    /// The client.
    pub peer: Endpoint,
    /// Where all that is said is written down.
    pub record: Arc<Record>,
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
    /// Flush what is owed, run the server's side of a TLS handshake, then call
    /// [`Session::tls_started`], or [`Session::end_of_input`] when it failed. Until then the
    /// session hears nothing.
    StartTls,
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
    /// Whether a mail is answered for each of its recipients.
    is_lmtp: bool,
    /// Replies that are due before anything else: this one, so many times.
    owed: Option<(Reply, usize)>,
    /// How many replies the mail that was handed out will get.
    answers: usize,
    /// The last words, once somebody decided that the session ends.
    farewell: Option<Reply>,
    /// Replies of 5xx since the last mail that was held.
    error_count: usize,
    heard_at: Instant,
    started_at: Instant,
    minutes: Minutes,
}

impl Session {
    /// A session with a client that has just connected. Its first step is the greeting.
    pub fn new(options: SessionOptions, now: Instant) -> Self {
        let service = &options.service;
        let limits = Arc::clone(&service.limits);
        let minutes = Minutes::new(Arc::clone(&options.record), options.tls.as_ref(), now);
        let greeting = Reply::greeting(Arc::clone(&service.host_name), service.protocol);
        Self {
            is_lmtp: service.protocol == Protocol::Lmtp,
            state: State::Command,
            input: Input::default(),
            body: Body::new(Arc::clone(&limits), Arc::clone(&options.in_flight)),
            conversation: Conversation::new(options),
            owed: Some((greeting, 1)),
            answers: 1,
            farewell: None,
            error_count: 0,
            heard_at: now,
            started_at: now,
            minutes,
            limits,
        }
    }

    /// Takes what the client sent. Call it when [`step`](Self::step) gave none; then take the
    /// steps again. A mail is decoded from `bytes` straight into its buffer.
    pub fn receive(&mut self, bytes: &[u8], now: Instant) {
        self.heard_at = now;
        self.set_now(now);
        let mut rest = bytes;
        if self.input.is_empty() && self.state.wants_mail() {
            let Some(end) = self.state.take(bytes, &mut self.body) else { return };
            rest = &bytes[end..];
        }
        if !matches!(self.state, State::Closed | State::Handshake) {
            self.input.push(rest);
        }
    }

    /// What is said from here on is said now. Call it where time may have passed since the last
    /// [`receive`](Self::receive); nothing depends on it but the times that are written down.
    pub fn set_now(&mut self, now: Instant) {
        self.minutes.set_now(now);
    }

    /// The command that the last reply answers.
    pub const fn verb(&self) -> Verb {
        self.minutes.verb()
    }

    /// The next thing to do. None: flush what is owed, read, and call
    /// [`receive`](Self::receive).
    pub fn step(&mut self) -> Option<Step> {
        let step = self.next_step();
        self.minutes.step(step.as_ref());
        step
    }

    fn next_step(&mut self) -> Option<Step> {
        if let Some(reply) = self.owed() {
            return Some(Step::Reply(reply));
        }
        match self.state {
            State::Closed => return Some(Step::Close),
            State::Delivering | State::Handshake => return None,
            _ => {}
        }
        if let Some(farewell) = self.farewell.take() {
            self.close();
            return Some(Step::Reply(farewell));
        }
        if self.state.wants_mail() {
            let end = self.state.take(self.input.pending(), &mut self.body);
            self.input.consume(end.unwrap_or(self.input.pending().len()));
            end?;
        }
        match self.state {
            State::Received(_) => return self.deliver(),
            State::Chunk(_) => return self.end_chunk(),
            State::HandshakeDue => {
                self.state = State::Handshake;
                self.input.clear();
                return Some(Step::StartTls);
            }
            _ => {}
        }
        let (reply, next) = self.answer()?;
        self.go_on(reply, next)
    }

    /// Answers [`Step::Deliver`]: the mail is held, or why it is not.
    pub fn delivered(&mut self, outcome: Result<MessageId, Refusal>) {
        if !matches!(self.state, State::Delivering) {
            return;
        }
        self.state = State::Command;
        match outcome {
            Ok(id) => {
                self.error_count = 0;
                self.minutes.held(id);
                self.owed = Some((Reply::held(id), self.answers));
            }
            Err(refusal) => self.refuse(refusal.reply()),
        }
    }

    /// Answers [`Step::StartTls`]: from here on what is received came through TLS. All that was
    /// said before, and the mail under way, is forgotten (RFC 3207 §4.2).
    pub fn tls_started(&mut self, tls: TlsFacts) {
        if matches!(self.state, State::Handshake) {
            self.state = State::Command;
            self.body.abandon();
            self.minutes.tls_started(&tls);
            self.conversation.tls_started(tls);
        }
    }

    /// Whether a mail is under way: from MAIL until [`delivered`](Self::delivered).
    pub const fn in_transaction(&self) -> bool {
        match &self.state {
            State::Receiving(_) | State::Received(_) | State::Delivering => true,
            State::Chunk(chunk) => {
                !matches!(chunk.fate, Fate::Refused(_)) || self.conversation.in_transaction()
            }
            State::Command | State::Response(_) => self.conversation.in_transaction(),
            State::HandshakeDue | State::Handshake | State::Closed => false,
        }
    }

    /// When the client has been silent for too long (RFC 5321 §4.5.3.2), or the session has
    /// lasted too long.
    pub fn deadline(&self) -> Instant {
        self.silent_at().min(self.over_at())
    }

    fn silent_at(&self) -> Instant {
        self.heard_at + self.limits.idle_timeout.min(TIMEOUT_MAX)
    }

    fn over_at(&self) -> Instant {
        self.started_at + self.limits.session_timeout.min(TIMEOUT_MAX)
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
            Line::TooLong => {
                self.minutes.unkept_line();
                return Some((Reply::LINE_TOO_LONG, Next::Command));
            }
            Line::Handshake => {
                self.minutes.stray_handshake();
                return Some((Reply::NOT_TLS, Next::Nothing));
            }
        };
        let words = text(line);
        self.minutes.heard(&words, matches!(state, State::Response(_)));
        // A NUL or a bare CR means something else to every program that reads it.
        if line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
            // A chunk may follow, and nobody knows of how many bytes.
            let is_bdat = line.get(..4).is_some_and(|verb| verb.eq_ignore_ascii_case(b"BDAT"));
            let next = if is_bdat { Next::Nothing } else { Next::Command };
            return Some((Reply::CONTROL_CHARACTER, next));
        }
        let (reply, next) = match state {
            State::Response(exchange) => self.conversation.response(exchange, &words),
            _ => self.conversation.command(&words),
        };
        self.minutes.answered(&reply, &mut self.conversation);
        Some((reply, next))
    }

    /// Enters the state that a line led to, and gives its reply.
    fn go_on(&mut self, reply: Reply, next: Next) -> Option<Step> {
        // A mail that came in chunks so far may have been dropped by RSET, say: its bytes go too.
        let begins_last = matches!(next, Next::Chunk(_, Fate::Last(_)));
        if self.body.has_begun() && !self.conversation.in_chunks() && !begins_last {
            self.body.abandon();
        }
        match next {
            Next::Command => {}
            Next::Response(exchange) => self.state = State::Response(exchange),
            Next::Mail(envelope) => self.state = State::Receiving(envelope),
            Next::Chunk(size_bytes, fate) => {
                self.state = State::Chunk(Incoming::new(size_bytes, fate, &mut self.body));
                return self.next_step();
            }
            Next::Handshake => self.state = State::HandshakeDue,
            Next::Nothing => {
                self.close();
                return Some(Step::Reply(reply));
            }
        }
        Some(self.reply(reply))
    }

    /// Gives a reply, unless it is one error too many.
    fn reply(&mut self, reply: Reply) -> Step {
        if self.is_one_too_many(&reply) {
            self.close();
            return Step::Reply(Reply::TOO_MANY_ERRORS);
        }
        Step::Reply(reply)
    }

    /// Counts a reply that is an error, and says whether that ends the session.
    fn is_one_too_many(&mut self, reply: &Reply) -> bool {
        if !reply.is_error() {
            return false;
        }
        self.error_count += 1;
        self.error_count > self.limits.errors_max
    }

    /// The next of the replies that are due.
    fn owed(&mut self) -> Option<Reply> {
        let (reply, times) = self.owed.take()?;
        if times > 1 {
            self.owed = Some((reply.clone(), times - 1));
        }
        Some(reply)
    }

    /// Ends a chunk of which all bytes are here.
    fn end_chunk(&mut self) -> Option<Step> {
        let State::Chunk(chunk) = self.enter(State::Command) else { return None };
        match chunk.fate {
            Fate::Refused(reply) => Some(self.reply(reply)),
            Fate::Part => match self.body.refusal() {
                None => Some(self.reply(Reply::CHUNK_OK)),
                Some(reply) => {
                    self.body.abandon();
                    self.conversation.drop_mail();
                    Some(self.reply(reply))
                }
            },
            Fate::Last(envelope) => {
                self.state = State::Received(envelope);
                self.deliver()
            }
        }
    }

    /// Hands a mail out, or refuses it.
    fn deliver(&mut self) -> Option<Step> {
        let State::Received(mut envelope) = self.enter(State::Delivering) else { return None };
        // RFC 2033 §4.2: LMTP answers for each recipient that was accepted.
        self.answers = if self.is_lmtp { envelope.recipient_count() } else { 1 };
        self.minutes.received(self.body.size_bytes());
        match self.body.finish() {
            Ok(raw) => {
                let forwarded = envelope.forwarded.take();
                let session = self.conversation.facts(forwarded, self.minutes.record());
                Some(Step::Deliver(Transaction { envelope: envelope.build(), raw, session }))
            }
            Err(reply) => {
                self.state = State::Command;
                self.refuse(reply);
                self.next_step()
            }
        }
    }

    /// Refuses a mail: one error, however many replies say so.
    fn refuse(&mut self, reply: Reply) {
        if self.is_one_too_many(&reply) {
            self.farewell = Some(Reply::TOO_MANY_ERRORS);
        } else {
            self.owed = Some((reply, self.answers));
        }
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
