//! HTTP to a running server, as client commands speak it.
//!
//! No time-out of its own cuts a wait short: each question says how long its answer may take.

pub(crate) mod events;
pub(crate) mod pages;
pub(crate) mod problem;
pub(crate) mod resource;
pub(crate) mod wire;

use std::fmt;
use std::io;
use std::io::Read;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio_rustls::rustls::crypto::ring;
use ureq::Agent;
use ureq::AsSendBody;
use ureq::Body;
use ureq::Proxy;
use ureq::Timeout;
use ureq::http::HeaderValue;
use ureq::http::Method;
use ureq::http::Request;
use ureq::http::StatusCode;
use ureq::http::header;
use ureq::tls::Certificate;
use ureq::tls::RootCerts;
use ureq::tls::TlsConfig;

use crate::cli::client::problem::Problem;
use crate::cli::client::resource::Resource;
use crate::cli::failed::Failed;
use crate::cli::target::Target;
use crate::cli::values::url::Url;

/// A running server, as client commands ask it.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    server: Url,
}

/// The beginning of an answer, whatever its status; the body is still to be read.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    body: Body,
}

impl Client {
    /// Of the server that flags and variables name.
    ///
    /// # Errors
    /// When they do not say where it is.
    pub(crate) fn of(target: &Target) -> Result<Self, Failed> {
        target.locate().map(Self::new).map_err(Failed::Unable)
    }

    /// Of a server that may not be there: nothing is sent yet.
    pub(crate) fn new(server: Url) -> Self {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECTING))
            .user_agent(concat!("restante/", env!("CARGO_PKG_VERSION")))
            .proxy(if is_near(server.host()) { None } else { Proxy::try_from_env() });
        if server.scheme == "https" {
            config = config.tls_config(tls());
        }
        Self { agent: Agent::new_with_config(config.build()), server }
    }

    /// Where the server is, for messages.
    pub(crate) const fn server(&self) -> &Url {
        &self.server
    }

    /// The answer to a GET.
    ///
    /// # Errors
    /// When the server refuses, or does not answer within the time.
    pub(crate) fn get(&self, resource: &Resource, patience: Duration) -> Result<Answer, Failed> {
        let request = self.request(Method::GET, resource, ()).map_err(|error| unfit(&error))?;
        self.granted(self.ask(request, patience))
    }

    /// The answer to a DELETE.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn delete(&self, resource: &Resource) -> Result<Answer, Failed> {
        let request = self.request(Method::DELETE, resource, ()).map_err(|error| unfit(&error))?;
        self.granted(self.ask(request, PATIENCE))
    }

    /// The answer to a POST. The mail in it may take its time on the way there.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub(crate) fn post(
        &self,
        resource: &Resource,
        media_type: &'static str,
        body: &[u8],
    ) -> Result<Answer, Failed> {
        let request = self.request(Method::POST, resource, body);
        let mut request = request.map_err(|error| unfit(&error))?;
        let media_type = HeaderValue::from_static(media_type);
        request.headers_mut().insert(header::CONTENT_TYPE, media_type);
        self.granted(self.ask(request, PATIENCE))
    }

    /// The status of the answer to a GET, whatever it is.
    ///
    /// # Errors
    /// When there is no answer within the time, in words.
    pub(crate) fn status(
        &self,
        resource: &Resource,
        patience: Duration,
    ) -> Result<StatusCode, String> {
        let request = self.request(Method::GET, resource, ()).map_err(|error| error.to_string())?;
        let answer = self.ask(request, patience).map_err(|error| reason(&error))?;
        Ok(answer.status)
    }

    fn request<B>(
        &self,
        method: Method,
        resource: &Resource,
        body: B,
    ) -> Result<Request<B>, ureq::http::Error> {
        let mut request =
            Request::builder().method(method).uri(format!("{}{resource}", self.server));
        if let Some(authorization) = &self.server.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        request.body(body)
    }

    /// `patience` is for each silence of the server: before its answer, and within it.
    fn ask(
        &self,
        request: Request<impl AsSendBody>,
        patience: Duration,
    ) -> Result<Answer, ureq::Error> {
        let request = self.agent.configure_request(request).timeout_per_read(Some(patience));
        let (parts, body) = self.agent.run(request.build())?.into_parts();
        Ok(Answer { status: parts.status, body })
    }

    /// An answer that is no refusal.
    fn granted(&self, answer: Result<Answer, ureq::Error>) -> Result<Answer, Failed> {
        match answer {
            Ok(answer) if answer.status.is_success() => Ok(answer),
            Ok(answer) => Err(Problem::of(answer).into_failed(&self.server)),
            Err(error) => Err(self.unanswered(&error)),
        }
    }

    fn unanswered(&self, error: &ureq::Error) -> Failed {
        let server = &self.server;
        Failed::Unable(format!(
            "no answer from {server}: {}. Does restante run there? Start it, or name it with \
             --url, RESTANTE_URL or --ready-file.",
            reason(error)
        ))
    }
}

impl Answer {
    /// The body as text.
    ///
    /// # Errors
    /// When it breaks off.
    pub(crate) fn text(mut self) -> Result<String, Failed> {
        let body = self.body.with_config().limit(u64::MAX).lossy_utf8(true);
        body.read_to_string().map_err(|error| broken_off(&reason(&error)))
    }

    /// The body as it comes.
    pub(crate) fn reader(self) -> impl Read {
        self.body.into_with_config().limit(u64::MAX).reader()
    }
}

/// What an answer says.
///
/// # Errors
/// When it is not what a restante of this version says.
pub(crate) fn decoded<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Failed> {
    serde_json::from_str(json).map_err(|error| {
        Failed::Unable(format!("the server says what this version does not understand: {error}"))
    })
}

/// What was to be an answer is none.
pub(crate) fn broken_off(reason: &str) -> Failed {
    Failed::Unable(format!("the server's answer broke off: {reason}"))
}

fn unfit(reason: &impl fmt::Display) -> Failed {
    Failed::Unable(format!("this cannot be asked: {reason}"))
}

/// The innermost reason, without the library's words around it.
fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            _ => error.to_string(),
        },
        ureq::Error::Timeout(Timeout::Connect) => {
            format!("no connection within {} s", CONNECTING.as_secs())
        }
        ureq::Error::Timeout(_) => "no answer in time".to_owned(),
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        ureq::Error::Protocol(_) => "this is no HTTP server".to_owned(),
        other => other.to_string(),
    }
}

/// Where no proxy of the environment leads to: this machine, and names of its own network.
fn is_near(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => !host.contains('.') || host.ends_with(".localhost"),
    }
}

/// Trusts what this machine trusts; SSL_CERT_FILE and SSL_CERT_DIR say otherwise.
fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = found.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build()
}

/// How long an answer to a plain question may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

const CONNECTING: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_needs_no_proxy() {
        for host in ["127.0.0.1", "::1", "localhost", "mail.localhost", "catcher"] {
            assert!(is_near(host), "{host}");
        }
        for host in ["10.0.0.1", "mail.example.com", "2001:db8::1"] {
            assert!(!is_near(host), "{host}");
        }
    }
}
