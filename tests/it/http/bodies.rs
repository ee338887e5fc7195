//! The bytes of mails and parts, and how browsers are kept from doing anything with them.

use super::FULL;
use super::TestServer;

#[test]
fn raw_is_exact_and_comes_in_pieces() {
    let server = TestServer::start();
    let raw = "Subject: x\r\n\r\n.\r\n..\n\rbare \u{0} é\r\n";
    let path = format!("/v1/messages/{}/raw", server.hold(raw, &[]).id);
    let client = server.client();
    let whole = client.get(&path);
    assert_eq!(whole.body, raw.as_bytes());
    assert_eq!(whole.header("content-type"), Some("message/rfc822"));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert!(whole.header("content-disposition").unwrap().starts_with("attachment; filename=\"01"));
    let tag = whole.header("etag").unwrap();

    let piece = client.fetch(&path, &["Range: bytes=3-6"]);
    assert_eq!((piece.status, piece.text()), (206, "ject"));
    let range = format!("bytes 3-6/{}", raw.len());
    assert_eq!(piece.header("content-range"), Some(range.as_str()));
    let tail = client.fetch(&path, &["Range: bytes=-2", &format!("If-Range: {tag}")]);
    assert_eq!((tail.status, tail.text()), (206, "\r\n"));
    let other = client.fetch(&path, &["Range: bytes=-2", "If-Range: \"x\""]);
    assert_eq!((other.status, other.body.len()), (200, raw.len()));
    let several = client.fetch(&path, &["Range: bytes=0-0,2-2"]);
    assert_eq!(several.status, 200);
    let beyond = client.fetch(&path, &["Range: bytes=999-"]);
    assert_eq!(beyond.problem(), (416, "range-not-satisfiable".into()));
    let range = format!("bytes */{}", raw.len());
    assert_eq!(beyond.header("content-range"), Some(range.as_str()));
    let known = client.fetch(&path, &[&format!("If-None-Match: {tag}")]);
    assert_eq!((known.status, known.body.len()), (304, 0));
    let head = client.send("HEAD", &path, &["Range: bytes=0-0"], "");
    assert_eq!(head.status, 200);
    let length = raw.len().to_string();
    assert_eq!(head.header("content-length"), Some(length.as_str()));
}

#[test]
fn html_can_do_nothing_and_says_so_twice() {
    let server = TestServer::start();
    let entry = server.hold(FULL, &[]);
    let path = format!("/v1/messages/{}/html", entry.id);
    let client = server.client();
    let page = client.get(&path);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with(
            "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
        )
    );
    assert!(!policy.contains("http") && !policy.contains("script"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let html = page.text();
    assert!(
        !html.contains("onclick") && !html.contains("script") && !html.contains("far.test"),
        "{html}"
    );
    assert!(html.contains(&format!("<img src=\"../{}/parts/1.2\">", entry.id)), "{html}");

    let remote = client.get(&format!("{path}?remote=true"));
    assert!(
        remote
            .header("content-security-policy")
            .unwrap()
            .contains("img-src 'self' data: http: https:")
    );
    assert!(remote.text().contains("https://far.test/p.gif"));
    assert!(!remote.text().contains("onclick"));
    assert_ne!(remote.header("etag"), page.header("etag"));
    let tag = format!("If-None-Match: {}", page.header("etag").unwrap());
    let known = client.fetch(&path, &[&tag]);
    assert_eq!(known.status, 304);
    assert_eq!(client.get(&format!("{path}?remote=1")).problem().0, 400);
}

#[test]
fn a_mail_without_html_says_so() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold("Subject: x\r\n\r\nplain\r\n", &[]).id);
    let client = server.client();
    assert_eq!(client.get(&format!("{path}/html")).problem(), (404, "no-part".into()));
    assert_eq!(client.get(&path).json()["html"], serde_json::Value::Null);
    assert_eq!(client.get(&format!("{path}/text")).text().trim(), "plain");
}

#[test]
fn text_and_headers_are_read_from_the_mail() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}", server.hold(FULL, &[]).id);
    let text = server.client().get(&format!("{path}/text"));
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(text.text().trim(), "Hello Bob");
    let headers = server.client().get(&format!("{path}/headers")).json();
    assert_eq!(headers.as_array().unwrap().len(), 7);
    assert_eq!(headers[2], serde_json::json!({"name": "Subject", "value": "Grüße"}));
}

#[test]
fn parts_are_harmless_whatever_they_are() {
    let server = TestServer::start();
    let path = format!("/v1/messages/{}/parts", server.hold(FULL, &[]).id);
    let client = server.client();
    let picture = client.get(&format!("{path}/1.2"));
    assert_eq!(picture.body, b"\x89PNG\r\n\x1a\n");
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert_eq!(picture.header("content-disposition"), Some("inline; filename=\"logo.png\""));
    assert_eq!(picture.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(client.fetch(&format!("{path}/1.2"), &["Range: bytes=1-3"]).text(), "PNG");
    let latest = client.get("/v1/messages/latest/parts/1.2");
    assert_eq!(latest.header("cross-origin-resource-policy"), Some("same-origin"));

    let page = client.get(&format!("{path}/2"));
    assert_eq!(page.text().trim(), "<script>alert(1)</script>");
    assert_eq!(page.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert!(
        page.header("content-security-policy").unwrap().starts_with("sandbox; default-src 'none'")
    );
    assert_eq!(page.header("cross-origin-resource-policy"), Some("same-origin"));
    let name = "inline; filename=\"M_rz.html\"; filename*=UTF-8''M%C3%A4rz.html";
    assert_eq!(page.header("content-disposition"), Some(name));

    let missing = client.get(&format!("{path}/9"));
    assert_eq!(missing.problem(), (404, "no-part".into()));
    assert!(missing.text().contains("1.1.1, 1.1.2, 1.2, 2"), "{}", missing.text());
}

#[test]
fn a_large_mail_is_read_whole_and_cut_where_it_says_so() {
    let server = TestServer::start();
    let html = "x".repeat(1_024 * 1_024 + 1);
    let raw = format!("Content-Type: text/html\r\n\r\n{html}");
    let path = format!("/v1/messages/{}", server.hold(&raw, &[]).id);
    let client = server.client();
    let json = client.get(&path).json();
    assert_eq!(json["html"].as_str().unwrap().len(), 1_024 * 1_024);
    assert_eq!(json["truncated"], true);
    assert!(client.get(&format!("{path}/html")).text().contains(&html));
}
