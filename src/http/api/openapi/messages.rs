//! `/v1/messages` and `/v1/messages/{id}`, described.

use serde_json::Value;
use serde_json::json;
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::ArrayBuilder;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::Type;
use utoipa::openapi::schema::AdditionalProperties;

use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::operation::text;
use crate::http::api::openapi::parameters;
use crate::http::api::openapi::sample;
use crate::http::api::patch;
use crate::http::api::types::Changed;
use crate::http::api::types::Deleted;
use crate::http::api::types::List;
use crate::http::api::types::Summary;
use crate::http::api::types::message::Message;
use crate::http::error::Kind;

/// The tag of these operations.
pub(super) const TAG: &str = "Messages";

pub(super) fn operations() -> Vec<Operation> {
    vec![list(), change_many(), delete_many(), show(), change(), delete()]
}

fn list() -> Operation {
    Operation::new(HttpMethod::Get, "/v1/messages", "listMessages", TAG)
        .about(
            "List mails",
            "A page of the mails that are held, newest first, as summaries without bodies. The \
             parameters that select narrow each other down. `total` and `unread` count what \
             `inbox` covers, `matched` what is selected, whatever the page; where counting would \
             mean reading very much, `matched_at_least` stands in its place.",
        )
        .query(parameters::LIST)
        .tried("", "?to=ada@example.test")
        .answers(200, Answer::json::<List>("A page of mails.", sample::list()))
}

fn change_many() -> Operation {
    Operation::new(HttpMethod::Patch, "/v1/messages", "updateMessages", TAG)
        .about(
            "Mark mails",
            "Marks every mail that is selected, or every mail there is with `all=true`. Nothing \
             selected is an error, never \"everything\". Mail that comes while this runs is \
             spared.",
        )
        .query(parameters::BULK)
        .json_body::<Marks>(marks_example())
        .tried("", "?to=ada@example.test")
        .answers(
            200,
            Answer::json::<Changed>("How many are not as they were.", json!({"changed": 3})),
        )
        .refuses(&[Kind::NothingSelected])
}

fn delete_many() -> Operation {
    Operation::new(HttpMethod::Delete, "/v1/messages", "deleteMessages", TAG)
        .about(
            "Delete mails",
            "Deletes every mail that is selected, or every mail there is with `all=true`. Nothing \
             selected is an error, never \"everything\". Mail that comes while this runs is \
             spared.",
        )
        .query(parameters::BULK)
        .tried("", "?to=ada@example.test")
        .answers(200, Answer::json::<Deleted>("How many are gone.", json!({"deleted": 3})))
        .refuses(&[Kind::NothingSelected])
}

fn show() -> Operation {
    one(HttpMethod::Get, "/v1/messages/{id}", "getMessage", TAG)
        .about(
            "Get a mail",
            "The mail whole, but for its bytes: envelope, headers, text, HTML as it came, the MIME \
             tree, attachments, links, one-time codes, and what is odd about it.",
        )
        .query(&[parameters::SELECTION])
        .header("If-None-Match", IF_NONE_MATCH, text())
        .tried("", "?to=ada@example.test")
        .answers(
            200,
            Answer::json::<Message>("The mail.", sample::message())
                .leads_to(&["getSession"], "id", "$response.body#/envelope/session")
                .header("ETag", ETAG),
        )
        .answers(304, Answer::empty(NOT_MODIFIED).header("ETag", ETAG))
}

fn change() -> Operation {
    one(HttpMethod::Patch, "/v1/messages/{id}", "updateMessage", TAG)
        .about("Mark a mail", "Marks it as read or unread, and replaces its tags. GET never does.")
        .query(&[parameters::SELECTION])
        .json_body::<Marks>(marks_example())
        .answers(200, Answer::json::<Summary>("The mail as it is now.", sample::summary()))
}

fn delete() -> Operation {
    one(HttpMethod::Delete, "/v1/messages/{id}", "deleteMessage", TAG)
        .about("Delete a mail", "Deletes it, or with `until` only if it did not come later.")
        .query(&[parameters::SELECTION, parameters::DELETE_ONE])
        .answers(
            200,
            Answer::json::<Deleted>("1, or 0 when `until` spares it.", json!({"deleted": 1})),
        )
}

/// An operation on one mail.
pub(super) fn one(
    method: HttpMethod,
    path: &'static str,
    id: &'static str,
    tag: &'static str,
) -> Operation {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(ID_PATTERN)).build();
    Operation::new(method, path, id, tag)
        .in_path("id", ID_ABOUT, schema, "latest")
        .refuses(&[Kind::NoMessage])
}

/// The body of a PATCH.
#[derive(Debug)]
struct Marks;

impl PartialSchema for Marks {
    fn schema() -> RefOr<Schema> {
        let read = ObjectBuilder::new()
            .schema_type(Type::Boolean)
            .description(Some("Whether somebody has read it."));
        let tag = ObjectBuilder::new().schema_type(Type::String).pattern(Some(TAG_PATTERN));
        let tags = ArrayBuilder::new()
            .items(tag)
            .max_items(Some(patch::TAGS_MAX))
            .description(Some("Replaces all its tags. Blanks around them are dropped."));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some("What is to be changed; what is not there stays as it is."))
            .property("read", read)
            .property("tags", tags)
            .min_properties(Some(1))
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .into()
    }
}

impl ToSchema for Marks {}

fn marks_example() -> Value {
    json!({"read": true, "tags": ["seen by CI"]})
}

/// What can be asked of a mail whose id is known.
pub(super) const OF_ONE: &[&str] = &[
    "getMessage",
    "updateMessage",
    "deleteMessage",
    "getMessageRaw",
    "getMessageHtml",
    "getMessageText",
    "getMessageHeaders",
    "getMessageTranscript",
];

const ID_ABOUT: &str = "The id of a mail. `latest` stands for the newest, or for the newest of \
                        those that the query parameters select; with an id they are refused.";
const ID_PATTERN: &str = "^(latest|[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25})$";
/// Up to 64 characters that are not control characters, not blank at the ends.
const TAG_PATTERN: &str = concat!(
    r"^\s*[^\s\u0000-\u001f\u007f-\u009f]",
    r"([^\u0000-\u001f\u007f-\u009f]{0,62}[^\s\u0000-\u001f\u007f-\u009f])?\s*$"
);

pub(super) const IF_NONE_MATCH: &str =
    "An `ETag` that is known: then the answer is 304 if nothing changed.";
pub(super) const ETAG: &str = "Names this very content.";
pub(super) const NOT_MODIFIED: &str = "It is as the tag in `If-None-Match` names it.";
