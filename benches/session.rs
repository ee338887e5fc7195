//! What the SMTP engine costs by itself: no socket, no store, the mail dropped where it is handed
//! out.

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;

use restante::dialogue::Endpoint;
use restante::dialogue::record::Record;
use restante::message::id::MessageId;
use restante::smtp::in_flight::InFlight;
use restante::smtp::limits::Limits;
use restante::smtp::service::Service;
use restante::smtp::session::Session;
use restante::smtp::session::SessionOptions;
use restante::smtp::session::Step;

criterion_group!(benches, mails);
criterion_main!(benches);

fn mails(criterion: &mut Criterion) {
    let text = |size: usize| {
        "A line of text as long as lines of base64 are, with a CRLF at its end\r\n"
            .repeat(size / 71)
    };
    for (name, body, read_bytes) in [
        ("1 KB", text(1_024), 16_384),
        ("12 KB", text(12_288), 16_384),
        ("1 MB", text(1_000_000), 16_384),
        ("1 MB, dots only", "..\r\n".repeat(250_000), 16_384),
        ("1 MB, LF-dots only", "\n.".repeat(500_000), 16_384),
    ] {
        let mut group = criterion.benchmark_group(name);
        group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
        group.throughput(Throughput::Bytes(body.len() as u64));
        let body = format!("{body}\r\n.\r\n");
        let mut client = Client::new();
        client.say(b"EHLO client.test\r\n");
        group.bench_function("a read for each command", |bencher| {
            bencher.iter(|| {
                client.say(b"MAIL FROM:<sender@example.com>\r\n");
                client.say(b"RCPT TO:<recipient@example.com>\r\n");
                client.say(b"DATA\r\n");
                body.as_bytes().chunks(read_bytes).for_each(|read| client.say(read));
            });
        });
        let whole = format!(
            "MAIL FROM:<sender@example.com> SIZE=1024 BODY=8BITMIME\r\n\
             RCPT TO:<recipient@example.com>\r\nDATA\r\n{body}"
        );
        group.bench_function("pipelined", |bencher| {
            bencher.iter(|| whole.as_bytes().chunks(read_bytes).for_each(|read| client.say(read)));
        });
    }
}

/// A connection as cheap as one can be.
struct Client {
    session: Session,
    out: Vec<u8>,
    now: Instant,
}

impl Client {
    fn new() -> Self {
        let now = Instant::now();
        let address = Endpoint::from((Ipv4Addr::LOCALHOST, 1_025));
        let limits = Arc::new(Limits::default());
        let options = SessionOptions {
            service: Arc::new(Service::new(address.clone(), "mail.test".into(), limits)),
            in_flight: Arc::new(InFlight::default()),
            record: Record::unlisted(address.clone()),
            peer: address,
            tls: None,
            is_trusted: false,
            nonce: 0,
        };
        Self { session: Session::new(options, now), out: Vec::new(), now }
    }

    fn say(&mut self, bytes: &[u8]) {
        self.session.receive(black_box(bytes), self.now);
        while let Some(step) = self.session.step() {
            match step {
                Step::Reply(reply) => reply.write_to(&mut self.out),
                Step::Deliver(mail) => {
                    drop(black_box(mail));
                    self.session.delivered(Ok(MessageId::from_parts(1_700_000_000_000, 7)));
                }
                Step::StartTls | Step::Close => return,
            }
        }
        black_box(&self.out);
        self.out.clear();
    }
}
