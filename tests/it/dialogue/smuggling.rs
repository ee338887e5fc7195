//! Every way to write the end of a mail: only CRLF.CRLF is one (RFC 5321 §4.1.1.4), and in a chunk
//! not even that (RFC 3030 §2). Nor is anything heard between STARTTLS and TLS (RFC 3207 §4.2).

use crate::dialogue::peer::Engine;
use crate::dialogue::peer::Peer;
use crate::dialogue::run::Pieces;
use crate::dialogue::script::Event;
use crate::dialogue::script::Server;
use restante::smtp::service::StartTls;

/// What ends lines on some server or other.
const BREAKS: [&str; 11] =
    ["\r\n", "\n", "\r", "\n\r", "\r\r", "\n\n", "\r\n\r", "\n\r\n", "\r\r\n", "\0\n", ""];

const DOTS: [&str; 6] = [".", "..", ". ", " .", ".\0", "\u{2024}"];

const ALL_PIECES: [Pieces; 3] = [Pieces::Whole, Pieces::Bytes, Pieces::Random(9)];

#[test]
fn only_crlf_dot_crlf_ends_a_mail() {
    let mut ends = 0;
    for before in BREAKS {
        for dot in DOTS {
            for after in BREAKS {
                // The one who smuggles puts a dot, and then a command.
                let attempt = format!("text{before}{dot}{after}NOOP\r\n");
                let is_end = attempt.contains("\r\n.\r\n");
                for pieces in ALL_PIECES {
                    assert_eq!(ended(&attempt, pieces), is_end, "{attempt:?} {pieces:?}");
                }
                ends += usize::from(is_end);
            }
        }
    }
    assert_eq!(ends, 6, "before it CRLF, LFCRLF, CRCRLF; behind it CRLF, CRLFCR");
}

/// Whether a mail was held before the one that `.` ends for good.
fn ended(attempt: &str, pieces: Pieces) -> bool {
    let mut engine = Engine::new(&Server::default());
    engine.send(b"EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n");
    pieces.of(attempt.as_bytes()).into_iter().for_each(|piece| engine.send(piece));
    let ended = engine.next_mail().is_some();
    engine.send(b"\r\n.\r\n");
    assert!(ended || engine.next_mail().is_some(), "the mail never ends");
    ended
}

#[test]
fn nothing_in_a_chunk_ends_it() {
    for before in BREAKS {
        for dot in DOTS {
            for after in BREAKS {
                let text = format!("text{before}{dot}{after}RSET\r\nBDAT 0 LAST\r\n");
                for (split, pieces) in (0..=text.len()).step_by(3).zip(ALL_PIECES.iter().cycle()) {
                    assert_whole(text.as_bytes(), split, *pieces);
                }
            }
        }
    }
}

/// Sends a text in two chunks, cut at any place, and then a command.
fn assert_whole(text: &[u8], split: usize, pieces: Pieces) {
    let mut engine = Engine::new(&Server::default());
    engine.send(b"EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n");
    let (front, back) = text.split_at(split);
    let first = format!("BDAT {}\r\n", front.len());
    let last = format!("BDAT {} LAST\r\n", back.len());
    let sent = [first.as_bytes(), front, last.as_bytes(), back, b"VRFY x\r\n"].concat();
    pieces.of(&sent).into_iter().for_each(|piece| engine.send(piece));
    let held = engine.next_mail().expect("the mail has ended");
    assert_eq!(held.raw.escape_ascii().to_string(), text.escape_ascii().to_string());
    assert!(engine.next_mail().is_none(), "there is but one mail");
    assert!(engine.said().ends_with(b"every recipient is accepted\r\n"), "it is in step");
}

/// CVE-2011-0411 and its kind: what is sent in clear behind STARTTLS must not count in TLS, however
/// the command is written and whatever follows.
#[test]
fn nothing_crosses_into_tls() {
    let server = Server { starttls: StartTls::Offered, ..Server::default() };
    let injected = "EHLO evil\r\nMAIL FROM:<evil@x.test>\r\nRCPT TO:<evil@x.test>\r\nBDAT 4\r\n";
    for starttls in ["STARTTLS\r\n", "STARTTLS\n", "starttls \t\r\n"] {
        for length in 0..=injected.len() {
            for pieces in ALL_PIECES {
                let mut engine = Engine::new(&server);
                let sent = format!("EHLO c\r\n{starttls}{}", &injected[..length]);
                pieces.of(sent.as_bytes()).into_iter().for_each(|piece| engine.send(piece));
                let said = engine.said().len();
                engine.event(Event::TlsStarted);
                engine.send(b"NOOP\r\nMAIL FROM:<a@x.test>\r\n");
                let heard = engine.said()[said..].escape_ascii().to_string();
                let expected = r"250 2.0.0 ok\r\n503 5.5.1 EHLO first\r\n";
                assert_eq!(heard, expected, "{starttls:?} {length} {pieces:?}");
            }
        }
    }
}
