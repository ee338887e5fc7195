//! Dates of header fields: RFC 5322 §3.3, its obsolete forms (§4.3), and the wrong ones that
//! mail has: asctime, ISO 8601, numbers for months, two-digit years, zones in words.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use memchr::memchr_iter;

/// The moment a Date field names; None when nothing sensible can be read.
pub(super) fn read(value: &str) -> Option<Timestamp> {
    let value = &joined_at_colons(value);
    let mut draft = Draft::default();
    for token in (Tokens { rest: value }) {
        draft.take(token);
    }
    draft.timestamp()
}

/// What was understood so far.
#[derive(Default)]
struct Draft {
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
    time: Option<(i8, i8, i8)>,
    afternoon: Option<bool>,
    offset_minutes: Option<i32>,
}

impl Draft {
    fn take(&mut self, token: &str) {
        if self.time.is_none() && is_iso_8601(token) {
            self.take_mixed(token);
        } else if token.contains(':') && self.time.is_none() {
            self.take_time(token);
        } else if token.starts_with(['+', '-']) && self.time.is_some() {
            if self.offset_minutes.is_none() {
                self.offset_minutes = numeric_zone(token);
            }
        } else if let Ok(number) = token.parse::<u32>() {
            self.take_number(number, token.len());
        } else if token.starts_with(|c: char| c.is_ascii_digit()) {
            self.take_mixed(token);
        } else {
            self.take_word(token);
        }
    }

    /// `14:05:44`, `14:05`, `14:05:44.123`, `14:05:44+0200`, `2:05PM`.
    fn take_time(&mut self, token: &str) {
        let (clock, zone) = match token.find(['+', '-']) {
            Some(at) => token.split_at(at),
            None => (token, ""),
        };
        let digits_end = clock.rfind(|c: char| c.is_ascii_digit()).map_or(clock.len(), |at| at + 1);
        let (clock, suffix) = clock.split_at(digits_end);
        let clock = clock.split(['.', ',']).next().unwrap_or(clock);
        let mut numbers = clock.split(':').map(|number| number.parse::<i8>().ok());
        let Some(Some(hour)) = numbers.next() else { return };
        let minute = numbers.next().flatten().unwrap_or(0);
        let second = numbers.next().flatten().unwrap_or(0);
        self.time = Some((hour, minute, second));
        if !zone.is_empty() {
            self.offset_minutes = numeric_zone(zone);
        }
        if !suffix.is_empty() {
            self.take_word(suffix);
        }
    }

    fn take_number(&mut self, number: u32, digits: usize) {
        // A day of three digits has a zero too many before it.
        let is_day = digits <= 2 || digits == 3 && number <= 31;
        if is_day && self.day.is_none() {
            self.day = i8::try_from(number).ok();
        } else if self.year.is_none() && digits >= 2 {
            self.year = full_year(number, digits);
        } else if digits == 4 && self.time.is_some() && self.offset_minutes.is_none() {
            self.offset_minutes = numeric_zone(&format!("+{number:04}"));
        }
    }

    /// `2001-05-04`, `2001-05-04T14:05:44Z`, `04-May-2001`, `5/4/2001`, `20010504T140544Z`.
    fn take_mixed(&mut self, token: &str) {
        if let Some((date, time)) = token.split_once(['T', 't'])
            && date.contains('-')
        {
            self.take_mixed(date);
            self.take_time(time);
            return;
        }
        let pieces: Vec<&str> = token.split(['-', '/', '.']).collect();
        let [first, second, third] = pieces[..] else { return };
        if token.contains('.') && self.day.is_some() && self.time.is_none() {
            self.take_time(&token.replace('.', ":"));
            return;
        }
        if first.len() == 4 {
            self.year = first.parse().ok();
            self.month = month(second);
            self.day = third.parse().ok();
            return;
        }
        self.year = third.parse().ok().and_then(|year| full_year(year, third.len()));
        let american = token.contains('/') && second.parse::<u32>().is_ok();
        let (day, month_text) = if american { (second, first) } else { (first, second) };
        self.day = day.parse().ok();
        self.month = month(month_text);
    }

    fn take_word(&mut self, word: &str) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm") {
            self.afternoon = Some(word.eq_ignore_ascii_case("pm"));
        } else if self.month.is_none() && word.len() >= 3 && month_by_name(word).is_some() {
            self.month = month_by_name(word);
        } else if self.time.is_some() && self.offset_minutes.is_none() {
            let (name, number) = word.split_at(word.find(['+', '-']).unwrap_or(word.len()));
            self.offset_minutes = numeric_zone(number).or_else(|| named_zone(name));
        }
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        let (mut hour, minute, second) = self.time.unwrap_or_default();
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        // RFC 5322 §3.3 allows the leap second 60.
        let time = Time::new(hour, minute, second.min(59), 0).ok()?;
        let local = TimeZone::UTC.to_timestamp(DateTime::from_parts(date, time)).ok()?;
        let offset_seconds = i64::from(self.offset_minutes.unwrap_or(0)) * 60;
        let leap = i64::from(second == 60);
        Timestamp::from_second(local.as_second() - offset_seconds + leap).ok()
    }
}

/// `09(comment):   55` as `09:55`: RFC 5322 §4.3 allows blanks and comments around the colons.
fn joined_at_colons(value: &str) -> Cow<'_, str> {
    let is_apart = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'(' | b')');
    let bytes = value.as_bytes();
    let apart = memchr_iter(b':', bytes).any(|colon| {
        let before = colon.checked_sub(1).map(|at| bytes[at]);
        [before, bytes.get(colon + 1).copied()].into_iter().flatten().any(is_apart)
    });
    if !apart {
        return value.into();
    }
    let mut joined = String::with_capacity(value.len());
    for token in (Tokens { rest: value }) {
        if !joined.is_empty() && !joined.ends_with(':') && !token.starts_with(':') {
            joined.push(' ');
        }
        joined.push_str(token);
    }
    joined.into()
}

/// Pieces between blanks and commas; comments (RFC 5322 §3.2.2) are left out.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if !self.rest.starts_with('(') {
                break;
            }
            let end = self.rest.find(')').map_or(self.rest.len(), |at| at + 1);
            self.rest = &self.rest[end..];
        }
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | '('))
            .unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!token.is_empty()).then_some(token)
    }
}

/// Whether a token is date and time in one, such as `2001-05-04T14:05:44Z`.
fn is_iso_8601(token: &str) -> bool {
    let bytes = token.as_bytes();
    bytes.get(4) == Some(&b'-') && matches!(bytes.get(10), Some(b'T' | b't'))
}

/// RFC 5322 §4.3: two digits below 50 are 20xx, others and three digits are 19xx.
fn full_year(number: u32, digits: usize) -> Option<i16> {
    let year = match (digits, number) {
        (2, 0..=49) => number + 2000,
        (2 | 3, _) => number + 1900,
        _ => number,
    };
    i16::try_from(year).ok()
}

/// `+0200`, `-05:00`, `+2`, in minutes.
fn numeric_zone(zone: &str) -> Option<i32> {
    let (sign, digits) = zone.split_at_checked(1)?;
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(digits.len());
    let digits: String = digits[..end].chars().filter(|c| *c != ':').take(4).collect();
    let number: i32 = digits.parse().ok()?;
    let minutes = if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 };
    Some(if sign == "-" { -minutes } else { minutes })
}

/// RFC 5322 §4.3; letters of the military zones were used with both signs, and mean nothing.
fn named_zone(zone: &str) -> Option<i32> {
    let hours = match zone.to_ascii_uppercase().as_str() {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "MET" | "BST" => 1,
        "CEST" | "MEST" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" | "KST" => 9,
        "UT" | "UTC" | "GMT" | "Z" => 0,
        _ => return None,
    };
    Some(hours * 60)
}

fn month(text: &str) -> Option<i8> {
    match text.parse::<i8>() {
        Ok(number) => Some(number),
        Err(_) => month_by_name(text),
    }
}

fn month_by_name(name: &str) -> Option<i8> {
    let start = name.get(..3)?;
    let at = MONTHS.iter().position(|month| start.eq_ignore_ascii_case(month))?;
    i8::try_from(at + 1).ok()
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests;
