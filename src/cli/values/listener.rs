//! Reads where to listen, and for SMTP how.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::SocketAddr;

use restante::config::Security;
use restante::config::SmtpListener;
use restante::dialogue::Protocol;
use restante::net::place::Place;

use crate::cli::values::whole_number;

/// The addresses of one `--http`; in a variable several fit, separated by blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listeners(pub(crate) Vec<SocketAddr>);

/// The listeners of one `--smtp`; in a variable several fit, separated by blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SmtpListeners(pub(crate) Vec<SmtpListener>);

impl Listeners {
    /// The first; there is always one.
    pub(crate) fn first(&self) -> SocketAddr {
        self.0[0]
    }
}

/// One `[ADDR:]PORT`, or several separated by blanks.
pub(crate) fn listeners(text: &str) -> Result<Listeners, String> {
    let addresses: Vec<SocketAddr> =
        text.split_ascii_whitespace().map(plain).collect::<Result<_, _>>()?;
    if addresses.is_empty() {
        return Err(LISTENER_FORM.to_owned());
    }
    Ok(Listeners(addresses))
}

/// One `[ADDR:]PORT[,OPTION…]` or `unix:PATH[,OPTION…]`, or several separated by blanks.
pub(crate) fn smtp_listeners(text: &str) -> Result<SmtpListeners, String> {
    let listeners: Vec<SmtpListener> =
        text.split_ascii_whitespace().map(smtp_listener).collect::<Result<_, _>>()?;
    if listeners.is_empty() {
        return Err(LISTENER_FORM.to_owned());
    }
    Ok(SmtpListeners(listeners))
}

fn smtp_listener(text: &str) -> Result<SmtpListener, String> {
    let mut words = text.split(',');
    let mut listener = SmtpListener::from(place(words.next().unwrap_or_default())?);
    let mut security = None;
    for option in words {
        let wished = match option.to_ascii_lowercase().as_str() {
            "lmtp" => {
                listener.protocol = Protocol::Lmtp;
                continue;
            }
            "proxy" => {
                listener.behind_proxy = true;
                continue;
            }
            "starttls" => Security::StartTlsOffered,
            "starttls=required" => Security::StartTlsRequired,
            "tls" => Security::Tls,
            _ => return Err(format!("a listener has no option {option:?}; {OPTION_FORM}")),
        };
        if security.is_some_and(|security| security != wished) {
            return Err(format!("TLS begins in one way only; {OPTION_FORM}"));
        }
        security = Some(wished);
    }
    listener.security = security.unwrap_or_default();
    Ok(listener)
}

fn place(text: &str) -> Result<Place, String> {
    match text.strip_prefix("unix:") {
        Some("") => Err("a path stands behind unix:, such as unix:/run/restante/smtp".to_owned()),
        Some(path) => Ok(Place::Unix(path.into())),
        None => listener(text).map(Place::Ip),
    }
}

fn plain(text: &str) -> Result<SocketAddr, String> {
    if let Some((_, options)) = text.split_once(',') {
        return Err(format!("this listener has no option {options:?}; {LISTENER_FORM}"));
    }
    listener(text)
}

fn listener(text: &str) -> Result<SocketAddr, String> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (listening_host(host)?, port),
        None => (Ipv4Addr::LOCALHOST.into(), text),
    };
    let port = whole_number(port).and_then(|port| u16::try_from(port).ok());
    let port = port.ok_or_else(|| format!("a port is 0 to 65535; {LISTENER_FORM}"))?;
    Ok(SocketAddr::new(host, port))
}

/// Names are not looked up: the server asks nobody anything.
fn listening_host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    if text.is_empty() {
        return Err("for all interfaces say 0.0.0.0 in front of the colon".to_owned());
    }
    let bracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match bracketed.unwrap_or(text).parse() {
        Ok(IpAddr::V6(_)) if bracketed.is_none() => {
            Err(format!("an IPv6 address stands in brackets: [{text}]"))
        }
        Ok(address) => Ok(address),
        Err(_) => Err(format!("{text:?} is no IP address, and names are not looked up")),
    }
}

const LISTENER_FORM: &str = "right are 1025, localhost:1025, 0.0.0.0:1025, [::1]:1025";

const OPTION_FORM: &str =
    "right are 1025, 1587,starttls, 1587,starttls=required, 1465,tls, 1024,lmtp, 1465,tls,proxy";
