//! For any input: no panic, and the same transcript and mails however it is cut.

use proptest::collection::vec;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::prop_oneof;
use proptest::proptest;
use proptest::sample::select;

use restante::dialogue::Protocol;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::secret::Secret;
use restante::smtp::auth::users::Users;
use restante::smtp::limits::Limits;
use restante::smtp::service::StartTls;

use crate::dialogue::peer::Engine;
use crate::dialogue::peer::Peer;
use crate::dialogue::run::Pieces;
use crate::dialogue::script::Event;
use crate::dialogue::script::Server;

proptest! {
    #[test]
    fn any_split_gives_the_same_transcript(
        server in server(),
        flights in vec(conversation(), 1..4),
        seed in any::<u64>(),
    ) {
        let whole = transcript(&server, &flights, Pieces::Whole);
        prop_assert_eq!(&whole, &transcript(&server, &flights, Pieces::Bytes));
        prop_assert_eq!(&whole, &transcript(&server, &flights, Pieces::Random(seed)));
    }

    #[test]
    fn any_bytes_are_answered(
        server in server(),
        input in vec(any::<u8>(), 0..2_000),
        seed in any::<u64>(),
    ) {
        let flights = [input];
        let whole = transcript(&server, &flights, Pieces::Whole);
        prop_assert_eq!(&whole, &transcript(&server, &flights, Pieces::Random(seed)));
    }

    /// RFC 3030: a chunk is what its size says, whatever is in it.
    #[test]
    fn a_mail_in_chunks_arrives_as_it_was(
        chunks in vec(vec(any::<u8>(), 0..200), 1..10),
        seed in any::<u64>(),
    ) {
        let mut engine = Engine::new(&Server::default());
        let mut sent = b"EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n".to_vec();
        for chunk in &chunks {
            sent.extend_from_slice(format!("BDAT {}\r\n", chunk.len()).as_bytes());
            sent.extend_from_slice(chunk);
        }
        sent.extend_from_slice(b"BDAT 0 LAST\r\n");
        Pieces::Random(seed).of(&sent).into_iter().for_each(|piece| engine.send(piece));
        let held = engine.next_mail().expect("the mail has ended");
        prop_assert_eq!(&*held.raw, &chunks.concat()[..]);
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

/// All replies, then all mails. Between two flights the client waits: where TLS was asked for,
/// the handshake comes there.
fn transcript(server: &Server, flights: &[Vec<u8>], pieces: Pieces) -> String {
    let mut engine = Engine::new(server);
    for flight in flights {
        pieces.of(flight).into_iter().for_each(|piece| engine.send(piece));
        if engine.wants_tls() {
            engine.event(Event::TlsStarted);
        }
    }
    let mut transcript = engine.said().escape_ascii().to_string();
    while let Some(mail) = engine.next_mail() {
        transcript.push_str(&format!("\n{mail:?}"));
    }
    transcript
}

fn server() -> impl Strategy<Value = Server> {
    let limits = Limits {
        command_line_bytes_max: 60,
        response_line_bytes_max: 40,
        message_bytes_max: 80,
        recipients_max: 2,
        in_flight_bytes_max: 60,
        errors_max: 10,
        ..Limits::default()
    };
    let protocol = select(&[Protocol::Smtp, Protocol::Lmtp][..]);
    let starttls = select(&[StartTls::Absent, StartTls::Offered, StartTls::Required][..]);
    (protocol, starttls, any::<bool>(), any::<bool>(), auth()).prop_map(
        move |(protocol, starttls, in_tls, is_trusted, auth)| Server {
            limits: limits.clone(),
            protocol,
            starttls,
            in_tls,
            is_trusted,
            auth,
            nonce: 7,
        },
    )
}

fn auth() -> impl Strategy<Value = AuthPolicy> {
    let users = any::<bool>().prop_map(|are_known| {
        let mut users = Users::default();
        users.add_plain(&Secret::new("bob:secret")).expect("a user and a password");
        are_known.then_some(users)
    });
    (users, any::<bool>(), any::<bool>()).prop_map(|(users, is_required, needs_tls)| AuthPolicy {
        is_required,
        needs_tls,
        users,
    })
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
    "LHLO client.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nRCPT TO:<c@x.test>\r\n",
    "HELO\r\n",
    "STARTTLS\r\n",
    "BDAT 5\r\none\r\n",
    "BDAT 5 LAST\r\ntwo\r\n",
    "BDAT 0 LAST\r\n",
    "BDAT 50\r\n",
    "BDAT 90 LAST\r\n",
    "BDAT 7 FIRST\r\n",
    "BDAT\r\n",
    "XCLIENT ADDR=192.0.2.7 LOGIN=bob\r\n",
    "XFORWARD NAME=spike.test\r\n",
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
    "AUTH CRAM-MD5\r\n",
    "AUTH XOAUTH2 dXNlcj1ib2IBYXV0aD1CZWFyZXIgd3JvbmcBAQ==\r\n",
    "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHNlY3JldAEB\r\n",
    "AUTH SCRAM-SHA-256 biwsbj1ub2JvZHkscj14\r\n",
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
