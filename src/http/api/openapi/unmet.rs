//! What a wait answers when what was expected did not come true: a refusal with an explanation.

use serde_json::Value;
use serde_json::json;
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::AllOf;
use utoipa::openapi::AllOfBuilder;
use utoipa::openapi::Array;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::Type;

use crate::http::api::types::expect::Hint;
use crate::http::api::types::expect::Nearest;
use crate::http::api::types::session::Session;
use crate::http::error::Kind;
use crate::http::error::Problem;

/// A refusal of a wait.
#[derive(Debug)]
pub(super) struct Unmet;

impl PartialSchema for Unmet {
    fn schema() -> RefOr<Schema> {
        Schema::from(described()).into()
    }
}

impl ToSchema for Unmet {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in [
            (Nearest::name(), Nearest::schema()),
            (Hint::name(), Hint::schema()),
            (Session::name(), Session::schema()),
        ] {
            schemas.push((name.into_owned(), schema));
        }
        Nearest::schemas(schemas);
        Hint::schemas(schemas);
        Session::schemas(schemas);
    }
}

fn described() -> AllOf {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let count = || ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
    let list = |name: &str, about: &str| {
        let mut list = Array::new(Ref::from_schema_name(name));
        list.description = Some(about.to_owned());
        list
    };
    let mut ids = Array::new(text());
    ids.description = Some("The ids of the newest of them.".to_owned());
    let members = [
        ("expected", text().description(Some("What was expected, in words.")).into()),
        ("matched", count().description(Some("How many mails matched.")).into()),
        ("matched_at_least", count().description(Some(AT_LEAST)).into()),
        ("matching", RefOr::from(Schema::from(ids))),
        (
            "seen",
            count()
                .description(Some(
                    "How many mails there were to look at: those held that came after `since`, in \
                     the inbox.",
                ))
                .into(),
        ),
        ("nearest", Schema::from(list("Nearest", NEAREST)).into()),
        ("hints", Schema::from(list("Hint", HINTS)).into()),
        ("sessions", Schema::from(list("Session", SESSIONS)).into()),
        ("cursor", text().description(Some("Up to where mail was looked at.")).into()),
    ];
    let mut object = ObjectBuilder::new().schema_type(Type::Object);
    for (name, schema) in members {
        object = object.property(name, schema);
        // Of the two, the one that could be counted is there.
        if !name.starts_with("matched") {
            object = object.required(name);
        }
    }
    AllOfBuilder::new()
        .description(Some("A wait that did not come true, and why."))
        .item(Ref::from_schema_name("Problem"))
        .item(object)
        .build()
}

/// An example of each kind.
pub(super) fn example(kind: Kind) -> Value {
    let (detail, matched) = match kind {
        Kind::TooMany => {
            ("2 mails to bob@x.test with subject containing \"Welcome\", not exactly 1.", 2)
        }
        Kind::HistoryLost => (
            "Mail that came after the cursor made room for newer mail before this wait could look \
             at it, so that nobody can tell how many there were. Start restante with a larger \
             --store-size, or take the cursor later.",
            0,
        ),
        _ => (
            "No mail to bob@x.test with subject containing \"Welcome\" within 10 s. 3 mails \
             arrived since the cursor; nearest: 01JD9Z3V0M8Q4T7W2X5Y6A7B8C to bob@x.test, subject \
             \"Welcom to Acme\" (1 letter off).",
            0,
        ),
    };
    let matching = match kind {
        Kind::TooMany => json!(["01JD9Z3V0M8Q4T7W2X5Y6A7B8E", "01JD9Z3V0M8Q4T7W2X5Y6A7B8C"]),
        _ => json!([]),
    };
    let nearest = match kind {
        Kind::NoMatch => json!([{
            "id": "01JD9Z3V0M8Q4T7W2X5Y6A7B8C",
            "subject": "Welcom to Acme",
            "to": ["bob@x.test"],
            "terms": [
                {
                    "term": "to:bob@x.test",
                    "holds": true,
                    "had": ["bob@x.test"],
                    "letters_off": null,
                },
                {
                    "term": "subject:Welcome",
                    "holds": false,
                    "had": ["Welcom to Acme"],
                    "letters_off": 1,
                },
            ],
        }]),
        _ => json!([]),
    };
    let problem = Problem::new(kind, detail)
        .with("expected", "a mail to bob@x.test with subject containing \"Welcome\" within 10 s")
        .with("matched", matched)
        .with("matching", matching)
        .with("seen", 3)
        .with("nearest", nearest)
        .with("hints", json!([]))
        .with("sessions", json!([]))
        .with("cursor", "193ab0.42");
    super::problems::value(&problem)
}

const AT_LEAST: &str = "In place of `matched`, where counting those held would take long.";
const NEAREST: &str = "With `no-match`, up to three of them that come nearest.";
const HINTS: &str = "With `no-match`, mistakes that were probably made.";
const SESSIONS: &str = "Up to five SMTP sessions that failed since the cursor, or without one \
                        since a minute before the wait, newest first.";
