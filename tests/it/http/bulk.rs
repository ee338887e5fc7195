//! PATCH and DELETE of `/v1/messages`.

use super::TestServer;

#[test]
fn nothing_selected_is_never_everything() {
    let server = TestServer::start();
    server.hold_many(2);
    let client = server.client();
    for query in ["", "?", "?q=", "?q=+", "?until=3e8.2", "?all=false", "?q=&inbox=default"] {
        let path = format!("/v1/messages{query}");
        assert_eq!(client.delete(&path).problem(), (400, "nothing-selected".into()), "{query}");
        let patch = client.patch(&path, r#"{"read":true}"#);
        assert_eq!(patch.problem(), (400, "nothing-selected".into()), "{query}");
    }
    for query in ["?all=true&q=x", "?all=yes", "?all=true&inbox=default"] {
        let reply = client.delete(&format!("/v1/messages{query}"));
        assert_eq!(reply.problem(), (400, "invalid-parameter".into()), "{query}");
    }
    let both = client.delete("/v1/messages?all=true&q=x").json();
    assert!(both["detail"].as_str().unwrap().contains("stands alone"), "{both}");
    assert_eq!(server.store.cursor().number, 2);
}

#[test]
fn those_that_are_meant_are_deleted() {
    let server = TestServer::start();
    server.hold_many(4);
    server.hold("X-Restante-Inbox: ci\r\n\r\nx", &[]);
    let client = server.client();
    let deleted = |path: &str| client.delete(path).json()["deleted"].as_u64().unwrap();
    assert_eq!(deleted("/v1/messages?subject=mail+2"), 1);
    assert_eq!(deleted("/v1/messages?q=mail&until=3e8.3"), 2);
    assert_eq!(deleted("/v1/messages?inbox=ci"), 1);
    assert_eq!(deleted("/v1/messages?inbox=ci"), 0);
    assert_eq!(client.get("/v1/messages").json()["total"], 1);
    server.hold_many(1);
    assert_eq!(deleted("/v1/messages?all=true&until=3e8.5"), 1);
    assert_eq!(deleted("/v1/messages?all=true"), 1);
    assert_eq!(deleted("/v1/messages?all=true"), 0);
}

#[test]
fn marks_are_counted_where_they_change_something() {
    let server = TestServer::start();
    server.hold_many(3);
    let client = server.client();
    let changed =
        |path: &str, json: &str| client.patch(path, json).json()["changed"].as_u64().unwrap();
    assert_eq!(changed("/v1/messages?subject=mail+2", r#"{"read":true}"#), 1);
    assert_eq!(changed("/v1/messages?all=true", r#"{"read":true}"#), 2);
    assert_eq!(changed("/v1/messages?all=true&until=3e8.2", r#"{"tags":["x"]}"#), 2);
    assert_eq!(changed("/v1/messages?q=tag%3Ax", r#"{"tags":[]}"#), 2);
}

#[test]
fn a_cursor_must_be_of_this_run() {
    let server = TestServer::start();
    let client = server.client();
    let reply = client.delete("/v1/messages?all=true&until=1.1");
    assert_eq!(reply.problem(), (410, "cursor-expired".into()));
    let reply = client.delete("/v1/messages?all=true&until=x");
    assert_eq!(reply.problem(), (400, "invalid-parameter".into()));
}
