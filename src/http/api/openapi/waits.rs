//! Waiting for mail, cursors and events, described.

use serde_json::json;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::SchemaFormat;
use utoipa::openapi::Type;

use crate::http::api::openapi::messages;
use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::parameter;
use crate::http::api::openapi::parameters;
use crate::http::api::openapi::sample;
use crate::http::api::openapi::unmet::Unmet;
use crate::http::api::types::Now;
use crate::http::api::types::event::ClearedEvent;
use crate::http::api::types::event::GoneEvent;
use crate::http::api::types::event::MailEvent;
use crate::http::api::types::event::ResetEvent;
use crate::http::api::types::event::SessionEvent;
use crate::http::api::types::expect::Expected;
use crate::http::error::Kind;

/// The tag of these operations.
pub(super) const TAG: &str = "Waiting";

pub(super) fn operations() -> Vec<Operation> {
    vec![expect(), expect_json(), cursor(), events()]
}

fn expect() -> Operation {
    waiting(
        Operation::new(HttpMethod::Get, "/v1/expect", "expectMessages", TAG)
            .about("Wait for mail", EXPECT)
            .query(parameters::EXPECT)
            .tried(" --fail-with-body", "?to=ada@example.test&subject=Welcome"),
    )
}

fn expect_json() -> Operation {
    let example = json!({
        "to": "ada@example.test",
        "subject": "Welcome",
        "within": "10s",
    });
    waiting(
        Operation::new(HttpMethod::Post, "/v1/expect", "expectMessagesByBody", TAG)
            .about("Wait for mail, asked in JSON", EXPECT)
            .json_fields(parameters::EXPECT, example)
            .tried(" --fail-with-body", ""),
    )
}

fn waiting(operation: Operation) -> Operation {
    let met = Answer::json::<Expected>("What was expected came true.", sample::expected())
        .leads_to(messages::OF_ONE, "id", "$response.body#/messages/0/id")
        .naming::<Unmet>();
    operation.answers(200, met).refuses(&[
        Kind::NoMatch,
        Kind::TooMany,
        Kind::HistoryLost,
        Kind::Stopping,
    ])
}

fn cursor() -> Operation {
    Operation::new(HttpMethod::Get, "/v1/cursor", "getCursor", TAG)
        .about(
            "Take a cursor",
            "The present moment. Take it, let your application act, then wait with `since`: what \
             came before does not count, and what came meanwhile is not missed.",
        )
        .answers(
            200,
            Answer::json::<Now>("A cursor.", json!({"cursor": sample::CURSOR})).leads_to(
                &["expectMessages", "listSessions"],
                "since",
                "$response.body#/cursor",
            ),
        )
}

fn events() -> Operation {
    let last = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom(parameter::CURSOR.to_owned())))
        .build();
    let frame = format!("id: {}\nevent: message\ndata: {}\n\n", sample::CURSOR, sample::event());
    Operation::new(HttpMethod::Get, "/v1/events", "streamEvents", TAG)
        .about("Stream every change", EVENTS)
        .query(&[parameters::SELECTION])
        .header(
            "Last-Event-ID",
            "The `id` of the last event that was seen: the stream goes on behind it, or says \
             `reset` when the log no longer reaches back so far.",
            last,
        )
        .tried(" -N", "")
        .answers(
            200,
            Answer::text("The stream. It does not end.", "text/event-stream", &frame)
                .naming::<MailEvent>()
                .naming::<GoneEvent>()
                .naming::<ClearedEvent>()
                .naming::<SessionEvent>()
                .naming::<ResetEvent>(),
        )
        .refuses(&[Kind::TooBusy])
}

const EXPECT: &str = include_str!("expect.md");
const EVENTS: &str = include_str!("events.md");
