//! Header text for readers: unfolding, encoded words (RFC 2047) and raw eight-bit text.

use encoding_rs::Encoding;
use memchr::memchr;
use memchr::memmem;

use crate::message::charset;
use crate::message::transfer;

/// Decodes a field's value.
///
/// Beyond RFC 2047, as mail programs do: words are found inside other text and inside quotes,
/// may hold blanks and be longer than 75 characters, and a character may be split between two
/// adjacent words of one charset. Linear in the length of the value.
pub(super) fn decode_words(value: &[u8], fallback: Option<&'static Encoding>) -> String {
    decode(value, fallback, false).text
}

/// Whether something inside an encoded word of the value makes no sense: its encoding, its
/// charset, or the bytes in it.
pub(super) fn has_damaged_word(value: &[u8]) -> bool {
    memmem::find(value, b"=?").is_some() && decode(value, None, false).is_damaged
}

/// The same for parameters, where RFC 2047 §5 allows no encoded words: senders use them all the
/// same, but only whole ones are meant; a file may well be called `a=?b`.
pub(super) fn decode_separate_words(value: &[u8], fallback: Option<&'static Encoding>) -> String {
    decode(value, fallback, true).text
}

/// What a value says, and whether an encoded word in it is damaged.
struct Decoded {
    text: String,
    is_damaged: bool,
}

fn decode(value: &[u8], fallback: Option<&'static Encoding>, separate: bool) -> Decoded {
    let value = unfold(value);
    // Blanks at the ends of a parameter stood inside quotes: they belong to it.
    let value = if separate { &value } else { value.trim_ascii() };
    if memmem::find(value, b"=?").is_none() {
        return Decoded { text: plain(value, fallback), is_damaged: false };
    }
    let mut decoder = Decoder {
        text: String::with_capacity(value.len()),
        fallback,
        open: None,
        is_damaged: false,
    };
    let mut words = Words::new(value);
    let mut done = 0;
    while let Some((word, start, end)) = words.next() {
        let between = &value[done..start];
        let glued = between.last().is_some_and(|byte| !byte.is_ascii_whitespace());
        if separate && glued {
            continue;
        }
        // RFC 2047 §6.2: white space between adjacent encoded words is not shown.
        if decoder.open.is_none() || !between.trim_ascii().is_empty() {
            decoder.literal(between);
        }
        decoder.word(word);
        done = end;
    }
    decoder.literal(&value[done..]);
    Decoded { text: decoder.text, is_damaged: decoder.is_damaged }
}

/// Text without the line ends of folding (RFC 5322 §2.2.3): the blank behind each one stays.
pub(super) fn unfold(value: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if memchr::memchr2(b'\r', b'\n', value).is_none() {
        return value.into();
    }
    value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect::<Vec<_>>().into()
}

/// Text without encoded words: ASCII, UTF-8 (RFC 6532), or a guess.
pub(super) fn plain(value: &[u8], fallback: Option<&'static Encoding>) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => charset::guess_header(value, fallback),
    }
}

/// One encoded word, still encoded.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    charset: &'a [u8],
    base64: bool,
    text: &'a [u8],
}

/// Finds encoded words.
pub(super) struct Words<'a> {
    value: &'a [u8],
    position: usize,
    /// No "?=" stands at or behind this place: what keeps a search for it from being repeated.
    no_end_from: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(value: &'a [u8]) -> Self {
        Self { value, position: 0, no_end_from: usize::MAX }
    }

    /// The next word, where it starts and where it ends.
    pub(super) fn next(&mut self) -> Option<(Word<'a>, usize, usize)> {
        loop {
            let start = self.position + memmem::find(self.value.get(self.position..)?, b"=?")?;
            if let Some((word, end)) = self.word_at(start) {
                self.position = end;
                return Some((word, start, end));
            }
            self.position = start + 2;
        }
    }

    fn word_at(&mut self, start: usize) -> Option<(Word<'a>, usize)> {
        let value = self.value;
        let charset_start = start + 2;
        let window = &value[charset_start..value.len().min(charset_start + CHARSET_BYTES_MAX)];
        let charset_end = charset_start + memchr(b'?', window)?;
        let charset = &value[charset_start..charset_end];
        // RFC 2047 §2: a charset has a name. Mail programs show a word without one as it is.
        if charset.is_empty() || !charset.iter().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let base64 = match value.get(charset_end + 1)? {
            b'b' | b'B' => true,
            b'q' | b'Q' => false,
            _ => return None,
        };
        if value.get(charset_end + 2) != Some(&b'?') {
            return None;
        }
        let text_start = charset_end + 3;
        if text_start >= self.no_end_from {
            return None;
        }
        let Some(length) = memmem::find(&value[text_start..], b"?=") else {
            self.no_end_from = text_start;
            return None;
        };
        let word = Word { charset, base64, text: &value[text_start..text_start + length] };
        Some((word, text_start + length + 2))
    }
}

/// Gathers the bytes of adjacent words of one charset, so that split characters become whole.
struct Decoder<'a> {
    text: String,
    fallback: Option<&'static Encoding>,
    open: Option<Run<'a>>,
    is_damaged: bool,
}

/// Adjacent words of one charset.
struct Run<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    /// Base64 that is not decoded yet: some senders split it within a group of four.
    base64: Vec<u8>,
    is_damaged: bool,
}

impl<'a> Decoder<'a> {
    fn word(&mut self, word: Word<'a>) {
        // RFC 2231 §5: a language may follow the charset behind an asterisk.
        let charset = word.charset.split(|byte| *byte == b'*').next().unwrap_or_default();
        let goes_on =
            self.open.as_ref().is_some_and(|run| run.charset.eq_ignore_ascii_case(charset));
        if !goes_on {
            self.flush();
        }
        let run = self.open.get_or_insert(Run {
            charset,
            bytes: Vec::new(),
            base64: Vec::new(),
            is_damaged: false,
        });
        if !word.base64 {
            run.finish_base64();
            let decoded = transfer::q_encoding(word.text);
            run.is_damaged |= decoded.damaged;
            run.bytes.extend(decoded.bytes);
            return;
        }
        let is_split = !run.base64.len().is_multiple_of(4)
            && (run.base64.len() + word.text.len()).is_multiple_of(4);
        if !is_split {
            run.finish_base64();
        }
        run.base64.extend_from_slice(word.text);
    }

    fn literal(&mut self, bytes: &[u8]) {
        self.flush();
        self.text.push_str(&plain(bytes, self.fallback));
    }

    fn flush(&mut self) {
        if let Some(mut run) = self.open.take() {
            run.finish_base64();
            let label = std::str::from_utf8(run.charset).unwrap_or_default();
            let charset::Text { text, doubt } = charset::decode(&run.bytes, Some(label));
            self.is_damaged |= run.is_damaged || doubt.is_some();
            // A line end inside an encoded word would be a line end in whatever shows it.
            let text = text.trim_matches(['\r', '\n', '\0']);
            let shown = text.chars().filter(|c| !matches!(c, '\r' | '\0'));
            self.text.extend(shown.map(|c| if c == '\n' { ' ' } else { c }));
        }
    }
}

impl Run<'_> {
    fn finish_base64(&mut self) {
        if !self.base64.is_empty() {
            let decoded = transfer::base64(&self.base64, usize::MAX);
            self.is_damaged |= decoded.damaged;
            self.bytes.extend(decoded.bytes);
            self.base64.clear();
        }
    }
}

/// The longest charset name that is looked for; the longest registered one has 45 characters.
const CHARSET_BYTES_MAX: usize = 80;

#[cfg(test)]
mod tests;
