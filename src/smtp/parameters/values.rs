//! The values that parameters of MAIL and RCPT take: the grammar of each, quoted above it.

use crate::smtp::xtext;

/// `size-value = 1*20DIGIT` (RFC 1870 §6)
pub(super) fn is_size(value: &str) -> bool {
    is_number(value, 20)
}

/// `body-value = "7BIT" / "8BITMIME" / "BINARYMIME"` (RFC 6152 §3, RFC 3030 §3)
pub(super) fn is_body(value: &str) -> bool {
    is_one_of(value, &["7BIT", "8BITMIME", "BINARYMIME"])
}

/// `ret-value = "FULL" / "HDRS"` (RFC 3461 §4.3)
pub(super) fn is_return(value: &str) -> bool {
    is_one_of(value, &["FULL", "HDRS"])
}

/// `envid-parameter = "ENVID=" xtext`, of at most 100 characters (RFC 3461 §4.4). An id of no
/// length names nothing.
pub(super) fn is_envelope_id(value: &str) -> bool {
    (1..=100).contains(&value.len()) && xtext::is_xtext(value)
}

/// ```text
/// notify-esmtp-value  = "NEVER" / ( notify-list-element *( "," notify-list-element ) )
/// notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
/// ```
///
/// RFC 3461 §4.1.
pub(super) fn is_notify(value: &str) -> bool {
    value.eq_ignore_ascii_case("NEVER")
        || value.split(',').all(|event| is_one_of(event, &["SUCCESS", "FAILURE", "DELAY"]))
}

/// `original-recipient-address = addr-type ";" xtext`, of at most 500 characters (RFC 3461 §4.2).
/// A type beyond ASCII text may be followed by UTF-8 (RFC 6533 §3).
pub(super) fn is_original_recipient(value: &str) -> bool {
    let Some((address_type, address)) = value.split_once(';') else { return false };
    let is_atom = !address_type.is_empty()
        && address_type.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_address = if address_type.eq_ignore_ascii_case("utf-8") {
        !address.contains('=')
    } else {
        xtext::is_xtext(address)
    };
    value.len() <= 500 && is_atom && is_address && !address.is_empty()
}

/// ```text
/// by-value = by-time ";" by-mode [by-trace]
/// by-time  = ["-" / "+"] 1*9digit
/// by-mode  = "N" / "R"
/// by-trace = "T"
/// ```
///
/// RFC 2852 §4; what is to be returned (R) needs a time above zero.
pub(super) fn is_deliver_by(value: &str) -> bool {
    let Some((time, mode)) = value.split_once(';') else { return false };
    let digits = time.strip_prefix(['-', '+']).unwrap_or(time);
    let returns = mode.starts_with(['R', 'r']);
    let is_past = time.starts_with('-') || digits.bytes().all(|digit| digit == b'0');
    is_number(digits, 9) && is_one_of(mode, &["N", "NT", "R", "RT"]) && !(returns && is_past)
}

/// `future-release-interval = 1*9DIGIT` (RFC 4865 §3), in seconds
pub(super) fn is_interval(value: &str) -> bool {
    is_number(value, 9)
}

/// `date-time` of RFC 3339 §5.6 (RFC 4865 §3, erratum 2040), such as `2026-01-31T08:00:00Z`.
pub(super) fn is_date_time(value: &str) -> bool {
    let Some((date_time, zone)) = value.split_at_checked(19) else { return false };
    let fraction_length = match zone.strip_prefix('.') {
        Some(digits) => 1 + digits.bytes().take_while(u8::is_ascii_digit).count(),
        None => 0,
    };
    let zone = &zone[fraction_length..];
    fraction_length != 1
        && has_shape(date_time, "dddd-dd-ddTdd:dd:dd")
        && (zone.eq_ignore_ascii_case("Z")
            || has_shape(zone, "+dd:dd")
            || has_shape(zone, "-dd:dd"))
        && in_range(&date_time[5..7], 1..=12)
        && in_range(&date_time[8..10], 1..=31)
        && in_range(&date_time[11..13], 0..=23)
        && in_range(&date_time[14..16], 0..=59)
        && in_range(&date_time[17..19], 0..=60)
}

/// `priority-value = (["-"] NZDIGIT) / "0"` (RFC 6710 §3)
pub(super) fn is_priority(value: &str) -> bool {
    let digit = value.strip_prefix('-').unwrap_or(value);
    value == "0" || digit.len() == 1 && matches!(digit.as_bytes(), [b'1'..=b'9'])
}

fn is_number(value: &str, digits_max: usize) -> bool {
    (1..=digits_max).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// Whether a text has a digit wherever the shape has a `d`, and elsewhere the same letters.
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            wanted => byte.eq_ignore_ascii_case(&wanted),
        })
}

fn in_range(digits: &str, range: std::ops::RangeInclusive<u8>) -> bool {
    digits.parse().is_ok_and(|number| range.contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What takes a value, what it takes, and what it does not.
    type Case = (fn(&str) -> bool, &'static [&'static str], &'static [&'static str]);

    #[test]
    fn values_keep_to_their_grammar() {
        let cases: [Case; 8] = [
            (is_return, &["FULL", "hdrs"], &["", "HEAD", "FULL,HDRS"]),
            (is_envelope_id, &["QQ314159", "a+20b"], &["", "a=b", "a+b", "a+2"]),
            (
                is_notify,
                &["NEVER", "success", "FAILURE,DELAY", "DELAY,DELAY"],
                &["", "ALWAYS", "NEVER,DELAY", "DELAY,", ",DELAY"],
            ),
            (
                is_original_recipient,
                &["rfc822;a@x.test", "X-odd-1;a+2Bb", "utf-8;grün", "utf-8;a\\x{FC}b"],
                &["", "rfc822", ";a", "rfc822;", "rfc 822;a", "rfc822;a+b", "rfc822;grün"],
            ),
            (
                is_deliver_by,
                &["1;R", "+120;n", "-5;N", "0;NT", "999999999;RT"],
                &["", "1", "1;", ";R", "1;X", "1;RTT", "0;R", "-1;R", "1234567890;N", "+;N"],
            ),
            (is_interval, &["0", "999999999"], &["", "1000000000", "-1", "1s"]),
            (
                is_date_time,
                &["2026-01-31T08:00:00Z", "2026-01-31t23:59:60.5+01:00"],
                &[
                    "",
                    "2026-01-31",
                    "2026-13-31T08:00:00Z",
                    "2026-01-31T08:00:00",
                    "2026-01-31T24:00:00Z",
                    "2026-01-31T08:00:00.Z",
                    "2026-01-31T08:00:00+1:00",
                    "2026-01-31 08:00:00Z",
                    "ü026-01-31T08:00:00Z",
                ],
            ),
            (is_priority, &["0", "9", "-9", "1"], &["", "-0", "10", "+1", "-", "00"]),
        ];
        for (takes, good, bad) in cases {
            good.iter().for_each(|value| assert!(takes(value), "{value}"));
            bad.iter().for_each(|value| assert!(!takes(value), "{value}"));
        }
    }

    #[test]
    fn long_values_end_at_their_limit() {
        let letters = |count| "x".repeat(count);
        assert!(is_envelope_id(&letters(99)) && is_envelope_id(&letters(100)));
        assert!(!is_envelope_id(&letters(101)));
        let recipient = |count: usize| format!("rfc822;{}", letters(count - 7));
        assert!(is_original_recipient(&recipient(499)) && is_original_recipient(&recipient(500)));
        assert!(!is_original_recipient(&recipient(501)));
    }
}
