//! `/v1/sessions` and the transcripts of mails: what was said over SMTP, also where no mail came
//! of it.

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use axum::response::Response;

use crate::dialogue::record::Record;
use crate::http::api::Api;
use crate::http::api::list;
use crate::http::api::mail::Mail;
use crate::http::api::openapi::parameters as known;
use crate::http::api::selection;
use crate::http::api::types::session::Line;
use crate::http::api::types::session::MailTranscript;
use crate::http::api::types::session::Session;
use crate::http::api::types::session::SessionList;
use crate::http::api::types::session::SessionWhole;
use crate::http::api::types::session::as_text;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::content::Asked;
use crate::http::content::Content;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters;
use crate::http::parameters::Parameters;

/// `GET /v1/sessions`: a page of the sessions of late.
pub(super) async fn list(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::parse(query.as_deref(), &known::names(known::SESSIONS))?;
    let limit = list::limit(&parameters)?;
    let before = parameters.number("before", "the id of a session")?.unwrap_or(u64::MAX);
    let failed = parameters.text("failed") == Some("") || parameters.flag("failed")?;
    let since = match parameters.text("since") {
        Some(_) => Some(selection::cursor(&api, &parameters, "since")?),
        None => None,
    };
    // Taken first: a session that ends meanwhile is later than it.
    let cursor = api.context.store.cursor();
    let mut records = api.context.store.sessions().newest_first();
    records.retain(|record| {
        let is_later =
            since.is_none_or(|since| matches!(record.ended(), 0) || record.ended() > since);
        is_later && (!failed || record.has_failed())
    });
    let total = records.len();
    let mut page = records.iter().filter(|record| record.number < before);
    let sessions: Vec<Session> =
        page.by_ref().take(limit).map(|record| Session::of(record)).collect();
    let last = sessions.last().filter(|_| page.next().is_some()).map(|session| session.id.clone());
    let next = last.map(|last| {
        let mut query = parameters.without(&["before"]);
        parameters::append(&mut query, "before", last);
        format!("{}/v1/sessions{query}", api.base_path)
    });
    let list = SessionList { sessions, total, cursor: cursor.to_string(), next };
    Ok(with_cursor(content::json(&list), cursor))
}

/// `GET /v1/sessions/{id}`: a session with all that was said in it.
pub(super) async fn show(
    State(api): State<Api>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let record = by_id(&api, &id)?;
    let wants_text = wants_text(&headers);
    let asked = Asked::new(method, headers);
    let bytes = READING_WORK * record.said().0.size_bytes();
    let content = move || {
        let (said, _) = record.said();
        let lines: Vec<Line> = said.lines().into_iter().map(|l| Line::of(&record, l)).collect();
        if wants_text {
            return text(&lines);
        }
        let whole = SessionWhole { session: Session::of(&record), transcript: lines };
        json(&whole)
    };
    Ok(api.work.on_bytes(bytes, content).await.answer(&asked))
}

/// `GET /v1/messages/{id}/transcript`: how a mail's session began, and the mail's own part.
pub(super) async fn of_mail(mail: Mail, headers: HeaderMap) -> Response {
    let entry = &mail.held.entry;
    let record = entry.session.record.clone();
    let mut lines = Vec::new();
    if let Some(record) = &record {
        let (said, first_mail) = record.said();
        let start = entry.said.start;
        let said = said.lines_of_mail(first_mail.unwrap_or(start), start);
        lines.extend(said.into_iter().map(|line| Line::of(record, line)));
    }
    let content = if wants_text(&headers) {
        text(&lines)
    } else {
        let session = record.map(|record| record.number.to_string());
        json(&MailTranscript { session, transcript: lines })
    };
    content.answer(&mail.asked)
}

fn by_id(api: &Api, id: &str) -> Result<Arc<Record>, Problem> {
    let digits = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| id.parse().ok()).flatten();
    number.and_then(|number| api.context.store.sessions().by_number(number)).ok_or_else(|| {
        let shown: String = id.chars().take(ID_CHARS_SHOWN).collect();
        let detail = if digits {
            format!("There is no session {shown}, or no longer: only those of late are kept.")
        } else {
            format!("There is no session \"{shown}\": its id is a number, such as 381.")
        };
        Problem::new(Kind::NoSession, detail)
    })
}

fn json(value: &impl serde::Serialize) -> Content {
    tagged(Content::new(content::to_json(value), "application/json"))
}

fn text(lines: &[Line]) -> Content {
    tagged(Content::new(as_text(lines), "text/plain; charset=utf-8"))
}

/// An open session says more each time: its tag is made of what it says.
fn tagged(content: Content) -> Content {
    content.tagged_by_content().with(header::VARY, HeaderValue::from_static("accept"))
}

/// Whether the client would rather have text: it names it and not JSON.
fn wants_text(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accept = accept.collect::<Vec<_>>().join(",");
    accept.contains("text/plain") && !accept.contains("application/json")
}

const ID_CHARS_SHOWN: usize = 40;

/// Reading a transcript takes about this many times what reading a mail takes: it is packed.
const READING_WORK: usize = 16;
