//! The marks in the body of a PATCH, checked.

use axum::extract::FromRequest;
use axum::extract::Request;
use serde_json::Map;
use serde_json::Value;

use crate::http::api::Api;
use crate::http::api::json_object::JsonObject;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::spelling;
use crate::store::entry::Marks;

/// What is to be changed about a mail; what is None stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Patch {
    read: Option<bool>,
    /// Replaces all tags.
    tags: Option<Vec<Box<str>>>,
}

impl Patch {
    /// These marks, changed.
    pub(super) fn apply(&self, marks: &Marks) -> Marks {
        let tags = match &self.tags {
            None => marks.tags.clone(),
            Some(tags) if tags.is_empty() => None,
            Some(tags) => Some(tags.iter().cloned().collect()),
        };
        Marks { read: self.read.unwrap_or(marks.read), tags }
    }

    fn of_fields(fields: Map<String, Value>) -> Result<Self, Problem> {
        let mut patch = Self::default();
        if fields.is_empty() {
            return Err(invalid_body(EXAMPLE));
        }
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("read", Value::Bool(read)) => patch.read = Some(read),
                ("read", _) => return Err(invalid("read", "\"read\" takes true or false.")),
                ("tags", Value::Array(tags)) => patch.tags = Some(self::tags(tags)?),
                ("tags", _) => return Err(invalid("tags", "\"tags\" takes a list of texts.")),
                (name, _) => {
                    let shown: String = name.chars().take(NAME_CHARS_SHOWN).collect();
                    let hint = spelling::hint(name, &["read", "tags"]);
                    return Err(invalid(&shown, format!("A mail has no mark \"{shown}\".{hint}")));
                }
            }
        }
        Ok(patch)
    }
}

impl FromRequest<Api> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let JsonObject(fields) = JsonObject::from_request(request, api).await?;
        Self::of_fields(fields)
    }
}

/// Trimmed, each once, in the order given.
fn tags(values: Vec<Value>) -> Result<Vec<Box<str>>, Problem> {
    if values.len() > TAGS_MAX {
        return Err(invalid("tags", format!("A mail has up to {TAGS_MAX} tags.")));
    }
    let mut tags: Vec<Box<str>> = Vec::new();
    for value in values {
        let Value::String(text) = value else {
            return Err(invalid("tags", "A tag is a text."));
        };
        let tag = text.trim();
        if tag.is_empty() || tag.chars().any(char::is_control) {
            return Err(invalid("tags", "A tag is neither blank nor does it hold line ends."));
        }
        if tag.chars().nth(TAG_CHARS_MAX).is_some() {
            return Err(invalid("tags", format!("A tag has up to {TAG_CHARS_MAX} characters.")));
        }
        if tags.iter().any(|known| **known == *tag) {
            continue;
        }
        tags.push(tag.into());
    }
    Ok(tags)
}

fn invalid(field: &str, detail: impl Into<String>) -> Problem {
    invalid_body(detail).with("field", field)
}

fn invalid_body(detail: impl Into<String>) -> Problem {
    Problem::new(Kind::InvalidBody, detail)
}

const EXAMPLE: &str =
    "The body is a JSON object of marks, such as {\"read\":true,\"tags\":[\"a\"]}.";
const NAME_CHARS_SHOWN: usize = 100;
/// Tags of a mail. Refuses more.
pub(super) const TAGS_MAX: usize = 20;
/// Characters of a tag. Refuses longer ones.
const TAG_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Patch, Problem> {
        JsonObject::parse(json.as_bytes()).and_then(|JsonObject(fields)| Patch::of_fields(fields))
    }

    #[test]
    fn marks_are_replaced_where_given() {
        let tagged = Marks { read: false, tags: Some(["a".into()].into()) };
        let read = parse(r#"{"read":true}"#).unwrap().apply(&tagged);
        assert_eq!((read.read, read.tags()), (true, tagged.tags()));
        let patch = parse(r#"{"tags":[" b ","c","b"]}"#).unwrap();
        assert_eq!(patch.apply(&tagged).tags(), ["b".into(), "c".into()]);
        assert_eq!(parse(r#"{"tags":[]}"#).unwrap().apply(&tagged).tags, None);
    }

    #[test]
    fn what_is_no_mark_is_refused() {
        for json in [
            "",
            "x",
            "[]",
            "null",
            "{}",
            r#"{"reed":true}"#,
            r#"{"read":1}"#,
            r#"{"read":null}"#,
            r#"{"tags":"a"}"#,
            r#"{"tags":[1]}"#,
            r#"{"tags":[" "]}"#,
            r#"{"tags":["a\nb"]}"#,
            r#"{"read":true} x"#,
        ] {
            assert_eq!(parse(json).unwrap_err().kind(), Kind::InvalidBody, "{json}");
        }
    }

    #[test]
    fn tags_are_bounded() {
        for (length, is_taken) in [(63, true), (64, true), (65, false)] {
            let json = format!(r#"{{"tags":["{}"]}}"#, "é".repeat(length));
            assert_eq!(parse(&json).is_ok(), is_taken, "{length}");
        }
        for (count, is_taken) in [(19, true), (20, true), (21, false)] {
            let tags: Vec<String> = (0..count).map(|number| format!("\"{number}\"")).collect();
            let json = format!(r#"{{"tags":[{}]}}"#, tags.join(","));
            assert_eq!(parse(&json).is_ok(), is_taken, "{count}");
        }
        let json = format!(r#"{{"tags":[{}]}}"#, ["\"a\""; 21].join(","));
        assert!(parse(&json).is_err(), "also when some are the same");
    }
}
