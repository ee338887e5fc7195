//! Every way to write the end of a mail: only CRLF.CRLF is one (RFC 5321 §4.1.1.4).

use crate::dialogue::peer::Engine;
use crate::dialogue::peer::Peer;
use crate::dialogue::run::Pieces;
use crate::dialogue::script::Server;

#[test]
fn only_crlf_dot_crlf_ends_a_mail() {
    let breaks =
        ["\r\n", "\n", "\r", "\n\r", "\r\r", "\n\n", "\r\n\r", "\n\r\n", "\r\r\n", "\0\n", ""];
    let dots = [".", "..", ". ", " .", ".\0", "\u{2024}"];
    let mut ends = 0;
    for before in breaks {
        for dot in dots {
            for after in breaks {
                // The one who smuggles puts a dot, and then a command.
                let attempt = format!("text{before}{dot}{after}NOOP\r\n");
                let is_end = attempt.contains("\r\n.\r\n");
                for pieces in [Pieces::Whole, Pieces::Bytes, Pieces::Random(9)] {
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
