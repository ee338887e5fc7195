//! Who is answered: Host, Origin, and where the routes are.

use restante::http::context::HttpOptions;

use super::TestServer;

fn behind(base_path: &str, allow_hosts: &[&str]) -> TestServer {
    let options = HttpOptions {
        allow_hosts: allow_hosts.iter().map(|host| host.parse().unwrap()).collect(),
        base_path: base_path.into(),
        ..HttpOptions::default()
    };
    TestServer::with(&options, 1 << 20, 100)
}

#[test]
fn a_name_that_a_stranger_can_own_is_refused_and_the_way_out_named() {
    let server = TestServer::start();
    let client = server.client();
    for path in ["/", "/v1/messages", "/v1/events", "/nowhere"] {
        let reply = client.fetch(path, &["Host: evil.example.com:8025"]);
        assert_eq!(reply.problem(), (403, "host-not-allowed".into()), "{path}");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("--allow-host evil.example.com "), "{detail}");
    }
    for probe in ["/livez", "/readyz"] {
        assert_ne!(client.fetch(probe, &["Host: evil.example.com"]).status, 403, "{probe}");
    }
    for host in ["localhost", "restante:8025", "x.test", "[::1]:8025", "10.0.0.1"] {
        let reply = client.fetch("/v1/cursor", &[&format!("Host: {host}")]);
        assert_eq!(reply.status, 200, "{host}");
    }
}

#[test]
fn a_listed_name_is_answered() {
    let server = behind("", &["mail.example.com", "*.dev.example.org"]);
    let client = server.client();
    for (host, status) in [
        ("mail.example.com", 200),
        ("MAIL.example.com.:8443", 200),
        ("a.dev.example.org", 200),
        ("dev.example.org", 403),
        ("mail.example.com.evil.net", 403),
    ] {
        let reply = client.fetch("/v1/cursor", &[&format!("Host: {host}")]);
        assert_eq!(reply.status, status, "{host}");
    }
}

#[test]
fn a_request_names_one_host() {
    let server = TestServer::start();
    let client = server.client();
    let none = client.raw("GET /v1/cursor HTTP/1.0\r\n\r\n");
    assert_eq!(none.problem(), (400, "invalid-host".into()));
    let two = client.fetch("/v1/cursor", &["Host: localhost", "Host: localhost"]);
    assert_eq!(two.problem(), (400, "invalid-host".into()));
    let user = client.fetch("/v1/cursor", &["Host: localhost@evil.example.com"]);
    assert_eq!(user.problem(), (400, "invalid-host".into()));
    let target = "GET http://evil.example.com/v1/cursor HTTP/1.1\r\nHost: localhost\r\n\
                  Connection: close\r\n\r\n";
    assert_eq!(client.raw(target).problem(), (403, "host-not-allowed".into()));
    assert_eq!(client.raw("GET /livez HTTP/1.0\r\n\r\n").status, 200);
}

#[test]
fn a_stranger_page_changes_nothing() {
    let server = TestServer::start();
    server.hold_many(1);
    let client = server.client();
    let json = "Content-Type: application/json";
    for origin in ["https://evil.example.com", "null", "http://localhost:1"] {
        let header = format!("Origin: {origin}");
        let delete = client.send("DELETE", "/v1/messages?all=true", &[&header], "");
        assert_eq!(delete.problem(), (403, "origin-not-allowed".into()), "{origin}");
        let patch =
            client.send("PATCH", "/v1/messages?all=true", &[&header, json], "{\"read\":true}");
        assert_eq!(patch.status, 403);
    }
    assert_eq!(server.store.cursor().number, 1);
    let own = format!("Origin: http://{}", server.address);
    assert_eq!(client.send("DELETE", "/v1/messages?all=true", &[&own], "").status, 200);
}

#[test]
fn every_answer_keeps_browsers_from_guessing() {
    let server = TestServer::start();
    let id = server.hold("Subject: x\r\n\r\n", &[]).id;
    for path in ["/", "/v1/messages", "/nowhere", "/livez", &format!("/v1/messages/{id}/raw")] {
        let reply = server.client().get(path);
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"), "{path}");
    }
}

#[test]
fn everything_can_stand_below_a_path() {
    let server = behind("/mail", &[]);
    let entry = server.hold_many(2);
    let client = server.client();
    let list = client.get("/mail/v1/messages?limit=1").json();
    assert_eq!(list["next"], "/mail/v1/messages?limit=1&before=2");
    assert_eq!(client.get(list["next"].as_str().unwrap()).json()["messages"][0]["seq"], 1);
    assert_eq!(client.get(&format!("/mail/v1/messages/{}/raw", entry[0].id)).status, 200);
    assert_eq!(client.get("/mail/").status, 200);
    for home in ["/", "/mail"] {
        let reply = client.get(home);
        assert_eq!((reply.status, reply.header("location")), (307, Some("/mail/")), "{home}");
    }
    for path in ["/v1/messages", "/mail/v1/nowhere", "/mailbox/", "/mail/nowhere"] {
        assert_eq!(client.get(path).problem(), (404, "not-found".into()), "{path}");
    }
    for probe in ["/livez", "/mail/livez"] {
        assert_eq!(client.fetch(probe, &["Host: evil.example.com"]).status, 200, "{probe}");
    }
    let stream = client.fetch("/mail/v1/events", &["Origin: null"]);
    assert_eq!(stream.status, 403);
}

#[test]
fn the_way_below_a_path_keeps_the_query_and_is_not_for_good() {
    let server = behind("/mail", &[]);
    let client = server.client();
    for home in ["/", "/mail"] {
        let reply = client.get(&format!("{home}?q=a%20b"));
        assert_eq!((reply.status, reply.header("location")), (307, Some("/mail/?q=a%20b")));
    }
    let lost = client.get("/v1/messages").json();
    assert!(lost["detail"].as_str().unwrap().contains("below /mail/"), "{lost}");
}
