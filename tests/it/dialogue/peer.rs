//! The other side of a dialogue, and the engine as one.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use restante::dialogue::Endpoint;
use restante::dialogue::TlsFacts;
use restante::dialogue::record::Record;
use restante::message::id::MessageId;
use restante::smtp::in_flight::InFlight;
use restante::smtp::service::Service;
use restante::smtp::session::Session;
use restante::smtp::session::SessionOptions;
use restante::smtp::session::Step;
use restante::smtp::transaction::Refusal;
use restante::smtp::transaction::Transaction;

use crate::dialogue::script::Event;
use crate::dialogue::script::Server;

/// A server that a scene is played against: the engine, or a process behind a socket.
pub(crate) trait Peer {
    /// Sends what a client would.
    fn send(&mut self, bytes: &[u8]);
    /// Waits for the next reply, whole, with its line ends. None: the server closed.
    fn receive_reply(&mut self) -> Option<Vec<u8>>;
    /// Waits until the server closes, and says what it still sent.
    fn receive_close(&mut self) -> Vec<u8>;
    /// Closes the client's side, and says what the server still sent.
    fn close(&mut self) -> Vec<u8>;
    /// The next mail that was held in this session.
    fn next_mail(&mut self) -> Option<Transaction>;
    /// Makes something happen. Peers behind a socket cannot: they skip scenes with events.
    fn event(&mut self, event: Event);
}

/// The engine, without anything around it.
pub(crate) struct Engine {
    session: Session,
    record: Arc<Record>,
    now: Instant,
    said: Vec<u8>,
    /// All that was said, received or not.
    spoken: Vec<u8>,
    mails: std::collections::VecDeque<Transaction>,
    mail_count: u64,
    refuses_next: bool,
    /// Whether the session waits for TLS.
    starts_tls: bool,
    closed: bool,
}

impl Engine {
    pub(crate) fn new(server: &Server) -> Self {
        let address = |port| Endpoint::from((Ipv4Addr::LOCALHOST, port));
        let limits = Arc::new(server.limits.clone());
        let service = Service {
            protocol: server.protocol,
            starttls: server.starttls,
            auth: Arc::new(server.auth.clone()),
            ..Service::new(address(1_025), "restante".into(), limits)
        };
        let record = Record::unlisted(address(50_000));
        let options = SessionOptions {
            service: Arc::new(service),
            in_flight: Arc::new(InFlight::default()),
            record: Arc::clone(&record),
            peer: address(50_000),
            tls: server.in_tls.then(tls),
            is_trusted: server.is_trusted,
            nonce: server.nonce,
        };
        let now = Instant::now();
        let mut engine = Self {
            session: Session::new(options, now),
            record,
            now,
            said: Vec::new(),
            spoken: Vec::new(),
            mails: std::collections::VecDeque::new(),
            mail_count: 0,
            refuses_next: false,
            starts_tls: false,
            closed: false,
        };
        engine.take_steps();
        engine
    }

    /// What was written down of the session.
    pub(crate) const fn record(&self) -> &Arc<Record> {
        &self.record
    }

    /// Everything said from the beginning.
    pub(crate) fn spoken(&self) -> &[u8] {
        &self.spoken
    }

    /// Everything said and not yet received.
    pub(crate) fn said(&self) -> &[u8] {
        &self.said
    }

    /// Whether the session waits for TLS.
    pub(crate) const fn wants_tls(&self) -> bool {
        self.starts_tls
    }

    fn take_steps(&mut self) {
        while let Some(step) = self.session.step() {
            match step {
                Step::Reply(reply) => {
                    reply.write_to(&mut self.said);
                    reply.write_to(&mut self.spoken);
                }
                Step::Deliver(transaction) => {
                    let refused = std::mem::take(&mut self.refuses_next);
                    self.session.delivered(if refused {
                        Err(Refusal::Failed)
                    } else {
                        self.mails.push_back(transaction);
                        self.mail_count += 1;
                        Ok(MessageId::from_parts(self.mail_count, 0))
                    });
                }
                Step::StartTls => self.starts_tls = true,
                Step::Close => {
                    self.closed = true;
                    return;
                }
            }
        }
    }
}

impl Peer for Engine {
    fn send(&mut self, bytes: &[u8]) {
        if !self.closed {
            self.session.receive(bytes, self.now);
            self.take_steps();
        }
    }

    fn receive_reply(&mut self) -> Option<Vec<u8>> {
        let end = reply_end(&self.said)?;
        let rest = self.said.split_off(end);
        Some(std::mem::replace(&mut self.said, rest))
    }

    fn receive_close(&mut self) -> Vec<u8> {
        assert!(self.closed, "the server did not close");
        std::mem::take(&mut self.said)
    }

    fn close(&mut self) -> Vec<u8> {
        self.event(Event::EndOfInput);
        assert!(self.closed, "the server stays though the client went");
        std::mem::take(&mut self.said)
    }

    fn next_mail(&mut self) -> Option<Transaction> {
        self.mails.pop_front()
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::TimeOut => self.session.timed_out(),
            Event::ShutDown => self.session.shut_down(),
            Event::EndOfInput => self.session.end_of_input(),
            Event::RefuseNext => self.refuses_next = true,
            Event::TlsStarted => {
                assert!(std::mem::take(&mut self.starts_tls), "the session wants no TLS");
                self.session.tls_started(tls());
            }
        }
        self.take_steps();
    }
}

/// What TLS agreed on, in every scene.
fn tls() -> TlsFacts {
    TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        server_name: None,
        client_subject: None,
    }
}

/// Where the first reply ends (RFC 5321 §4.2.1): the line with a blank behind its code.
pub(crate) fn reply_end(said: &[u8]) -> Option<usize> {
    let mut start = 0;
    for line in said.split_inclusive(|byte| *byte == b'\n') {
        let end = start + line.len();
        if line.get(3) == Some(&b' ') && line.ends_with(b"\r\n") {
            return Some(end);
        }
        start = end;
    }
    None
}
