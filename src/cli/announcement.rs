//! What a started server says: where it really is, and how an application and a person get there.

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

use restante::config::Config;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::users::Users;

use crate::cli::ready_file::Ready;
use crate::cli::sizes;

/// The start message, a few lines. `bound` has the addresses actually bound.
pub(crate) fn text(config: &Config, bound: &Ready) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let held = sizes::in_words(config.store_size_bytes);
    let mut lines = vec![
        format!("restante {version} holds mail in memory, up to {held}, and sends none of it on."),
        String::new(),
    ];
    for address in &bound.smtp {
        let host = reachable(*address).ip();
        let port = address.port();
        lines.push(format!(
            "  SMTP  host {host}, port {port}, no TLS, {}",
            credentials(&config.auth)
        ));
    }
    for address in &bound.http {
        lines.push(format!("  Web   http://{}{}/", reachable(*address), config.base_path));
    }
    lines.push(String::new());
    lines.extend(from_elsewhere(&bound.smtp));
    lines.extend([String::new(), String::new()]);
    lines.join("\n")
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
fn from_elsewhere(smtp: &[SocketAddr]) -> [String; 2] {
    if smtp.iter().all(|address| address.ip().is_loopback()) {
        let port = smtp.first().map_or(Config::SMTP_PORT, SocketAddr::port);
        return [
            "  Only programs on this machine reach it. For programs in containers, start it with"
                .into(),
            format!("  --smtp 0.0.0.0:{port}; for them the host is host.docker.internal."),
        ];
    }
    let all: Vec<String> = smtp.iter().map(ToString::to_string).collect();
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
