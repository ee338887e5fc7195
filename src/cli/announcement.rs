//! What a started server says: where it really is, and how an application and a person get there.

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

use restante::config::Config;
use restante::config::Security;
use restante::config::SmtpListener;
use restante::dialogue::Endpoint;
use restante::dialogue::Protocol;
use restante::server::Addresses;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::users::Users;

use crate::cli::sizes;

/// The start message, a few lines. `bound` has the addresses actually bound; an authority is made
/// where listeners speak TLS with a certificate that nobody gave.
pub(crate) fn text(config: &Config, bound: &Addresses, has_authority: bool) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let held = sizes::in_words(config.store_size_bytes);
    let mut lines = vec![
        format!("restante {version} holds mail in memory, up to {held}, and sends none of it on."),
        String::new(),
    ];
    lines.extend(config.smtp.iter().zip(&bound.smtp).map(|(how, place)| {
        let credentials = credentials(&config.auth);
        format!("{}, {credentials}", listener(how, place))
    }));
    let urls: Vec<String> = bound
        .http
        .iter()
        .map(|address| format!("http://{}{}/", reachable(*address), config.base_path))
        .collect();
    if let Some(url) = urls.first().filter(|_| has_authority) {
        lines.push(format!("  TLS   for clients to trust it: restante ca, or {url}v1/ca.pem"));
    }
    lines.extend(urls.iter().map(|url| format!("  Web   {url}")));
    lines.push(String::new());
    lines.extend(from_elsewhere(bound));
    lines.extend([String::new(), String::new()]);
    lines.join("\n")
}

/// All that a client's settings ask for but who it is, in a line.
fn listener(how: &SmtpListener, place: &Endpoint) -> String {
    let protocol = match how.protocol {
        Protocol::Smtp => "SMTP",
        Protocol::Lmtp => "LMTP",
    };
    let place = match place {
        Endpoint::Ip(address) => {
            format!("host {}, port {}", reachable(*address).ip(), address.port())
        }
        Endpoint::Unix(path) => format!("socket {path}"),
    };
    let security = match how.security {
        Security::Clear => "no TLS",
        Security::StartTlsOffered => "STARTTLS or no TLS",
        Security::StartTlsRequired => "STARTTLS required",
        Security::Tls => "TLS from the start",
    };
    let proxy = if how.behind_proxy { ", behind a proxy" } else { "" };
    format!("  {protocol}  {place}, {security}{proxy}")
}

/// With what AUTH an application gets in.
fn credentials(policy: &AuthPolicy) -> String {
    let users = match policy.users.as_ref().map(Users::len) {
        None => "any user and password".to_owned(),
        Some(1) => "the one user that is configured".to_owned(),
        Some(count) => format!("one of the {count} users that are configured"),
    };
    if policy.is_required { users } else { users + " or none" }
}

/// How an application that does not run right here reaches it.
fn from_elsewhere(bound: &Addresses) -> [String; 2] {
    let all: Vec<SocketAddr> = bound.smtp.iter().filter_map(Endpoint::address).collect();
    if all.iter().all(|address| address.ip().is_loopback()) {
        let port = all.first().map_or(Config::SMTP_PORT, SocketAddr::port);
        return [
            "  Only programs on this machine reach it. For programs in containers, start it with"
                .into(),
            format!("  --smtp 0.0.0.0:{port}; for them the host is host.docker.internal."),
        ];
    }
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    [
        format!("  Bound to {}. From another machine or container,", all.join(" and ")),
        "  the host is the name of this one.".into(),
    ]
}

/// An address to connect to: "all interfaces" is none.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
