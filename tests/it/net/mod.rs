//! How connections begin: over which transport, in TLS or not, from whom, and who is turned away.

mod access;
mod proxy;
mod starttls;
pub(crate) mod tls;
mod transport;

use std::net::SocketAddr;

use restante::config::Config;
use restante::config::Security;
use restante::config::SmtpListener;
use restante::dialogue::Endpoint;
use restante::dialogue::SessionFacts;
use restante::testing::Catcher;

use crate::support::Client;

/// A configuration with one listener on any port of loopback.
fn config(change: impl FnOnce(&mut SmtpListener)) -> Config {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut listener = SmtpListener::from(any_port);
    change(&mut listener);
    Config { smtp: vec![listener], http: vec![any_port], ..Config::default() }
}

/// A catcher whose listener speaks TLS in this way.
fn secured(security: Security) -> Catcher {
    Catcher::with(&config(|listener| listener.security = security)).unwrap()
}

/// Sends a mail, and says what is held beside it.
fn facts(catcher: &Catcher, client: &mut Client) -> SessionFacts {
    assert!(client.say("EHLO x.test").starts_with("250"));
    let reply = client.deliver("a@x.test", &["b@x.test"], "Subject: x\r\n\r\nHello");
    assert!(reply.starts_with("250 2.0.0 held"), "{reply}");
    let everything = restante::store::shelf::Page::Ascending(0, u64::MAX);
    let held = catcher.server().store().page(everything, usize::MAX).pop().unwrap();
    SessionFacts::clone(&held.entry.session)
}

fn endpoint(text: &str) -> Endpoint {
    Endpoint::Ip(text.parse().unwrap())
}
