//! Inboxes and SMTP sessions, described.

use serde_json::Value;
use serde_json::json;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Type;

use crate::http::api::openapi::contents::TEXT;
use crate::http::api::openapi::messages::ETAG;
use crate::http::api::openapi::messages::IF_NONE_MATCH;
use crate::http::api::openapi::messages::NOT_MODIFIED;
use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::operation::text;
use crate::http::api::openapi::parameters;
use crate::http::api::openapi::sample;
use crate::http::api::types::inbox::Inbox;
use crate::http::api::types::session::SessionList;
use crate::http::api::types::session::SessionWhole;
use crate::http::error::Kind;

/// The tag of these operations.
pub(super) const TAG: &str = "Inboxes and sessions";

pub(super) fn operations() -> Vec<Operation> {
    vec![inboxes(), list(), show()]
}

fn inboxes() -> Operation {
    let example = json!([{
        "name": "default",
        "total": 1_146,
        "unread": 4,
        "size": 9_120_331,
        "last_received_at": "2026-11-22T13:03:27.439125Z",
    }]);
    Operation::new(HttpMethod::Get, "/v1/inboxes", "listInboxes", TAG)
        .about(
            "List inboxes",
            "Every inbox that holds something, by name. None has to be set up, and one that is \
             empty is not there. A mail in two inboxes counts in both.",
        )
        .answers(200, Answer::json_list::<Inbox>("All of them.", example))
}

fn list() -> Operation {
    let example = json!({
        "sessions": [session_example()],
        "total": 12,
        "cursor": sample::CURSOR,
        "next": null,
    });
    Operation::new(HttpMethod::Get, "/v1/sessions", "listSessions", TAG)
        .about(
            "List SMTP sessions",
            "Sessions of late, newest first, also those that delivered nothing: why a mail did not \
             come. The latest 2,000 are kept.",
        )
        .query(parameters::SESSIONS)
        .tried("", "?failed")
        .answers(200, Answer::json::<SessionList>("A page of sessions.", example))
}

fn show() -> Operation {
    let mut example = session_example();
    example["transcript"] = transcript_example();
    let id = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9]+$")).build();
    Operation::new(HttpMethod::Get, "/v1/sessions/{id}", "getSession", TAG)
        .in_path("id", "Its number: sessions are counted from 1.", id, "381")
        .about(
            "Get an SMTP session",
            "A session with all that was said in it, also while it goes on. Secrets are masked. \
             With `Accept: text/plain` it is text for people.",
        )
        .header("If-None-Match", IF_NONE_MATCH, text())
        .tried(" -H 'Accept: text/plain'", "")
        .answers(
            200,
            Answer::json::<SessionWhole>("The session.", example)
                .or_text(TEXT, TRANSCRIPT_TEXT)
                .header("ETag", ETAG),
        )
        .answers(304, Answer::empty(NOT_MODIFIED))
        .refuses(&[Kind::NoSession])
}

/// A session whose mail was refused.
pub(super) fn session_example() -> Value {
    json!({
        "id": "381",
        "opened_at": "2026-11-22T13:03:27.436012Z",
        "closed_at": "2026-11-22T13:03:27.441230Z",
        "protocol": "smtp",
        "peer": "127.0.0.1:53114",
        "listener": "127.0.0.1:1025",
        "helo": "app.test",
        "tls": null,
        "auth": null,
        "outcome": "failed",
        "mail_count": 0,
        "error_count": 1,
        "last_error": {
            "at": "2026-11-22T13:03:27.438420Z",
            "command": "RCPT TO:<ada@>",
            "reply": "501 5.1.3 There is no domain behind the @",
        },
        "messages": [],
    })
}

pub(super) fn transcript_example() -> Value {
    let line = |at: &str, ms: f64, from: &str, text: &str| {
        let at = format!("2026-11-22T13:03:27.{at}Z");
        json!({"at": at, "ms": ms, "from": from, "text": text})
    };
    json!([
        line("436112", 0.1, "server", "220 restante ESMTP"),
        line("437012", 1.0, "client", "EHLO app.test"),
        line("437112", 1.1, "server", "250-restante\n250 8BITMIME"),
    ])
}

pub(super) const TRANSCRIPT_TEXT: &str = "     0.100 S: 220 restante ESMTP\n     1.000 C: EHLO \
                                          app.test\n";
