//! For any input: no panic, and the same transcript and mails however it is cut.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::prop_oneof;
use proptest::proptest;
use proptest::sample::select;

use restante::smtp::limits::Limits;

use crate::dialogue::peer::Engine;
use crate::dialogue::peer::Peer;
use crate::dialogue::run::Pieces;
use crate::dialogue::script::Server;

proptest! {
    #[test]
    fn any_split_gives_the_same_transcript(input in conversation(), seed in any::<u64>()) {
        let whole = transcript(&input, Pieces::Whole);
        prop_assert_eq!(&whole, &transcript(&input, Pieces::Bytes));
        prop_assert_eq!(&whole, &transcript(&input, Pieces::Random(seed)));
    }

    #[test]
    fn any_bytes_are_answered(input in vec(any::<u8>(), 0..2_000), seed in any::<u64>()) {
        let whole = transcript(&input, Pieces::Whole);
        prop_assert_eq!(&whole, &transcript(&input, Pieces::Random(seed)));
    }

    /// What a client stuffs (RFC 5321 §4.5.2) is what it meant, whatever it meant.
    #[test]
    fn a_stuffed_mail_arrives_as_it_was(mail in mail(), seed in any::<u64>()) {
        let mut engine = Engine::new(&Server::default());
        engine.send(b"EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n");
        let sent = stuffed(&mail);
        Pieces::Random(seed).of(&sent).into_iter().for_each(|piece| engine.send(piece));
        let held = engine.next_mail().expect("the mail has ended");
        prop_assert_eq!(&*held.raw, &mail[..]);
        assert!(engine.next_mail().is_none());
    }
}

/// All replies, then all mails.
fn transcript(input: &[u8], pieces: Pieces) -> String {
    let limits = Limits {
        command_line_bytes_max: 60,
        response_line_bytes_max: 40,
        message_bytes_max: 80,
        recipients_max: 2,
        in_flight_bytes_max: 60,
        errors_max: 10,
        ..Limits::default()
    };
    let mut engine = Engine::new(&Server { limits, ..Server::default() });
    pieces.of(input).into_iter().for_each(|piece| engine.send(piece));
    let mut transcript = engine.said().escape_ascii().to_string();
    while let Some(mail) = engine.next_mail() {
        transcript.push_str(&format!("\n{mail:?}"));
    }
    transcript
}

/// Words of the protocol and their near misses, in any order: more of them make sense than of
/// random bytes.
fn conversation() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        8 => select(COMMANDS).prop_map(|word| word.as_bytes().to_vec()),
        4 => select(FRAGMENTS).prop_map(|word| word.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..50),
    ];
    vec(word, 0..40).prop_map(|words| words.concat())
}

fn mail() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![select(FRAGMENTS), select(&[".", "\r\n", "\r\n.", "\r"][..])];
    vec(word, 0..40).prop_map(|words| (words.concat() + "\r\n").into_bytes())
}

fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut sent = Vec::new();
    for (at, byte) in mail.iter().enumerate() {
        let at_line_start = at == 0 || mail[..at].ends_with(b"\r\n");
        if *byte == b'.' && at_line_start {
            sent.push(b'.');
        }
        sent.push(*byte);
    }
    sent.extend_from_slice(b".\r\n");
    sent
}

const COMMANDS: &[&str] = &[
    "EHLO client.test\r\n",
    "EHLO client.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n",
    "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n",
    "text\r\n.\r\n",
    "HELO\r\n",
    "MAIL FROM:<a@x.test>\r\n",
    "MAIL FROM:<> SIZE=70\r\n",
    "MAIL FROM:<> SIZE=90\r\n",
    "RCPT TO:<b@x.test>\r\n",
    "RCPT TO:<\"b > c\"@x.test>\r\n",
    "DATA\r\n",
    ".\r\n",
    "RSET\r\n",
    "NOOP\n",
    "QUIT\r\n",
    "AUTH PLAIN\r\n",
    "AUTH LOGIN Ym9i\r\n",
    "AGJvYgBzZWNyZXQ=\r\n",
    "FROB\r\n",
    "GET / HTTP/1.1\r\n",
];

const FRAGMENTS: &[&str] = &[
    "\r",
    "\n",
    "\r\n",
    ".",
    "..",
    "\r\n.",
    "\n.\r",
    "\r\n.\r\n",
    "\0",
    "*",
    "\u{16}",
    "<",
    ">",
    "text",
    "MAIL FROM:",
    "a line that is longer than sixty bytes, the limit of a command line\r\n",
];
