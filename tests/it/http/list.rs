//! `GET /v1/messages`.

use serde_json::Value;

use super::FULL;
use super::TestServer;

fn subjects(json: &Value) -> Vec<&str> {
    json["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mail| mail["subject"].as_str().unwrap())
        .collect()
}

#[test]
fn an_empty_server_has_an_empty_list() {
    let server = TestServer::start();
    let reply = server.client().get("/v1/messages");
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.text(),
        r#"{"messages":[],"matched":0,"total":0,"unread":0,"cursor":"3e8.0","next":null}"#
    );
    assert_eq!(reply.header("restante-cursor"), Some("3e8.0"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
}

#[test]
fn a_summary_has_what_the_contract_says() {
    let server = TestServer::start();
    let entry = server.hold(FULL, &["bob@x.test", "bcc@x.test"]);
    let json = server.client().get("/v1/messages").json();
    let expected = serde_json::json!({
        "id": entry.id.to_string(), "seq": 1, "inboxes": ["default"],
        "received_at": "2023-11-14T22:13:20.000000Z",
        "from": [{"name": "Jürgen", "address": "j@x.test"}],
        "to": [{"name": "Bob", "address": "bob@x.test"}, {"name": null, "address": "carol@x.test"}],
        "cc": [], "recipients": ["bob@x.test", "bcc@x.test"], "subject": "Grüße",
        "preview": "Hello Bob", "size": FULL.len(), "attachment_count": 1, "warning_count": 0,
        "read": false, "tags": []
    });
    assert_eq!(json["messages"][0], expected);
    assert_eq!(json["total"], 1);
}

#[test]
fn pages_lead_to_one_another() {
    let server = TestServer::start();
    server.hold_many(5);
    let client = server.client();
    for (start, expected) in [
        ("/v1/messages?limit=2", "mail 5,mail 4|mail 3,mail 2|mail 1"),
        ("/v1/messages?order=asc&limit=2", "mail 1,mail 2|mail 3,mail 4|mail 5"),
        ("/v1/messages?limit=2&q=mail&after=1", "mail 5,mail 4|mail 3,mail 2"),
        ("/v1/messages?limit=2&inbox=default&before=4&order=asc", "mail 1,mail 2|mail 3"),
        ("/v1/messages?limit=5", "mail 5,mail 4,mail 3,mail 2,mail 1"),
    ] {
        let mut pages = Vec::new();
        let mut path = Some(start.to_owned());
        while let Some(next) = path {
            let json = client.get(&next).json();
            assert_eq!((&json["matched"], &json["total"]), (&5.into(), &5.into()), "{next}");
            pages.push(subjects(&json).join(","));
            path = json["next"].as_str().map(str::to_owned);
        }
        assert_eq!(pages.join("|"), expected);
    }
}

#[test]
fn queries_and_inboxes_choose() {
    let server = TestServer::start();
    server.hold(
        "Subject: a\r\nX-Restante-Inbox: ci\r\nTo: bob@x.test\r\n\r\none\r\n",
        &["bob@x.test"],
    );
    server.hold("Subject: b\r\nTo: bob+2@x.test\r\n\r\ntwo\r\n", &["bob+2@x.test"]);
    server.hold("Subject: c\r\nTo: eve@x.test\r\n\r\nthree\r\n", &["eve@x.test", "bcc@x.test"]);
    let client = server.client();
    for (query, expected, matched, total) in [
        ("", "c,b,a", 3, 3),
        ("q=", "c,b,a", 3, 3),
        ("q=+", "c,b,a", 3, 3),
        ("q=to%3Abob%40x.test", "a", 1, 3),
        ("q=to%3Abob", "b,a", 2, 3),
        ("to=bob%2B2%40x.test", "b", 1, 3),
        ("rcpt=bcc%40x.test&subject=c", "c", 1, 3),
        ("text=two", "b", 1, 3),
        ("from=nobody%40x.test", "", 0, 3),
        ("inbox=ci", "a", 1, 1),
        ("inbox=ci&q=two", "", 0, 1),
        ("inbox=default", "c,b", 2, 2),
        ("inbox=none", "", 0, 0),
        ("q=is%3Aunread+-two&limit=1", "c", 2, 3),
        ("limit=0", "", 3, 3),
    ] {
        let json = client.get(&format!("/v1/messages?{query}")).json();
        let found = (subjects(&json).join(","), json["matched"].clone(), json["total"].clone());
        assert_eq!(found, (expected.to_owned(), matched.into(), total.into()), "{query}");
    }
}

#[test]
fn what_is_unknown_or_out_of_bounds_is_refused() {
    let server = TestServer::start();
    let client = server.client();
    for (query, kind) in [
        ("limt=1", "unknown-parameter"),
        ("limit=-1", "invalid-parameter"),
        ("limit=501", "invalid-parameter"),
        ("limit=1&limit=2", "invalid-parameter"),
        ("before=x", "invalid-parameter"),
        ("after=3e8.0", "invalid-parameter"),
        ("order=up", "invalid-parameter"),
        ("inbox=", "invalid-parameter"),
        ("to=", "invalid-query"),
        ("q=subjct%3Ax", "invalid-query"),
        ("q=%FF", "invalid-parameter"),
    ] {
        let reply = client.get(&format!("/v1/messages?{query}"));
        assert_eq!(reply.problem(), (400, kind.into()), "{query}");
        assert!(reply.header("restante-cursor").is_some());
    }
    for limit in [0, 499, 500] {
        assert_eq!(client.get(&format!("/v1/messages?limit={limit}")).status, 200);
    }
    let detail = client.get("/v1/messages?limt=1").json()["detail"].clone();
    assert!(detail.as_str().unwrap().contains("Did you mean \"limit\"?"));
    let json = client.get("/v1/messages?q=a+subjct%3Ax").json();
    assert_eq!((&json["column"], &json["parameter"]), (&3.into(), &"q".into()));
}

#[test]
fn head_says_what_get_would() {
    let server = TestServer::start();
    server.hold_many(1);
    let get = server.client().get("/v1/messages");
    let head = server.client().send("HEAD", "/v1/messages", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), get.header("content-length"));
}
