//! The parameters of MAIL and RCPT (RFC 5321 §4.1.2): one row for each that is known.
//!
//! They are checked here and kept as sent in the envelope.

use std::borrow::Cow;

use crate::smtp::reply::Reply;

mod values;

/// Parameters that were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameters<'a> {
    /// As sent, separated by single blanks.
    pub(super) text: Cow<'a, str>,
    /// What SIZE declared, in bytes (RFC 1870).
    pub(super) size_bytes: Option<u64>,
    /// Whether BODY declared BINARYMIME (RFC 3030 §3).
    pub(super) is_binary: bool,
    /// Whether REQUIRETLS was asked for (RFC 8689).
    pub(super) requires_tls: bool,
    /// Whether a time of release was given (RFC 4865).
    is_held: bool,
}

/// A parameter that is known, and which values it takes.
pub(super) struct Known {
    keyword: &'static str,
    takes: fn(Option<&str>) -> bool,
}

/// What MAIL may carry.
pub(super) const OF_MAIL: &[Known] = &[
    Known { keyword: "SIZE", takes: |value| value.is_some_and(values::is_size) },
    Known { keyword: "BODY", takes: |value| value.is_some_and(values::is_body) },
    // RFC 6531 §3.4: no value.
    Known { keyword: "SMTPUTF8", takes: |value| value.is_none() },
    // RFC 4954 §5: an xtext or `<>`.
    Known { keyword: "AUTH", takes: |value| value.is_some_and(|value| !value.is_empty()) },
    Known { keyword: "RET", takes: |value| value.is_some_and(values::is_return) },
    Known { keyword: "ENVID", takes: |value| value.is_some_and(values::is_envelope_id) },
    // RFC 8689 §2: no value.
    Known { keyword: "REQUIRETLS", takes: |value| value.is_none() },
    Known { keyword: "BY", takes: |value| value.is_some_and(values::is_deliver_by) },
    Known { keyword: "MT-PRIORITY", takes: |value| value.is_some_and(values::is_priority) },
    Known { keyword: "HOLDFOR", takes: |value| value.is_some_and(values::is_interval) },
    Known { keyword: "HOLDUNTIL", takes: |value| value.is_some_and(values::is_date_time) },
];

/// What RCPT may carry.
pub(super) const OF_RCPT: &[Known] = &[
    Known { keyword: "NOTIFY", takes: |value| value.is_some_and(values::is_notify) },
    Known { keyword: "ORCPT", takes: |value| value.is_some_and(values::is_original_recipient) },
];

impl<'a> Parameters<'a> {
    /// Reads what follows a path.
    ///
    /// ```text
    /// esmtp-param   = esmtp-keyword ["=" esmtp-value]
    /// esmtp-keyword = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
    /// ```
    ///
    /// # Errors
    /// 555 for an unknown parameter, 501 for a bad value, a second occurrence, or two parameters
    /// that exclude each other.
    pub(super) fn parse(text: &'a str, known: &[Known]) -> Result<Self, Reply> {
        let text = text.trim_matches(BLANKS);
        let mut parameters = Self {
            text: Cow::Borrowed(text),
            size_bytes: None,
            is_binary: false,
            requires_tls: false,
            is_held: false,
        };
        if text.is_empty() {
            return Ok(parameters);
        }
        let mut seen = 0_u32;
        for parameter in words(text) {
            let (keyword, value) = match parameter.split_once('=') {
                Some((keyword, value)) => (keyword, Some(value)),
                None => (parameter, None),
            };
            let Some(row) = known.iter().position(|row| row.keyword.eq_ignore_ascii_case(keyword))
            else {
                return Err(Reply::UNKNOWN_PARAMETER);
            };
            if seen & (1 << row) != 0 {
                return Err(Reply::REPEATED_PARAMETER);
            }
            seen |= 1 << row;
            if !(known[row].takes)(value) {
                return Err(Reply::BAD_PARAMETER);
            }
            parameters.note(known[row].keyword, value.unwrap_or_default())?;
        }
        if text.contains("  ") || text.contains('\t') {
            parameters.text = Cow::Owned(words(text).collect::<Vec<_>>().join(" "));
        }
        Ok(parameters)
    }

    /// Remembers what a parameter means to the session.
    fn note(&mut self, keyword: &str, value: &str) -> Result<(), Reply> {
        match keyword {
            "SIZE" => self.size_bytes = Some(size(value)),
            "BODY" => self.is_binary = value.eq_ignore_ascii_case("BINARYMIME"),
            "REQUIRETLS" => self.requires_tls = true,
            // RFC 4865 §3: one of the two.
            "HOLDFOR" | "HOLDUNTIL" if self.is_held => return Err(Reply::TWO_RELEASES),
            "HOLDFOR" | "HOLDUNTIL" => self.is_held = true,
            _ => {}
        }
        Ok(())
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(BLANKS).filter(|word| !word.is_empty())
}

/// Twenty digits may be more than a `u64` holds; then it is too large whatever the limit.
fn size(value: &str) -> u64 {
    value.parse().unwrap_or(u64::MAX)
}

const BLANKS: [char; 2] = [' ', '\t'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_kept_as_sent_with_single_blanks_between_them() {
        for (text, kept) in [
            ("", ""),
            ("  ", ""),
            (" Size=1 body=8BITMIME", "Size=1 body=8BITMIME"),
            (" SMTPUTF8 \t  SIZE=1\t", "SMTPUTF8 SIZE=1"),
        ] {
            assert_eq!(
                Parameters::parse(text, OF_MAIL).map(|it| it.text),
                Ok(kept.into()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_declared_size_is_a_number_of_up_to_twenty_digits() {
        let size = |text| Parameters::parse(text, OF_MAIL).map(|it| it.size_bytes);
        assert_eq!(size("BODY=7BIT"), Ok(None));
        assert_eq!(size("BODY=7BIT size=120"), Ok(Some(120)));
        assert_eq!(size("SIZE=99999999999999999999"), Ok(Some(u64::MAX)));
        assert_eq!(size("SIZE=000000000000000000000"), Err(Reply::BAD_PARAMETER));
    }

    #[test]
    fn there_is_a_bit_for_each_parameter() {
        assert!(OF_MAIL.len() <= 32 && OF_RCPT.len() <= 32);
    }
}
