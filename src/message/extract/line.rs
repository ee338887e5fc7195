//! A line of a mail, and what is beside a place in it: words, the ends of sentences, cells.

use std::cell::OnceCell;
use std::ops::Range;

use crate::message::extract::candidates::plain;
use crate::message::extract::words::BELOW;
use crate::message::extract::words::CODE;
use crate::message::extract::words::ONE_TIME;
use crate::message::extract::words::OTHER;
use crate::message::extract::words::PASSWORD;
use crate::message::extract::words::PROMOTION;

/// A line of the mail. Words are looked for when somebody asks: most lines are near no number.
pub(super) struct Line<'m> {
    /// What it says, in the way of [`plain`].
    pub(super) text: String,
    /// The path of the part it stands in.
    pub(super) part: &'m str,
    /// Whether it is nothing but a link.
    is_link: bool,
    marks: OnceCell<Marks>,
}

/// Where in a line the words stand that speak for a code or against it, and what parts it.
pub(super) struct Marks {
    pub(super) codes: Vec<Range<usize>>,
    pub(super) others: Vec<Range<usize>>,
    /// Whether any of `codes` is more than the name of a password.
    names_code: bool,
    pub(super) is_promotion: bool,
    sentence_ends: Vec<usize>,
    /// The tabs, which stand between the cells of a table.
    tabs: Vec<usize>,
}

impl Marks {
    fn read(text: &str) -> Self {
        let others: Vec<_> = OTHER.find_iter(text).map(|found| found.range()).collect();
        let mut codes: Vec<_> = CODE.find_iter(text).map(|found| found.range()).collect();
        // The code of "postal code" or "order code" is none.
        codes.retain(|code| {
            let before = others.partition_point(|other| other.end <= code.start);
            let kind = before.checked_sub(1).map(|kind| &others[kind]);
            let is_of_kind = kind.is_some_and(|kind| kind.end + 1 >= code.start)
                && text[code.clone()].to_ascii_lowercase().starts_with("code");
            !is_of_kind && others.get(before).is_none_or(|other| other.start >= code.end)
        });
        let is_one_time = PASSWORD.is_match(text) && ONE_TIME.is_match(text);
        let names_code = !codes.is_empty() || is_one_time;
        let is_label = text.len() <= LABEL_BYTES_MAX && !text.contains('?');
        // Mails speak of passwords in passing: of none that could be read there.
        let passwords = PASSWORD.find_iter(text).map(|found| found.range());
        codes.extend(
            passwords.filter(|word| is_one_time || is_label || is_given(&text[word.end..])),
        );
        codes.sort_by_key(|word| word.start);
        let sentence_ends = text.match_indices(['.', '!', '?', '\u{3002}']);
        let sentence_ends = sentence_ends
            .filter(|(at, end)| end.len() > 1 || text[at + 1..].starts_with([' ', '\t']))
            .map(|(at, _)| at)
            .collect();
        let tabs = memchr::memchr_iter(b'\t', text.as_bytes()).collect();
        let is_promotion = PROMOTION.is_match(text);
        Self { codes, others, names_code, is_promotion, sentence_ends, tabs }
    }
}

/// Whether a password is told right behind its name.
fn is_given(behind: &str) -> bool {
    let end = behind.floor_char_boundary(PASSWORD_DISTANCE_MAX);
    let near = &behind[..end];
    let Some(digit) = near.find(|c: char| c.is_ascii_digit()) else { return false };
    let between = near[..digit].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    between.len() <= 3 || IS.iter().any(|is| between.trim_end().ends_with(is))
}

impl<'m> Line<'m> {
    pub(super) fn new(text: &str, part: &'m str, is_link: bool) -> Self {
        Self { text: plain(text.trim()), part, is_link, marks: OnceCell::new() }
    }

    /// Whether all of it is to be clicked on.
    pub(super) fn is_link(&self) -> bool {
        self.is_link
    }

    pub(super) fn marks(&self) -> &Marks {
        self.marks.get_or_init(|| Marks::read(&self.text))
    }

    /// Whether it names a code, as what it is about.
    pub(super) fn names_code(&self) -> bool {
        self.marks().names_code
    }

    /// Whether it names a code or a password.
    pub(super) fn speaks(&self) -> bool {
        !self.marks().codes.is_empty()
    }

    /// The word nearest before a place, with the bytes between; and whether they are of one
    /// sentence.
    pub(super) fn before(
        &self,
        words: &[Range<usize>],
        place: &Range<usize>,
    ) -> Option<(usize, bool)> {
        let word = &words[words.partition_point(|word| word.end <= place.start).checked_sub(1)?];
        Some((place.start - word.end, self.is_one_sentence(word.end, place.start)))
    }

    pub(super) fn behind(
        &self,
        words: &[Range<usize>],
        place: &Range<usize>,
    ) -> Option<(usize, bool)> {
        let word = words.get(words.partition_point(|word| word.start < place.end))?;
        Some((word.start - place.end, self.is_one_sentence(place.end, word.start)))
    }

    /// Whether a place is what a name of a code stands for: `code: QXRTWB`, `code for Ada is
    /// QXRTWB`.
    pub(super) fn is_told(&self, place: &Range<usize>) -> bool {
        let Some((distance, true)) = self.before(&self.marks().codes, place) else { return false };
        let between = self.text[place.start - distance..place.start].trim_end();
        [":", "\u{ff1a}"].contains(&between)
            || distance <= PASSWORD_DISTANCE_MAX
                && IS.iter().any(|is| *is != ":" && between.ends_with(is))
    }

    /// Whether a code may stand in the next line: it is a heading, ends in a colon, or says so.
    pub(super) fn leads_below(&self) -> bool {
        let is_heading =
            self.text.len() <= LABEL_BYTES_MAX && !self.text.ends_with(['.', '!', '?']);
        is_heading || self.text.ends_with([':', '\u{ff1a}']) || BELOW.is_match(&self.text)
    }

    fn is_one_sentence(&self, start: usize, end: usize) -> bool {
        let next = self.marks().sentence_ends.partition_point(|at| *at < start);
        self.marks().sentence_ends.get(next).is_none_or(|at| *at >= end)
    }

    /// Whether nothing but punctuation stands beside the place.
    pub(super) fn is_alone(&self, place: &Range<usize>) -> bool {
        self.is_alone_in(place, 0..self.text.len())
    }

    /// Whether the place is alone in a cell whose neighbour above, in that line, names a code.
    pub(super) fn is_below_name(&self, place: &Range<usize>, above: &Self) -> bool {
        let column = self.column(place.start);
        let start = column.checked_sub(1).map_or(0, |tab| self.marks().tabs[tab] + 1);
        let end = self.marks().tabs.get(column).copied().unwrap_or(self.text.len()).max(place.end);
        let is_table = !self.marks().tabs.is_empty() && !above.marks().tabs.is_empty();
        is_table
            && self.is_alone_in(place, start..end)
            && above
                .marks()
                .codes
                .iter()
                .take(COLUMNS_MAX)
                .any(|code| above.column(code.start) == column)
    }

    fn column(&self, at: usize) -> usize {
        self.marks().tabs.partition_point(|tab| *tab < at)
    }

    fn is_alone_in(&self, place: &Range<usize>, space: Range<usize>) -> bool {
        let beside = [&self.text[space.start..place.start], &self.text[place.end..space.end]];
        beside.iter().all(|text| text.len() <= 8 && !text.contains(char::is_alphanumeric))
    }

    pub(super) fn around(&self, place: &Range<usize>) -> String {
        let fits = place.end <= CONTEXT_CHARS_MAX;
        let start = if fits { 0 } else { place.start.saturating_sub(CONTEXT_BEFORE_BYTES) };
        let start = self.text.floor_char_boundary(start);
        let shown = self.text[start..].chars().take(CONTEXT_CHARS_MAX).collect::<String>();
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A heading, or what stands before a field.
const LABEL_BYTES_MAX: usize = 40;
const PASSWORD_DISTANCE_MAX: usize = 30;
/// Between a password's name and the password.
const IS: [&str; 14] = [
    ":", "\u{ff1a}", " is", " ist", " lautet", " est", " es", " é", " è", " är", " er", " jest",
    "は", "为",
];
const COLUMNS_MAX: usize = 20;
const CONTEXT_CHARS_MAX: usize = 200;
const CONTEXT_BEFORE_BYTES: usize = 80;
