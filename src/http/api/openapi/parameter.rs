//! A query parameter: what it is called, what it takes, and how that is described.

use serde_json::Value;
use serde_json::json;
use utoipa::openapi::Object;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Required;
use utoipa::openapi::SchemaFormat;
use utoipa::openapi::Type;
use utoipa::openapi::path;
use utoipa::openapi::path::ParameterBuilder;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::SchemaType;

/// A query parameter of some resource. In a JSON body, a field of the same name.
#[derive(Debug)]
pub(in crate::http::api) struct Parameter {
    /// As it stands in the query string.
    pub(in crate::http::api) name: &'static str,
    /// What it means, in sentences.
    pub(super) about: &'static str,
    pub(super) takes: Takes,
    pub(super) example: Option<&'static str>,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A query of the language of searches.
    Query {
        may_be_blank: bool,
    },
    /// A text that is not empty; with a limit also not blank.
    Text {
        chars_max: Option<usize>,
    },
    /// One address with or without a name, or nothing.
    Mailbox,
    /// Several of them, separated by commas; one at the least.
    Mailboxes,
    /// A cursor of this run of the server.
    Cursor,
    /// A number and a unit, or 0.
    Duration {
        default: Option<&'static str>,
    },
    Number {
        minimum: usize,
        maximum: usize,
        default: Option<usize>,
    },
    Flag,
    /// A flag that may stand there without a value.
    BareFlag,
    /// One of these; the first when it is not given.
    Choice(&'static [&'static str]),
}

impl Parameter {
    /// As a parameter of a query string.
    pub(super) fn in_query(&self) -> path::Parameter {
        let described = ParameterBuilder::new()
            .name(self.name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some(self.about))
            .example(self.example.map(|example| self.takes.value(example)))
            .schema(Some(self.takes.schema()));
        described.build()
    }

    /// As a field of a JSON object. There a number may stand for the text of it, and the other way
    /// round; null is as if it were not given.
    pub(super) fn in_json(&self) -> Object {
        let mut field = self.takes.schema();
        let types = match self.takes {
            Takes::Number { .. } => {
                field.pattern = Some(COUNT_PATTERN.to_owned());
                vec![Type::Integer, Type::String, Type::Null]
            }
            Takes::Duration { .. } => {
                (field.minimum, field.maximum) = (Some(0.into()), Some(0.into()));
                vec![Type::String, Type::Integer, Type::Null]
            }
            Takes::Query { .. } | Takes::Text { .. } => {
                vec![Type::String, Type::Number, Type::Null]
            }
            _ => vec![Type::String, Type::Null],
        };
        field.schema_type = SchemaType::Array(types);
        field.description = Some(self.about.to_owned());
        field
    }
}

impl Takes {
    fn schema(self) -> Object {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let named = |format: &str| text().format(Some(SchemaFormat::Custom(format.to_owned())));
        let described = match self {
            Self::Query { may_be_blank: true } => named(QUERY),
            Self::Query { may_be_blank: false } => named(QUERY).pattern(Some(NOT_BLANK)),
            Self::Text { chars_max: None } => text().min_length(Some(1)),
            Self::Text { chars_max } => {
                text().min_length(Some(1)).max_length(chars_max).pattern(Some(NOT_BLANK))
            }
            Self::Mailbox => named(MAILBOX),
            Self::Mailboxes => named(MAILBOXES).min_length(Some(1)),
            Self::Cursor => named(CURSOR).pattern(Some(CURSOR_PATTERN)),
            Self::Duration { default } => {
                named(DURATION).pattern(Some(DURATION_PATTERN)).default(default.map(Value::from))
            }
            Self::Number { minimum, maximum, default } => ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(minimum))
                .maximum(Some(maximum))
                .default(default.map(Value::from)),
            Self::Flag => {
                ObjectBuilder::new().schema_type(Type::Boolean).default(Some(Value::Bool(false)))
            }
            Self::BareFlag => {
                text().enum_values(Some(["true", "false", ""])).default(Some("false".into()))
            }
            Self::Choice(words) => text()
                .enum_values(Some(words.iter().copied()))
                .default(words.first().copied().map(Value::from)),
        };
        described.build()
    }

    /// A value as the schema has it.
    fn value(self, text: &str) -> Value {
        match self {
            Self::Number { .. } => text.parse::<u64>().map_or(json!(text), Value::from),
            Self::Flag => json!(text == "true"),
            _ => json!(text),
        }
    }
}

/// Formats of our own, for clients that make or check values. What they mean is in the
/// description of the document.
pub(super) const QUERY: &str = "restante-query";
pub(super) const MAILBOX: &str = "restante-mailbox";
pub(super) const MAILBOXES: &str = "restante-mailboxes";
pub(super) const CURSOR: &str = "restante-cursor";
pub(super) const DURATION: &str = "restante-duration";

/// Something that is no white space of Unicode. What `\s` means differs between validators.
const NOT_BLANK: &str = concat!(
    r"[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a",
    r"\u2028\u2029\u202f\u205f\u3000]"
);
/// The numbers from 1 to 500, as texts: the only ones that a JSON body takes.
const COUNT_PATTERN: &str = "^([1-9][0-9]?|[1-4][0-9][0-9]|500)$";
const CURSOR_PATTERN: &str = "^[0-9a-f]+\\.[0-9]+$";
const DURATION_PATTERN: &str = "^(0|[0-9]+(ms|s|m|h))$";
