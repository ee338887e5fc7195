//! Who is turned away, and that it is said why.

use restante::config::Config;
use restante::net::access::AccessOptions;
use restante::net::access::Rate;
use restante::testing::Catcher;
use std::time::Duration;

use crate::net::config;
use crate::support::Client;
use crate::support::tcp;

fn with(access: AccessOptions) -> Catcher {
    Catcher::with(&Config { access, ..config(|_| {}) }).unwrap()
}

/// What a client is told that is turned away.
fn farewell(catcher: &Catcher) -> String {
    let mut client = Client::over(tcp(catcher.smtp_address()));
    let reply = client.reply();
    if !reply.starts_with("220") {
        assert_eq!(client.reply(), "", "the connection ends there");
    }
    reply
}

#[test]
fn who_is_not_listed_is_greeted_with_a_refusal() {
    let networks = |text: &str| [text.parse().unwrap()].into_iter().collect();
    let allow = networks("192.0.2.0/24");
    let catcher = with(AccessOptions { allow, ..AccessOptions::default() });
    assert_eq!(farewell(&catcher), "554 5.7.1 your address is not allowed here (--allow)");
    let allow = networks("127.0.0.0/8");
    let catcher = with(AccessOptions { allow, ..AccessOptions::default() });
    assert!(farewell(&catcher).starts_with("220 "));
}

#[test]
fn an_address_has_so_many_sessions() {
    let access = AccessOptions { sessions_per_peer_max: Some(2), ..AccessOptions::default() };
    let catcher = with(access);
    let mut first = Client::connect(catcher.smtp_address());
    let _second = Client::connect(catcher.smtp_address());
    let refused = "421 4.7.0 too many sessions of your address (--max-sessions-per-peer)";
    assert_eq!(farewell(&catcher), refused);
    first.say("QUIT");
    assert_eq!(first.reply(), "");
    while farewell(&catcher) == refused {}
}

#[test]
fn sessions_begin_so_often() {
    let rate = Some(Rate { count: 2, within: Duration::from_secs(3_600) });
    for (access, said) in [
        (
            AccessOptions { rate_per_peer_max: rate, ..AccessOptions::default() },
            "421 4.7.0 your address connects too often (--max-rate-per-peer)",
        ),
        (
            AccessOptions { rate_max: rate, ..AccessOptions::default() },
            "421 4.7.0 too many connect at once (--max-rate)",
        ),
    ] {
        let catcher = with(access);
        assert!(farewell(&catcher).starts_with("220 "));
        assert!(farewell(&catcher).starts_with("220 "));
        assert_eq!(farewell(&catcher), said);
    }
}
