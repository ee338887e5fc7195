//! The one-time codes of a mail: what has the form of one, scored by the words around it.

use std::collections::HashMap;
use std::ops::Range;

use crate::message::Message;
use crate::message::extract::candidates::Candidate;
use crate::message::extract::candidates::Form;
use crate::message::extract::candidates::candidates;
use crate::message::extract::candidates::plain;
use crate::message::extract::visible::visible;
use crate::message::extract::words::CODE;
use crate::message::extract::words::CURRENCY;
use crate::message::extract::words::OTHER;
use crate::message::extract::words::PROMOTION;
use crate::message::extract::words::UNIT;
use crate::message::limits::Limits;
use crate::message::shown;

/// A number or word that looks like a one-time code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What people type: digits without the blank or hyphen that groups them, all else as it
    /// stands in the text.
    pub value: String,
    /// The line it stands in, of a long one what is around it; the whole address for a code in one.
    pub context: String,
    /// The path of the part it stands in; empty for the subject.
    pub part: String,
}

/// Candidates for one-time codes, the best first; none where no word speaks for one.
pub fn codes(message: &Message<'_>) -> Vec<Code> {
    let lines = lines(message);
    let mut best: HashMap<String, Found> = HashMap::new();
    for (index, line) in lines.iter().enumerate() {
        for candidate in candidates(&line.text) {
            let score = score(&lines, index, &candidate);
            if score < SCORE_MIN {
                continue;
            }
            let Candidate { value, place, .. } = candidate;
            let found = Found { score, line: index, place };
            let known = best.entry(value).or_insert_with(|| found.clone());
            if known.score < found.score {
                *known = found;
            }
        }
    }
    let mut best: Vec<(String, Found)> = best.into_iter().collect();
    best.sort_by_key(|(_, found)| (-found.score, found.line, found.place.start));
    best.truncate(Limits::DEFAULT.codes_max);
    best.into_iter()
        .map(|(value, found)| {
            let line = &lines[found.line];
            Code { value, context: line.around(&found.place), part: line.part.to_owned() }
        })
        .collect()
}

/// Where a value stands that may be a code.
#[derive(Clone)]
struct Found {
    score: i32,
    line: usize,
    place: Range<usize>,
}

/// A line of the mail, and where in it the words stand that speak for a code or against it.
struct Line<'m> {
    text: String,
    part: &'m str,
    codes: Vec<Range<usize>>,
    others: Vec<Range<usize>>,
    sentence_ends: Vec<usize>,
    /// The tabs, which stand between the cells of a table.
    tabs: Vec<usize>,
    is_promotion: bool,
}

impl<'m> Line<'m> {
    fn new(text: &str, part: &'m str) -> Self {
        let text = plain(text.trim());
        let others: Vec<_> = OTHER.find_iter(&text).map(|found| found.range()).collect();
        let mut codes: Vec<_> = CODE.find_iter(&text).map(|found| found.range()).collect();
        codes.retain(|code| {
            let before = others.partition_point(|other| other.end <= code.start);
            others.get(before).is_none_or(|other| other.start >= code.end)
        });
        let sentence_ends = text.match_indices(['.', '!', '?', '\u{3002}']);
        let sentence_ends = sentence_ends
            .filter(|(at, end)| {
                let behind = &text[at + end.len()..];
                end.len() > 1 || behind.starts_with([' ', '\t'])
            })
            .map(|(at, _)| at)
            .collect();
        let tabs = memchr::memchr_iter(b'\t', text.as_bytes()).collect();
        let is_promotion = PROMOTION.is_match(&text);
        Self { text, part, codes, others, sentence_ends, tabs, is_promotion }
    }

    /// The word nearest before a place, with the bytes between; and whether they are of one
    /// sentence.
    fn before(&self, words: &[Range<usize>], place: &Range<usize>) -> Option<(usize, bool)> {
        let word = &words[words.partition_point(|word| word.end <= place.start).checked_sub(1)?];
        Some((place.start - word.end, self.is_one_sentence(word.end, place.start)))
    }

    fn behind(&self, words: &[Range<usize>], place: &Range<usize>) -> Option<(usize, bool)> {
        let word = words.get(words.partition_point(|word| word.start < place.end))?;
        Some((word.start - place.end, self.is_one_sentence(place.end, word.start)))
    }

    fn is_one_sentence(&self, start: usize, end: usize) -> bool {
        let next = self.sentence_ends.partition_point(|at| *at < start);
        self.sentence_ends.get(next).is_none_or(|at| *at >= end)
    }

    /// Whether nothing but punctuation stands beside the place.
    fn is_alone(&self, place: &Range<usize>) -> bool {
        self.is_alone_in(place, 0..self.text.len())
    }

    /// Whether the place is alone in a cell whose neighbour above, in that line, names a code.
    fn is_below_name(&self, place: &Range<usize>, above: &Self) -> bool {
        let column = self.column(place.start);
        let start = column.checked_sub(1).map_or(0, |tab| self.tabs[tab] + 1);
        let end = self.tabs.get(column).copied().unwrap_or(self.text.len()).max(place.end);
        let is_table = !self.tabs.is_empty() && !above.tabs.is_empty();
        is_table
            && self.is_alone_in(place, start..end)
            && above.codes.iter().take(COLUMNS_MAX).any(|code| above.column(code.start) == column)
    }

    fn column(&self, at: usize) -> usize {
        self.tabs.partition_point(|tab| *tab < at)
    }

    fn is_alone_in(&self, place: &Range<usize>, space: Range<usize>) -> bool {
        let beside = [&self.text[space.start..place.start], &self.text[place.end..space.end]];
        beside.iter().all(|text| text.len() <= 8 && !text.contains(char::is_alphanumeric))
    }

    fn around(&self, place: &Range<usize>) -> String {
        let fits = place.end <= CONTEXT_CHARS_MAX;
        let start = if fits { 0 } else { place.start.saturating_sub(CONTEXT_BEFORE_BYTES) };
        let start = self.text.floor_char_boundary(start);
        let shown = self.text[start..].chars().take(CONTEXT_CHARS_MAX).collect::<String>();
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The subject, then the lines of every shown part, then the addresses its links lead to.
fn lines<'m>(message: &'m Message<'_>) -> Vec<Line<'m>> {
    let mut lines = Vec::new();
    lines.push(Line::new(&message.subject().unwrap_or_default(), ""));
    let mut read = |text: &str, part: &'m str| {
        if lines.len() < LINES_MAX && !text.trim().is_empty() {
            lines.push(Line::new(text, part));
        }
    };
    let parts = message.parts().iter().filter(|part| shown::is_shown(part));
    shown::each_beginning(message, parts.clone(), Limits::DEFAULT.text_bytes_max, |part, text| {
        if part.content_type() == "text/html" {
            let seen = visible(text, LINES_MAX);
            let lines = seen.lines.iter().chain(&seen.urls);
            lines.for_each(|line| read(line, part.path()));
        } else {
            text.lines().for_each(|line| read(line, part.path()));
        }
    });
    if parts.clone().next().is_none() {
        // Parts that cannot be told apart are shown as they are.
        message.text().unwrap_or_default().lines().for_each(|line| read(line, ""));
    }
    lines
}

/// How much speaks for a candidate. The weights are made by the mails of tests/it/mail/codes.
fn score(lines: &[Line<'_>], index: usize, candidate: &Candidate) -> i32 {
    let line = &lines[index];
    let subject = &lines[0];
    let above = index.checked_sub(1).map(|above| &lines[above]);
    let is_promotion = |line: Option<&Line<'_>>| line.is_some_and(|line| line.is_promotion);
    let promotion = [Some(line), Some(subject), above].into_iter().any(is_promotion);
    let score = if promotion { AGAINST } else { 0 };
    if candidate.form == Form::Url {
        return score + URL_SCORE;
    }
    let place = &candidate.place;
    let is_alone = line.is_alone(place);
    let evidence = match in_line(line, place) {
        Some(evidence) => evidence,
        None if is_alone => beside(lines, index).max(if subject.codes.is_empty() { 0 } else { 3 }),
        None if above.is_some_and(|above| line.is_below_name(place, above)) => 6,
        None => beside(lines, index) - 3,
    };
    let is_near = line.before(&line.codes, place).is_some_and(|(distance, _)| distance <= 6)
        || place.start == 0
            && line
                .behind(&line.codes, place)
                .is_some_and(|(distance, whole)| whole && distance <= 40);
    let in_subject = if index > 0 && !subject.codes.is_empty() { 2 } else { 0 };
    score
        + evidence
        + in_subject
        + form_score(candidate, is_near || is_alone)
        + if is_alone { 3 } else { 0 }
}

/// What the words of the same line say; None when they say nothing.
fn in_line(line: &Line<'_>, place: &Range<usize>) -> Option<i32> {
    let code = line.before(&line.codes, place);
    let other = line
        .before(&line.others, place)
        .filter(|(distance, one_sentence)| *one_sentence && *distance <= OTHER_DISTANCE_MAX);
    let is_other = other.is_some_and(|(other, _)| code.is_none_or(|(code, _)| other < code));
    let behind_end = line.text.floor_char_boundary(place.end + 16);
    let before_start = line.text.floor_char_boundary(place.start.saturating_sub(8));
    if is_other
        || UNIT.is_match(&line.text[place.end..behind_end])
        || CURRENCY.is_match(&line.text[before_start..place.start])
    {
        return Some(AGAINST);
    }
    let steps = |distance: usize, step: usize| (distance / step).min(4) as i32;
    let before =
        code.map(|(distance, one_sentence)| if one_sentence { 8 - steps(distance, 20) } else { 2 });
    let behind = line
        .behind(&line.codes, place)
        .map(|(distance, one_sentence)| if one_sentence { 7 - steps(distance, 15) } else { 3 });
    before.max(behind)
}

/// What the lines above and the one below say.
fn beside(lines: &[Line<'_>], index: usize) -> i32 {
    let part = lines[index].part;
    let near = |line: &&Line<'_>| line.part == part;
    let above = lines[..index].iter().rev().take(LINES_ABOVE_MAX).take_while(near);
    let mut score = 0;
    for (line, distance) in above.zip(1..) {
        if distance == 1 && line.codes.is_empty() && !line.others.is_empty() {
            return AGAINST;
        }
        if !line.codes.is_empty() {
            score = 6 - distance;
            break;
        }
    }
    let below = lines.get(index + 1).filter(near);
    if below.is_some_and(|line| !line.codes.is_empty()) { score.max(3) } else { score }
}

fn form_score(candidate: &Candidate, is_near: bool) -> i32 {
    let value = candidate.value.as_str();
    let number = value.parse::<u32>().unwrap_or_default();
    let is_year = value.len() == 4 && (1900..2100).contains(&number);
    let is_day = value.len() == 8 && (19_000_000..21_000_000).contains(&number);
    if candidate.form == Form::Digits && (is_year || is_day) {
        return if is_near { -1 } else { -6 };
    }
    let has_lower = value.bytes().any(|byte| byte.is_ascii_lowercase());
    match candidate.form {
        Form::Digits if value.len() == 6 => 2,
        Form::Digits => 1,
        Form::Grouped => 2,
        Form::Mixed if is_near && !has_lower => 1,
        Form::Mixed if is_near => -1,
        Form::Letters if is_near => -2,
        Form::Mixed | Form::Letters => -4,
        Form::Url => 0,
    }
}

const SCORE_MIN: i32 = 5;
/// What no words for a code outweigh.
const AGAINST: i32 = -20;
const URL_SCORE: i32 = 6;
const OTHER_DISTANCE_MAX: usize = 40;
const LINES_ABOVE_MAX: usize = 4;
const COLUMNS_MAX: usize = 20;
const LINES_MAX: usize = 10_000;
const CONTEXT_CHARS_MAX: usize = 200;
const CONTEXT_BEFORE_BYTES: usize = 80;
