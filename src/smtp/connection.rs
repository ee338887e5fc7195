//! Drives the engine over a socket: the only async file of `smtp`. It knows no grammar and no
//! reply.

use std::cell::RefCell;
use std::future::poll_fn;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use tokio::io::AsyncRead;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWrite;
use tokio::io::AsyncWriteExt;
use tokio::io::ReadBuf;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::task::coop::unconstrained;
use tokio::time::Sleep;

use crate::message::id::MessageId;
use crate::metrics::Metrics;
use crate::net::accept::accept;
use crate::smtp::in_flight::InFlight;
use crate::smtp::limits::TIMEOUT_MAX;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;
use crate::smtp::session::Session;
use crate::smtp::session::SessionOptions;
use crate::smtp::session::Step;
use crate::smtp::transaction::Refusal;
use crate::smtp::transaction::Transaction;
use crate::store::Store;
use crate::store::TooLarge;
use crate::store::entry::Arrival;
use crate::store::inboxes::InboxBy;

/// What all connections share.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Where mails go.
    pub store: Arc<Store>,
    /// The bytes of mails being received, over all sessions.
    pub in_flight: Arc<InFlight>,
    /// Counts what happens.
    pub metrics: Arc<Metrics>,
    /// What a mail's inboxes are named by.
    pub inbox_by: InboxBy,
    /// How long a mail under way may take to be finished once the server stops.
    pub grace: Duration,
}

/// Serves a listener until `stop` turns true; then idle sessions end at once, and those in the
/// middle of a mail when it is finished or the grace period is over.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shared: Shared,
    mut stop: watch::Receiver<bool>,
) {
    let (open, mut all_closed) = mpsc::channel(1);
    let sessions_stop = stop.clone();
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    loop {
        let (stream, peer) = tokio::select! {
            biased;
            _ = &mut stopped => break,
            accepted = accept(&listener) => accepted,
        };
        if shared.open_sessions() >= service.limits.sessions_max as u64 {
            shared.metrics.sessions_refused.increment();
            refuse(&stream);
            continue;
        }
        let options = SessionOptions {
            service: Arc::clone(&service),
            in_flight: Arc::clone(&shared.in_flight),
            peer: peer.into(),
            tls: None,
            is_trusted: false,
            nonce: nonce(),
        };
        let connection = Connection {
            stream,
            session: Session::new(options, Instant::now()),
            shared: shared.clone(),
            output: Vec::new(),
            stop_at: None,
            _open: OpenSession::new(&shared.metrics, &open),
        };
        tokio::spawn(connection.run(sessions_stop.clone()));
    }
    drop((listener, open));
    // Each session ends by itself within the grace period; one that cannot even write is cut off.
    let _ = tokio::time::timeout(shared.grace.saturating_add(CUT_OFF), all_closed.recv()).await;
}

impl Shared {
    fn open_sessions(&self) -> u64 {
        self.metrics.sessions_opened.value() - self.metrics.sessions_closed.value()
    }

    /// Holds a mail: when this returns its id, every reader sees it.
    fn hold(&self, transaction: Transaction) -> Result<MessageId, Refusal> {
        let Transaction { envelope, raw, session } = transaction;
        let received_at = Timestamp::now();
        let inboxes = self.inbox_by.inboxes(&raw, &envelope, &session);
        let arrival = Arrival { received_at, envelope, raw, session, inboxes };
        let entry = self.store.insert(arrival).map_err(|TooLarge| Refusal::TooLarge)?;
        self.metrics.mails_accepted.increment();
        Ok(entry.id)
    }
}

/// Tells a client in one breath that there is no room for its session.
fn refuse(stream: &TcpStream) {
    let mut reply = Vec::new();
    Reply::TOO_MANY_SESSIONS.write_to(&mut reply);
    // A fresh socket takes a line at once; a client gone already needs no answer.
    let _ = stream.try_write(&reply);
}

/// Unique in this process, and nothing a client could know before it is told.
fn nonce() -> u128 {
    static KEYS: LazyLock<[RandomState; 2]> = LazyLock::new(Default::default);
    static SESSIONS: AtomicU64 = AtomicU64::new(0);
    let session = SESSIONS.fetch_add(1, Ordering::Relaxed);
    let [high, low] = KEYS.each_ref().map(|key| u128::from(key.hash_one(session)));
    high << 64 | low
}

/// One client's connection.
struct Connection {
    stream: TcpStream,
    session: Session,
    shared: Shared,
    output: Vec<u8>,
    /// When the server's stop ends this session at the latest, once it stops.
    stop_at: Option<Instant>,
    _open: OpenSession,
}

/// Counts a session as open until it is dropped, however it ends.
struct OpenSession {
    metrics: Arc<Metrics>,
    /// The server's stop waits until no session holds one of these.
    _held: mpsc::Sender<()>,
}

impl OpenSession {
    fn new(metrics: &Arc<Metrics>, held: &mpsc::Sender<()>) -> Self {
        metrics.sessions_opened.increment();
        Self { metrics: Arc::clone(metrics), _held: held.clone() }
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.metrics.sessions_closed.increment();
    }
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

impl Connection {
    async fn run(mut self, mut stop: watch::Receiver<bool>) {
        if let Err(error) = self.converse(&mut stop).await {
            tracing::debug!(%error, "an SMTP connection broke");
        }
    }

    async fn converse(&mut self, stop: &mut watch::Receiver<bool>) -> io::Result<()> {
        // A client that never pauses uses up the task's budget by reads alone: what ends it must
        // not need any.
        let mut stop = pin!(unconstrained(stop.wait_for(|stop| *stop)));
        let mut alarm = pin!(tokio::time::sleep_until(self.session.deadline().into()));
        loop {
            if let Some(last_code) = self.carry_out(alarm.as_mut()).await? {
                // After QUIT the client sends no more; others may be in the middle of a sentence.
                return if last_code == 221 { Ok(()) } else { self.linger().await };
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
            match wake.await? {
                Wake::Received => {}
                Wake::End => {
                    self.session.end_of_input();
                    return Ok(());
                }
                Wake::Deadline if self.stop_at.is_some() => self.session.shut_down(),
                Wake::Deadline => self.session.timed_out(),
                Wake::Stop => {
                    let stop_at = Instant::now() + self.shared.grace.min(TIMEOUT_MAX);
                    self.stop_at = Some(stop_at);
                    alarm.as_mut().reset(stop_at.into());
                }
            }
        }
    }

    /// Does what the session asks for until it wants input, and writes what it owes. When it is
    /// over, the code of its last reply.
    async fn carry_out(&mut self, mut alarm: Pin<&mut Sleep>) -> io::Result<Option<u16>> {
        let mut last_code = 0;
        while let Some(step) = self.session.step() {
            match step {
                Step::Reply(reply) => {
                    last_code = reply.code();
                    reply.write_to(&mut self.output);
                }
                Step::Deliver(transaction) => {
                    let outcome = self.shared.hold(transaction);
                    self.session.delivered(outcome);
                }
                // No listener asks for it yet.
                Step::StartTls => self.session.end_of_input(),
                Step::Close => {
                    self.flush(alarm).await?;
                    return Ok(Some(last_code));
                }
            }
            if self.output.len() >= OUTPUT_BYTES_MAX {
                self.flush(alarm.as_mut()).await?;
            }
        }
        self.flush(alarm).await?;
        Ok(None)
    }

    /// Ends a connection whose client may still be sending: closing it with bytes unread would
    /// reset it, and the client might never see the reply.
    async fn linger(&mut self) -> io::Result<()> {
        self.stream.shutdown().await?;
        let unread = async {
            let mut input = vec![0; 4_096];
            for _ in 0..LINGER_READS_MAX {
                if self.stream.read(&mut input).await? == 0 {
                    break;
                }
            }
            Ok(())
        };
        tokio::time::timeout(LINGER, unread).await.unwrap_or(Ok(()))
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
                self.poll_deadline(alarm.as_mut(), context)
                    .map(|()| Err(io::Error::new(io::ErrorKind::TimedOut, "replies go unread")))
            });
            written += unconstrained(write).await?;
        }
        self.output.clear();
        Ok(())
    }

    /// Reads into a buffer that all sessions of the thread share, and hands it to the session at
    /// once.
    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Wake>> {
        INPUT.with_borrow_mut(|input| {
            let mut input = ReadBuf::new(input);
            match Pin::new(&mut self.stream).poll_read(context, &mut input) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) if input.filled().is_empty() => Poll::Ready(Ok(Wake::End)),
                Poll::Ready(Ok(())) => {
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

/// Replies owed are written once there is this much, even while a pipelining client sends on.
const OUTPUT_BYTES_MAX: usize = 16 * 1_024;

/// One read takes at most this much.
const INPUT_BYTES: usize = 64 * 1_024;

/// How long, and for how many reads, a client that was sent away may go on sending.
const LINGER: Duration = Duration::from_millis(200);
const LINGER_READS_MAX: usize = 1_024;

/// How long after the grace period a session may take to say good-bye.
const CUT_OFF: Duration = Duration::from_secs(1);

thread_local! {
    static INPUT: RefCell<Box<[u8]>> = RefCell::new(vec![0; INPUT_BYTES].into_boxed_slice());
}
