//! `/v1/messages/{id}` and what is outside of every resource.

use std::time::Duration;

use restante::http::context::HttpLimits;
use restante::http::context::HttpOptions;
use serde_json::json;

use super::FULL;
use super::TestServer;

#[test]
fn a_message_has_what_the_contract_says() {
    let server = TestServer::start();
    let entry = server.hold(FULL, &["bob@x.test"]);
    let json = server.client().get(&format!("/v1/messages/{}", entry.id)).json();
    assert_eq!(json["subject"], "Grüße");
    assert_eq!(
        json["envelope"],
        json!({
            "from": "sender@x.test", "to": ["bob@x.test"], "helo": "client.test",
            "peer": "127.0.0.1:40000", "listener": "127.0.0.1:1025", "session": null,
            "tls": null, "auth": null, "forwarded": null,
            "declared": {"size": 100, "body": "8BITMIME", "smtputf8": false, "dsn": null,
                         "parameters": "SIZE=100 BODY=8BITMIME"}
        })
    );
    assert_eq!(json["headers"][0], json!({"name": "From", "value": "Jürgen <j@x.test>"}));
    assert_eq!(json["message_id"], "m1@x.test");
    assert_eq!(json["date"], "2023-11-14T22:13:20.000000Z");
    assert_eq!(json["text"].as_str().unwrap().trim(), "Hello Bob");
    assert!(json["html"].as_str().unwrap().contains("onclick"), "as it came");
    assert_eq!(json["html_remote"], json!({"count": 1, "hosts": ["far.test"]}));
    assert_eq!(json["truncated"], false);
    let root = &json["parts"][0];
    assert_eq!(root["content_type"], "multipart/mixed");
    assert_eq!(root["parts"][0]["parts"][0]["parts"][1]["content_type"], "text/html");
    assert_eq!(root["parts"][0]["parts"][1]["size"], 8);
    assert_eq!(root["parts"][1]["disposition"], "attachment");
    let url = format!("/v1/messages/{}/parts/1.2", entry.id);
    assert_eq!(json["attachments"][0]["url"], url);
    assert_eq!(json["attachments"][0]["inline"], true);
    assert_eq!(
        json["attachments"][0]["sha256"],
        "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"
    );
    assert_eq!(json["attachments"][1]["name"], "März.html");
    assert_eq!(json["main_link"], "https://x.test/go");
    assert!(
        json["links"].as_array().unwrap().iter().any(|link| link["url"] == "https://x.test/go")
    );
    for list in ["sender", "bcc", "reply_to", "in_reply_to", "references", "codes", "warnings"] {
        assert!(json[list].is_array(), "{list}");
    }
}

#[test]
fn latest_stands_for_the_newest_that_is_meant() {
    let server = TestServer::start();
    let client = server.client();
    assert_eq!(client.get("/v1/messages/latest").problem(), (404, "no-message".into()));
    let mails = server.hold_many(3);
    let id = |path: &str| client.get(path).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(id("/v1/messages/latest"), mails[2].id.to_string());
    assert_eq!(id("/v1/messages/latest?q=%22mail+1%22"), mails[0].id.to_string());
    assert_eq!(id("/v1/messages/latest?inbox=default"), mails[2].id.to_string());
    let raw = client.get("/v1/messages/latest/raw?subject=mail+2");
    assert_eq!(raw.body, mails[1].raw.as_ref());
    assert_eq!(raw.header("cache-control"), Some("no-cache"), "another may be the latest soon");
    assert_eq!(client.get("/v1/messages/latest?inbox=x").status, 404);
    let named = format!("/v1/messages/{}?q=x", mails[0].id);
    assert_eq!(client.get(&named).problem(), (400, "unknown-parameter".into()));
}

#[test]
fn what_is_not_held_is_not_found() {
    let server = TestServer::start();
    let client = server.client();
    for id in ["01JD9Z3V0M8Q4T7W2X5Y6A7B8C", "x", "lastest", "%00", "..", "%FF"] {
        for rest in ["", "/raw", "/html", "/text", "/headers", "/parts/1"] {
            let reply = client.get(&format!("/v1/messages/{id}{rest}"));
            assert_eq!(reply.problem().0, 404, "{id}{rest}");
        }
    }
    assert!(client.get("/v1/messages/lastest").text().contains("Did you mean \\\"latest\\\"?"));
    for path in ["/v1", "/v1/", "/v1/mesages", "/v1/messages/", "/v1/nothing", "/v2/messages"] {
        assert_eq!(client.get(path).problem(), (404, "not-found".into()), "{path}");
    }
}

#[test]
fn other_methods_are_refused_with_what_is_allowed() {
    let server = TestServer::start();
    let client = server.client();
    let reply = client.send("PUT", "/v1/messages", &[], "");
    assert_eq!(reply.problem(), (405, "method-not-allowed".into()));
    assert_eq!(reply.header("allow"), Some("GET,HEAD,PATCH,DELETE,POST"));
    let reply = client.send("DELETE", "/v1/cursor", &[], "");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET,HEAD")));
}

#[test]
fn an_unchanged_message_is_not_sent_again() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold(FULL, &[]).id);
    let client = server.client();
    let tag = client.get(&path).header("etag").unwrap().to_owned();
    let again = client.fetch(&path, &[&format!("If-None-Match: {tag}")]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    client.patch(&path, r#"{"read":true}"#);
    let changed = client.fetch(&path, &[&format!("If-None-Match: {tag}")]);
    assert_eq!(changed.json()["read"], true);
}

#[test]
fn reading_changes_nothing_and_a_patch_does() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold(FULL, &[]).id);
    let client = server.client();
    client.get(&path);
    client.get(&format!("{path}/raw"));
    assert_eq!(server.store.cursor().number, 1);
    let reply = client.patch(&path, r#"{"read":true,"tags":[" a ","b","a"]}"#);
    assert_eq!(reply.status, 200);
    assert_eq!((&reply.json()["read"], &reply.json()["tags"]), (&true.into(), &json!(["a", "b"])));
    assert_eq!(reply.header("restante-cursor"), Some("3e8.2"));
    assert_eq!(client.patch(&path, r#"{"read":true}"#).header("restante-cursor"), Some("3e8.2"));
    assert_eq!(client.get("/v1/messages").json()["unread"], 0);
}

#[test]
fn a_body_that_is_no_patch_is_refused() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold(FULL, &[]).id);
    let client = server.client();
    let reply = client.patch(&path, r#"{"raed":true}"#);
    assert_eq!(reply.problem(), (400, "invalid-body".into()));
    assert!(reply.text().contains("Did you mean \\\"read\\\"?"), "{}", reply.text());
    let broken = client.patch(&path, "{");
    assert_eq!(broken.problem().0, 400);
    assert_eq!(broken.json().get("field"), None, "no field is wrong: all of it is");
    let empty = client.patch(&path, " ");
    assert!(empty.text().contains("The body is empty."), "{}", empty.text());
    let form = client.send("PATCH", &path, &["Content-Type: text/plain"], r#"{"read":true}"#);
    assert_eq!(form.problem(), (415, "unsupported-media-type".into()));
    for (length, status) in [(64 * 1_024, 400), (64 * 1_024 + 1, 413)] {
        assert_eq!(client.patch(&path, &"x".repeat(length)).problem().0, status, "{length}");
    }
}

#[test]
fn a_deleted_message_is_gone() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold(FULL, &[]).id);
    let client = server.client();
    assert_eq!(client.delete(&path).text(), r#"{"deleted":1}"#);
    assert_eq!(client.delete(&path).problem(), (404, "no-message".into()));
    assert_eq!(client.get(&path).status, 404);
}

#[test]
fn the_server_says_what_it_is() {
    let server = TestServer::start();
    server.hold_many(2);
    let client = server.client();
    let info = client.get("/v1/info").json();
    assert_eq!(info["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(info["smtp"], json!(["127.0.0.1:1025"]));
    let listener =
        json!({"address": "127.0.0.1:1025", "protocol": "smtp", "tls": "none", "proxy": false});
    assert_eq!(info["listeners"], json!([listener]));
    assert_eq!(info["started_at"], "1970-01-01T00:00:01.000000Z");
    assert_eq!(info["messages"]["total"], 2);
    assert_eq!(client.get("/v1/cursor").text(), r#"{"cursor":"3e8.2"}"#);
    assert_eq!(client.get("/livez").text(), "alive\n");
    assert_eq!(client.get("/readyz").problem(), (503, "not-ready".into()));
    server.info.set_ready(true);
    assert_eq!(client.get("/readyz").status, 200);
}

#[test]
fn every_answer_below_v1_says_the_cursor() {
    let server = TestServer::start();
    let client = server.client();
    for (method, path, status) in [
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/messages/", 404),
        ("PUT", "/v1/messages", 405),
        ("GET", "/v1/messages/x", 404),
        ("GET", "/v1/messages?limit=x", 400),
        ("DELETE", "/v1/messages", 400),
        ("PATCH", "/v1/messages", 415),
        ("GET", "/v1/info", 200),
    ] {
        let reply = client.send(method, path, &[], "");
        assert_eq!(reply.status, status, "{method} {path}");
        assert_eq!(reply.header("restante-cursor"), Some("3e8.0"), "{method} {path}");
    }
}

#[test]
fn a_deletion_spares_what_its_cursor_does_not_know() {
    let server = TestServer::start();
    let mails = server.hold_many(3);
    let client = server.client();
    let path = |number: usize| format!("/v1/messages/{}", mails[number - 1].id);
    assert_eq!(client.delete(&format!("{}?until=3e8.2", path(3))).text(), r#"{"deleted":0}"#);
    assert_eq!(client.delete(&format!("{}?until=3e8.3", path(3))).text(), r#"{"deleted":1}"#);
    let latest = client.delete("/v1/messages/latest?q=mail&until=3e8.1");
    assert_eq!(latest.text(), r#"{"deleted":1}"#);
    assert_eq!(client.get(&path(1)).status, 404, "the latest that the cursor knows of");
    let reply = client.delete(&format!("{}?until=1.1", path(2)));
    assert_eq!(reply.problem(), (410, "cursor-expired".into()));
    let reply = client.get(&format!("{}?until=3e8.2", path(2)));
    assert_eq!(reply.problem(), (400, "unknown-parameter".into()));
}

#[test]
fn refusals_say_what_is_there_instead() {
    let server = TestServer::start();
    let client = server.client();
    let says = |path: &str, words: &str| {
        let detail = client.get(path).json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{path}: {detail}");
    };
    says("/v1/messages/latest", "none is held.");
    server.hold_many(2);
    says("/v1/messages/latest?q=nothing", "2 are held, and none of them does");
    says("/v1/messages/latest?q=mail&inbox=ci", "none is held in the inbox \"ci\"");
    says("/v1/messages/lastest?q=mail", "Did you mean \"latest\"?");
    says("/v1/messages/latest/parts/2", "no part \"2\". It has: 1.");
    says("/v1/messages/latest/parts/html?remote=true", "no parameter \"remote\"");
    says("/v1/messages/", "No path of the API ends in a slash");
    says("/messages", "The API is below /v1/.");
    let many = "--b\r\n\r\nx\r\n".repeat(21);
    let mail = format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{many}--b--\r\n");
    server.hold(&mail, &[]);
    says("/v1/messages/latest/parts/99", "19, 20, …");
    server.hold("Content-Type: multipart/mixed; boundary=b\r\n\r\n", &[]);
    says("/v1/messages/latest/parts/1", "It has none.");
    let lower = client.send("patch", "/v1/messages", &[], "");
    assert!(lower.text().contains("in capitals: PATCH"), "{}", lower.text());
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let limits = HttpLimits { body_timeout: Duration::from_millis(20), ..HttpLimits::default() };
    let server = TestServer::with(&HttpOptions { limits, ..HttpOptions::default() }, 1 << 20, 100);
    server.hold_many(1);
    let request = "PATCH /v1/messages?all=true HTTP/1.1\r\nHost: localhost\r\n\
                   Content-Type: application/json\r\nContent-Length: 13\r\n\
                   Connection: close\r\n\r\n{";
    assert_eq!(server.client().raw(request).problem(), (408, "body-too-slow".into()));
    assert_eq!(server.store.cursor().number, 1);
}
