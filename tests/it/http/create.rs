//! Mail that is posted: held like any other, byte for byte or composed.

use restante::http::context::HttpLimits;
use restante::http::context::HttpOptions;
use serde_json::Value;
use serde_json::json;

use super::TestServer;
use super::client::Client;
use super::client::Reply;

const MAIL: &str = "Content-Type: message/rfc822";
const JSON: &str = "Content-Type: application/json; charset=utf-8";

fn compose(client: &Client, draft: &Value) -> Reply {
    client.send("POST", "/v1/messages", &[JSON], &draft.to_string())
}

#[test]
fn a_mail_is_held_as_it_is_and_the_answer_says_where() {
    let server = TestServer::start();
    let client = server.client();
    let raw = "From: A <a@x.test>, b@x.test\r\nSender: s@x.test\r\nTo: c@x.test\nCc: d@x.test\r\n\
               Bcc: c@x.test\r\nSubject: Grüße\r\nX-Restante-Inbox: ci\r\n\r\n.\r\nbare \u{0}\r";
    let posted = client.send("POST", "/v1/messages", &[MAIL], raw);
    assert_eq!(posted.status, 201);
    let json = posted.json();
    let location = format!("/v1/messages/{}", json["id"].as_str().unwrap());
    assert_eq!(posted.header("location"), Some(location.as_str()));
    assert_eq!(posted.header("restante-cursor"), Some("3e8.1"));
    assert_eq!(json["recipients"], json!(["c@x.test", "d@x.test"]));
    assert_eq!(json["inboxes"], json!(["ci"]));
    assert_eq!(client.get(&format!("{location}/raw")).body, raw.as_bytes());
    let envelope = &client.get(&location).json()["envelope"];
    assert_eq!(envelope["from"], "s@x.test");
    assert_eq!(envelope["session"], Value::Null);
    assert!(envelope["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{envelope}");
    assert_eq!(envelope["listener"], server.address.to_string());
}

#[test]
fn parameters_say_the_envelope() {
    let server = TestServer::start();
    let client = server.client();
    let recipients = |path: &str| {
        let id =
            client.send("POST", path, &[MAIL], "From: a@x.test\r\nTo: b@x.test\r\n\r\n").json();
        let id = id["id"].as_str().unwrap().to_owned();
        let envelope = client.get(&format!("/v1/messages/{id}")).json()["envelope"].clone();
        (envelope["from"].clone(), envelope["to"].clone())
    };
    assert_eq!(recipients("/v1/messages"), (json!("a@x.test"), json!(["b@x.test"])));
    let both = recipients("/v1/messages?from=&to=c@x.test,Dee%20%3Cd@x.test%3E");
    assert_eq!(both, (json!(""), json!(["c@x.test", "d@x.test"])));
    for path in ["/v1/messages?to=", "/v1/messages?from=a@x.test,b@x.test"] {
        let reply = client.send("POST", path, &[MAIL], "\r\n");
        assert_eq!(reply.problem(), (400, "invalid-parameter".into()), "{path}");
    }
}

#[test]
fn a_waiter_gets_what_is_posted() {
    let server = TestServer::start();
    let client = server.client();
    let mut events = client.events("/v1/events", &[]);
    let posted = client.send("POST", "/v1/messages", &[MAIL], "Subject: x\r\n\r\n").json();
    assert_eq!(events.event().json()["id"], posted["id"]);
    assert_eq!(
        client.get("/v1/expect?subject=x&within=0").json()["messages"][0]["id"],
        posted["id"]
    );
}

#[test]
fn a_mail_is_composed_of_what_is_to_be_in_it() {
    let server = TestServer::start();
    let client = server.client();
    let posted = compose(
        &client,
        &json!({
            "from": "Jürgen <j@x.test>",
            "to": ["Ada <ada@x.test>", {"name": "Bo, B.", "address": "bo@x.test"}],
            "cc": {"address": "c@x.test"},
            "bcc": "hidden@x.test",
            "reply_to": "r@x.test",
            "subject": "Grüße 世界",
            "text": "Your code is 481516.",
            "html": "<p>Your code is <b>481516</b><img src='cid:logo'></p>",
            "headers": {"X-Campaign": "spring"},
            "attachments": [
                {"name": "März.txt", "content_type": "text/plain", "content": "SGk="},
                {"content_id": "logo", "content_type": "image/png", "content": "iVBO Rw0"},
            ],
        }),
    );
    assert_eq!(posted.status, 201, "{}", posted.text());
    let id = posted.json()["id"].as_str().unwrap().to_owned();
    let mail = client.get(&format!("/v1/messages/{id}")).json();
    assert_eq!(mail["from"], json!([{"name": "Jürgen", "address": "j@x.test"}]));
    assert_eq!(mail["to"][1], json!({"name": "Bo, B.", "address": "bo@x.test"}));
    assert_eq!(
        (&mail["subject"], &mail["text"]),
        (&json!("Grüße 世界"), &json!("Your code is 481516."))
    );
    let everybody = json!(["ada@x.test", "bo@x.test", "c@x.test", "hidden@x.test"]);
    assert_eq!(mail["recipients"], everybody);
    assert_eq!((&mail["bcc"], &mail["warnings"]), (&json!([]), &json!([])));
    assert_eq!(mail["codes"][0]["value"], "481516");
    let names: Vec<_> =
        mail["attachments"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
    assert!(names.contains(&&json!("März.txt")), "{names:?}");
    let raw = client.get(&format!("/v1/messages/{id}/raw"));
    assert!(!raw.text().contains("hidden") && raw.text().contains("X-Campaign: spring\r\n"));
    assert!(mail["date"].is_string() && mail["message_id"].as_str().unwrap().ends_with("@x.test"));
}

#[test]
fn what_is_no_mail_is_refused_with_its_field() {
    let server = TestServer::start();
    let client = server.client();
    for (draft, field) in [
        (json!({}), "to"),
        (json!({"to": "nobody"}), "to"),
        (json!({"to": 1}), "to"),
        (json!({"to": {"address": "a@x.test\r\nX: 1"}}), "to"),
        (json!({"to": {"adress": "a@x.test"}}), "adress"),
        (json!({"to": "a@x.test", "subjct": "x"}), "subjct"),
        (json!({"to": "a@x.test", "text": ["x"]}), "text"),
        (json!({"to": "a@x.test", "headers": {"Content-Type": "x"}}), "headers"),
        (json!({"to": "a@x.test", "headers": ["X"]}), "headers"),
        (json!({"to": "a@x.test", "headers": [{"name": "X", "valeu": "x"}]}), "valeu"),
        (json!({"to": "a@x.test", "attachments": ["x"]}), "attachments"),
        (json!({"to": "a@x.test", "attachments": {"content": "%"}}), "attachments"),
        (
            json!({"to": "a@x.test", "attachments": {"content": "", "content_type": "x"}}),
            "attachments",
        ),
    ] {
        let reply = compose(&client, &draft);
        assert_eq!(reply.problem(), (400, "invalid-body".into()), "{draft}");
        assert_eq!(reply.json()["field"], field, "{draft}: {}", reply.text());
    }
    for body in ["[]", "{", ""] {
        let reply = client.send("POST", "/v1/messages", &[JSON], body);
        assert_eq!(reply.problem(), (400, "invalid-body".into()), "{body}");
    }
    let reply = client.send("POST", "/v1/messages", &["Content-Type: text/plain"], "x");
    assert_eq!(reply.problem(), (415, "unsupported-media-type".into()));
    assert_eq!(client.get("/v1/messages").json()["total"], 0);
}

#[test]
fn a_mail_fits_the_limits_or_is_refused() {
    let limits = HttpLimits { mail_bytes_max: 200_000, ..HttpLimits::default() };
    let options = HttpOptions { limits, ..HttpOptions::default() };
    let server = TestServer::with(&options, 1 << 20, 100);
    let client = server.client();
    for (bytes, status) in [(199_999, 201), (200_000, 201), (200_001, 413), (500_000, 413)] {
        let raw = "x".repeat(bytes);
        let reply = client.send("POST", "/v1/messages", &[MAIL], &raw);
        assert_eq!(reply.status, status, "{bytes} bytes");
    }
    let file = |bytes: usize| json!({"content": "A".repeat(bytes)});
    let draft = |bytes| json!({"to": "a@x.test", "attachments": file(bytes)});
    assert_eq!(compose(&client, &draft(180_000)).status, 201);
    assert_eq!(compose(&client, &draft(200_000)).status, 413);
    let store = TestServer::with(&HttpOptions::default(), 100_000, 100);
    let reply = store.client().send("POST", "/v1/messages", &[MAIL], &"x".repeat(100_001));
    assert_eq!(reply.problem(), (413, "body-too-large".into()));
}

#[test]
fn what_is_being_posted_is_bounded() {
    let limits = HttpLimits {
        mail_bytes_max: 100_000,
        mail_in_flight_bytes_max: 0,
        ..HttpLimits::default()
    };
    let options = HttpOptions { limits, ..HttpOptions::default() };
    let server = TestServer::with(&options, 1 << 20, 100);
    let client = server.client();
    // There is always room for one, and it is taken before the body has come.
    let head = format!("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n{MAIL}\r\n");
    let mut one = client.connect();
    std::io::Write::write_all(
        &mut one,
        format!("{head}Content-Length: 200000\r\nExpect: 100-continue\r\n\r\n").as_bytes(),
    )
    .unwrap();
    let mut go_on = [0; 25];
    std::io::Read::read_exact(&mut one, &mut go_on).unwrap();
    assert!(go_on.starts_with(b"HTTP/1.1 100 "));
    let next = client.send("POST", "/v1/messages", &[MAIL], &"x".repeat(50_000));
    assert_eq!(next.problem(), (503, "too-busy".into()));
    assert_eq!(client.send("POST", "/v1/messages", &[MAIL], "x").status, 201);
}

#[test]
fn a_stranger_page_posts_nothing() {
    let server = TestServer::start();
    let headers = [MAIL, "Origin: https://evil.example.com"];
    let reply = server.client().send("POST", "/v1/messages", &headers, "x");
    assert_eq!(reply.problem(), (403, "origin-not-allowed".into()));
}
