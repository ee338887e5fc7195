//! Sessions and transcripts over the API.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use restante::dialogue::Endpoint;
use restante::dialogue::Protocol;
use restante::dialogue::SessionFacts;
use restante::dialogue::TlsFacts;
use restante::dialogue::recorder::Recorder;
use restante::message::envelope::EnvelopeBuilder;
use restante::store::entry::Arrival;
use restante::store::entry::Entry;

use crate::http::TestServer;

/// Begins a session that says EHLO.
fn open(server: &TestServer) -> Recorder {
    let end = |port| Endpoint::from(([127, 0, 0, 1], port));
    let opened_at = Timestamp::from_millisecond(1_700_000_000_000).unwrap();
    let ends = (end(40_000), end(1_025));
    let record = server.store.sessions().open(opened_at, ends, Protocol::Smtp);
    let mut recorder = Recorder::new(record, Instant::now());
    recorder.server("220 mail.test", 220);
    recorder.client("EHLO client.test");
    recorder.server_text(b"250-mail.test\r\n250 HELP", 250);
    recorder.agreed("client.test", Some(&tls()), None);
    recorder.flush();
    recorder
}

fn tls() -> TlsFacts {
    TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        server_name: Some("mail.test".into()),
        client_subject: Some("CN=client".into()),
    }
}

/// Delivers a mail in a session.
fn deliver(server: &TestServer, recorder: &mut Recorder, subject: &str) -> Arc<Entry> {
    recorder.client(&format!("MAIL FROM:<{subject}@x.test>"));
    recorder.mail_begins();
    recorder.server("250 ok", 250);
    recorder.client("DATA");
    recorder.server("354 go", 354);
    recorder.body(20);
    recorder.flush();
    let session = SessionFacts {
        peer: recorder.record().peer.clone(),
        listener: recorder.record().listener.clone(),
        helo: "client.test".into(),
        extended: true,
        tls: Some(Box::new(tls())),
        auth: None,
        forwarded: None,
        record: Some(Arc::clone(recorder.record())),
    };
    let raw = format!("Subject: {subject}\r\n\r\n");
    let held = server.store.insert(Arrival {
        received_at: Timestamp::from_millisecond(1_700_000_000_000).unwrap(),
        envelope: EnvelopeBuilder::new("a@x.test", "").build(),
        raw: raw.as_bytes().into(),
        said: recorder.record().part_of_mail(),
        inboxes: restante::store::names::Names::from([]),
        session: Arc::new(session),
    });
    let held = held.expect("the store has room");
    recorder.mail_held(held.id.bits());
    recorder.server("250 held", 250);
    recorder.flush();
    held
}

fn end(server: &TestServer, mut recorder: Recorder, is_broken_off: bool) {
    recorder.close("the client closed the connection", is_broken_off);
    server.store.end_session(recorder.record());
}

fn texts(transcript: &serde_json::Value) -> Vec<&str> {
    let lines = transcript.as_array().expect("a list").iter();
    lines.map(|line| line["text"].as_str().expect("a text")).collect()
}

#[test]
fn sessions_are_listed_newest_first_with_what_came_of_them() {
    let server = TestServer::start();
    let mut delivered = open(&server);
    let mail = deliver(&server, &mut delivered, "one");
    end(&server, delivered, false);
    end(&server, open(&server), false);
    let mut refused = open(&server);
    refused.client("RCPT TO:<a b>");
    refused.server("501 5.1.3 no address", 501);
    refused.flush();
    end(&server, open(&server), true);
    let _still_open = open(&server);
    let list = server.client().get("/v1/sessions").json();
    let outcomes: Vec<_> = list["sessions"].as_array().unwrap().iter().collect();
    let outcomes: Vec<_> = outcomes.iter().map(|session| &session["outcome"]).collect();
    assert_eq!(outcomes, ["open", "failed", "failed", "nothing", "delivered"]);
    assert_eq!((&list["total"], &list["next"]), (&5.into(), &serde_json::Value::Null));
    let [first, third] = [&list["sessions"][4], &list["sessions"][2]];
    assert_eq!(first["id"], "1");
    assert_eq!(first["messages"], serde_json::json!([mail.id.to_string()]));
    assert_eq!(first["tls"]["server_name"], "mail.test");
    assert_eq!((&first["helo"], &first["auth"]), (&"client.test".into(), &serde_json::Value::Null));
    assert_eq!(first["opened_at"], "2023-11-14T22:13:20.000000Z");
    assert!(first["closed_at"].is_string() && third["closed_at"].is_null());
    assert_eq!(third["last_error"]["command"], "RCPT TO:<a b>");
    assert_eq!(third["last_error"]["reply"], "501 5.1.3 no address");
    let failed = server.client().get("/v1/sessions?failed").json();
    assert_eq!(failed["total"], 2);
    assert_eq!(server.client().get("/v1/sessions?failed=true").json()["total"], 2);
}

#[test]
fn pages_follow_each_other() {
    let server = TestServer::start();
    (0..5).for_each(|_| end(&server, open(&server), false));
    let mut path = Some("/v1/sessions?limit=2".to_owned());
    let mut ids = Vec::new();
    while let Some(next) = path {
        let list = server.client().get(&next).json();
        for session in list["sessions"].as_array().unwrap() {
            ids.push(session["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(list["total"], 5);
        path = list["next"].as_str().map(str::to_owned);
    }
    assert_eq!(ids, ["5", "4", "3", "2", "1"]);
}

#[test]
fn since_leaves_out_what_had_ended_before() {
    let server = TestServer::start();
    let still_open = open(&server);
    end(&server, open(&server), true);
    let cursor = server.client().get("/v1/cursor").json()["cursor"].as_str().unwrap().to_owned();
    let since = format!("/v1/sessions?since={cursor}");
    assert_eq!(server.client().get(&since).json()["total"], 1, "the open one");
    end(&server, open(&server), true);
    end(&server, still_open, false);
    let list = server.client().get(&since).json();
    assert_eq!(list["total"], 2);
    assert_eq!(server.client().get(&format!("{since}&failed")).json()["total"], 1);
    let refused = server.client().get("/v1/sessions?since=0.9");
    assert_eq!(refused.status, 410);
    assert_eq!(refused.json()["parameter"], "since");
}

#[test]
fn a_session_shows_what_was_said_so_far() {
    let server = TestServer::start();
    let mut recorder = open(&server);
    let one = server.client().get("/v1/sessions/1");
    assert_eq!(
        texts(&one.json()["transcript"]),
        ["the client connected", "220 mail.test", "EHLO client.test", "250-mail.test\n250 HELP"]
    );
    assert_eq!(one.json()["transcript"][2]["from"], "client");
    let etag = format!("If-None-Match: {}", one.header("etag").unwrap());
    assert_eq!(server.client().fetch("/v1/sessions/1", &[&etag]).status, 304);
    recorder.client("NOOP");
    recorder.flush();
    let more = server.client().fetch("/v1/sessions/1", &[&etag]);
    assert_eq!(more.status, 200);
    assert_eq!(texts(&more.json()["transcript"]).last(), Some(&"NOOP"));
    let text = server.client().fetch("/v1/sessions/1", &["Accept: text/plain"]);
    assert!(text.text().contains("C: EHLO client.test\n"), "{}", text.text());
    assert_eq!(server.client().send("HEAD", "/v1/sessions/1", &[], "").status, 200);
}

#[test]
fn a_mail_has_its_sessions_beginning_and_its_own_part() {
    let server = TestServer::start();
    let mut recorder = open(&server);
    deliver(&server, &mut recorder, "one");
    let two = deliver(&server, &mut recorder, "two");
    let got = server.client().get(&format!("/v1/messages/{}/transcript", two.id)).json();
    assert_eq!(got["session"], "1");
    let texts = texts(&got["transcript"]);
    assert_eq!(texts[..3], ["the client connected", "220 mail.test", "EHLO client.test"]);
    assert!(texts[4].starts_with("what was said here is not about this mail"), "{texts:?}");
    assert_eq!(
        texts[5..],
        [
            "MAIL FROM:<two@x.test>",
            "250 ok",
            "DATA",
            "354 go",
            "a mail of 20 bytes was received",
            "250 held"
        ]
    );
    let message = server.client().get("/v1/messages/latest").json();
    assert_eq!(message["envelope"]["session"], "1");
    assert_eq!(message["envelope"]["tls"]["client_subject"], "CN=client");
}

#[test]
fn a_mail_without_a_session_has_no_transcript() {
    let server = TestServer::start();
    server.hold("Subject: x\r\n\r\n", &["b@x.test"]);
    let got = server.client().get("/v1/messages/latest/transcript").json();
    assert_eq!(got, serde_json::json!({ "session": null, "transcript": [] }));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let server = TestServer::start();
    for (path, status, kind) in [
        ("/v1/sessions?fialed", 400, "unknown-parameter"),
        ("/v1/sessions?failed=yes", 400, "invalid-parameter"),
        ("/v1/sessions?limit=501", 400, "invalid-parameter"),
        ("/v1/sessions?since=x", 400, "invalid-parameter"),
        ("/v1/sessions/1", 404, "no-session"),
        ("/v1/sessions/one", 404, "no-session"),
        ("/v1/sessions/1?failed", 400, "unknown-parameter"),
        ("/metrics?x", 400, "unknown-parameter"),
    ] {
        let refused = server.client().get(path);
        assert_eq!(refused.problem(), (status, kind.to_owned()), "{path}");
    }
}

#[test]
fn the_end_of_a_session_is_told() {
    let server = TestServer::start();
    let mut events = server.client().events("/v1/events", &[]);
    end(&server, open(&server), true);
    let told = events.event();
    assert_eq!(told.event, "session");
    assert_eq!(told.json(), serde_json::json!({ "id": "1", "failed": true }));
}

#[test]
fn metrics_are_as_prometheus_reads_them() {
    let server = TestServer::start();
    server.hold("Subject: x\r\n\r\n", &["b@x.test"]);
    let metrics = server.client().get("/metrics");
    assert_eq!(metrics.header("content-type").unwrap(), "text/plain; version=0.0.4; charset=utf-8");
    let text = metrics.text();
    assert!(text.contains("\nrestante_mails 1\n"), "{text}");
    assert!(text.contains("restante_smtp_sessions_total{protocol=\"smtp\"} 0\n"), "{text}");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(name.starts_with("restante_") && value.parse::<u64>().is_ok(), "{line}");
    }
}
