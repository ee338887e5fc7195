//! The query string of a request: each parameter known, given once and of a valid value, or
//! refused.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use serde_json::Map;
use serde_json::Number;
use serde_json::Value;

use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::spelling;

/// The parameters of a request, by name.
#[derive(Debug, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a query string in which only these names may stand, each at most once.
    ///
    /// # Errors
    /// When a name is unknown or repeated, or something is not UTF-8.
    pub fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name =
                decode(name).ok_or_else(|| Problem::new(Kind::InvalidParameter, NAME_NOT_UTF8))?;
            if !known.contains(&name.as_str()) {
                return Err(unknown(&name, known));
            }
            if pairs.iter().any(|(given, _)| *given == name) {
                return Err(invalid(
                    &name,
                    format!("The parameter \"{name}\" is given more than once."),
                ));
            }
            let value = decode(value)
                .ok_or_else(|| invalid(&name, format!("The value of \"{name}\" is not UTF-8.")))?;
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter, if it was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter as a number; `what` says which numbers it takes.
    ///
    /// # Errors
    /// When it is none, or not one that `what` describes by its type.
    pub fn number<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // `FromStr` takes a plus sign, which nobody means: in a query string it is a blank.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number.map(Some).ok_or_else(|| takes(name, text, what))
    }

    /// The fields of a JSON object in place of a query string: texts and numbers. One that is null
    /// is not given.
    ///
    /// # Errors
    /// When a name is unknown, or a value is neither.
    pub fn of_fields(fields: Map<String, Value>, known: &[&str]) -> Result<Self, Problem> {
        let mut pairs = Vec::new();
        for (name, value) in fields {
            let shown: String = name.chars().take(VALUE_CHARS_SHOWN).collect();
            let invalid = |detail: String| {
                Problem::new(Kind::InvalidBody, detail).with("field", shown.as_str())
            };
            if !known.contains(&name.as_str()) {
                let hint = spelling::hint(&name, known);
                return Err(invalid(format!("There is no field \"{shown}\" here.{hint}")));
            }
            let value = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Number(number) => written(&number),
                Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(invalid(format!("\"{shown}\" takes a text or a number.")));
                }
            };
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter as a duration: `500ms`, `10s`, `2m`, or a bare `0`.
    ///
    /// # Errors
    /// When it is none.
    pub fn duration(&self, name: &str) -> Result<Option<Duration>, Problem> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let unit_ms = match &text[end..] {
            "" if text == "0" => Some(0),
            "ms" => Some(1),
            "s" => Some(1_000),
            "m" => Some(60_000),
            "h" => Some(3_600_000),
            _ => None,
        };
        let digits: Option<u64> = text[..end].parse().ok();
        let ms = digits.zip(unit_ms).and_then(|(digits, unit)| digits.checked_mul(unit));
        let duration = ms.map(Duration::from_millis);
        duration.map(Some).ok_or_else(|| takes(name, text, "a duration such as 500ms, 10s or 2m"))
    }

    /// The value of a parameter that is `true` or `false`; false when it was not given.
    ///
    /// # Errors
    /// When it is neither.
    pub fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(takes(name, other, "true or false")),
        }
    }

    /// These parameters as a query string, without the named ones; empty or starting with `?`.
    pub fn without(&self, left_out: &[&str]) -> String {
        let mut query = String::new();
        for (name, value) in &self.pairs {
            if !left_out.contains(&name.as_str()) {
                append(&mut query, name, value);
            }
        }
        query
    }
}

/// A number as a query string has it. To JSON `2.0` is the same number as `2`.
fn written(number: &Number) -> String {
    let whole = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e15);
    match whole {
        Some(float) if number.is_f64() => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

/// Adds a parameter to a query string that is empty or starts with `?`.
pub fn append(query: &mut String, name: &str, value: impl Display) {
    query.push(if query.is_empty() { '?' } else { '&' });
    let value = value.to_string();
    query.push_str(&format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC)));
}

/// A value that a parameter does not take.
pub fn takes(name: &str, value: &str, what: &str) -> Problem {
    let shown: String = value.chars().take(VALUE_CHARS_SHOWN).collect();
    invalid(name, format!("The parameter \"{name}\" takes {what}, not \"{shown}\"."))
}

/// A parameter that cannot be as it is.
pub fn invalid(name: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::InvalidParameter, detail).with("parameter", name)
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    let shown: String = name.chars().take(VALUE_CHARS_SHOWN).collect();
    let hint =
        if known.is_empty() { " It takes none.".into() } else { spelling::hint(name, known) };
    let detail = format!("This resource has no parameter \"{shown}\".{hint}");
    Problem::new(Kind::UnknownParameter, detail).with("parameter", shown)
}

/// As forms encode it: `+` is a blank, `%XX` a byte of UTF-8.
fn decode(text: &str) -> Option<String> {
    let text: Cow<'_, str> =
        if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    percent_decode_str(&text).decode_utf8().ok().map(Cow::into_owned)
}

const NAME_NOT_UTF8: &str = "The name of a query parameter is not UTF-8.";
const VALUE_CHARS_SHOWN: usize = 100;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KNOWN: &[&str] = &["q", "limit", "all"];

    fn parse(query: &str) -> Result<Parameters, Problem> {
        Parameters::parse(Some(query), KNOWN)
    }

    #[test]
    fn values_are_decoded() {
        let parameters = parse("q=to%3Abob+x%2Bé&&limit=7&all=true").unwrap();
        assert_eq!(parameters.text("q"), Some("to:bob x+é"));
        assert_eq!(parameters.number("limit", "a number").unwrap(), Some(7));
        assert!(parameters.flag("all").unwrap());
        assert_eq!(parameters.without(&["all"]), "?q=to%3Abob%20x%2B%C3%A9&limit=7");
        assert!(Parameters::parse(None, KNOWN).unwrap().pairs.is_empty());
    }

    #[test]
    fn what_is_unknown_repeated_or_broken_is_refused() {
        for (query, kind) in [
            ("limt=1", Kind::UnknownParameter),
            ("Q=1", Kind::UnknownParameter),
            ("=1", Kind::UnknownParameter),
            ("q=1&q=1", Kind::InvalidParameter),
            ("q=%FF", Kind::InvalidParameter),
            ("%FF=1", Kind::InvalidParameter),
        ] {
            assert_eq!(parse(query).unwrap_err().kind(), kind, "{query}");
        }
    }

    #[test]
    fn fields_are_texts_and_numbers() {
        let read = |value: Value| {
            let fields = [("q".to_owned(), value)].into_iter().collect();
            Parameters::of_fields(fields, KNOWN)
        };
        for (value, text) in [
            (json!("a"), Some("a")),
            (json!(2), Some("2")),
            (json!(2.0), Some("2")),
            (json!(-0.5), Some("-0.5")),
            (Value::Null, None),
        ] {
            assert_eq!(read(value.clone()).unwrap().text("q"), text, "{value}");
        }
        for value in [json!(true), json!([]), json!({})] {
            assert_eq!(read(value.clone()).unwrap_err().kind(), Kind::InvalidBody, "{value}");
        }
    }

    #[test]
    fn numbers_and_flags_are_exact() {
        for value in ["", "-1", "%2B1", "1.0", "x", "99999999999999999999"] {
            let parameters = parse(&format!("limit={value}")).unwrap();
            assert!(parameters.number::<u64>("limit", "a number").is_err(), "{value}");
        }
        for value in ["", "1", "yes", "TRUE"] {
            assert!(parse(&format!("all={value}")).unwrap().flag("all").is_err(), "{value}");
        }
    }
}
