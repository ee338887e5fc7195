//! What a client passes before it is greeted: limits, the header of a proxy, who may connect, TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio::sync::watch;

use crate::dialogue::Endpoint;
use crate::dialogue::TlsFacts;
use crate::dialogue::recorder::Recorder;
use crate::net::access::Barred;
use crate::net::peers::Admission;
use crate::net::proxy;
use crate::net::proxy::HEADER_BYTES_MAX;
use crate::net::proxy::Header;
use crate::net::proxy::Source;
use crate::net::stream::Socket;
use crate::net::stream::Stream;
use crate::net::tls::Agreement;
use crate::net::tls::Tls;
use crate::smtp::connection::ListedSession;
use crate::smtp::connection::OpenSession;
use crate::smtp::connection::Opening;
use crate::smtp::connection::Shared;
use crate::smtp::connection::driver::Connection;
use crate::smtp::connection::nonces::Nonces;
use crate::smtp::reply::Reply;
use crate::smtp::session::Session;
use crate::smtp::session::SessionOptions;
use crate::store::sessions::TurnedAway;

/// Where the clients of a listener come in.
#[derive(Debug)]
pub(super) struct Entrance {
    pub(super) opening: Opening,
    pub(super) shared: Shared,
    pub(super) nonces: Nonces,
}

impl Entrance {
    /// Lets a connection in, or turns it away at once. Most need nothing before they are greeted,
    /// and are served as they come.
    pub(super) fn arrive(
        self: &Arc<Self>,
        socket: Socket,
        peer: Endpoint,
        open: &mpsc::Sender<()>,
        stop: &watch::Receiver<bool>,
        now: Instant,
    ) {
        let shared = &self.shared;
        if shared.open_sessions() >= self.opening.service.limits.sessions_max as u64 {
            shared.metrics.sessions_refused.increment();
            self.turn_away(&socket, &Reply::TOO_MANY_SESSIONS);
            return;
        }
        if self.opening.behind_proxy {
            let session = OpenSession::new(self, open);
            let this = Arc::clone(self);
            let stop = stop.clone();
            tokio::spawn(this.arrive_by_proxy(socket, peer, session, stop));
            return;
        }
        let Some(admission) = self.admit(&socket, &peer, now) else { return };
        let session = OpenSession::new(self, open);
        if self.opening.is_implicit_tls {
            let this = Arc::clone(self);
            let stop = stop.clone();
            tokio::spawn(this.greet_in_tls(socket, peer, (admission, session), stop));
            return;
        }
        let listed = ListedSession::new(self, peer.clone());
        let held = (admission, session);
        let connection = self.connection(Stream::Clear(socket), peer, listed, held);
        tokio::spawn(connection.run(stop.clone()));
    }

    /// A connection whose proxy is to say whose it is.
    async fn arrive_by_proxy(
        self: Arc<Self>,
        mut socket: Socket,
        proxy: Endpoint,
        session: OpenSession,
        mut stop: watch::Receiver<bool>,
    ) {
        if !self.shared.access.may_be_proxy(proxy.ip()) {
            self.refuse_proxy(&proxy, "it is not trusted");
            return;
        }
        let header = tokio::time::timeout(PROXY_TIMEOUT, read_header(&mut socket));
        let source = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return,
            header = header => header,
        };
        let peer = match source {
            Ok(Ok(Source::Itself)) => proxy,
            Ok(Ok(Source::Ip(address))) => address.into(),
            Ok(Ok(Source::Unix(path))) => Endpoint::Unix(path.into()),
            Ok(Err(error)) => return self.refuse_proxy(&proxy, &error.to_string()),
            Err(_) => return self.refuse_proxy(&proxy, "no PROXY header came in time"),
        };
        let Some(admission) = self.admit(&socket, &peer, Instant::now()) else { return };
        let held = (admission, session);
        if self.opening.is_implicit_tls {
            self.greet_in_tls(socket, peer, held, stop).await;
        } else {
            let listed = ListedSession::new(&self, peer.clone());
            self.connection(Stream::Clear(socket), peer, listed, held).run(stop).await;
        }
    }

    /// A connection that begins with TLS.
    async fn greet_in_tls(
        self: Arc<Self>,
        socket: Socket,
        peer: Endpoint,
        held: Held,
        stop: watch::Receiver<bool>,
    ) {
        let listed = ListedSession::new(&self, peer.clone());
        let began = Instant::now();
        match shake_hands(&self, socket, stop.clone()).await {
            Ok(stream) => self.connection(stream, peer, listed, held).run(stop).await,
            Err(error) => {
                tracing::debug!(%peer, %error, "no TLS");
                let mut recorder = Recorder::new(Arc::clone(&listed.record), began);
                recorder.set_now(Instant::now());
                recorder.note_text(&format!("TLS did not start: {error}"));
                recorder.close("restante closed the connection", true);
            }
        }
    }

    /// None for a client that is turned away.
    fn admit(&self, socket: &Socket, peer: &Endpoint, now: Instant) -> Option<Option<Admission>> {
        match self.shared.access.admit(peer.ip(), now) {
            Ok(admission) => Some(admission),
            Err(barred) => {
                tracing::debug!(%peer, %barred, "turned away");
                self.shared.metrics.sessions_refused.increment();
                self.turn_away(socket, &reply_to(barred));
                None
            }
        }
    }

    /// Tells a client in one breath why it is turned away. One that expects TLS would not
    /// understand, and the work of a handshake is what limits are there to save.
    fn turn_away(&self, socket: &Socket, reply: &Reply) {
        let mut words = Vec::new();
        reply.write_to(&mut words);
        let store = &self.shared.store;
        store.sessions().turn_away(TurnedAway {
            at: Timestamp::now(),
            number: store.cursor().number,
            reply: String::from_utf8_lossy(words.trim_ascii_end()).into_owned(),
        });
        if self.opening.is_implicit_tls {
            return;
        }
        // A fresh socket takes a line at once; a client gone already needs no answer.
        let _ = socket.try_write(&words);
    }

    fn refuse_proxy(&self, proxy: &Endpoint, reason: &str) {
        self.shared.metrics.proxies_refused.increment();
        tracing::warn!(%proxy, reason, "closed a connection to a listener behind a proxy");
    }

    fn connection(
        self: &Arc<Self>,
        stream: Stream,
        peer: Endpoint,
        listed: ListedSession,
        held: Held,
    ) -> Connection {
        let options = SessionOptions {
            service: Arc::clone(&self.opening.service),
            in_flight: Arc::clone(&self.shared.in_flight),
            is_trusted: self.shared.access.is_trusted(peer.ip()),
            peer,
            record: Arc::clone(&listed.record),
            tls: facts(&stream),
            nonce: self.nonces.next(),
        };
        let session = Session::new(options, Instant::now());
        Connection::new(stream, (session, listed), self, held)
    }
}

/// What a connection holds on to while it is open.
pub(super) type Held = (Option<Admission>, OpenSession);

/// Shakes hands, within a time, and not beyond the server's stop.
///
/// # Errors
/// When no TLS comes about; it has been counted.
pub(super) async fn shake_hands(
    entrance: &Entrance,
    socket: Socket,
    mut stop: watch::Receiver<bool>,
) -> io::Result<Stream> {
    let handshake = async {
        let tls = entrance.opening.tls.as_deref().ok_or(io::ErrorKind::Unsupported)?;
        let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, Tls::accept(tls, socket));
        handshake.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    };
    let outcome = tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => Err(io::ErrorKind::Interrupted.into()),
        outcome = handshake => outcome,
    };
    if outcome.is_err() {
        entrance.shared.metrics.handshakes_failed.increment();
    }
    outcome
}

/// What TLS agreed on, if the connection is in TLS.
pub(super) fn facts(stream: &Stream) -> Option<TlsFacts> {
    let agreement = Agreement::of(stream)?;
    Some(TlsFacts {
        version: agreement.version.into(),
        cipher: agreement.cipher.into(),
        server_name: agreement.server_name.map(Into::into),
        client_subject: agreement.client_subject.map(Into::into),
    })
}

/// Reads the header, and gives back what is behind it.
async fn read_header(socket: &mut Socket) -> io::Result<Source> {
    let mut received = Vec::new();
    while received.len() < HEADER_BYTES_MAX {
        // No more than may belong to it, so that the bound holds.
        let left = HEADER_BYTES_MAX - received.len();
        if (&mut *socket).take(left as u64).read_buf(&mut received).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let header = proxy::parse(&received).map_err(io::Error::other)?;
        if let Some(Header { source, length_bytes }) = header {
            socket.put_back(&received[length_bytes..]);
            return Ok(source);
        }
    }
    Err(io::Error::other("a PROXY header without end"))
}

const fn reply_to(barred: Barred) -> Reply {
    match barred {
        Barred::NotAllowed => Reply::NOT_ALLOWED,
        Barred::Sessions => Reply::TOO_MANY_SESSIONS_OF_PEER,
        Barred::RatePerPeer => Reply::TOO_OFTEN_FROM_PEER,
        Barred::Rate => Reply::TOO_OFTEN,
        Barred::Crowd => Reply::TOO_MANY_PEERS,
    }
}

/// How long a handshake may take. Clients give up sooner.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a proxy may take to say whose a connection is: it is the first thing it says.
const PROXY_TIMEOUT: Duration = Duration::from_secs(5);
