//! The description of the API: it is the one in docs/, and says what the server really does.

use std::fs;
use std::path::Path;

use restante::http::error::Kind;
use serde_json::Value;
use serde_json::json;

use crate::http::FULL;
use crate::http::TestServer;
use crate::http::client::Client;

/// An operation of the document.
struct Operation {
    path: String,
    method: String,
    description: Value,
}

impl Operation {
    /// The path with a mail or a session in it.
    fn path_of_something(&self) -> String {
        let id = if self.path.contains("/sessions/") { "1" } else { "latest" };
        self.path.replace("{id}", id).replace("{path}", "1")
    }

    fn parameters(&self, place: &str) -> Vec<&str> {
        let all = self.description["parameters"].as_array().into_iter().flatten();
        let here = all.filter(|parameter| parameter["in"] == place);
        here.map(|parameter| parameter["name"].as_str().unwrap()).collect()
    }
}

fn document(client: &Client) -> Value {
    client.get("/v1/openapi.json").json()
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(|(method, description)| Operation {
            path: path.clone(),
            method: method.to_uppercase(),
            description: description.clone(),
        })
    });
    operations.collect()
}

/// `UPDATE=1 cargo test --test it description` writes the copy anew, to be looked at.
#[test]
fn the_copy_in_docs_is_what_the_server_says() {
    let server = TestServer::start();
    let said = format!("{:#}\n", document(&server.client()));
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&copy, &said).unwrap();
    }
    let kept = fs::read_to_string(&copy).unwrap_or_default();
    let differs = kept.lines().zip(said.lines()).find(|(kept, said)| kept != said);
    assert!(kept == said, "docs/openapi.json has drifted (UPDATE=1 writes it): {differs:?}");
}

#[test]
fn it_is_openapi_3_1_and_known_by_a_tag() {
    let server = TestServer::start();
    let reply = server.client().get("/v1/openapi.json");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.json()["openapi"], "3.1.0");
    let known = format!("If-None-Match: {}", reply.header("etag").unwrap());
    assert_eq!(server.client().fetch("/v1/openapi.json", &[&known]).status, 304);
    assert_eq!(server.client().get("/v1/openapi.json?x=1").problem().1, "unknown-parameter");
}

#[test]
fn a_base_path_is_where_its_paths_start() {
    let options = restante::http::context::HttpOptions {
        base_path: "/mail".to_owned(),
        ..Default::default()
    };
    let server = TestServer::with(&options, 1 << 20, 100);
    let document = server.client().get("/mail/v1/openapi.json").json();
    assert_eq!(document["servers"], json!([{"url": "/mail"}]));
}

#[test]
fn every_method_is_described_and_no_other() {
    let server = TestServer::start();
    let document = document(&server.client());
    for (path, item) in document["paths"].as_object().unwrap() {
        let reply = server.client().send("TRACE", &path.replace(['{', '}'], ""), &[], "");
        let allowed = reply.header("allow").unwrap_or_else(|| panic!("{path}: {reply:?}"));
        // Of HEAD the document says that it works wherever GET does.
        let mut allowed: Vec<String> =
            allowed.split(',').map(str::to_lowercase).filter(|method| method != "head").collect();
        allowed.sort_unstable();
        let mut described: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
        described.sort_unstable();
        assert_eq!(described, allowed, "{path}");
    }
}

#[test]
fn the_parameters_described_are_those_accepted() {
    let server = TestServer::start();
    server.hold(FULL, &["bob@x.test"]);
    let mut asked = 0;
    for operation in operations(&document(&server.client())) {
        if ["/livez", "/readyz"].contains(&operation.path.as_str()) {
            continue;
        }
        let path = format!("{}?no-such-parameter=1", operation.path_of_something());
        let json = ["Content-Type: application/json"];
        let reply = server.client().send(&operation.method, &path, &json, "{\"read\": true}");
        assert_eq!(reply.problem(), (400, "unknown-parameter".to_owned()), "{path}");
        let described = operation.parameters("query");
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        let takes = match described.as_slice() {
            [] => " It takes none.".to_owned(),
            names => format!(" It takes: {}.", names.join(", ")),
        };
        assert!(detail.ends_with(&takes), "{path}: {detail} not {takes}");
        asked += 1;
    }
    assert!(asked > 20, "the document has lost its operations");
}

#[test]
fn the_fields_described_are_those_accepted() {
    let server = TestServer::start();
    let client = server.client();
    let document = document(&client);
    let body = |path: &str| {
        let body = &document["paths"][path]["post"]["requestBody"];
        body["content"]["application/json"]["schema"].clone()
    };
    let named = |name: &str| document["components"]["schemas"][name].clone();
    for (path, schema, asked) in [
        ("/v1/expect", body("/v1/expect"), json!({"no-such-field": 1})),
        ("/v1/messages", named("Draft"), json!({"no-such-field": 1})),
        ("/v1/messages", named("DraftAddress"), json!({"to": {"no-such-field": 1}})),
        ("/v1/messages", named("DraftHeader"), json!({"headers": [{"no-such-field": 1}]})),
        ("/v1/messages", named("DraftAttachment"), json!({"attachments": {"no-such-field": 1}})),
    ] {
        let fields = schema["properties"].as_object().unwrap();
        let names: Vec<_> = fields.keys().map(String::as_str).collect();
        let mut asked = asked;
        if path == "/v1/messages" && asked.get("to").is_none() {
            asked["to"] = json!("a@x.test");
        }
        let json = ["Content-Type: application/json"];
        let reply = client.send("POST", path, &json, &asked.to_string());
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.ends_with(&format!(" It takes: {}.", names.join(", "))), "{detail}");
    }
}

#[test]
fn names_are_unique_and_everything_is_explained() {
    let server = TestServer::start();
    let operations = operations(&document(&server.client()));
    let mut ids: Vec<_> = Vec::new();
    for Operation { path, description, .. } in &operations {
        ids.push(description["operationId"].as_str().unwrap().to_owned());
        for words in ["summary", "description"] {
            let words = description[words].as_str().unwrap_or_default();
            assert!(words.len() > 5, "{path}: {description}");
        }
        for parameter in description["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{path}: {parameter}");
            assert!(parameter["schema"].is_object(), "{path}: {parameter}");
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

#[test]
fn every_kind_of_refusal_is_described() {
    let server = TestServer::start();
    let document = document(&server.client());
    let page = include_str!("../../../docs/api.md");
    let described = document["paths"].to_string();
    for kind in Kind::ALL {
        let uri = kind.uri();
        assert!(page.contains(&format!("| `{uri}` | {} |", kind.status().as_u16())), "{uri}");
        // What no path of the document answers with stands in the list of types alone.
        let elsewhere = [Kind::NotFound, Kind::MethodNotAllowed].contains(&kind);
        assert!(elsewhere || described.contains(&format!("`{uri}`")), "{uri}");
    }
    let types = &document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"];
    assert_eq!(*types, json!(Kind::ALL.map(Kind::uri)));
}

#[test]
fn the_page_has_everything_and_runs_nothing() {
    let server = TestServer::start();
    let client = server.client();
    let reply = client.get("/v1/docs");
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    let page = reply.text();
    let document = document(&client);
    for Operation { path, description, .. } in operations(&document) {
        let id = description["operationId"].as_str().unwrap();
        assert!(page.contains(&format!("<article id=\"{id}\">")), "{path}");
        assert!(page.contains(&format!("<a href=\"#{id}\">")), "{path}");
        let sample = description["x-codeSamples"][0]["source"].as_str().unwrap();
        let written = sample.replace('&', "&amp;").replace('"', "&quot;");
        let written = written.replace('<', "&lt;").replace('>', "&gt;");
        assert!(page.contains(&written), "{sample}");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<article id=\"schema-{name}\">")), "{name}");
    }
    let links = page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    for link in links {
        assert!(page.contains(&format!("id=\"{link}\"")), "nothing is at #{link}");
    }
    assert!(!page.contains("<script") && !page.contains(" style="), "nothing inline");
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("sandbox; default-src 'none'; style-src 'sha256-"), "{policy}");
    let known = format!("If-None-Match: {}", reply.header("etag").unwrap());
    assert_eq!(client.fetch("/v1/docs", &[&known]).status, 304);
}

#[test]
fn the_page_has_the_colours_of_the_ui() {
    let tokens = include_str!("../../../ui/src/styles/tokens.css");
    let style = include_str!("../../../src/http/api/docs/docs.css");
    let declared = style.lines().map(str::trim).filter(|line| line.starts_with("--"));
    let declared: Vec<&str> = declared.collect();
    assert!(declared.len() > 8);
    for line in declared {
        assert!(tokens.contains(line), "ui/src/styles/tokens.css does not say {line}");
    }
}

#[test]
fn what_is_shown_to_try_is_answered() {
    let server = TestServer::start();
    let client = server.client();
    let mail = "From: shop@x.test\r\nTo: ada@example.test\r\nSubject: Welcome\r\n\
                Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n";
    for Operation { path, method, description } in operations(&document(&client)) {
        // What this server has not: a stream's end, a session of that number, TLS.
        let absent = ["/v1/events", "/v1/sessions/{id}", "/v1/ca.pem", "/readyz"];
        if method == "DELETE" || absent.contains(&path.as_str()) {
            continue;
        }
        server.hold(mail, &["ada@example.test"]);
        let sample = description["x-codeSamples"][0]["source"].as_str().unwrap();
        let (_, asked) = sample.split_once("http://localhost:8025").unwrap();
        let asked = asked.trim_end_matches('\'');
        if method == "GET" {
            let reply = client.get(asked);
            assert_eq!(reply.status, 200, "{sample}: {reply:?}");
        }
        let bodies = description["requestBody"]["content"].as_object();
        for (media_type, content) in bodies.into_iter().flatten() {
            let example = &content["example"];
            let body = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
            let kind = format!("Content-Type: {media_type}");
            let reply = client.send(&method, asked, &[&kind], &body);
            assert!([200, 201].contains(&reply.status), "{sample}: {kind}: {reply:?}");
        }
    }
}
