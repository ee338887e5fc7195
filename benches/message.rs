//! Reading a mail, beside the two crates most Rust programs read mail with.
//!
//! `list` is what a row of a list needs: subject, addresses, preview, number of attachments. The
//! others get the nearest they offer. `cargo bench --bench message`.

use std::hint::black_box;

use criterion::BatchSize;
use criterion::Criterion;
use criterion::Throughput;
use criterion::criterion_group;
use criterion::criterion_main;
use restante::message::parse;

fn mails() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("1 KB text", small()),
        ("12 KB multipart", multipart()),
        ("1 MB attachment", attachment(1 << 20)),
        ("40 MB attachment", attachment(40 << 20)),
    ]
}

fn header() -> String {
    "Received: from app.example.test (app.example.test [192.0.2.7])\r\n\
     \tby mx.example.test with ESMTP id 4Xy7; Mon, 2 Mar 2026 10:00:00 +0100\r\n\
     From: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <juergen@example.test>\r\n\
     To: \"Doe, Jane\" <jane@example.test>, bob@example.test\r\n\
     Subject: =?utf-8?Q?Ihre_Bestellung_=E2=84=96_4711?=\r\n\
     Date: Mon, 2 Mar 2026 10:00:00 +0100\r\n\
     Message-ID: <20260302.4711@example.test>\r\n\
     MIME-Version: 1.0\r\n"
        .to_owned()
}

fn small() -> Vec<u8> {
    let body = "Thank you for your order. It will arrive soon.\r\n".repeat(11);
    format!("{}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}", header()).into_bytes()
}

fn multipart() -> Vec<u8> {
    let text = "Thank you for your order, it will arrive soon.=20\r\n".repeat(40);
    let html = "<tr><td style=3D\"color:#333\">Thank you for your order</td></tr>\r\n".repeat(60);
    let image = format!("{}\r\n", "iVBORw0KGgoAAAANSUhEUgAA".repeat(3)).repeat(60);
    format!(
        "{}Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\
         Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n{text}\r\n--inner\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: quoted-printable\r\n\r\n<table>{html}</table>\r\n\
         --inner--\r\n--outer\r\nContent-Type: image/png; name=\"logo.png\"\r\n\
         Content-Disposition: attachment; filename=\"logo.png\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{image}\r\n--outer--\r\n",
        header()
    )
    .into_bytes()
}

fn attachment(size_bytes: usize) -> Vec<u8> {
    let line = format!("{}\r\n", "JVBERi0xLjQKJcOkw7zDtsOf".repeat(3));
    let body = line.repeat(size_bytes / line.len());
    format!(
        "{}Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\n\r\nSee the \
         attachment.\r\n--outer\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{body}--outer--\r\n",
        header()
    )
    .into_bytes()
}

fn restante_list(raw: &[u8]) -> usize {
    let message = parse(raw);
    let subject = message.subject().map_or(0, |subject| subject.len());
    let people = message.from().len() + message.to().len() + message.cc().len();
    subject + people + message.preview(200).len() + message.attachment_count()
}

fn mailparse_list(raw: &[u8]) -> usize {
    use mailparse::MailHeaderMap;
    let Ok(mail) = mailparse::parse_mail(raw) else { return 0 };
    let subject = mail.headers.get_first_value("Subject").map_or(0, |subject| subject.len());
    let people = ["From", "To"]
        .iter()
        .filter_map(|name| mail.headers.get_first_header(name))
        .filter_map(|header| mailparse::addrparse_header(header).ok())
        .map(|list| list.len())
        .sum::<usize>();
    let text = mail.parts().find(|part| part.ctype.mimetype == "text/plain");
    let text = text.and_then(|part| part.get_body().ok()).map_or(0, |text| text.len().min(200));
    subject + people + text + mail.parts().count()
}

fn mail_parser_list(raw: &[u8]) -> usize {
    let Some(mail) = mail_parser::MessageParser::default().parse(raw) else { return 0 };
    let people = |address: Option<&mail_parser::Address<'_>>| {
        address.map_or(0, |address| address.iter().count())
    };
    let subject = mail.subject().map_or(0, str::len);
    let preview = mail.body_preview(200).map_or(0, |text| text.len());
    subject + people(mail.from()) + people(mail.to()) + preview + mail.attachment_count()
}

fn list(criterion: &mut Criterion) {
    for (name, raw) in mails() {
        let mut group = criterion.benchmark_group(format!("list/{name}"));
        group.throughput(Throughput::Bytes(raw.len() as u64)).sample_size(20);
        group.bench_function("restante", |b| b.iter(|| restante_list(black_box(&raw))));
        group.bench_function("mailparse", |b| b.iter(|| mailparse_list(black_box(&raw))));
        group.bench_function("mail-parser", |b| b.iter(|| mail_parser_list(black_box(&raw))));
        group.finish();
    }
}

fn structure(criterion: &mut Criterion) {
    for (name, raw) in mails() {
        let mut group = criterion.benchmark_group(format!("parse/{name}"));
        group.throughput(Throughput::Bytes(raw.len() as u64)).sample_size(20);
        group.bench_function("restante", |b| b.iter(|| parse(black_box(&raw)).parts().len()));
        group.bench_function("mailparse", |b| {
            b.iter(|| mailparse::parse_mail(black_box(&raw)).map(|mail| mail.parts().count()));
        });
        group.finish();
    }
}

fn whole(criterion: &mut Criterion) {
    let raw = attachment(1 << 20);
    criterion.bench_function("whole/1 MB attachment, warnings and all", |b| {
        b.iter_batched(|| parse(&raw), |mail| mail.warnings().len(), BatchSize::SmallInput);
    });
}

criterion_group!(benches, list, structure, whole);
criterion_main!(benches);
