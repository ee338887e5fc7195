//! `GET /v1/events`.

use std::time::Duration;

use restante::http::context::HttpLimits;
use restante::http::context::HttpOptions;
use serde_json::json;

use super::TestServer;

#[test]
fn every_change_is_told_in_order() {
    let server = TestServer::start();
    let client = server.client();
    let mut events = client.events("/v1/events", &[]);
    assert!(events.head.contains("content-type: text/event-stream"));
    assert!(events.head.contains("restante-cursor: 3e8.0"));
    assert_eq!(events.frame().unwrap().id, "3e8.0", "says where it starts");

    let id = server.hold("Subject: x\r\n\r\n", &[]).id.to_string();
    let arrived = events.event();
    assert_eq!((arrived.event.as_str(), arrived.id.as_str()), ("message", "3e8.1"));
    assert_eq!(arrived.json(), client.get("/v1/messages").json()["messages"][0]);

    client.patch(&format!("/v1/messages/{id}"), r#"{"read":true}"#);
    let changed = events.event();
    assert_eq!((changed.event.as_str(), changed.id.as_str()), ("changed", "3e8.2"));
    assert_eq!(changed.json()["read"], true);

    client.delete(&format!("/v1/messages/{id}"));
    let deleted = events.event();
    assert_eq!((deleted.event.as_str(), deleted.json()), ("deleted", json!({"ids": [id]})));

    server.hold_many(1);
    events.event();
    client.delete("/v1/messages?all=true");
    let cleared = events.event();
    assert_eq!((cleared.event.as_str(), cleared.json()), ("cleared", json!({"until": 4})));
}

#[test]
fn a_stream_goes_on_where_it_broke_off() {
    let server = TestServer::start();
    server.hold_many(3);
    let mut events = server.client().events("/v1/events", &["Last-Event-ID: 3e8.1"]);
    assert_eq!(events.frame().unwrap().id, "3e8.1");
    assert_eq!(events.event().json()["subject"], "mail 2");
    assert_eq!(events.event().json()["subject"], "mail 3");
    server.hold_many(1);
    assert_eq!(events.event().json()["seq"], 4);
}

#[test]
fn what_cannot_go_on_is_reset() {
    let options = HttpOptions::default();
    let server = TestServer::with(&options, 1 << 20, 2);
    server.hold_many(5);
    for last in ["3e8.1", "3e7.4", "3e8.9"] {
        let header = format!("Last-Event-ID: {last}");
        let mut events = server.client().events("/v1/events", &[&header]);
        let reset = events.event();
        assert_eq!((reset.event.as_str(), reset.id.as_str()), ("reset", "3e8.5"), "{last}");
    }
    let mut events = server.client().events("/v1/events", &["Last-Event-ID: 3e8.3"]);
    assert_eq!(events.event().id, "3e8.4", "at the limit");
    let reply = server.client().fetch("/v1/events", &["Last-Event-ID: x"]);
    assert_eq!(reply.problem(), (400, "invalid-parameter".into()));
}

#[test]
fn evictions_are_told() {
    let options = HttpOptions::default();
    let server = TestServer::with(&options, 1_000, 100);
    let mut events = server.client().events("/v1/events", &[]);
    let first = server.hold(&"x".repeat(400), &[]).id.to_string();
    assert_eq!(events.event().event, "message");
    server.hold(&"x".repeat(400), &[]);
    let evicted = events.event();
    assert_eq!((evicted.event.as_str(), evicted.json()), ("evicted", json!({"ids": [first]})));
    assert_eq!(events.event().event, "message");
}

#[test]
fn a_query_chooses_and_deletions_come_all_the_same() {
    let server = TestServer::start();
    let client = server.client();
    let mut events = client.events("/v1/events?subject=mail+2", &[]);
    let mails = server.hold_many(2);
    assert_eq!(events.event().json()["subject"], "mail 2");
    client.patch("/v1/messages?all=true", r#"{"read":true}"#);
    let changed = events.event();
    assert_eq!((changed.id.as_str(), &changed.json()["subject"]), ("3e8.4", &"mail 2".into()));
    client.delete(&format!("/v1/messages/{}", mails[0].id));
    assert_eq!(events.event().event, "deleted");
    let reply = client.get("/v1/events?q=newer%3A1h");
    assert_eq!(reply.problem(), (400, "invalid-query".into()));
}

#[test]
fn a_query_of_marks_hears_of_mails_that_stop_matching() {
    let server = TestServer::start();
    let client = server.client();
    let mut events = client.events("/v1/events?q=is%3Aunread", &[]);
    server.hold_many(1);
    assert_eq!(events.event().event, "message");
    client.patch("/v1/messages?all=true", r#"{"read":true}"#);
    let changed = events.event();
    assert_eq!((changed.event.as_str(), &changed.json()["matches"]), ("changed", &false.into()));
}

#[test]
fn a_silent_stream_says_where_it_is() {
    let keep_alive_interval = Duration::from_millis(20);
    let limits = HttpLimits { keep_alive_interval, ..HttpLimits::default() };
    let server = TestServer::with(&HttpOptions { limits, ..HttpOptions::default() }, 1 << 20, 100);
    let mut events = server.client().events("/v1/events?inbox=none", &[]);
    server.hold_many(2);
    // Nothing of this is meant, and yet the position advances.
    loop {
        let frame = events.frame().unwrap();
        assert_eq!((frame.event.as_str(), frame.data.as_str()), ("", ""));
        if frame.id == "3e8.2" {
            break;
        }
    }
}

#[test]
fn streams_end_when_the_server_stops() {
    let server = TestServer::start();
    let mut events = server.client().events("/v1/events", &[]);
    events.frame();
    server.stop.send_replace(true);
    assert_eq!(events.frame(), None);
}

#[test]
fn streams_are_bounded_and_a_client_that_leaves_frees_its_own() {
    let limits = HttpLimits { event_streams_max: 2, ..HttpLimits::default() };
    let server = TestServer::with(&HttpOptions { limits, ..HttpOptions::default() }, 1 << 20, 100);
    let client = server.client();
    let open = [client.events("/v1/events", &[]), client.events("/v1/events", &[])];
    assert!(open.iter().all(|events| events.head.contains("200 ok")));
    assert_eq!(client.get("/v1/events").problem(), (503, "too-busy".into()));
    drop(open);
    // The server notices on its own; the next client may come a moment before.
    let mut answer = client.events("/v1/events", &[]).head;
    for _ in 0..10_000 {
        if answer.contains("200 ok") {
            break;
        }
        answer = client.events("/v1/events", &[]).head;
    }
    assert!(answer.contains("200 ok"));
}

#[test]
fn a_stranger_page_gets_no_stream() {
    let server = TestServer::start();
    for header in ["Origin: https://evil.test", "Origin: null", "Sec-Fetch-Site: cross-site"] {
        let reply = server.client().fetch("/v1/events", &[header]);
        assert_eq!(reply.problem(), (403, "origin-not-allowed".into()), "{header}");
    }
}

#[test]
fn a_stream_says_where_it_starts_before_its_first_event() {
    let server = TestServer::start();
    server.hold_many(3);
    let client = server.client();
    let behind = client.events("/v1/events", &["Last-Event-ID: 3e8.1"]);
    assert!(behind.head.contains("restante-cursor: 3e8.1"), "{}", behind.head);
    let new = client.events("/v1/events", &["Last-Event-ID: "]);
    assert!(new.head.contains("restante-cursor: 3e8.3"), "{}", new.head);
}
