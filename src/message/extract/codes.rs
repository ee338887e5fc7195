//! The one-time codes of a mail: what has the form of one, scored by the words around it.

use std::collections::HashMap;
use std::ops::Range;

use crate::message::Message;
use crate::message::extract::candidates::Candidate;
use crate::message::extract::candidates::Form;
use crate::message::extract::candidates::candidates;
use crate::message::extract::line::Line;
use crate::message::extract::main_link::DOES;
use crate::message::extract::visible::visible;
use crate::message::extract::words::CURRENCY;
use crate::message::extract::words::ENTER;
use crate::message::extract::words::ENTER_BEHIND;
use crate::message::extract::words::MASK;
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

/// The subject, then the lines of every shown part, then the addresses its links lead to.
fn lines<'m>(message: &'m Message<'_>) -> Vec<Line<'m>> {
    let mut lines = Vec::new();
    lines.push(Line::new(&message.subject().unwrap_or_default(), "", false));
    let mut read = |text: &str, part: &'m str, is_link: bool| {
        if lines.len() < LINES_MAX && !text.trim().is_empty() {
            lines.push(Line::new(text, part, is_link));
        }
    };
    let parts = message.parts().iter().filter(|part| shown::is_shown(part));
    shown::each_beginning(message, parts.clone(), Limits::DEFAULT.text_bytes_max, |part, text| {
        if part.content_type() == "text/html" {
            let seen = visible(text, LINES_MAX);
            seen.lines.iter().for_each(|line| read(&line.text, part.path(), line.is_link));
            seen.urls.iter().for_each(|url| read(url, part.path(), true));
        } else {
            text.lines().for_each(|line| read(line, part.path(), false));
        }
    });
    if parts.clone().next().is_none() {
        // Parts that cannot be told apart are shown as they are.
        message.text().unwrap_or_default().lines().for_each(|line| read(line, "", false));
    }
    lines
}

/// How much speaks for a candidate. The weights are made by the mails of tests/it/mail/codes.
fn score(lines: &[Line<'_>], index: usize, candidate: &Candidate) -> i32 {
    let line = &lines[index];
    let subject = &lines[0];
    let above = index.checked_sub(1).map(|above| &lines[above]);
    let is_promotion = |line: Option<&Line<'_>>| line.is_some_and(|line| line.marks().is_promotion);
    let below = lines.get(index + 1);
    let promotion = [Some(line), Some(subject), above, below].into_iter().any(is_promotion);
    let score = if promotion { AGAINST } else { 0 };
    if candidate.form == Form::Url {
        return score + URL_SCORE;
    }
    let place = &candidate.place;
    let is_alone = line.is_alone(place);
    if candidate.form == Form::Word {
        return score + if is_word_told(lines, index, place) { WORD_SCORE } else { AGAINST };
    }
    let is_entered = is_entered(line, place);
    let is_introduced =
        [": ", "\u{ff1a}"].iter().any(|end| line.text[..place.start].ends_with(end));
    let evidence = match in_line(line, place) {
        Some(evidence) => evidence,
        None if is_alone => beside(lines, index).max(if subject.names_code() { 3 } else { 0 }),
        None if above.is_some_and(|above| line.is_below_name(place, above)) => 6,
        None if is_entered && (subject.names_code() || says_what_for(line, place)) => 5,
        None if is_introduced && subject.names_code() => 3,
        None if place.start <= LEAD_BYTES_MAX => beside(lines, index) - 3,
        None => 0,
    };
    let words = &line.marks().codes;
    let is_near = is_entered
        || line.before(words, place).is_some_and(|(distance, one_sentence)| {
            distance <= NEAR_BYTES || one_sentence && is_introduced
        })
        || place.start == 0
            && line
                .behind(words, place)
                .is_some_and(|(distance, one_sentence)| one_sentence && distance <= OPENING_BYTES);
    let in_subject = if index > 0 && subject.names_code() { 2 } else { 0 };
    score
        + evidence
        + in_subject
        + form_score(candidate, is_near || is_alone)
        + if is_alone && evidence > 0 { 3 } else { 0 }
}

/// What the words of the same line say; None when they say nothing.
fn in_line(line: &Line<'_>, place: &Range<usize>) -> Option<i32> {
    let code = line.before(&line.marks().codes, place);
    let other = line
        .before(&line.marks().others, place)
        .filter(|(distance, one_sentence)| *one_sentence && *distance <= OTHER_DISTANCE_MAX)
        .filter(|(distance, _)| !has_number(&line.text[place.start - distance..place.start]));
    let is_other = other.is_some_and(|(other, _)| code.is_none_or(|(code, _)| other < code));
    let behind_end = line.text.floor_char_boundary(place.end + 16);
    let before_start = line.text.floor_char_boundary(place.start.saturating_sub(8));
    if is_other
        || UNIT.is_match(&line.text[place.end..behind_end])
        || CURRENCY.is_match(&line.text[before_start..place.start])
        || MASK.is_match(&line.text[before_start..place.start])
            && !line.text[place.end..].trim_start().starts_with('*')
    {
        return Some(AGAINST);
    }
    let steps = |distance: usize, step: usize| (distance / step).min(4) as i32;
    let before =
        code.map(|(distance, one_sentence)| if one_sentence { 8 - steps(distance, 20) } else { 2 });
    let opens = place.start <= LEAD_BYTES_MAX;
    let behind = line.behind(&line.marks().codes, place).and_then(|(distance, one_sentence)| {
        if one_sentence { Some(7 - steps(distance, 15)) } else { opens.then_some(3) }
    });
    before.max(behind)
}

/// Whether a word before a text has its number there, and there are words behind the number.
fn has_number(text: &str) -> bool {
    let Some(last) = text.rfind(|c: char| c.is_ascii_digit()) else { return false };
    let behind = text[last + 1..].trim_matches(|c: char| !c.is_alphabetic());
    !behind.is_empty() && !["and", "or", "und", "oder"].contains(&behind)
}

/// Whether a word in capitals is told to be a code, in its line or by the line above.
fn is_word_told(lines: &[Line<'_>], index: usize, place: &Range<usize>) -> bool {
    let line = &lines[index];
    let is_below = || {
        let above = index.checked_sub(1).map(|above| &lines[above]);
        let is_url = lines.get(index + 1).is_some_and(|below| below.text.contains("://"));
        let above = above.filter(|above| above.part == line.part && above.names_code());
        !is_url && above.is_some_and(Line::leads_below)
    };
    line.names_code() && line.is_told(place)
        || line.is_alone(place) && !line.is_link() && is_below()
}

/// Whether the words around a place tell what is done with a code.
fn says_what_for(line: &Line<'_>, place: &Range<usize>) -> bool {
    let start = line.text.floor_char_boundary(place.start.saturating_sub(PURPOSE_BYTES_MAX));
    let end = line.text.floor_char_boundary(place.end + PURPOSE_BYTES_MAX);
    DOES.is_match(&line.text[start..end])
}

/// Whether the words beside a place tell to type what stands there.
fn is_entered(line: &Line<'_>, place: &Range<usize>) -> bool {
    let start = line.text.floor_char_boundary(place.start.saturating_sub(ENTER_BYTES_MAX));
    let end = line.text.floor_char_boundary(place.end + ENTER_BYTES_MAX);
    ENTER.is_match(&line.text[start..place.start])
        || ENTER_BEHIND.is_match(&line.text[place.end..end])
}

/// What the lines above and the one below say.
fn beside(lines: &[Line<'_>], index: usize) -> i32 {
    let part = lines[index].part;
    let near = |line: &&Line<'_>| line.part == part;
    let above = lines[..index].iter().rev().take(LINES_ABOVE_MAX).take_while(near);
    let mut score = 0;
    for (line, distance) in above.zip(1..) {
        if distance == 1 && !line.speaks() && !line.marks().others.is_empty() {
            return AGAINST;
        }
        if line.speaks() {
            score = 6 - distance;
            break;
        }
    }
    let below = lines.get(index + 1).filter(near);
    if below.is_some_and(|line| line.speaks()) { score.max(3) } else { score }
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
    let letters = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_like_coupon = letters.len() >= 3
        && value.len() - letters.len() <= 2
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic());
    match candidate.form {
        Form::Mixed if is_like_coupon => -5,
        Form::Digits if value.len() == 6 => 2,
        Form::Digits => 1,
        Form::Grouped => 2,
        Form::Mixed if is_near && !has_lower => 1,
        Form::Mixed if is_near => -1,
        Form::Letters if is_near => -2,
        Form::Mixed | Form::Letters => -4,
        Form::Word | Form::Url => 0,
    }
}

const SCORE_MIN: i32 = 5;
/// What no words for a code outweigh.
const AGAINST: i32 = -20;
const URL_SCORE: i32 = 6;
/// Least of all: where there are digits to be had they are the code.
const WORD_SCORE: i32 = 5;
/// Between a word and what it names: `: `, ` is `.
const NEAR_BYTES: usize = 6;
/// Between what opens a line and the word that names it: ` is your Gander verification `.
const OPENING_BYTES: usize = 40;
const ENTER_BYTES_MAX: usize = 32;
const PURPOSE_BYTES_MAX: usize = 100;
/// Bullets and quotation marks before what opens a line.
const LEAD_BYTES_MAX: usize = 4;
const OTHER_DISTANCE_MAX: usize = 40;
const LINES_ABOVE_MAX: usize = 4;
const LINES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::parse;

    fn found(raw: &str) -> Vec<(String, String, String)> {
        let codes = codes(&parse(raw.as_bytes()));
        codes.into_iter().map(|code| (code.value, code.context, code.part)).collect()
    }

    fn code(value: &str, context: &str, part: &str) -> (String, String, String) {
        (value.to_owned(), context.to_owned(), part.to_owned())
    }

    #[test]
    fn a_code_comes_with_its_line_and_part() {
        let subject = found("Subject: 481516 is your code\r\n\r\nHello.\r\n");
        assert_eq!(subject, [code("481516", "481516 is your code", "")]);
        let text = found("\r\nHello.\r\n  Your code:\t481 516!\r\n");
        assert_eq!(text, [code("481516", "Your code: 481 516!", "1")]);
        let url = found("\r\nhttp://x.test/?code=481516\r\n");
        assert_eq!(url, [code("481516", "http://x.test/?code=481516", "1")]);
    }

    #[test]
    fn of_a_long_line_what_is_around_the_code_is_told() {
        let words = "word ".repeat(100);
        let found = found(&format!("\r\n{words}your code: 481516, {words}\r\n"));
        let [(value, context, _)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(value, "481516");
        assert!(context.contains("your code: 481516, word"), "{context}");
        assert!(context.chars().count() <= CONTEXT_CHARS, "{context}");
    }

    #[test]
    fn the_best_candidate_comes_first_and_each_once() {
        let raw = "Subject: Your code\r\n\r\n7730145 or so. The code: 481516\r\n\r\n481516\r\n";
        let values: Vec<_> = found(raw).into_iter().map(|(value, ..)| value).collect();
        assert_eq!(values[0], "481516");
        assert_eq!(values.iter().filter(|value| *value == "481516").count(), 1);
    }

    #[test]
    fn a_number_nobody_names_is_no_code() {
        for text in [
            "481516",
            "Order 481516",
            "Hello 481516.",
            "Your zip code: 94107",
            "Your order code 4815162",
            "A code went to *** 4815.",
            "We send 48151 codes a minute",
            "Use code TAKE25, ends tonight",
            "Your password stays as it is.\r\n4815 Main Street",
            "Your password has changed in session of 12 March, request 481516",
        ] {
            assert_eq!(found(&format!("\r\n{text}\r\n")), [], "{text}");
        }
    }

    #[test]
    fn letters_in_one_group_are_a_code_where_they_are_told() {
        let html = |text: &str| format!("\r\nContent-Type: text/html\r\n\r\n{text}\r\n");
        for raw in [
            "\r\nYour code: QXRTWB\r\n".to_owned(),
            "\r\nThe code for Ada is QXRTWB.\r\n".to_owned(),
            html("<p>Enter the code below to go on.</p><h1>QXRTWB</h1>")[2..].to_owned(),
        ] {
            assert_eq!(found(&raw).first().map(|code| code.0.as_str()), Some("QXRTWB"), "{raw}");
        }
        for raw in [
            "\r\nNever tell anyone your code.\r\nTHANKS\r\n".to_owned(),
            "\r\nUse the code or this link:\r\nVERIFY\r\nhttps://x.test/a\r\n".to_owned(),
            html("<p>Use the code or the button below</p><a href='https://x.test'>VERIFY</a>")[2..]
                .to_owned(),
            "\r\nStatus code: FAILED\r\n".to_owned(),
        ] {
            assert_eq!(found(&raw), [], "{raw}");
        }
    }

    #[test]
    fn a_number_to_type_is_a_code_where_a_mail_says_what_for() {
        for text in [
            "Enter 481516 to log in.",
            "481516 \u{2013} use this to sign in",
            "Inserisci 481516 per accedere",
            "Gib 481516 ein, um dich anzumelden",
            "Ticket #8812: use 481516 as your reset code",
            "OTP for the transaction of Rs.4815.00 is 481516",
            "Your temporary password for the shop of Ada is 481516",
        ] {
            let found = found(&format!("\r\n{text}\r\n"));
            assert_eq!(found.first().map(|code| code.0.as_str()), Some("481516"), "{text}");
        }
        assert_eq!(found("\r\nEnter 481516 in the raffle\r\n"), []);
    }

    const CONTEXT_CHARS: usize = 200;
}
