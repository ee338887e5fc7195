//! What a mail is read in, described: its bytes, its HTML, its text, its header, its parts, and
//! the transcript of how it came.

use serde_json::json;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Type;

use crate::http::api::openapi::messages;
use crate::http::api::openapi::messages::ETAG;
use crate::http::api::openapi::messages::IF_NONE_MATCH;
use crate::http::api::openapi::messages::NOT_MODIFIED;
use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::operation::text;
use crate::http::api::openapi::parameters;
use crate::http::api::openapi::sample;
use crate::http::api::openapi::sessions::TRANSCRIPT_TEXT;
use crate::http::api::openapi::sessions::transcript_example;
use crate::http::api::types::Header;
use crate::http::api::types::session::MailTranscript;
use crate::http::error::Kind;

/// The tag of these operations.
pub(super) const TAG: &str = "Contents";

pub(super) fn operations() -> Vec<Operation> {
    vec![raw(), html(), plain(), headers(), part(), transcript()]
}

fn raw() -> Operation {
    let whole = Answer::bytes("The bytes.", "message/rfc822")
        .header("Content-Disposition", "Saves it as `<id>.eml`.");
    ranged(
        get("/v1/messages/{id}/raw", "getMessageRaw").about(
            "Get the exact bytes",
            "The bytes between DATA and the final dot, un-stuffed and otherwise untouched. Nothing \
             is added, rewritten or dropped.",
        )
        .tried(" -OJ", ""),
        whole,
        Answer::bytes("The bytes asked for.", "message/rfc822"),
    )
}

fn html() -> Operation {
    get("/v1/messages/{id}/html", "getMessageHtml")
        .about(
            "Get the HTML, made safe",
            "The HTML as a page of its own that can do nothing: no scripts, no forms, and without \
             `remote=true` nothing from elsewhere. Its pictures come from the parts of the mail. \
             As it was sent it stands in `html` of the mail.",
        )
        .query(&[parameters::HTML])
        .answers(
            200,
            Answer::text("The page.", HTML, "<!doctype html>…")
                .header("ETag", ETAG)
                .header("Content-Security-Policy", "What keeps the page in its box."),
        )
        .answers(304, Answer::empty(NOT_MODIFIED))
        .refuses(&[Kind::NoPart])
}

fn plain() -> Operation {
    get("/v1/messages/{id}/text", "getMessageText")
        .about(
            "Get the text",
            "Its plain text, or text made from its HTML, of each the first 1 MiB; empty when it \
             has neither.",
        )
        .answers(
            200,
            Answer::text("The text.", TEXT, "Welcome, Ada!\n\nYour confirmation code is 482913.")
                .header("ETag", ETAG),
        )
        .answers(304, Answer::empty(NOT_MODIFIED))
}

fn headers() -> Operation {
    get("/v1/messages/{id}/headers", "getMessageHeaders")
        .about("Get the headers", "All fields of the header in order, decoded, repeated ones kept.")
        .answers(
            200,
            Answer::json_list::<Header>("The fields.", sample::headers()).header("ETag", ETAG),
        )
        .answers(304, Answer::empty(NOT_MODIFIED))
}

fn part() -> Operation {
    let path = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).build();
    let operation = get("/v1/messages/{id}/parts/{path}", "getMessagePart")
        .about(
            "Get a part",
            "The decoded bytes of a part. Pictures, sounds and films come under their own type; \
             what a browser would run (HTML, XML, scripts) comes as `text/plain`; other files are \
             saved, not shown.",
        )
        .in_path(
            "path",
            "The number of the part, as IMAP counts: `1`, `1.2`, `2.1` inside a nested mail, \
             `2.TEXT`, `2.HEADER`.",
            path,
            "1",
        )
        .refuses(&[Kind::NoPart]);
    let whole = Answer::bytes("The bytes.", "*/*").header(
        "Content-Disposition",
        "Whether it is shown or saved, and the name it was sent with.",
    );
    ranged(operation, whole, Answer::bytes("The bytes asked for.", "*/*"))
}

fn transcript() -> Operation {
    get("/v1/messages/{id}/transcript", "getMessageTranscript")
        .about(
            "Get the transcript",
            "What client and server said when it was sent: how the session began, and the mail's \
             own part. Secrets are masked. With `Accept: text/plain` it is text for people.",
        )
        .tried(" -H 'Accept: text/plain'", "")
        .answers(
            200,
            Answer::json::<MailTranscript>(
                "What was said.",
                json!({"session": "381", "transcript": transcript_example()}),
            )
            .or_text(TEXT, TRANSCRIPT_TEXT)
            .header("ETag", ETAG),
        )
        .answers(304, Answer::empty(NOT_MODIFIED))
}

/// A GET about one mail that knows tags.
fn get(path: &'static str, id: &'static str) -> Operation {
    messages::one(HttpMethod::Get, path, id, TAG).query(&[parameters::SELECTION]).header(
        "If-None-Match",
        IF_NONE_MATCH,
        text(),
    )
}

/// What can be asked for in pieces.
fn ranged(operation: Operation, whole: Answer, piece: Answer) -> Operation {
    operation
        .header(
            "Range",
            "One range of bytes, such as `bytes=0-1023`. Several are answered whole.",
            text(),
        )
        .header("If-Range", "An `ETag`: the range is meant only if nothing changed.", text())
        .answers(
            200,
            whole
                .header("ETag", ETAG)
                .header("Accept-Ranges", "`bytes`.")
                .header("Cache-Control", "By its id, a mail never changes: it may be kept."),
        )
        .answers(206, piece.header("Content-Range", "Which of how many, as `bytes 0-1023/4096`."))
        .answers(304, Answer::empty(NOT_MODIFIED))
        .refuses(&[Kind::RangeNotSatisfiable])
}

pub(super) const TEXT: &str = "text/plain; charset=utf-8";
pub(super) const HTML: &str = "text/html; charset=utf-8";
