//! The encoding of a mail behind DATA (RFC 5321 §4.5.2): where it ends, and which dots go.
//!
//! Only CRLF.CRLF ends a mail. A server that also takes LF.LF, LF.CRLF or CR.CR can be made to
//! read one mail as two. Knows neither limits nor where the bytes are put.

use memchr::memmem::Finder;

/// Decodes a mail, piece by piece.
#[derive(Debug)]
pub(super) struct Decoder {
    place: Place,
    line_feed_dot: Finder<'static>,
}

/// What the bytes so far ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// CRLF, or nothing at all: DATA's own CRLF counts (§4.1.1.4).
    LineStart,
    /// CRLF and a dot, which was held back.
    Dot,
    /// CRLF, a dot and CR, both held back.
    DotCr,
    /// CR.
    Cr,
    /// Anything else.
    Text,
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self { place: Place::LineStart, line_feed_dot: Finder::new(b"\n.") }
    }

    /// Starts a new mail.
    pub(super) const fn restart(&mut self) {
        self.place = Place::LineStart;
    }

    /// Decodes the next piece into `take`, in slices as large as they come. When the mail ends in
    /// this piece, the number of bytes that belonged to it.
    pub(super) fn decode(&mut self, piece: &[u8], mut take: impl FnMut(&[u8])) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            self.place = match (self.place, byte) {
                (Place::Text, _) => {
                    let (end, place) = self.text(piece, at);
                    take(&piece[at..end]);
                    // The dot behind CRLF is passed over.
                    at = if place == Place::Dot { end + 1 } else { end };
                    place
                }
                (Place::DotCr, b'\n') => {
                    self.place = Place::LineStart;
                    return Some(at + 1);
                }
                (Place::DotCr, _) => {
                    take(b"\r");
                    Place::Text
                }
                (Place::Dot, b'\r') => {
                    at += 1;
                    Place::DotCr
                }
                (Place::LineStart, b'.') => {
                    at += 1;
                    Place::Dot
                }
                (Place::Cr, b'\n') => {
                    take(b"\n");
                    at += 1;
                    Place::LineStart
                }
                (Place::LineStart | Place::Dot | Place::Cr, _) => Place::Text,
            };
        }
        None
    }

    /// How far plain text reaches from `start`, and what comes then: up to the next CRLF with a
    /// dot behind it, or all of the piece.
    fn text(&self, piece: &[u8], start: usize) -> (usize, Place) {
        let mut from = start;
        while let Some(offset) = self.line_feed_dot.find(&piece[from..]) {
            let line_feed = from + offset;
            if line_feed > start && piece[line_feed - 1] == b'\r' {
                return (line_feed + 1, Place::Dot);
            }
            from = line_feed + 1;
        }
        let place = match &piece[start..] {
            [.., b'\r', b'\n'] => Place::LineStart,
            [.., b'\r'] => Place::Cr,
            _ => Place::Text,
        };
        (piece.len(), place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_what_stands_before_its_end() {
        for (sent, mail, behind) in [
            (".\r\n", "", ""),
            ("one\r\n.\r\n", "one\r\n", ""),
            ("one\r\n.\r\nNOOP\r\n", "one\r\n", "NOOP\r\n"),
            ("..\r\n.\r\n", ".\r\n", ""),
            ("...\r\n..one\r\n.\r\n", "..\r\n.one\r\n", ""),
            (".one\r\n.\r\n", "one\r\n", ""),
            ("\r\n.\r\n.\r\n", "\r\n", ".\r\n"),
            ("a.\r\n.b\r\n.\r\n", "a.\r\nb\r\n", ""),
            ("a\n.\n.\r\n.\r\n", "a\n.\n.\r\n", ""),
            ("a\r.\r.\r\r\n.\r\n", "a\r.\r.\r\r\n", ""),
            (".\n.\r\n\r\n.\r\n", "\n.\r\n\r\n", ""),
            (".\r.\r\n.\r\r\n.\r\n", "\r.\r\n\r\r\n", ""),
            ("\r\r\n.\r\n", "\r\r\n", ""),
        ] {
            let got = decoded(&[sent.as_bytes()]);
            assert_eq!(got, Some((mail.into(), sent.len() - behind.len())), "{sent:?}");
            // The end may fall into any piece, and each piece ends in any place.
            for cut in 0..sent.len() - behind.len() {
                let (front, back) = sent.as_bytes().split_at(cut);
                assert_eq!(decoded(&[front, back]), got, "{sent:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_has_no_end_does_not_end() {
        for sent in
            ["", ".", ".\r", "one\r\n.", "one\n.\n", "\r\n.\r\r\n", "\n.\r\n", "\r.\r\n", "..\r\n"]
        {
            assert_eq!(decoded(&[sent.as_bytes()]), None, "{sent:?}");
        }
    }

    #[test]
    fn plain_text_is_taken_in_one_slice() {
        let text = "A line.\r\nAnother, with a \n. in it.\r\n".repeat(100);
        let mut slices = 0;
        Decoder::new().decode(text.as_bytes(), |_| slices += 1);
        assert_eq!(slices, 1);
    }

    /// The mail, and how many bytes were read up to its end.
    fn decoded(pieces: &[&[u8]]) -> Option<(String, usize)> {
        let mut decoder = Decoder::new();
        let mut mail = Vec::new();
        let mut before = 0;
        for piece in pieces {
            if let Some(end) = decoder.decode(piece, |slice| mail.extend_from_slice(slice)) {
                return Some((String::from_utf8(mail).unwrap(), before + end));
            }
            before += piece.len();
        }
        None
    }
}
