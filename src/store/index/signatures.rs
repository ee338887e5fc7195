//! Which texts may contain a word: one line of bits for each of the chunk's places, a bit a mail.
//!
//! Every gram of a mail's text sets the mail's bit in the lines of the places the gram falls on
//! (a Bloom filter for each mail, their bits side by side). A word may be in the mails whose bits
//! are set in the lines of all its grams. Grams that a quarter of the mails have tell little and
//! would fill the lines: they are left out and taken to be everywhere.

use crate::store::index::grams;
use crate::store::index::grams::GRAMS;
use crate::store::index::grams::Gram;
use crate::store::rows::Rows;

/// The lines of a chunk.
#[derive(Debug)]
pub(in crate::store) struct Signatures {
    /// Machine words of a line.
    line_words: usize,
    line_count: usize,
    /// How many places a gram falls on.
    places: usize,
    lines: Box<[u64]>,
    /// Those left out, ascending.
    common: Box<[Gram]>,
    /// Rows of so many grams that they would fill the lines: they may contain anything.
    crowded: Rows,
}

impl Signatures {
    /// The rows whose texts may contain all of these grams.
    pub(in crate::store) fn rows(&self, wanted: &[Gram]) -> Rows {
        let mut rows = !Rows::NONE;
        for gram in wanted.iter().filter(|gram| self.common.binary_search(gram).is_err()) {
            for line in lines_of(*gram, self.line_count, self.places) {
                let at = line * self.line_words;
                rows.keep(self.lines.get(at..at + self.line_words).unwrap_or_default());
            }
        }
        rows | self.crowded
    }

    pub(in crate::store) fn size_bytes(&self) -> usize {
        size_of_val(&*self.lines) + size_of_val(&*self.common)
    }
}

/// Signatures while the texts come, row after row.
#[derive(Debug)]
pub(in crate::store) struct SignaturesBuilder {
    /// The grams of all rows, one row behind the other.
    grams: Vec<Gram>,
    /// Where those of each row end.
    ends: Vec<usize>,
    crowded: Rows,
    /// How many rows have a gram; longer than there are grams.
    frequencies: Vec<u16>,
    /// The grams of the present row, as bits.
    seen: Vec<u64>,
    size_bytes_max: usize,
}

impl SignaturesBuilder {
    pub(in crate::store) fn new() -> Self {
        Self {
            grams: Vec::with_capacity(GIVEN_BACK_BYTES / size_of::<Gram>()),
            ends: Vec::new(),
            crowded: Rows::NONE,
            frequencies: vec![0; GIVEN_BACK_BYTES / size_of::<u16>()],
            seen: vec![0; GRAMS / 64],
            size_bytes_max: 0,
        }
    }

    /// Adds the folded texts of the next row. `size_bytes` is what its signature may take.
    pub(in crate::store) fn push<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a str> + Clone,
        size_bytes: usize,
    ) {
        let Self { grams, seen, .. } = self;
        let start = grams.len();
        let mut end = start;
        let count_max: usize = texts.clone().map(grams::count_max).sum();
        grams.resize(start + count_max, 0);
        for text in texts {
            grams::each(text, |gram| {
                let (word, bit) = (gram as usize / 64, 1 << (gram % 64));
                // Half of them are new: a branch would be guessed wrong too often.
                grams[end] = gram;
                end += usize::from(seen[word] & bit == 0);
                seen[word] |= bit;
            });
        }
        grams.truncate(end);
        grams[start..].iter().for_each(|gram| seen[*gram as usize / 64] = 0);
        if grams.len() - start > GRAMS_MAX {
            self.crowded.insert(self.ends.len());
            grams.truncate(start);
        }
        grams[start..].iter().for_each(|gram| self.frequencies[*gram as usize] += 1);
        self.ends.push(grams.len());
        self.size_bytes_max += size_bytes.min(ROW_BYTES_MAX);
    }

    pub(in crate::store) fn build(mut self) -> Signatures {
        let row_count = self.ends.len();
        let common_from = (row_count / COMMON_DIVISOR).max(COMMON_MIN);
        let is_common = |gram: Gram| usize::from(self.frequencies[gram as usize]) >= common_from;
        let common: Box<[Gram]> = (0..GRAMS as Gram).filter(|gram| is_common(*gram)).collect();
        // The rare ones move up to where the common ones stood.
        let mut rare_count = 0;
        let mut start = 0;
        for end in &mut self.ends {
            for at in start..*end {
                if !is_common(self.grams[at]) {
                    self.grams[rare_count] = self.grams[at];
                    rare_count += 1;
                }
            }
            start = std::mem::replace(end, rare_count);
        }
        let line_words = row_count.div_ceil(64);
        let affordable = self.size_bytes_max / (line_words * 8).max(1);
        let wanted = (rare_count * LINES_PER_GRAM).div_ceil(row_count.max(1));
        let line_count = wanted.min(affordable).max(1);
        // The fewest false rows come of half the lines being set (Bloom 1970): ln 2 times the
        // lines for each gram.
        let places = (line_count * row_count * 2).checked_div(rare_count * 3).unwrap_or(1);
        let places = places.clamp(1, PLACES_MAX);
        let mut lines = vec![0; line_count * line_words];
        let mut start = 0;
        for (row, end) in self.ends.iter().enumerate() {
            for gram in &self.grams[start..*end] {
                for line in lines_of(*gram, line_count, places) {
                    lines[line * line_words + row / 64] |= 1_u64 << (row % 64);
                }
            }
            start = *end;
        }
        let (lines, crowded) = (lines.into(), self.crowded);
        Signatures { line_words, line_count, places, lines, common, crowded }
    }
}

/// The lines a gram falls on.
fn lines_of(gram: Gram, line_count: usize, places: usize) -> impl Iterator<Item = usize> {
    let spread = move |place: usize| {
        let number = (u64::from(gram) << 8 | place as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        // The upper half as a fraction of the lines.
        ((number >> 32) as usize * line_count) >> 32
    };
    (0..places).map(spread)
}

/// A mail with more grams, some hundred kilobytes of prose, has no signature.
const GRAMS_MAX: usize = 8_192;

/// So large a piece of memory is asked of the system and given back to it at once, where a smaller
/// one might stay with the allocator (glibc's largest `M_MMAP_THRESHOLD` is 32 MiB). Pages that are
/// not written take no memory.
const GIVEN_BACK_BYTES: usize = 33 << 20;

/// The most that one mail may add to the size of the lines.
const ROW_BYTES_MAX: usize = 4_096;

/// With so many lines for each rare gram of a mail, and three places for each, one bit in four is
/// set, and one row in sixty has all three of a gram that it does not have.
const LINES_PER_GRAM: usize = 10;
const PLACES_MAX: usize = 3;

/// Grams of so large a part of the mails, but of so many at least, are left out.
const COMMON_DIVISOR: usize = 4;
const COMMON_MIN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn signatures(texts: &[&str], size_bytes: usize) -> Signatures {
        let mut builder = SignaturesBuilder::new();
        texts.iter().for_each(|text| builder.push(std::iter::once(*text), size_bytes));
        builder.build()
    }

    fn found(signatures: &Signatures, word: &str) -> Vec<usize> {
        signatures.rows(&grams::of(word)).iter().take_while(|row| *row < 100).collect()
    }

    #[test]
    fn a_word_is_found_where_it_stands_and_hardly_elsewhere() {
        let texts: Vec<String> =
            (0..100).map(|n| format!("token{}x in a text", n * 7_919)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let signatures = signatures(&texts, 64);
        for (row, text) in texts.iter().enumerate() {
            let word = text.split(' ').next().unwrap();
            let rows = found(&signatures, word);
            assert!(rows.contains(&row) && rows.len() < 10, "{word} {rows:?}");
        }
        assert_eq!(found(&signatures, "in a text").len(), 100, "common grams are everywhere");
        assert_eq!(found(&signatures, "q").len(), 100, "a letter may be anywhere");
        assert!(found(&signatures, "quite another").len() < 10);
    }

    #[test]
    fn no_room_means_no_help_and_no_miss() {
        let signatures = signatures(&["alpha", "beta"], 0);
        assert!(signatures.size_bytes() <= 8);
        assert!(found(&signatures, "alpha").contains(&0));
    }

    #[test]
    fn a_text_of_too_many_grams_may_contain_anything() {
        let crowd: String =
            (0..GRAMS_MAX as u32 * 2).filter_map(|n| char::from_u32(0x4E00 + n)).collect();
        let signatures = signatures(&[&crowd, "beta"], 64);
        assert_eq!(found(&signatures, "gamma"), [0]);
    }
}
