//! `GET /metrics`: what was counted, as Prometheus reads it (text format 0.0.4).

use std::fmt::Display;
use std::fmt::Write;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::http::api::Api;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;

/// All that is counted.
pub(super) async fn metrics(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Parameters::parse(query.as_deref(), &[])?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text(&api)).into_response())
}

fn text(api: &Api) -> String {
    let (store, metrics) = (&api.context.store, &api.context.metrics);
    let mut page = Page::default();
    let opened = metrics.sessions_opened.value();
    let lmtp = metrics.lmtp_sessions_opened.value();
    page.counter("restante_smtp_sessions_total", "Sessions opened, by what the listener speaks.");
    page.sample("{protocol=\"smtp\"}", opened.saturating_sub(lmtp));
    page.sample("{protocol=\"lmtp\"}", lmtp);
    page.counter("restante_smtp_sessions_refused_total", "Connections turned away at the door.");
    page.sample("", metrics.sessions_refused.value());
    page.counter("restante_smtp_proxies_refused_total", "Connections without a PROXY header.");
    page.sample("", metrics.proxies_refused.value());
    page.counter("restante_smtp_handshakes_failed_total", "TLS handshakes that failed.");
    page.sample("", metrics.handshakes_failed.value());
    page.gauge("restante_smtp_sessions_open", "Sessions open now.");
    page.sample("", opened.saturating_sub(metrics.sessions_closed.value()));
    page.counter("restante_smtp_commands_total", "Commands answered, by the class of the reply.");
    for (verb, outcome, count) in metrics.replies() {
        page.sample(&format!("{{command=\"{}\",outcome=\"{outcome}\"}}", verb.name()), count);
    }
    page.counter("restante_smtp_received_bytes_total", "Bytes that clients sent, TLS taken off.");
    page.sample("", metrics.bytes_received.value());
    page.counter("restante_smtp_mails_total", "Mails accepted over SMTP.");
    page.sample("", metrics.mails_accepted.value());
    let (counts, _) = store.counts(None);
    page.gauge("restante_mails", "Mails held.");
    page.sample("", counts.total);
    page.gauge("restante_mails_unread", "Mails held that nobody has read.");
    page.sample("", counts.unread);
    page.gauge("restante_mails_bytes", "Raw bytes of the mails held.");
    page.sample("", counts.raw_bytes);
    page.counter("restante_mails_evicted_total", "Mails that made room for newer ones.");
    page.sample("", store.evicted_count());
    page.gauge("restante_sessions_bytes", "What the sessions that are listed take.");
    page.sample("", store.sessions().size_bytes());
    page.text
}

/// The text while it is written.
#[derive(Default)]
struct Page {
    text: String,
    name: &'static str,
}

impl Page {
    fn counter(&mut self, name: &'static str, help: &str) {
        self.family(name, help, "counter");
    }

    fn gauge(&mut self, name: &'static str, help: &str) {
        self.family(name, help, "gauge");
    }

    fn family(&mut self, name: &'static str, help: &str, kind: &str) {
        self.name = name;
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    fn sample(&mut self, labels: &str, value: impl Display) {
        let name = self.name;
        self.line(format_args!("{name}{labels} {value}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("writing to a String cannot fail");
    }
}
