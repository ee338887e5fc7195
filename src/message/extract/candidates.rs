//! What in a line has the form of a code, whatever the words around it say.

use std::ops::Range;

/// A piece of a line that has the form of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What people type: digits without what groups them, all else as it stands.
    pub(super) value: String,
    /// Where it stands in the line, in bytes.
    pub(super) place: Range<usize>,
    pub(super) form: Form,
}

/// What a candidate is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `481516`.
    Digits,
    /// `481 516`, `481-516`, or each character by itself.
    Grouped,
    /// `A7K-9QX2`.
    Mixed,
    /// `QXR-TWB`.
    Letters,
    /// `QXRTWB`, which a word in capitals may be as well.
    Word,
    /// A parameter of an address, or a piece of its path.
    Url,
}

/// The line as it is read: one blank for each white space but tabs, digits of ASCII, nothing
/// invisible.
pub(super) fn plain(line: &str) -> String {
    let changed = line.find(|c| read_as(c) != Some(c)).unwrap_or(line.len());
    let (same, rest) = line.split_at(changed);
    let mut plain = String::with_capacity(line.len());
    plain.push_str(same);
    plain.extend(rest.chars().filter_map(read_as));
    plain
}

fn read_as(c: char) -> Option<char> {
    match c {
        '\t' | ' '..='~' => Some(c),
        '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        '\u{ff10}'..='\u{ff19}' => char::from_digit(c as u32 - 0xff10, 10),
        _ if c.is_whitespace() || c.is_control() => Some(' '),
        _ => Some(c),
    }
}

/// All candidates of a line that went through [`plain`], in order.
pub(super) fn candidates(line: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    words(line, &mut found);
    // Other codes have digits, or letters on both sides of a hyphen.
    if !line.bytes().any(|byte| byte.is_ascii_digit() || byte == b'-') {
        return found;
    }
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for run in runs(line) {
        let text = &line[run.clone()];
        if text.contains("://") {
            join(&mut pieces, &mut found);
            in_url(text, run.start, &mut found);
        } else if text.contains('@') || text.contains("www.") || text.contains('\\') {
            join(&mut pieces, &mut found);
        } else {
            for piece in pieces_of(line, run) {
                let gap = pieces.last().map(|last| &line[last.end()..piece.start]);
                if gap.is_some_and(|gap| gap.len() > 8 || !GAPS.contains(&gap.trim())) {
                    join(&mut pieces, &mut found);
                }
                pieces.push(piece);
            }
        }
    }
    join(&mut pieces, &mut found);
    found
}

/// Words of nothing but capitals.
fn words(line: &str, found: &mut Vec<Candidate>) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_uppercase) {
        let start = at + start;
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_uppercase()).count();
        at = start + length;
        let joins =
            |byte: &u8| !byte.is_ascii() || byte.is_ascii_alphanumeric() || JOINS.contains(byte);
        let is_joined = start > 0 && joins(&bytes[start - 1]) || bytes.get(at).is_some_and(joins);
        if (5..=8).contains(&length) && !is_joined {
            let value = line[start..at].to_owned();
            found.push(Candidate { value, place: start..at, form: Form::Word });
        }
    }
}

/// Letters, digits and hyphens in a row.
struct Piece<'l> {
    text: &'l str,
    start: usize,
    /// What touches it makes it a part of a time, a sum, a path or a name.
    is_part: bool,
}

impl Piece<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_digits(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Where there are characters in a row that one word or address is made of.
fn runs(line: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in line.char_indices() {
        let end = at + c.len_utf8();
        if !(c.is_ascii_graphic() || is_letter_of_words(c)) {
            continue;
        }
        match runs.last_mut().filter(|run| run.end == at) {
            Some(run) => run.end = end,
            None => runs.push(at..end),
        }
    }
    runs
}

/// Scripts that write without blanks put codes between their letters.
fn is_letter_of_words(c: char) -> bool {
    c.is_alphabetic()
        && !matches!(c, '\u{e00}'..='\u{eff}' | '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffff}')
}

fn pieces_of(line: &str, run: Range<usize>) -> Vec<Piece<'_>> {
    let text = &line[run.clone()];
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_inside).map(|start| at + start) {
        let end = text[start..].find(|c| !is_inside(c)).map_or(text.len(), |end| start + end);
        at = end;
        let piece = text[start..end].trim_matches(['-', '_']);
        let is_plain = piece.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let before = &text.as_bytes()[..start];
        let behind = &text.as_bytes()[end..];
        let joins = |c: &u8| matches!(c, b'.' | b',' | b':' | b'\'');
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let is_part = matches!(before, [.., b'/' | b'+' | b'&' | b'~'])
            || matches!(behind, [b'/', ..])
            || matches!(before, [.., c] if joins(c) && digit(before.iter().nth_back(1)))
            || matches!(behind, [c, ..] if joins(c) && digit(behind.get(1)));
        if !piece.is_empty() {
            let lead =
                text[start..end].len() - text[start..end].trim_start_matches(['-', '_']).len();
            let start = run.start + start + lead;
            pieces.push(Piece { text: piece, start, is_part: is_part || !is_plain });
        }
    }
    pieces
}

/// Makes candidates of pieces that stand beside each other with no more than a blank between.
fn join(pieces: &mut Vec<Piece<'_>>, found: &mut Vec<Candidate>) {
    let mut rest = pieces.as_slice();
    while let Some(first) = rest.first() {
        let like_first = |piece: &&Piece<'_>| {
            let is_single = |piece: &Piece<'_>| piece.text.len() == 1 && !piece.is_part;
            is_single(first) && is_single(piece)
                || first.is_digits()
                    && piece.is_digits()
                    && first.text.len() > 1
                    && piece.text.len() > 1
        };
        let count = rest.iter().take_while(like_first).count().max(1);
        let (group, behind) = rest.split_at(count);
        rest = behind;
        let is_whole = group.iter().all(|piece| !piece.is_part);
        let lengths: Vec<usize> = group.iter().map(|piece| piece.text.len()).collect();
        let is_joined = match lengths.as_slice() {
            [3, 3] => is_whole,
            [4, 4] | [2, 2, 2] => is_whole && !group[0].text.starts_with('0'),
            [1, ..] => (4..=8).contains(&count),
            _ => false,
        };
        let value: String = group.iter().map(|piece| piece.text).collect();
        if is_joined && value.bytes().any(|byte| byte.is_ascii_digit()) {
            let place = group[0].start..group[count - 1].end();
            found.push(Candidate { value, place, form: Form::Grouped });
        } else if !is_number_in_groups(group) {
            found.extend(group.iter().filter_map(single));
        }
    }
    pieces.clear();
}

/// Phone numbers, accounts and cards.
fn is_number_in_groups(group: &[Piece<'_>]) -> bool {
    let digits: usize = group.iter().map(|piece| piece.text.len()).sum();
    let starts_like_phone = group.len() > 1
        && digits <= PHONE_DIGITS_MAX
        && (group[0].is_part || group[0].text.starts_with('0'));
    let is_even = group.iter().all(|piece| piece.text.len() == 4);
    starts_like_phone
        || (3..=8).contains(&group.len())
            && (is_even || group.iter().any(|piece| piece.text.len() < 4) && digits > 6)
}

fn single(piece: &Piece<'_>) -> Option<Candidate> {
    if piece.is_part {
        return None;
    }
    let groups: Vec<&str> = piece.text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let length: usize = lengths.iter().sum();
    let count = |is: fn(&u8) -> bool| piece.text.as_bytes().iter().filter(|byte| is(byte)).count();
    let (digits, lower) = (count(u8::is_ascii_digit), count(u8::is_ascii_lowercase));
    let form = if digits == length {
        match lengths.as_slice() {
            [4..=8] => Form::Digits,
            [3, 3] | [4, 4] => Form::Grouped,
            _ => return None,
        }
    } else if digits > 0 {
        let is_short = (4..=12).contains(&length) && groups.len() <= 3;
        let is_word = groups.len() > 1 && lower > 0;
        if !is_short || is_word || lengths.contains(&0) {
            return None;
        }
        Form::Mixed
    } else if lower == 0 && matches!(lengths.as_slice(), [3, 3] | [4, 4] | [3, 4]) {
        Form::Letters
    } else {
        return None;
    };
    let value = match form {
        Form::Grouped => groups.concat(),
        _ => piece.text.to_owned(),
    };
    Some(Candidate { value, place: piece.start..piece.end(), form })
}

/// Codes in an address: `?code=481516`, `/verify/481516`.
fn in_url(url: &str, offset: usize, found: &mut Vec<Candidate>) {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let mut segment_before = "";
    for piece in url[authority..].split(['/', '?', '&', '#', ';']) {
        let start = piece.as_ptr().addr() - url.as_ptr().addr();
        let (name, value) = piece.split_once('=').unwrap_or((segment_before, piece));
        segment_before = piece;
        let value = value.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let name: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric())
            .take(URL_NAME_CHARS_MAX)
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let is_named = if piece.contains('=') {
            URL_PARAMETERS.contains(&name.as_str())
        } else {
            URL_SEGMENTS.contains(&name.as_str()) && value.bytes().all(|b| b.is_ascii_digit())
        };
        let is_code = (4..=10).contains(&value.len())
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && value.bytes().any(|b| b.is_ascii_digit());
        if is_named && is_code {
            let place = offset + start..offset + start + piece.len();
            found.push(Candidate { value: value.to_owned(), place, form: Form::Url });
        }
    }
}

/// What makes a word in capitals a part of a longer one, or of a name or an address.
const JOINS: &[u8] = b"-_/@&='";
const PHONE_DIGITS_MAX: usize = 15;
const GAPS: [&str; 4] = ["", "-", "\u{b7}", "\u{2013}"];
const URL_NAME_CHARS_MAX: usize = 40;
const URL_PARAMETERS: [&str; 17] = [
    "code",
    "otp",
    "pin",
    "token",
    "passcode",
    "verificationcode",
    "verifycode",
    "verification",
    "confirmationcode",
    "confirmcode",
    "activationcode",
    "authcode",
    "securitycode",
    "logincode",
    "onetimecode",
    "otpcode",
    "vcode",
];
const URL_SEGMENTS: [&str; 8] =
    ["code", "otp", "pin", "verify", "verification", "confirm", "activate", "passcode"];

#[cfg(test)]
mod tests {
    use super::*;

    fn values(line: &str) -> Vec<String> {
        candidates(&plain(line)).into_iter().map(|candidate| candidate.value).collect()
    }

    #[test]
    fn codes_of_every_form_are_candidates() {
        for (line, value) in [
            ("x 4815.", "4815"),
            ("*481516*", "481516"),
            ("Code:48151623,", "48151623"),
            ("481 516", "481516"),
            ("481\u{a0}516", "481516"),
            ("481-516", "481516"),
            ("48 15 16", "481516"),
            ("4 8 1 5 1 6", "481516"),
            ("4  8  -  1  5", "4815"),
            ("K 7 P 2", "K7P2"),
            ("A7K-9QX2", "A7K-9QX2"),
            ("G-481516", "G-481516"),
            ("QXR-TWB", "QXR-TWB"),
            ("is QXRTWB.", "QXRTWB"),
            ("\u{ff14}\u{ff18}\u{ff11}\u{ff15}", "4815"),
            ("验证码是4815，请", "4815"),
            ("https://x.test/?a=1&code=481516.", "481516"),
            ("https://x.test/verify/481516", "481516"),
        ] {
            assert_eq!(values(line), [value], "{line}");
        }
    }

    #[test]
    fn times_sums_phones_paths_and_names_are_none() {
        for line in [
            "123",
            "123456789",
            "12:30:4815",
            "1,299.0000",
            "4815.50",
            "2026-03-12",
            "12/03/2026",
            "12.03.2026",
            "+49 30 5550 1234",
            "07531 555012",
            "01 23 45 67 89",
            "5001 0517 5407 3249 31",
            "bob1984@x.test",
            "www.x.test/4815",
            "/a/b/4815",
            "Übung4815",
            "utf-8-x",
            "ABCD ABCDEFGHI x_ABCDE ABCDÉF",
            "3f9a1c7e-8b2d-4c6e-9f10-112233445566",
            "https://x.test/?promo_code=481516&token=eyJhbGciOiJIUzI1NiJ9",
            "https://x.test/o/481516?zip=94102",
        ] {
            assert_eq!(values(line), [""; 0], "{line}");
        }
    }
}
