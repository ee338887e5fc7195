//! `POST /v1/messages`: holds a mail that did not come over SMTP.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Response;
use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time;

use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::http::api::Api;
use crate::http::api::draft;
use crate::http::api::json_object;
use crate::http::api::openapi::parameters as known;
use crate::http::content;
use crate::http::context::Context;
use crate::http::context::Ends;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::parameters::takes;
use crate::message;
use crate::message::Mailbox;
use crate::message::compose;
use crate::message::compose::Stamp;
use crate::message::envelope::Envelope;
use crate::message::envelope::EnvelopeBuilder;
use crate::store::entry::Arrival;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::entry::TooLarge;

/// Holds the mail of the body, or one composed of it.
pub(super) async fn create(
    State(api): State<Api>,
    Extension(ends): Extension<Ends>,
    request: Request,
) -> Result<Response, Problem> {
    let query = request.uri().query();
    let parameters = Parameters::parse(query, &known::names(known::CREATE))?;
    let envelope = Named::of(&parameters)?;
    let media_type = json_object::media_type(request.headers());
    let is_mail = media_type.eq_ignore_ascii_case("message/rfc822");
    if !is_mail && !json_object::is_json(media_type) {
        let detail = "Send a mail as it is, with the header Content-Type: message/rfc822, or what \
                      is to be in it as JSON, with Content-Type: application/json (curl: --json).";
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    }
    let (body, permit) = body(&api, request).await?;
    let limit = api.limits.mail_bytes_max;
    let bytes = body.len();
    let make = move || {
        let (raw, from_header) = if is_mail {
            let named = Named::by_header(&message::parse(&body));
            (Vec::from(body), named)
        } else {
            let (draft, blind) = draft::of_json(&body)?;
            let named = Named::by_draft(&draft, &blind);
            (compose::compose(&draft, &stamp()), named)
        };
        if raw.len() > limit {
            return Err(too_large(limit));
        }
        Ok((raw, envelope.or(from_header).build()))
    };
    let (raw, envelope) = api.work.on_bytes(bytes, make).await?;
    let held = hold(&api, raw, envelope, ends)?;
    drop(permit);
    let location = format!("{}/v1/messages/{}", api.base_path, held.entry.id);
    let (digests, bytes) = (Arc::clone(&api.digests), held.entry.raw.len());
    let summary = api.work.on_bytes(bytes, move || digests.one(&held)).await;
    let mut response = content::json(&summary);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// Who sends a mail and who is to get it, as far as it is said.
#[derive(Debug, Default)]
struct Named {
    from: Option<String>,
    to: Option<Vec<String>>,
}

impl Named {
    /// By the parameters: `from=` without a value is the null sender.
    fn of(parameters: &Parameters) -> Result<Self, Problem> {
        let from = match parameters.text("from") {
            None => None,
            Some("" | "<>") => Some(String::new()),
            Some(text) => match &addresses(&compose::mailboxes(text))[..] {
                [address] => Some(address.clone()),
                _ => return Err(takes("from", text, "one address, or nothing")),
            },
        };
        let to = match parameters.text("to") {
            None => None,
            Some(text) => match addresses(&compose::mailboxes(text)) {
                all if all.is_empty() => {
                    return Err(takes("to", text, "addresses, separated by commas"));
                }
                all => Some(all),
            },
        };
        Ok(Self { from, to })
    }

    fn by_header(mail: &message::Message<'_>) -> Self {
        let sender = [mail.sender(), mail.from()].concat();
        let recipients = [mail.to(), mail.cc(), mail.bcc()].concat();
        Self { from: addresses(&sender).into_iter().next(), to: Some(addresses(&recipients)) }
    }

    fn by_draft(draft: &compose::Draft, blind: &[Mailbox]) -> Self {
        let recipients = [&draft.to[..], &draft.cc, blind].concat();
        Self { from: addresses(&draft.from).into_iter().next(), to: Some(addresses(&recipients)) }
    }

    /// What is not said here, as it is there.
    fn or(self, other: Self) -> Self {
        Self { from: self.from.or(other.from), to: self.to.or(other.to) }
    }

    fn build(self) -> Envelope {
        let mut envelope = EnvelopeBuilder::new(&self.from.unwrap_or_default(), "");
        let mut seen = HashSet::new();
        for address in self.to.unwrap_or_default() {
            if !seen.contains(&address) {
                envelope.recipient(&address, "");
                seen.insert(address);
            }
        }
        envelope.build()
    }
}

/// The body, within the limits; the permit is for its bytes.
async fn body(api: &Api, request: Request) -> Result<(Bytes, OwnedSemaphorePermit), Problem> {
    let limit = api.limits.posted_bytes_max();
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let bytes = length.unwrap_or(limit);
    if bytes > limit {
        return Err(too_large(api.limits.mail_bytes_max));
    }
    let kibibytes = u32::try_from(bytes.div_ceil(1_024)).unwrap_or(u32::MAX);
    let permit = Arc::clone(&api.posted).try_acquire_many_owned(kibibytes).map_err(|_| {
        let detail = "Too much mail is being sent at this moment. Try again, with a \
                      Content-Length where there is none.";
        Problem::new(Kind::TooBusy, detail)
    })?;
    let body = time::timeout(api.limits.body_timeout, Bytes::from_request(request, api));
    let body = body.await.map_err(|_| json_object::too_slow())?;
    body.map(|body| (body, permit)).map_err(|rejection| match json_object::unread(rejection) {
        problem if problem.kind() == Kind::BodyTooLarge => too_large(api.limits.mail_bytes_max),
        problem => problem,
    })
}

/// Holds it as SMTP would: when this returns, every reader sees it.
fn hold(api: &Api, raw: Vec<u8>, envelope: Envelope, ends: Ends) -> Result<Held, Problem> {
    let session = SessionFacts {
        peer: ends.peer.into(),
        listener: ends.listener.into(),
        helo: "".into(),
        extended: false,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    let Context { store, inbox_by, .. } = &api.context;
    let inboxes = inbox_by.inboxes(&raw, &envelope, &session);
    let bytes = raw.len();
    let arrival = Arrival {
        received_at: Timestamp::now(),
        envelope,
        raw: raw.into_boxed_slice(),
        session: Arc::new(session),
        said: Part::default(),
        inboxes,
    };
    let entry = store.insert(arrival).map_err(|TooLarge| too_large(bytes.saturating_sub(1)))?;
    Ok(Held { entry, marks: Marks::default() })
}

fn addresses(mailboxes: &[Mailbox]) -> Vec<String> {
    let all = mailboxes.iter().map(|mailbox| mailbox.address.clone());
    all.filter(|address| !address.is_empty()).collect()
}

fn stamp() -> Stamp {
    let date = Timestamp::now();
    // Seeded anew each time by the system.
    let unique = RandomState::new().hash_one(date.as_nanosecond());
    Stamp { date, unique: format!("{:x}.{unique:016x}", date.as_microsecond()) }
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("The mail is larger than the {limit} bytes there are for one.");
    Problem::new(Kind::BodyTooLarge, detail)
}
