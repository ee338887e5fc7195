//! What the server says about itself and the present moment.

use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use jiff::Timestamp;

use crate::http::api::Api;
use crate::http::api::types;
use crate::http::api::types::Now;
use crate::http::api::types::info::Info;
use crate::http::api::types::info::Listener;
use crate::http::api::types::info::Messages;
use crate::http::api::types::info::Sessions;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::context::Authority;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::metrics::Metrics;

/// `GET /v1/cursor`: where waits start from.
pub(super) async fn cursor(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let cursor = api.context.store.cursor();
    Ok(with_cursor(content::json(&Now { cursor: cursor.to_string() }), cursor))
}

/// `GET /v1/info`.
pub(super) async fn info(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let about = &api.context.info;
    let (counts, cursor) = api.context.store.counts(None);
    let uptime = Timestamp::now().duration_since(about.started_at).as_secs();
    let limits = about.limits.iter().map(|(name, value)| ((*name).into(), (*value).into()));
    let info = Info {
        version: about.version,
        smtp: about.smtp.iter().map(|listener| listener.address.clone()).collect(),
        http: about.http.clone(),
        listeners: about.smtp.iter().map(Listener::from).collect(),
        started_at: types::time(about.started_at),
        uptime: format!("{}s", uptime.max(0)),
        messages: Messages {
            total: counts.total,
            unread: counts.unread,
            size: counts.raw_bytes,
            evicted: api.context.store.evicted_count(),
        },
        sessions: sessions(&api.context.metrics),
        limits: limits.collect(),
    };
    Ok(with_cursor(content::json(&info), cursor))
}

fn sessions(metrics: &Metrics) -> Sessions {
    let opened = metrics.sessions_opened.value();
    Sessions {
        // Other threads go on counting between the two reads.
        open: opened.saturating_sub(metrics.sessions_closed.value()),
        opened,
        refused: metrics.sessions_refused.value(),
        mails: metrics.mails_accepted.value(),
    }
}

/// `GET /v1/ca.pem`: the certificate that makes clients trust the server's own.
pub(super) async fn ca(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    match &api.context.info.authority {
        Authority::Here(pem) => {
            let media_type = HeaderValue::from_static("application/pem-certificate-chain");
            Ok(([(header::CONTENT_TYPE, media_type)], pem.clone()).into_response())
        }
        Authority::Elsewhere => {
            let detail = "The server's certificate was given to it by --tls-cert. Trust whoever \
                          signed that.";
            Err(Problem::new(Kind::NoAuthority, detail))
        }
        Authority::Unused => {
            let detail = "No listener speaks TLS, so there is no certificate to trust. One that \
                          does is --smtp 1465,tls or --smtp 1587,starttls.";
            Err(Problem::new(Kind::NoAuthority, detail))
        }
    }
}

/// `GET /livez`: this answers, so it lives.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: whether every listener is bound and accepting.
pub(super) async fn ready(State(api): State<Api>) -> Response {
    if api.context.info.is_ready() && !*api.context.shutdown.borrow() {
        return (StatusCode::OK, "ready\n").into_response();
    }
    Problem::new(Kind::NotReady, "Not every listener is bound and accepting.").into_response()
}
