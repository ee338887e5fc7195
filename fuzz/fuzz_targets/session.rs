//! Any input to the SMTP engine: the same transcript and the same mails however it is split.
//!
//! `cargo +nightly fuzz run session -- -max_len=65536`

#![no_main]

use std::sync::Arc;
use std::time::Instant;

use libfuzzer_sys::fuzz_target;
use restante::dialogue::Endpoint;
use restante::message::id::MessageId;
use restante::smtp::in_flight::InFlight;
use restante::smtp::limits::Limits;
use restante::smtp::service::Service;
use restante::smtp::session::Session;
use restante::smtp::session::SessionOptions;
use restante::smtp::session::Step;

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, bytes) = input;
    let whole = transcript(bytes, usize::MAX);
    assert_eq!(whole, transcript(bytes, usize::from(piece) + 1));
    assert_eq!(whole, transcript(bytes, 1));
});

/// What the server says and holds when input comes in pieces of this size.
fn transcript(bytes: &[u8], piece: usize) -> (Vec<u8>, Vec<Vec<u8>>) {
    let address = Endpoint::from(([127, 0, 0, 1], 1025));
    let in_flight = Arc::new(InFlight::default());
    let limits = Limits { message_bytes_max: 4_096, errors_max: 20, ..Limits::default() };
    let options = SessionOptions {
        service: Arc::new(Service::new(address.clone(), "restante".into(), Arc::new(limits))),
        in_flight: Arc::clone(&in_flight),
        peer: address,
        tls: None,
        is_trusted: false,
        nonce: 0,
    };
    let now = Instant::now();
    let mut session = Session::new(options, now);
    let (mut said, mut held) = (Vec::new(), Vec::new());
    let mut steps = |session: &mut Session| {
        while let Some(step) = session.step() {
            match step {
                Step::Reply(reply) => reply.write_to(&mut said),
                Step::Deliver(transaction) => {
                    held.push(transaction.raw.into_vec());
                    session.delivered(Ok(MessageId::from_parts(1, 1)));
                }
                Step::Close => return true,
            }
        }
        false
    };
    let mut closed = steps(&mut session);
    for piece in bytes.chunks(piece) {
        if closed {
            break;
        }
        session.receive(piece, now);
        closed = steps(&mut session);
    }
    drop(session);
    assert_eq!(in_flight.bytes(), 0, "nothing stays counted");
    (said, held)
}
