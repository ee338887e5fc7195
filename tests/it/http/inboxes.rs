//! `GET /v1/inboxes`.

use jiff::Timestamp;
use restante::http::context::HttpOptions;
use restante::store::inboxes::InboxBy;
use serde_json::Value;
use serde_json::json;

use super::TestServer;

/// Each inbox as `name total/unread size @seconds`.
fn inboxes(server: &TestServer) -> String {
    let json = server.client().get("/v1/inboxes").json();
    let one = |inbox: &Value| {
        let name = inbox["name"].as_str().unwrap();
        let time: Timestamp = inbox["last_received_at"].as_str().unwrap().parse().unwrap();
        let (total, unread, size) = (&inbox["total"], &inbox["unread"], &inbox["size"]);
        format!("{name} {total}/{unread} {size} @{}", time.as_second())
    };
    json.as_array().unwrap().iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Holds a mail of an inbox, of 29 bytes and as many as its name has, that came at this second.
fn hold(server: &TestServer, inbox: &str, second: i64) -> String {
    let raw = format!("X-Restante-Inbox: {inbox}\r\n\r\nHello\r\n");
    server.file(&raw, &["bob@x.test"], &InboxBy::default(), second * 1_000).id.to_string()
}

#[test]
fn an_empty_server_has_none() {
    let server = TestServer::start();
    let reply = server.client().get("/v1/inboxes");
    assert_eq!((reply.status, reply.text()), (200, "[]"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("restante-cursor"), Some("3e8.0"));
}

#[test]
fn an_inbox_has_what_the_contract_says() {
    let server = TestServer::start();
    let raw = "Subject: x\r\n\r\nHello\r\n";
    server.hold(raw, &["bob@x.test"]);
    let reply = server.client().get("/v1/inboxes");
    let expected = json!([{
        "name": "default", "total": 1, "unread": 1, "size": raw.len(),
        "last_received_at": "2023-11-14T22:13:20.000000Z"
    }]);
    assert_eq!(reply.json(), expected);
    assert_eq!(reply.header("restante-cursor"), Some("3e8.1"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let head = server.client().send("HEAD", "/v1/inboxes", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), reply.header("content-length"));
}

#[test]
fn they_follow_marks_and_deletions_and_vanish_when_empty() {
    let server = TestServer::start();
    let client = server.client();
    hold(&server, "zebra", 1);
    let second = hold(&server, "ant", 2);
    hold(&server, "zebra", 3);
    let fourth = hold(&server, "ant", 4);
    assert_eq!(inboxes(&server), "ant 2/2 64 @4, zebra 2/2 68 @3");
    assert_eq!(client.patch("/v1/messages?inbox=zebra", r#"{"read":true}"#).status, 200);
    client.delete(&format!("/v1/messages/{fourth}"));
    assert_eq!(inboxes(&server), "ant 1/1 32 @2, zebra 2/0 68 @3");
    client.delete(&format!("/v1/messages/{second}"));
    assert_eq!(inboxes(&server), "zebra 2/0 68 @3");
    client.delete("/v1/messages?inbox=zebra");
    assert_eq!(inboxes(&server), "");
}

#[test]
fn they_follow_evictions() {
    let server = TestServer::with(&HttpOptions::default(), 1_500, 100_000);
    hold(&server, "old", 1);
    hold(&server, "new", 2);
    assert_eq!(inboxes(&server), "new 1/1 32 @2, old 1/1 32 @1");
    let mut second = 2;
    while inboxes(&server).contains("old") {
        second += 1;
        hold(&server, "new", second);
    }
    let json = server.client().get("/v1/messages?inbox=new").json();
    let total = json["total"].as_u64().unwrap();
    assert_eq!(inboxes(&server), format!("new {total}/{total} {} @{second}", total * 32));
}

#[test]
fn a_mail_to_two_people_counts_in_both() {
    let server = TestServer::start();
    let by: InboxBy = "rcpt".parse().unwrap();
    let file = |recipients: &[&str], second: i64| {
        server.file("\r\nHello", recipients, &by, second * 1_000).id.to_string()
    };
    let both = file(&["bob@x.test", "anna@x.test"], 1);
    file(&["bob@x.test"], 2);
    assert_eq!(inboxes(&server), "anna@x.test 1/1 7 @1, bob@x.test 2/2 14 @2");
    server.client().patch(&format!("/v1/messages/{both}"), r#"{"read":true}"#);
    assert_eq!(inboxes(&server), "anna@x.test 1/0 7 @1, bob@x.test 2/1 14 @2");
    server.client().delete(&format!("/v1/messages/{both}"));
    assert_eq!(inboxes(&server), "bob@x.test 1/1 7 @2");
}

#[test]
fn odd_names_come_back_as_they_are_in_the_order_of_code_points() {
    let server = TestServer::start();
    let longest = "x".repeat(128);
    let names = [
        "\"it's\" <b>",
        "..",
        "A/b\\c",
        "Default",
        "a b?c=d&e#f%20",
        "default",
        "null",
        &longest,
        "größe",
        "日本",
        "😀",
    ];
    for name in names.iter().rev() {
        hold(&server, name, 1);
    }
    let client = server.client();
    let json = client.get("/v1/inboxes").json();
    let listed: Vec<&str> =
        json.as_array().unwrap().iter().map(|inbox| inbox["name"].as_str().unwrap()).collect();
    let mut expected = names;
    expected.sort_unstable();
    assert_eq!(listed, expected);
    for name in listed {
        let escaped: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let list = client.get(&format!("/v1/messages?inbox={escaped}")).json();
        assert_eq!(list["messages"][0]["inboxes"], json!([name]));
        assert_eq!(list["total"], 1, "{name}");
    }
}

#[test]
fn ten_thousand_are_told_apart() {
    let server = TestServer::start();
    for number in 0..10_000 {
        hold(&server, &format!("ci-{number:04}"), number);
    }
    hold(&server, "ci-0000", 10_000);
    let json = server.client().get("/v1/inboxes").json();
    let listed = json.as_array().unwrap();
    assert_eq!(listed.len(), 10_000);
    for (number, inbox) in listed.iter().enumerate() {
        assert_eq!(inbox["name"], format!("ci-{number:04}"));
    }
    assert_eq!(listed[0]["last_received_at"], "1970-01-01T02:46:40.000000Z");
    assert_eq!(listed[0]["total"], 2);
    assert_eq!(listed[9_999]["last_received_at"], "1970-01-01T02:46:39.000000Z");
}

#[test]
fn what_it_does_not_take_is_refused() {
    let server = TestServer::start();
    let client = server.client();
    let reply = client.get("/v1/inboxes?limit=1");
    assert_eq!(reply.problem(), (400, "unknown-parameter".into()));
    let reply = client.delete("/v1/inboxes");
    assert_eq!(reply.problem(), (405, "method-not-allowed".into()));
    assert_eq!(reply.header("allow"), Some("GET,HEAD"));
}
