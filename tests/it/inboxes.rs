//! Where mail is filed, from the flag to the API.

use std::net::SocketAddr;

use restante::config::Config;
use restante::testing::Catcher;

use crate::support::Client;

fn catcher(inbox_by: &str) -> Catcher {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let inbox_by = inbox_by.parse().unwrap();
    let config =
        Config { smtp: vec![any_port.into()], http: vec![any_port], inbox_by, ..Config::default() };
    Catcher::with(&config).unwrap()
}

/// The inboxes of a mail to Bob and Anna.
fn inboxes(inbox_by: &str, mail: &str) -> String {
    let catcher = catcher(inbox_by);
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO app.test");
    assert!(client.say("AUTH PLAIN AGNhcmwAc2VjcmV0").starts_with("235"));
    let reply = client.deliver("a@x.test", &["bob+t1@x.test", "anna@Y.test"], mail);
    let id = reply.strip_prefix("250 2.0.0 held as ").unwrap();
    let held = catcher.server().store().by_id(id.parse().unwrap()).unwrap();
    for name in held.entry.inboxes.iter() {
        assert_eq!(catcher.server().store().counts(Some(name)).0.total, 1, "{name}");
    }
    let listener = catcher.smtp_address().to_string();
    held.entry.inboxes.join(" ").replace(&listener, "the listener")
}

#[test]
fn each_source_names_inboxes() {
    let named = "X-Restante-Inbox: ci\r\nX-Team: red\r\n\r\nHello";
    for (inbox_by, expected) in [
        ("header,auth", "ci"),
        ("header:x-team", "red"),
        ("auth", "carl"),
        ("rcpt", "bob+t1@x.test anna@y.test"),
        ("rcpt-tag", "t1"),
        ("rcpt-domain", "x.test y.test"),
        ("helo", "app.test"),
        ("peer", "127.0.0.1"),
        ("listener", "the listener"),
        ("header:X-None,rcpt-tag,auth", "t1"),
        ("header:X-None", "default"),
    ] {
        assert_eq!(inboxes(inbox_by, named), expected, "{inbox_by}");
    }
    assert_eq!(inboxes("header,auth", "Subject: x\r\n\r\nHello"), "carl");
}
