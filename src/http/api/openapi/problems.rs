//! The refusals: what each kind means, and an example of each, as the server words it.

use serde_json::Value;
use serde_json::json;
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::HeaderBuilder;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::Response;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::SchemaFormat;
use utoipa::openapi::Type;
use utoipa::openapi::example::Example;
use utoipa::openapi::example::ExampleBuilder;

use crate::http::api::openapi::unmet;
use crate::http::error::Kind;
use crate::http::error::Problem;

/// The answers for these kinds, one for each status, in the order of statuses.
pub(super) fn answers(kinds: &[Kind]) -> Vec<(String, Response)> {
    let mut statuses: Vec<u16> = kinds.iter().map(|kind| kind.status().as_u16()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    let answer = |status: u16| {
        let meant = |kind: &&Kind| kind.status().as_u16() == status;
        (status.to_string(), answer(&kinds.iter().filter(meant).copied().collect::<Vec<_>>()))
    };
    statuses.into_iter().map(answer).collect()
}

fn answer(kinds: &[Kind]) -> Response {
    let lines: Vec<String> =
        kinds.iter().map(|kind| format!("- `{}`: {}", kind.uri(), meaning(*kind))).collect();
    let examples = kinds.iter().map(|kind| {
        let example = Ref::new(format!("#/components/examples/{}", name(*kind)));
        (name(*kind), RefOr::<Example>::Ref(example))
    });
    let is_wait = |kind: &Kind| matches!(kind, Kind::NoMatch | Kind::TooMany | Kind::HistoryLost);
    let schema = if kinds.iter().any(is_wait) { "Unmet" } else { "Problem" };
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(schema)))
        .examples_from_iter(examples)
        .build();
    let mut response =
        ResponseBuilder::new().description(lines.join("\n")).content(MEDIA_TYPE, content);
    if kinds.contains(&Kind::RangeNotSatisfiable) {
        let size = ObjectBuilder::new().schema_type(Type::String).build();
        let header = HeaderBuilder::new()
            .schema(Some(size))
            .description(Some("How many bytes there are, as `bytes */4096`."));
        response = response.header("Content-Range", header.build());
    }
    response.build()
}

/// An example of each kind, by the names that answers refer to.
pub(super) fn examples() -> Vec<(String, Example)> {
    let one = |kind: Kind| {
        let example = ExampleBuilder::new().summary(meaning(kind)).value(Some(example(kind)));
        (name(kind), example.build())
    };
    Kind::ALL.into_iter().map(one).collect()
}

/// The last part of its `type`.
fn name(kind: Kind) -> String {
    kind.uri().trim_start_matches("/problems/").to_owned()
}

/// The schema of every refusal.
pub(super) fn schema() -> ObjectBuilder {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let status =
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(400)).maximum(Some(599));
    let column = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("A refusal, as RFC 9457 has it."))
        .property(
            "type",
            text()
                .format(Some(SchemaFormat::Custom("uri-reference".to_owned())))
                .enum_values(Some(Kind::ALL.map(Kind::uri)))
                .description(Some("Which kind of refusal. Stable: tell them apart by this.")),
        )
        .property(
            "detail",
            text()
                .max_length(Some(899))
                .description(Some("What was wrong with this request, and what would be right.")),
        )
        .property("title", text().description(Some("The status in words.")))
        .property("status", status.description(Some("The status.")))
        .property("parameter", text().description(Some("The query parameter that is wrong.")))
        .property("field", text().description(Some("The field of the body that is wrong.")))
        .property(
            "column",
            column.description(Some("Where a query stops to parse: a character, counted from 1.")),
        )
        .property("host", text().description(Some("The host that is not answered to.")))
        .required("type")
        .required("detail")
        .required("title")
        .required("status")
}

/// When a refusal of this kind is the answer.
fn meaning(kind: Kind) -> &'static str {
    words(kind).0
}

fn example(kind: Kind) -> Value {
    if matches!(kind, Kind::NoMatch | Kind::TooMany | Kind::HistoryLost) {
        return unmet::example(kind);
    }
    let problem = Problem::new(kind, words(kind).1);
    value(&match kind {
        Kind::UnknownParameter => problem.with("parameter", "limt"),
        Kind::InvalidParameter => problem.with("parameter", "limit"),
        Kind::InvalidQuery => problem.with("parameter", "q").with("column", 9),
        Kind::InvalidBody => problem.with("field", "wihtin"),
        Kind::HostNotAllowed => problem.with("host", "mail.example.com"),
        Kind::CursorExpired => problem.with("parameter", "since"),
        _ => problem,
    })
}

/// When it is the answer, and a detail as the server words it.
fn words(kind: Kind) -> (&'static str, &'static str) {
    let found = WORDS.iter().find(|(named, ..)| *named == kind);
    found.map_or_else(Default::default, |&(_, meaning, detail)| (meaning, detail))
}

/// The members of a refusal, in the order the server writes them.
pub(super) fn value(problem: &Problem) -> Value {
    serde_json::from_str(&problem.json()).unwrap_or(json!({}))
}

pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// Of each kind: when it is the answer, and a detail as the server words it.
/// A wait explains itself.
const WORDS: [(Kind, &str, &str); 26] = [
    (
        Kind::UnknownParameter,
        "the resource has no such query parameter",
        "This resource has no parameter \"limt\". Did you mean \"limit\"?",
    ),
    (
        Kind::InvalidParameter,
        "a parameter does not take this value, or is given twice",
        "The parameter \"limit\" takes a number from 0 to 500, not \"many\".",
    ),
    (
        Kind::InvalidQuery,
        "a query does not parse, or cannot be asked here",
        "q, column 9: This quotation mark is never closed: another one was expected.",
    ),
    (
        Kind::InvalidBody,
        "the body is not what the resource takes",
        "There is no field \"wihtin\" here. Did you mean \"within\"?",
    ),
    (
        Kind::NothingSelected,
        "a change of many mails selects none",
        "Say which mails are meant: q=…, to=…, from=…, rcpt=…, subject=…, text=… or inbox=… \
         (not blank), or all=true.",
    ),
    (
        Kind::InvalidHost,
        "there is no Host header, or several, or one that is no host",
        "A request needs exactly one Host header.",
    ),
    (
        Kind::HostNotAllowed,
        "the server does not answer to this host name",
        "This server does not answer to the host name mail.example.com. If that name is meant \
         to lead here, start restante with --allow-host mail.example.com (or set \
         RESTANTE_ALLOW_HOST=mail.example.com).",
    ),
    (
        Kind::OriginNotAllowed,
        "a page of another origin asks for this",
        "This request comes from a page of another origin, which may not do this here. If the \
         page is yours, start restante with --allow-host and the page's host name.",
    ),
    (Kind::NotFound, "there is nothing at this path", "There is nothing at /v1/mesages."),
    (
        Kind::NoAuthority,
        "there is no certificate authority of the server's own",
        "No listener speaks TLS, so there is no certificate to trust. One that does is --smtp \
         1465,tls or --smtp 1587,starttls.",
    ),
    (
        Kind::NoMessage,
        "there is no such mail, or no longer",
        "No mail matches: 3 are held, and none of them does.",
    ),
    (
        Kind::NoSession,
        "there is no such session, or no longer",
        "There is no session 381, or no longer: only those of late are kept.",
    ),
    (
        Kind::NoPart,
        "the mail has no such part, or no HTML",
        "This mail has no part \"3\". It has: 1, 1.1, 1.2, 2.",
    ),
    (Kind::NoMatch, "fewer mails came than were waited for", ""),
    (
        Kind::MethodNotAllowed,
        "the resource does not take this method; `Allow` says which",
        "This resource does not take PUT; the Allow header says what it takes.",
    ),
    (
        Kind::BodyTooSlow,
        "the body did not come within 30 s",
        "The body did not come in time: fewer bytes than its Content-Length says?",
    ),
    (Kind::TooMany, "more mails came than were to", ""),
    (Kind::HistoryLost, "mail made room before a wait that counts all could look at it", ""),
    (
        Kind::CursorExpired,
        "the cursor is of an earlier run of the server",
        "since: this cursor is of another run of the server: take a new one from GET \
         /v1/cursor.",
    ),
    (
        Kind::BodyTooLarge,
        "the body is above 64 KiB, or a mail above what is taken",
        "The body is larger than anything that is taken here.",
    ),
    (
        Kind::UnsupportedMediaType,
        "the body is not JSON, nor a mail where one may be",
        "Send the body as JSON, with the header Content-Type: application/json (curl: \
         --json).",
    ),
    (
        Kind::RangeNotSatisfiable,
        "the range lies beyond the bytes there are",
        "There are 4096 bytes; the range asked for lies beyond.",
    ),
    (
        Kind::Internal,
        "a fault in restante; its log says more",
        "This is a fault in restante, not in your request. Its log says more.",
    ),
    (
        Kind::TooBusy,
        "more than 1,000 event streams are open, or too much mail is being posted",
        "Too many event streams are open. Close one, or try again later.",
    ),
    (
        Kind::Stopping,
        "the server stops while somebody waits",
        "The server stops, and with it this wait.",
    ),
    (
        Kind::NotReady,
        "not every listener accepts yet",
        "Not every listener is bound and accepting.",
    ),
];
