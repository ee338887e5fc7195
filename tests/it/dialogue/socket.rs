//! The same dialogues over TCP, against a catcher that really listens.

use std::io::Read;
use std::io::Write;
use std::net::Shutdown;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use restante::config::Config;
use restante::smtp::transaction::Transaction;
use restante::store::shelf::Page;
use restante::testing::Catcher;

use crate::dialogue::files::scenes;
use crate::dialogue::peer::Peer;
use crate::dialogue::peer::reply_end;
use crate::dialogue::run::Pieces;
use crate::dialogue::run::play;
use crate::dialogue::script::Event;
use crate::dialogue::script::Scene;

#[test]
fn every_dialogue_goes_as_written_over_tcp() {
    let mut differences = Vec::new();
    for scene in scenes().iter().filter(|scene| scene.is_plain()) {
        for pieces in [Pieces::Whole, Pieces::Bytes] {
            let mut peer = Socket::connect(scene);
            differences.extend(play(scene, &mut peer, pieces).err());
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

/// A catcher of this scene's own, and a connection to it.
struct Socket {
    catcher: Catcher,
    stream: TcpStream,
    received: Vec<u8>,
    /// The number of the last mail that was looked at.
    seen: u64,
}

impl Socket {
    fn connect(scene: &Scene) -> Self {
        let any_port = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let config = Config {
            smtp: vec![any_port.into()],
            http: vec![any_port],
            limits: scene.server.limits.clone(),
            auth: Arc::new(scene.server.auth.clone()),
            ..Config::default()
        };
        let catcher = Catcher::with(&config).unwrap();
        let stream = TcpStream::connect(catcher.smtp_address()).unwrap();
        stream.set_nodelay(true).unwrap();
        // Only so that a reply that never comes fails the test instead of hanging it.
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Self { catcher, stream, received: Vec::new(), seen: 0 }
    }

    /// Reads some more; false at the end, and when the connection breaks.
    fn read(&mut self) -> bool {
        let mut piece = [0; 4_096];
        let length = self.stream.read(&mut piece).unwrap_or(0);
        self.received.extend_from_slice(&piece[..length]);
        length > 0
    }
}

impl Peer for Socket {
    fn send(&mut self, bytes: &[u8]) {
        // A server that has closed does not take it; what it said before is compared all the same.
        let _ = self.stream.write_all(bytes);
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
        let _ = self.stream.shutdown(Shutdown::Write);
        self.receive_close()
    }

    fn next_mail(&mut self) -> Option<Transaction> {
        let next = Page::Ascending(self.seen, u64::MAX);
        let held = self.catcher.server().store().page(next, 1).pop()?;
        self.seen = held.entry.seq;
        Some(Transaction {
            envelope: held.entry.envelope.clone(),
            raw: held.entry.raw.clone(),
            session: held.entry.session.clone(),
        })
    }

    fn event(&mut self, _: Event) {
        unreachable!("scenes with events are left out");
    }
}
