//! Any input to the SMTP engine, as any kind of service: the same transcript and the same mails
//! however it is split, and no more in flight than is allowed.
//!
//! The first byte says which service. In the rest 0xF8, which no text has, ends what the client
//! sends in one go: where TLS was asked for, the handshake comes there.
//!
//! `cargo +nightly fuzz run session -- -max_len=65536`

#![no_main]

use std::sync::Arc;
use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use restante::dialogue::Endpoint;
use restante::dialogue::Protocol;
use restante::dialogue::TlsFacts;
use restante::dialogue::record::Record;
use restante::message::id::MessageId;
use restante::smtp::in_flight::InFlight;
use restante::smtp::limits::Limits;
use restante::smtp::service::Service;
use restante::smtp::service::StartTls;
use restante::smtp::session::Session;
use restante::smtp::session::SessionOptions;
use restante::smtp::session::Step;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (kind, piece, bytes) = input;
    let whole = Client::new(kind).converse(bytes, usize::MAX);
    assert_eq!(whole, Client::new(kind).converse(bytes, usize::from(piece) + 1));
    assert_eq!(whole, Client::new(kind).converse(bytes, 1));
});

/// A session, and what it said and held.
struct Client {
    session: Session,
    in_flight: Arc<InFlight>,
    now: Instant,
    said: Vec<u8>,
    held: Vec<String>,
    starts_tls: bool,
    is_closed: bool,
}

impl Client {
    /// With a service whose every trait is a bit.
    fn new(kind: u8) -> Self {
        let has = |bit: u8| kind & (1 << bit) != 0;
        let limits = Arc::new(Limits {
            message_bytes_max: 4_096,
            in_flight_bytes_max: IN_FLIGHT_BYTES_MAX,
            errors_max: 20,
            ..Limits::default()
        });
        let address = Endpoint::from(([127, 0, 0, 1], 1025));
        let mut service = Service::new(address.clone(), "restante".into(), limits);
        service.protocol = if has(0) { Protocol::Lmtp } else { Protocol::Smtp };
        service.starttls = match (has(1), has(2)) {
            (false, _) => StartTls::Absent,
            (true, false) => StartTls::Offered,
            (true, true) => StartTls::Required,
        };
        let in_flight = Arc::new(InFlight::default());
        let options = SessionOptions {
            service: Arc::new(service),
            in_flight: Arc::clone(&in_flight),
            record: Record::unlisted(address.clone()),
            peer: address,
            tls: has(3).then(tls),
            is_trusted: has(4),
            nonce: 0,
        };
        let now = Instant::now();
        Self {
            session: Session::new(options, now),
            in_flight,
            now,
            said: Vec::new(),
            held: Vec::new(),
            starts_tls: false,
            is_closed: false,
        }
    }

    /// What the server says and holds when input comes in pieces of this size.
    fn converse(mut self, bytes: &[u8], piece: usize) -> (Vec<u8>, Vec<String>) {
        self.take_steps();
        for flight in bytes.split(|byte| *byte == END_OF_FLIGHT) {
            for piece in flight.chunks(piece) {
                if !self.is_closed {
                    self.session.receive(piece, self.now);
                    self.take_steps();
                }
            }
            if std::mem::take(&mut self.starts_tls) {
                self.session.tls_started(tls());
                self.take_steps();
            }
        }
        drop(self.session);
        assert_eq!(self.in_flight.bytes(), 0, "nothing stays counted");
        (self.said, self.held)
    }

    fn take_steps(&mut self) {
        while let Some(step) = self.session.step() {
            match step {
                Step::Reply(reply) => reply.write_to(&mut self.said),
                Step::Deliver(transaction) => {
                    assert!(transaction.envelope.recipients().count() > 0, "it is for nobody");
                    assert!(transaction.raw.len() <= 4_096, "it is too large");
                    self.held.push(format!("{transaction:?}"));
                    self.session.delivered(Ok(MessageId::from_parts(1, 1)));
                }
                Step::StartTls => self.starts_tls = true,
                Step::Close => {
                    self.is_closed = true;
                    return;
                }
            }
        }
        assert!(self.in_flight.bytes() <= IN_FLIGHT_BYTES_MAX, "more is in flight than may be");
    }
}

fn tls() -> TlsFacts {
    TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        server_name: None,
        client_subject: None,
    }
}

const IN_FLIGHT_BYTES_MAX: usize = 32_768;

const END_OF_FLIGHT: u8 = 0xF8;
