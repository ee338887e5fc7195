//! The lines of a mail as files have them: they end in LF, and in an mbox none looks like the line
//! that begins a mail. Byte by byte, so that a mail of any size takes no room.

use std::io;
use std::io::Read;

/// Rewrites lines as they come by.
pub(super) struct Lines {
    quotes: bool,
    /// A CR came, and LF may follow.
    holds_cr: bool,
    place: Place,
}

/// Where in a line the next byte stands.
#[derive(Clone, Copy)]
enum Place {
    /// At its beginning, or behind nothing but `>`.
    Beginning,
    /// Behind so many bytes of `From `, which are held back.
    Like(usize),
    /// Further on.
    Within,
}

impl Lines {
    /// With LF at the end of each line.
    pub(super) const fn plain() -> Self {
        Self { quotes: false, holds_cr: false, place: Place::Beginning }
    }

    /// The same, with another `>` in lines of `From ` behind any number of them.
    pub(super) const fn quoted() -> Self {
        Self { quotes: true, ..Self::plain() }
    }

    /// Passes on all that a reader gives; whether that ends in the end of a line.
    pub(super) fn copy(
        mut self,
        reader: &mut dyn Read,
        write: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<bool> {
        let mut piece = vec![0; PIECE];
        let mut rewritten = Vec::with_capacity(PIECE * 2);
        let mut last = b'\n';
        loop {
            let read = match reader.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read == 0 {
                self.end(&mut rewritten);
            }
            piece[..read].iter().for_each(|byte| self.byte(*byte, &mut rewritten));
            last = rewritten.last().copied().unwrap_or(last);
            write(&rewritten)?;
            rewritten.clear();
            if read == 0 {
                return Ok(last == b'\n');
            }
        }
    }

    fn byte(&mut self, byte: u8, rewritten: &mut Vec<u8>) {
        if std::mem::take(&mut self.holds_cr) && byte != b'\n' {
            self.placed(b'\r', rewritten);
        }
        if byte == b'\r' {
            self.holds_cr = true;
        } else {
            self.placed(byte, rewritten);
        }
    }

    fn placed(&mut self, byte: u8, rewritten: &mut Vec<u8>) {
        self.place = match (self.place, byte) {
            (Place::Beginning, b'F') if self.quotes => {
                self.place = Place::Like(1);
                return;
            }
            (Place::Like(count), _) if byte == FROM[count] => {
                if count + 1 < FROM.len() {
                    self.place = Place::Like(count + 1);
                    return;
                }
                // Behind the others or before them, it is one more.
                rewritten.push(b'>');
                rewritten.extend_from_slice(&FROM[..count]);
                Place::Within
            }
            (Place::Like(count), _) => {
                rewritten.extend_from_slice(&FROM[..count]);
                if byte == b'\n' { Place::Beginning } else { Place::Within }
            }
            (_, b'\n') => Place::Beginning,
            (Place::Beginning, b'>') => Place::Beginning,
            _ => Place::Within,
        };
        rewritten.push(byte);
    }

    /// What is still held back.
    fn end(&mut self, rewritten: &mut Vec<u8>) {
        if std::mem::take(&mut self.holds_cr) {
            self.placed(b'\r', rewritten);
        }
        if let Place::Like(count) = std::mem::replace(&mut self.place, Place::Within) {
            rewritten.extend_from_slice(&FROM[..count]);
        }
    }
}

const FROM: &[u8; 5] = b"From ";

const PIECE: usize = 64 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a byte at a time, so that every line is cut everywhere.
    struct Dripping<'a>(&'a [u8]);

    impl Read for Dripping<'_> {
        fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1);
            piece[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn rewritten(lines: Lines, raw: &[u8]) -> (String, bool) {
        let mut written = Vec::new();
        let ends = lines.copy(&mut Dripping(raw), &mut |piece| {
            written.extend_from_slice(piece);
            Ok(())
        });
        (String::from_utf8(written).unwrap(), ends.unwrap())
    }

    #[test]
    fn lines_that_look_like_a_beginning_are_quoted() {
        for (raw, quoted) in [
            ("From x\r\nFrom\r\n>From y\r\n", ">From x\nFrom\n>>From y\n"),
            ("FroFrom z\n >From \n>>>From \n", "FroFrom z\n >From \n>>>>From \n"),
            ("Fr", "Fr"),
            (">", ">"),
            ("a\rFrom \r\r\nb\r", "a\rFrom \r\nb\r"),
            ("F\r\nFrom ", "F\n>From "),
        ] {
            let expected = (quoted.to_owned(), quoted.ends_with('\n'));
            assert_eq!(rewritten(Lines::quoted(), raw.as_bytes()), expected, "{raw:?}");
        }
        assert_eq!(rewritten(Lines::plain(), b"From x\r\n>From"), ("From x\n>From".into(), false));
        assert_eq!(rewritten(Lines::plain(), b""), (String::new(), true));
    }
}
