//! Listens for SMTP and drives the engine over sockets: the only async part of `smtp`. It knows no
//! grammar.
//!
//! `door` is what a client passes before it is greeted, `driver` what happens from then on.

mod door;
mod driver;
mod nonces;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::sync::watch;

use crate::dialogue::Endpoint;
use crate::dialogue::record::Record;
use crate::message::id::MessageId;
use crate::metrics::Metrics;
use crate::net::accept::Listener;
use crate::net::access::Access;
use crate::net::tls::Tls;
use crate::smtp::connection::door::Entrance;
use crate::smtp::connection::nonces::Nonces;
use crate::smtp::in_flight::InFlight;
use crate::smtp::service::Service;
use crate::smtp::transaction::Refusal;
use crate::smtp::transaction::Transaction;
use crate::store::Store;
use crate::store::entry::Arrival;
use crate::store::entry::TooLarge;
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
    /// Who may connect.
    pub access: Arc<Access>,
    /// How long a mail under way may take to be finished once the server stops.
    pub grace: Duration,
}

/// How a listener's connections begin.
#[derive(Clone, Debug)]
pub struct Opening {
    /// What is spoken then.
    pub service: Arc<Service>,
    /// Whether a proxy says first whose a connection is.
    pub behind_proxy: bool,
    /// Whether TLS begins with the first byte.
    pub is_implicit_tls: bool,
    /// For listeners that speak TLS, sooner or later.
    pub tls: Option<Arc<Tls>>,
}

/// Serves a listener until `stop` turns true; then idle sessions end at once, and those in the
/// middle of a mail when it is finished or the grace period is over.
pub async fn serve(
    listener: Listener,
    opening: Opening,
    shared: Shared,
    mut stop: watch::Receiver<bool>,
) {
    let (open, mut all_closed) = mpsc::channel(1);
    let sessions_stop = stop.clone();
    let entrance = Arc::new(Entrance { opening, shared, nonces: Nonces::new() });
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    loop {
        let (socket, address) = tokio::select! {
            biased;
            _ = &mut stopped => break,
            accepted = listener.accept() => accepted,
        };
        let peer = address.map_or_else(nameless, Endpoint::Ip);
        entrance.arrive(socket, peer, &open, &sessions_stop, Instant::now());
    }
    drop((listener, open));
    // Each session ends by itself within the grace period; one that cannot even write is cut off.
    let patience = entrance.shared.grace.saturating_add(CUT_OFF);
    let _ = tokio::time::timeout(patience, all_closed.recv()).await;
}

/// A client over a Unix socket.
fn nameless() -> Endpoint {
    Endpoint::Unix("".into())
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
        let said = session.record.as_ref().map(|record| record.part_of_mail()).unwrap_or_default();
        let arrival = Arrival { received_at, envelope, raw, session, said, inboxes };
        let entry = self.store.insert(arrival).map_err(|TooLarge| Refusal::TooLarge)?;
        self.metrics.mails_accepted.increment();
        Ok(entry.id)
    }
}

/// Counts a session as open until it is dropped, however it ends.
struct OpenSession {
    metrics: Arc<Metrics>,
    /// The server's stop waits until no session holds one of these.
    _held: mpsc::Sender<()>,
}

impl OpenSession {
    fn new(entrance: &Entrance, held: &mpsc::Sender<()>) -> Self {
        let metrics = Arc::clone(&entrance.shared.metrics);
        metrics.session_opened(entrance.opening.service.protocol);
        Self { metrics, _held: held.clone() }
    }
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        self.metrics.sessions_closed.increment();
    }
}

/// A session among those that are listed. Its end is told when this is dropped, however it ends.
struct ListedSession {
    store: Arc<Store>,
    record: Arc<Record>,
}

impl ListedSession {
    fn new(entrance: &Entrance, peer: Endpoint) -> Self {
        let store = Arc::clone(&entrance.shared.store);
        let service = &entrance.opening.service;
        let ends = (peer, service.listener.clone());
        let record = store.sessions().open(Timestamp::now(), ends, service.protocol);
        Self { store, record }
    }
}

impl Drop for ListedSession {
    fn drop(&mut self) {
        self.store.end_session(&self.record);
    }
}

/// How long after the grace period a session may take to say good-bye.
const CUT_OFF: Duration = Duration::from_secs(1);
