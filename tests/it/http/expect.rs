//! `GET` and `POST /v1/expect`.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use restante::http::context::HttpLimits;
use restante::http::context::HttpOptions;
use restante::testing::Catcher;
use serde_json::json;

use super::TestServer;
use super::client::Client;
use crate::support;

const HOUR: &str = "&within=5m";

#[test]
fn mail_that_is_held_is_answered_at_once() {
    let server = TestServer::start();
    let mails = server.hold_many(3);
    let reply = server.client().get("/v1/expect?to=b@x.test&count=2");
    let json = reply.json();
    assert_eq!((reply.status, &json["matched"]), (200, &3.into()));
    assert_eq!(json["messages"].as_array().unwrap().len(), 2, "the newest of them");
    let id = mails[2].id.to_string();
    assert_eq!(json["messages"][0], server.client().get(&format!("/v1/messages/{id}")).json());
    assert_eq!(json["matches"][0], json!({"id": id, "link": null, "code": null, "groups": []}));
    assert_eq!(
        (&json["cursor"], reply.header("restante-cursor")),
        (&"3e8.3".into(), Some("3e8.3"))
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[test]
fn what_satisfied_the_query_is_told() {
    let server = TestServer::start();
    let raw = "Subject: Order 4711\r\n\r\nSee https://x.test/reset/abc and code 481516.\r\n";
    server.hold(raw, &[]);
    let query = "link~%2Freset%5C%2F(%5Cw%2B)%2F%20subject~%2FOrder%20(%5Cd%2B)%2F";
    let reply = server.client().get(&format!("/v1/expect?q={query}"));
    assert_eq!(reply.status, 200, "{}", reply.text());
    let found = &reply.json()["matches"][0];
    assert_eq!(found["link"], "https://x.test/reset/abc");
    assert_eq!(found["groups"], json!(["abc", "4711"]));
}

#[test]
fn mail_that_comes_over_smtp_ends_the_wait() {
    let catcher = Catcher::start().unwrap();
    let client = Client::new(catcher.url().trim_start_matches("http://").parse().unwrap());
    let cursor = client.get("/v1/cursor").json()["cursor"].as_str().unwrap().to_owned();
    let path = format!("/v1/expect?to=bob@x.test&since={cursor}{HOUR}");
    let reply = thread::scope(|scope| {
        let waiter = scope.spawn(|| client.get(&path));
        let mut smtp = support::Client::connect(catcher.smtp_address());
        smtp.say("EHLO app.test");
        for to in ["carol", "Bob"] {
            let mail = format!("To: {to}@x.test\r\nSubject: Welcome\r\n\r\nhi\r\n");
            assert!(smtp.deliver("a@x.test", &["all@x.test"], &mail).starts_with("250"));
        }
        waiter.join().unwrap()
    });
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["messages"][0]["to"][0]["address"], "Bob@x.test");
}

#[test]
fn a_mail_that_does_not_come_is_explained() {
    let server = TestServer::start();
    server.hold_many(2);
    let path = "/v1/expect?to=bob@x.test&subject=Welcome&within=0&since=3e8.0";
    let reply = server.client().get(path);
    assert_eq!(reply.problem(), (404, "no-match".into()));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let json = reply.json();
    let detail = json["detail"].as_str().unwrap();
    let sentence = "No mail to bob@x.test with subject containing \"Welcome\", looking once. \
                    2 mails arrived since the cursor";
    assert!(detail.starts_with(sentence), "{detail}");
    assert_eq!((&json["seen"], &json["matched"]), (&2.into(), &0.into()));
}

#[test]
fn what_came_nearest_is_told() {
    let server = TestServer::start();
    let id = server.hold("To: bob@x.test\r\nSubject: Welcom to Acme\r\n\r\n", &[]).id.to_string();
    let reply = server.client().get("/v1/expect?to=bob@x.test&subject=Welcome&within=0");
    // In the order of their meaning, also inside.
    let (text, keys) = (reply.text(), ["\"id\":", "\"subject\":", "\"to\":", "\"terms\":"]);
    let places: Vec<_> = keys.iter().map(|key| text.find(key)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{text}");
    let json = reply.json();
    let nearest =
        format!("nearest: {id} to bob@x.test, subject \"Welcom to Acme\" (1 letter off).");
    assert!(json["detail"].as_str().unwrap().ends_with(&nearest), "{json}");
    let near = json!([{"id": id, "subject": "Welcom to Acme", "to": ["bob@x.test"], "terms": [
        {"term": "to:bob@x.test", "holds": true, "had": ["bob@x.test"], "letters_off": null},
        {"term": "subject:Welcome", "holds": false, "had": ["Welcom to Acme"], "letters_off": 1},
    ]}]);
    assert_eq!((&json["nearest"], &json["hints"]), (&near, &json!([])));
    let json = server.client().get("/v1/expect?to=bob@x.test&within=0&since=3e8.1").json();
    assert_eq!(json["hints"][0]["code"], "before-cursor");
    assert_eq!(json["hints"][0]["id"], id);
}

#[test]
fn a_session_that_failed_is_told() {
    let catcher = Catcher::start().unwrap();
    let client = Client::new(catcher.url().trim_start_matches("http://").parse().unwrap());
    let cursor = client.get("/v1/cursor").json()["cursor"].as_str().unwrap().to_owned();
    let mut smtp = support::Client::connect(catcher.smtp_address());
    assert!(smtp.say("BOGUS").starts_with('5'));
    let reply = client.get(&format!("/v1/expect?to=bob@x.test&within=0&since={cursor}"));
    assert_eq!(reply.problem(), (404, "no-match".into()));
    let json = reply.json();
    assert_eq!(json["sessions"][0]["last_error"]["command"], "BOGUS");
    let detail = json["detail"].as_str().unwrap();
    assert!(detail.contains("An SMTP session failed: \"5"), "{detail}");
}

#[test]
fn a_client_that_leaves_ends_its_wait() {
    let server = TestServer::start();
    let client = server.client();
    let waiting = connect_and_wait(&server, "/v1/expect?q=none&within=5m");
    let until = |count: usize| {
        // The server takes and frees the place on its own; it is asked meanwhile.
        let is_so =
            |_| client.get("/v1/cursor").status == 200 && server.store.waiter_count() == count;
        assert!((0..10_000).any(is_so), "{} wait, not {count}", server.store.waiter_count());
    };
    until(1);
    drop(waiting);
    until(0);
}

#[test]
fn more_mail_than_expected_is_a_conflict() {
    let server = TestServer::start();
    let mails = server.hold_many(2);
    for path in ["/v1/expect?exactly=1", "/v1/expect?none=1m", "/v1/expect?none=0"] {
        let reply = server.client().get(path);
        assert_eq!(reply.problem(), (409, "too-many".into()), "{path}");
        assert_eq!(reply.json()["matching"][0], mails[1].id.to_string());
    }
    let reply = server.client().get("/v1/expect?exactly=2&settle=1ms&subject=mail");
    assert_eq!((reply.status, &reply.json()["matched"]), (200, &2.into()));
    let reply = server.client().get("/v1/expect?none=0&subject=x");
    assert_eq!((reply.status, &reply.json()["messages"]), (200, &json!([])));
}

#[test]
fn mail_that_left_unseen_is_said() {
    let options = HttpOptions::default();
    let server = TestServer::with(&options, 1_000, 100);
    (0..3).for_each(|_| drop(server.hold(&"x".repeat(400), &[])));
    let reply = server.client().get("/v1/expect?none=1m&q=y&since=3e8.0");
    assert_eq!(reply.problem(), (409, "history-lost".into()));
}

#[test]
fn a_cursor_of_another_run_is_told_at_once() {
    let server = TestServer::start();
    let reply = server.client().get(&format!("/v1/expect?since=3e7.0{HOUR}"));
    assert_eq!(reply.problem(), (410, "cursor-expired".into()));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let server = TestServer::start();
    for (query, kind) in [
        ("count=1&exactly=1", "invalid-parameter"),
        ("count=0", "invalid-parameter"),
        ("count=501", "invalid-parameter"),
        ("exactly=0", "invalid-parameter"),
        ("exactly=501", "invalid-parameter"),
        ("within=10", "invalid-parameter"),
        ("within=301s", "invalid-parameter"),
        ("none=1h", "invalid-parameter"),
        ("none=1s&within=1s", "invalid-parameter"),
        ("settle=1s", "invalid-parameter"),
        ("until=a", "invalid-parameter"),
        ("none=1s&until=", "invalid-parameter"),
        ("none=1s&until=(", "invalid-query"),
        ("none=1s&until=newer:1h", "invalid-query"),
        ("q=older:1h", "invalid-query"),
        ("since=x", "invalid-parameter"),
        ("inbox=", "invalid-parameter"),
        ("withn=1s", "unknown-parameter"),
    ] {
        let reply = server.client().get(&format!("/v1/expect?{query}"));
        assert_eq!(reply.problem(), (400, kind.into()), "{query}");
    }
}

#[test]
fn json_says_the_same() {
    let server = TestServer::start();
    server.hold_many(2);
    let post = |json: &str| {
        server.client().send("POST", "/v1/expect", &["Content-Type: application/json"], json)
    };
    let reply = post(r#"{"subject":"mail","count":2,"within":0,"since":null}"#);
    assert_eq!((reply.status, &reply.json()["matched"]), (200, &2.into()), "{}", reply.text());
    let reply = post(r#"{"subject":"mail","exactly":"1"}"#);
    assert_eq!(reply.problem(), (409, "too-many".into()));
    for json in [r#"{"sbject":"x"}"#, r#"{"q":["x"]}"#, "[]", "{"] {
        assert_eq!(post(json).problem(), (400, "invalid-body".into()), "{json}");
    }
    let hint = post(r#"{"sbject":"x"}"#).json();
    assert!(hint["detail"].as_str().unwrap().contains("Did you mean \"subject\"?"), "{hint}");
    let reply = server.client().send("POST", "/v1/expect", &[], "{}");
    assert_eq!(reply.problem(), (415, "unsupported-media-type".into()));
}

#[test]
fn a_stranger_page_may_not_wait() {
    let server = TestServer::start();
    for method in ["GET", "POST"] {
        let headers = ["Origin: https://evil.test", "Content-Type: application/json"];
        let reply = server.client().send(method, "/v1/expect?none=0", &headers, "{}");
        assert_eq!(reply.problem(), (403, "origin-not-allowed".into()), "{method}");
    }
}

#[test]
fn waits_end_when_the_server_stops() {
    let server = TestServer::start();
    let client = server.client();
    let mut others = connect_and_wait(&server, "/v1/expect?q=none&within=5m");
    server.hold_many(1);
    assert_eq!(client.get("/v1/expect?q=mail").status, 200, "nobody is kept waiting");
    server.stop.send_replace(true);
    let mut answer = String::new();
    others.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("stopping"), "{answer}");
}

#[test]
fn a_limit_is_the_longest_wait() {
    let limits = HttpLimits { wait_max: Duration::from_secs(2), ..HttpLimits::default() };
    let server = TestServer::with(&HttpOptions { limits, ..HttpOptions::default() }, 1 << 20, 100);
    server.hold_many(1);
    for (within, status) in [("1s", 200), ("2s", 200), ("2001ms", 400)] {
        let reply = server.client().get(&format!("/v1/expect?within={within}"));
        assert_eq!(reply.status, status, "{within}");
    }
    let detail = server.client().get("/v1/expect?none=1m").json()["detail"].to_string();
    assert!(detail.contains("up to 2s here") && detail.contains("--wait-max"), "{detail}");
}

/// Sends a request and leaves the answer to be read.
fn connect_and_wait(server: &TestServer, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    stream.write_all(request.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}
