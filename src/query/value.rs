//! The values that are no text: sizes, durations and times, read and printed.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A number of bytes: digits with `k`, `m`, `g`, `kb`, `mb` or `gb`, which are powers of 1,024.
pub(super) fn size_bytes(text: &str) -> Option<u64> {
    let (digits, unit) = split_unit(text)?;
    let factor = match unit.as_str() {
        "" => 1,
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => return None,
    };
    digits.checked_mul(factor)
}

/// A plain number.
pub(super) fn count(text: &str) -> Option<u64> {
    split_unit(text).filter(|(_, unit)| unit.is_empty()).map(|(digits, _)| digits)
}

/// A duration in milliseconds: digits and one of `ms s m h d w`.
pub(super) fn duration_ms(text: &str) -> Option<u64> {
    let (digits, unit) = split_unit(text)?;
    let (_, factor) = DURATION_UNITS.iter().find(|(name, _)| *name == unit)?;
    digits.checked_mul(*factor)
}

/// A time: a date alone is its midnight in UTC, and a time without an offset is in UTC as well.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    // `jiff` reads more than ISO dates, such as names of time zones in brackets.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.');
    if text.as_bytes().get(4) != Some(&b'-') || !text.chars().all(plain) {
        return None;
    }
    let absolute = text.parse::<Timestamp>().ok();
    let at = absolute.or_else(|| TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok());
    // An offset can lead before the year 0, which nobody can write.
    at.filter(|at| TimeZone::UTC.to_datetime(*at).year() >= 0)
}

/// A number of bytes in the largest unit that leaves no rest.
pub(super) fn print_size(size_bytes: u64) -> String {
    let units = [("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10)];
    print_in_units(size_bytes, units.into_iter()).unwrap_or_else(|| size_bytes.to_string())
}

/// A duration in the largest unit that leaves no rest.
pub(super) fn print_duration(duration_ms: u64) -> String {
    print_in_units(duration_ms, DURATION_UNITS.into_iter())
        .unwrap_or_else(|| format!("{duration_ms}ms"))
}

/// A time, as a date alone when it is a midnight.
pub(super) fn print_timestamp(at: Timestamp) -> String {
    let full = at.to_string();
    full.strip_suffix("T00:00:00Z").map_or_else(|| full.clone(), str::to_owned)
}

fn print_in_units(
    amount: u64,
    mut units: impl Iterator<Item = (&'static str, u64)>,
) -> Option<String> {
    let (name, factor) = units.find(|(_, factor)| amount > 0 && amount.is_multiple_of(*factor))?;
    Some(format!("{}{name}", amount / factor))
}

/// Digits, and what follows them in small letters.
fn split_unit(text: &str) -> Option<(u64, String)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].to_ascii_lowercase()))
}

const DURATION_UNITS: [(&str, u64); 6] = [
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_digits_with_a_unit_of_1024() {
        for (text, size_bytes) in [
            ("0", Some(0)),
            ("10k", Some(10_240)),
            ("10KB", Some(10_240)),
            ("2m", Some(2 << 20)),
            ("1Gb", Some(1 << 30)),
            ("17", Some(17)),
            ("k", None),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5m", None),
            ("10 k", None),
            ("10kib", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("18014398509481984k", None),
        ] {
            assert_eq!(super::size_bytes(text), size_bytes, "{text}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        for (text, duration) in [
            ("500ms", Some(500)),
            ("10S", Some(10_000)),
            ("2m", Some(120_000)),
            ("1h", Some(3_600_000)),
            ("1d", Some(86_400_000)),
            ("1w", Some(604_800_000)),
            ("10", None),
            ("1y", None),
            ("1h30m", None),
            ("99999999999999999999w", None),
            ("18446744073709551615w", None),
        ] {
            assert_eq!(duration_ms(text), duration, "{text}");
        }
    }

    #[test]
    fn times_are_iso_dates_and_date_times() {
        for (text, printed) in [
            ("2026-01-31", Some("2026-01-31")),
            ("2026-01-31T00:00:00Z", Some("2026-01-31")),
            ("2026-01-31T10:20", Some("2026-01-31T10:20:00Z")),
            ("2026-01-31T10:20:30.5+02:00", Some("2026-01-31T08:20:30.5Z")),
            ("2026-01-31t10:20:30z", Some("2026-01-31T10:20:30Z")),
            ("2026-02-30", None),
            ("2026-W01-1", None),
            ("2026-031", None),
            ("0000-01-01", Some("0000-01-01")),
            ("0000-01-01T00:00:00+00:01", None),
            ("9999-12-31", None),
            ("9999-12-31T00:00:00+23:00", Some("9999-12-30T01:00:00Z")),
            ("2026-1-1", None),
            ("20260131", None),
            ("31.01.2026", None),
            ("2026/01/31", None),
            ("2026-01-31T10:20[Europe/Berlin]", None),
            ("yesterday", None),
        ] {
            assert_eq!(timestamp(text).map(print_timestamp).as_deref(), printed, "{text}");
        }
    }

    #[test]
    fn what_is_printed_is_read_back() {
        for amount in [0, 1, 999, 1_000, 1_024, 60_000, 10_240, 1 << 30, 86_400_000, u64::MAX] {
            assert_eq!(size_bytes(&print_size(amount)), Some(amount));
            assert_eq!(duration_ms(&print_duration(amount)), Some(amount));
        }
    }
}
