//! Drives the engine of one session over its stream. It knows no grammar and no reply.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use std::time::Instant;

use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::io::ReadBuf;
use tokio::sync::watch;
use tokio::task::coop::unconstrained;
use tokio::time::Sleep;

use crate::net::stream::Stream;
use crate::smtp::connection::ListedSession;
use crate::smtp::connection::door::Entrance;
use crate::smtp::connection::door::Held;
use crate::smtp::connection::door::facts;
use crate::smtp::connection::door::shake_hands;
use crate::smtp::limits::TIMEOUT_MAX;
use crate::smtp::session::Session;
use crate::smtp::session::Step;

/// One client's connection.
pub(super) struct Connection {
    stream: Stream,
    session: Session,
    // Dropped behind the session, whose end it tells.
    _listed: ListedSession,
    entrance: Arc<Entrance>,
    output: Vec<u8>,
    /// When the server's stop ends this session at the latest, once it stops.
    stop_at: Option<Instant>,
    _held: Held,
}

/// Why a connection goes on.
enum Wake {
    /// The client sent something, which the session has received.
    Received,
    /// The client sends no more.
    End,
    /// It was silent, or did not read, for too long.
    Deadline,
    /// The server stops.
    Stop,
}

/// Why the session takes no more steps.
enum Pause {
    /// It wants input.
    Input,
    /// It wants TLS.
    Tls,
    /// It is over, with a reply of this code.
    Over(u16),
}

/// What becomes of a connection that does not converse any more.
enum Outcome {
    Closed,
    StartTls,
}

impl Connection {
    pub(super) fn new(
        stream: Stream,
        (session, listed): (Session, ListedSession),
        entrance: &Arc<Entrance>,
        held: Held,
    ) -> Self {
        let entrance = Arc::clone(entrance);
        let output = Vec::new();
        Self { stream, session, _listed: listed, entrance, output, stop_at: None, _held: held }
    }

    /// Talks to the client until one of them has had enough.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            match self.converse(&mut stop).await {
                Ok(Outcome::Closed) => return,
                Ok(Outcome::StartTls) => {
                    // On the heap, so that connections in clear need not keep room for it.
                    let Some(secured) = Box::pin(self.start_tls(stop.clone())).await else {
                        return;
                    };
                    self = secured;
                }
                Err(error) => {
                    tracing::debug!(%error, "an SMTP connection broke");
                    self.session.set_now(Instant::now());
                    self.session.broke();
                    return;
                }
            }
        }
    }

    /// Shakes hands; nothing said in clear is in any buffer but the session's, which forgets it.
    async fn start_tls(mut self, stop: watch::Receiver<bool>) -> Option<Self> {
        let Stream::Clear(socket) = self.stream else { return None };
        let outcome = shake_hands(&self.entrance, socket, stop).await;
        self.session.set_now(Instant::now());
        match outcome {
            Ok(stream) => {
                let facts = facts(&stream)?;
                self.stream = stream;
                self.session.tls_started(facts);
                Some(self)
            }
            Err(error) => {
                tracing::debug!(%error, "no TLS after STARTTLS");
                self.session.tls_failed(&error.to_string());
                None
            }
        }
    }

    async fn converse(&mut self, stop: &mut watch::Receiver<bool>) -> io::Result<Outcome> {
        // A client that never pauses uses up the task's budget by reads alone: what ends it must
        // not need any.
        let mut stop = pin!(unconstrained(stop.wait_for(|stop| *stop)));
        let mut alarm = pin!(tokio::time::sleep_until(self.session.deadline().into()));
        loop {
            match self.carry_out(alarm.as_mut()).await? {
                Pause::Input => {}
                Pause::Tls => return Ok(Outcome::StartTls),
                Pause::Over(last_code) => {
                    self.end(last_code).await?;
                    return Ok(Outcome::Closed);
                }
            }
            if self.stop_at.is_some() && !self.session.in_transaction() {
                self.session.shut_down();
                continue;
            }
            let wake = poll_fn(|context| {
                if let Poll::Ready(received) = self.poll_receive(context) {
                    return Poll::Ready(received);
                }
                if self.stop_at.is_none() && stop.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Ok(Wake::Stop));
                }
                self.poll_deadline(alarm.as_mut(), context).map(|()| Ok(Wake::Deadline))
            });
            let wake = wake.await?;
            self.session.set_now(Instant::now());
            match wake {
                Wake::Received => {}
                Wake::End => {
                    self.session.end_of_input();
                    return Ok(Outcome::Closed);
                }
                Wake::Deadline if self.stop_at.is_some() => self.session.shut_down(),
                Wake::Deadline => self.session.timed_out(),
                Wake::Stop => {
                    let grace = self.entrance.shared.grace;
                    let stop_at = Instant::now() + grace.min(TIMEOUT_MAX);
                    self.stop_at = Some(stop_at);
                    alarm.as_mut().reset(stop_at.into());
                }
            }
        }
    }

    /// Does what the session asks for until it wants something, and writes what it owes.
    async fn carry_out(&mut self, mut alarm: Pin<&mut Sleep>) -> io::Result<Pause> {
        let mut last_code = 0;
        while let Some(step) = self.session.step() {
            match step {
                Step::Reply(reply) => {
                    last_code = reply.code();
                    self.entrance.shared.metrics.replied(self.session.verb(), last_code);
                    reply.write_to(&mut self.output);
                }
                Step::Deliver(transaction) => {
                    let outcome = self.entrance.shared.hold(transaction);
                    self.session.set_now(Instant::now());
                    self.session.delivered(outcome);
                }
                Step::StartTls => {
                    self.flush(alarm).await?;
                    return Ok(Pause::Tls);
                }
                Step::Close => {
                    self.flush(alarm).await?;
                    return Ok(Pause::Over(last_code));
                }
            }
            if self.output.len() >= OUTPUT_BYTES_MAX {
                self.flush(alarm.as_mut()).await?;
            }
        }
        self.flush(alarm).await?;
        Ok(Pause::Input)
    }

    /// Ends a connection. Unless it said QUIT, the client may still be sending: closing with bytes
    /// unread would reset the connection, and the client might never see the reply.
    async fn end(&mut self, last_code: u16) -> io::Result<()> {
        let said_quit = last_code == 221;
        if said_quit && !self.stream.is_tls() {
            return Ok(());
        }
        let last_words = async {
            // In TLS, this tells an end from a connection that broke (RFC 8446 §6.1).
            self.stream.shutdown().await?;
            if said_quit {
                return Ok(());
            }
            let mut input = vec![0; 4_096];
            for _ in 0..LINGER_READS_MAX {
                if self.stream.read(&mut input).await? == 0 {
                    break;
                }
            }
            Ok(())
        };
        tokio::time::timeout(LINGER, last_words).await.unwrap_or(Ok(()))
    }

    /// Writes what is owed, in one system call when the client reads.
    async fn flush(&mut self, mut alarm: Pin<&mut Sleep>) -> io::Result<()> {
        let mut written = 0;
        while written < self.output.len() {
            // A farewell is due when the deadline has passed: without budget for the write, the
            // deadline would come first again.
            let write = poll_fn(|context| {
                let rest = &self.output[written..];
                if let Poll::Ready(result) = Pin::new(&mut self.stream).poll_write(context, rest) {
                    return Poll::Ready(result);
                }
                self.poll_deadline(alarm.as_mut(), context).map(|()| Err(unread()))
            });
            written += unconstrained(write).await?;
        }
        self.output.clear();
        if self.stream.is_tls() {
            self.flush_tls(alarm).await?;
        }
        Ok(())
    }

    /// Writes what TLS has encrypted and not yet written.
    async fn flush_tls(&mut self, mut alarm: Pin<&mut Sleep>) -> io::Result<()> {
        let flush = poll_fn(|context| {
            if let Poll::Ready(result) = Pin::new(&mut self.stream).poll_flush(context) {
                return Poll::Ready(result);
            }
            self.poll_deadline(alarm.as_mut(), context).map(|()| Err(unread()))
        });
        unconstrained(flush).await
    }

    /// Reads into a buffer that all sessions of the thread share, and hands it to the session at
    /// once.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Wake>> {
        INPUT.with_borrow_mut(|input| {
            let mut input = ReadBuf::new(input);
            match Pin::new(&mut self.stream).poll_read(context, &mut input) {
                Poll::Pending => Poll::Pending,
                // Many clients leave TLS without a word.
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    Poll::Ready(Ok(Wake::End))
                }
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) if input.filled().is_empty() => Poll::Ready(Ok(Wake::End)),
                Poll::Ready(Ok(())) => {
                    let received = &self.entrance.shared.metrics.bytes_received;
                    received.add(input.filled().len() as u64);
                    self.session.receive(input.filled(), Instant::now());
                    Poll::Ready(Ok(Wake::Received))
                }
            }
        })
    }

    /// Ready once the session's deadline has passed. The timer is moved only when it rings too
    /// early.
    fn poll_deadline(&self, mut alarm: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<()> {
        while pin!(unconstrained(alarm.as_mut())).poll(context).is_ready() {
            let deadline = self.deadline();
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
            alarm.as_mut().reset(deadline.into());
        }
        Poll::Pending
    }

    fn deadline(&self) -> Instant {
        let deadline = self.session.deadline();
        self.stop_at.map_or(deadline, |stop_at| deadline.min(stop_at))
    }
}

fn unread() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "replies go unread")
}

/// Replies owed are written once there is this much, even while a pipelining client sends on.
const OUTPUT_BYTES_MAX: usize = 16 * 1_024;

/// One read takes at most this much.
const INPUT_BYTES: usize = 64 * 1_024;

/// How long, and for how many reads, a client that was sent away may go on sending.
const LINGER: Duration = Duration::from_millis(200);
const LINGER_READS_MAX: usize = 1_024;

thread_local! {
    static INPUT: RefCell<Box<[u8]>> = RefCell::new(vec![0; INPUT_BYTES].into_boxed_slice());
}
