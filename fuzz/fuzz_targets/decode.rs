//! One header and one body in every transfer encoding and charset: decoding ends, and what it makes
//! of plain ASCII is that ASCII.
//!
//! `cargo +nightly fuzz run decode -- -max_len=262144 -timeout=10`

#![no_main]

use libfuzzer_sys::fuzz_target;
use restante::message;

const ENCODINGS: [&str; 6] = ["7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary"];
const CHARSETS: [&str; 10] = [
    "utf-8",
    "utf-7",
    "utf-16",
    "iso-2022-jp",
    "gb18030",
    "euc-kr",
    "koi8-r",
    "shift_jis",
    "iso-8859-8-i",
    "nonsense",
];

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (encoding, charset, bytes) = input;
    let encoding = ENCODINGS[usize::from(encoding) % ENCODINGS.len()];
    let charset = CHARSETS[usize::from(charset) % CHARSETS.len()];
    let mut raw = b"Subject: ".to_vec();
    raw.extend(bytes.iter().filter(|byte| **byte != b'\n'));
    let kind = "text/plain; format=flowed; delsp=yes; charset=";
    let encoding = format!("\r\nContent-Transfer-Encoding: {encoding}\r\n");
    raw.extend_from_slice(encoding.as_bytes());
    raw.extend_from_slice(format!("Content-Type: {kind}{charset}\r\n\r\n").as_bytes());
    raw.extend_from_slice(bytes);
    let message = message::parse(&raw);
    let subject = message.subject();
    let text = message.text();
    // White space is folded, and `=` begins an encoded word.
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && *byte != b'=';
    if bytes.iter().all(is_plain) && !bytes.is_empty() {
        assert_eq!(subject.as_deref().map(str::as_bytes), Some(bytes));
    }
    drop(text);
});
