//! The same dialogues over TCP, in clear and in TLS, against a catcher that really listens.

use std::io::Read;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::sync::Arc;

use restante::config::Config;
use restante::config::Security;
use restante::config::SmtpListener;
use restante::dialogue::SessionFacts;
use restante::smtp::service::StartTls;
use restante::smtp::transaction::Transaction;
use restante::store::shelf::Page;
use restante::testing::Catcher;
use tokio_rustls::rustls::ClientConnection;
use tokio_rustls::rustls::StreamOwned;

use crate::dialogue::files::scenes;
use crate::dialogue::peer::Engine;
use crate::dialogue::peer::Peer;
use crate::dialogue::peer::reply_end;
use crate::dialogue::run::Pieces;
use crate::dialogue::run::play;
use crate::dialogue::script::Act;
use crate::dialogue::script::Event;
use crate::dialogue::script::Scene;
use crate::dialogue::script::Server;
use crate::net::tls::TlsClient;
use crate::support::tcp;

#[test]
fn every_dialogue_goes_as_written_over_tcp() {
    all_go_as_written(&scenes(), &[Pieces::Whole, Pieces::Bytes]);
}

#[test]
fn every_dialogue_goes_as_written_over_tls() {
    let mut scenes = scenes();
    scenes.iter_mut().for_each(|scene| scene.server.in_tls = true);
    // Some words are only right in clear, and the engine knows which.
    scenes.retain(|scene| play(scene, &mut Engine::new(&scene.server), Pieces::Whole).is_ok());
    all_go_as_written(&scenes, &[Pieces::Whole]);
}

fn all_go_as_written(scenes: &[Scene], all_pieces: &[Pieces]) {
    let mut differences = Vec::new();
    let mut count = 0;
    for scene in scenes.iter().filter(|scene| Socket::can_play(scene)) {
        count += 1;
        // What is sent ahead of a handshake is forgotten when it comes at once with STARTTLS, and
        // else is taken for a handshake, which it is not.
        let starts_tls = scene.server.starttls != StartTls::Absent;
        for pieces in if starts_tls { &all_pieces[..1] } else { all_pieces } {
            let mut peer = Socket::connect(&scene.server);
            differences.extend(play(scene, &mut peer, *pieces).err());
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
    assert!(count > 150, "only {count} scenes");
}

/// A catcher of this scene's own, and a connection to it.
struct Socket {
    catcher: Catcher,
    stream: Stream,
    received: Vec<u8>,
    /// The number of the last mail that was looked at.
    seen: u64,
}

enum Stream {
    Clear(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Socket {
    /// Whether nothing has to happen that only a test of the engine can bring about.
    fn can_play(scene: &Scene) -> bool {
        let can_happen =
            |act: &Act| !matches!(act, Act::Event(event) if *event != Event::TlsStarted);
        // A catcher makes its challenges of numbers that nobody knows.
        let any_nonce = scene.server.nonce == Server::default().nonce;
        any_nonce && scene.acts.iter().all(|(_, act)| can_happen(act))
    }

    fn connect(server: &Server) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let security = match server.starttls {
            _ if server.in_tls => Security::Tls,
            StartTls::Absent => Security::Clear,
            StartTls::Offered => Security::StartTlsOffered,
            StartTls::Required => Security::StartTlsRequired,
        };
        let listener =
            SmtpListener { protocol: server.protocol, security, ..SmtpListener::from(any_port) };
        let mut config = Config {
            smtp: vec![listener],
            http: vec![any_port],
            limits: server.limits.clone(),
            auth: Arc::new(server.auth.clone()),
            ..Config::default()
        };
        if server.is_trusted {
            config.access.trust = ["127.0.0.1".parse().unwrap()].into_iter().collect();
        }
        let catcher = Catcher::with(&config).unwrap();
        let stream = Stream::Clear(tcp(catcher.smtp_address()));
        let mut socket = Self { catcher, stream, received: Vec::new(), seen: 0 };
        if server.in_tls {
            socket.start_tls();
        }
        socket
    }

    fn start_tls(&mut self) {
        let Stream::Clear(stream) = &self.stream else { panic!("it is in TLS already") };
        let stream = stream.try_clone().unwrap();
        let client = TlsClient::of(&self.catcher);
        self.stream = Stream::Tls(Box::new(client.wrap(stream)));
    }

    /// Reads some more; false at the end, and when the connection breaks.
    fn read(&mut self) -> bool {
        let mut piece = [0; 4_096];
        let length = match &mut self.stream {
            Stream::Clear(stream) => stream.read(&mut piece),
            Stream::Tls(stream) => stream.read(&mut piece),
        };
        let length = length.unwrap_or(0);
        self.received.extend_from_slice(&piece[..length]);
        length > 0
    }
}

impl Peer for Socket {
    fn send(&mut self, bytes: &[u8]) {
        // A server that has closed does not take it; what it said before is compared all the same.
        let _ = match &mut self.stream {
            Stream::Clear(stream) => stream.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes),
        };
    }

    fn receive_reply(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = reply_end(&self.received) {
                let rest = self.received.split_off(end);
                return Some(std::mem::replace(&mut self.received, rest));
            }
            if !self.read() {
                return None;
            }
        }
    }

    fn receive_close(&mut self) -> Vec<u8> {
        while self.read() {}
        std::mem::take(&mut self.received)
    }

    fn close(&mut self) -> Vec<u8> {
        let stream = match &mut self.stream {
            Stream::Clear(stream) => stream,
            Stream::Tls(stream) => {
                stream.conn.send_close_notify();
                let _ = stream.flush();
                &mut stream.sock
            }
        };
        let _ = stream.shutdown(Shutdown::Write);
        self.receive_close()
    }

    fn next_mail(&mut self) -> Option<Transaction> {
        let next = Page::Ascending(self.seen, u64::MAX);
        let held = self.catcher.server().store().page(next, 1).pop()?;
        self.seen = held.entry.seq;
        let mut session = SessionFacts::clone(&held.entry.session);
        let stream = match &self.stream {
            Stream::Clear(stream) => stream,
            Stream::Tls(stream) => &stream.sock,
        };
        if session.peer.address() == stream.local_addr().ok() {
            // The port that every scene's client has.
            session.peer = (Ipv4Addr::LOCALHOST, 50_000).into();
        }
        let (envelope, raw) = (held.entry.envelope.clone(), held.entry.raw.clone());
        Some(Transaction { envelope, raw, session: session.into() })
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::TlsStarted => self.start_tls(),
            _ => unreachable!("scenes with other events are left out"),
        }
    }
}
