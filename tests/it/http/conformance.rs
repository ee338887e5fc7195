//! What the server answers, and what the examples show, is what the schemas say.

use serde_json::Value;
use serde_json::json;

use crate::http::FULL;
use crate::http::TestServer;
use crate::http::client::Reply;

/// A schema of the document, which may refer to others in it. No key may be there that it does
/// not name.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    if schema.get("type").is_none_or(|kind| kind == "object") {
        schema["unevaluatedProperties"] = json!(false);
    }
    jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{error}: {schema}"))
}

fn hold_to(document: &Value, schema: &Value, value: &Value, what: &str) {
    let errors: Vec<String> = validator(document, schema)
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}\n{value:#}");
}

#[test]
fn examples_are_as_their_schemas_say() {
    let server = TestServer::start();
    let document = server.client().get("/v1/openapi.json").json();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answers = operation["responses"].as_object().unwrap().values();
            let bodies = answers.chain([&operation["requestBody"]]);
            let contents = bodies.filter_map(|body| body["content"].as_object());
            for content in contents.flat_map(|content| content.values()) {
                let examples = content["examples"].as_object().into_iter();
                let examples = examples.flat_map(|examples| examples.values());
                let named = |example: &Value| example["$ref"].as_str().unwrap()[1..].to_owned();
                let examples =
                    examples.map(|example| &document.pointer(&named(example)).unwrap()["value"]);
                for example in examples.chain(content.get("example")) {
                    hold_to(&document, &content["schema"], example, &format!("{method} {path}"));
                    tried += 1;
                }
            }
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                if let Some(example) = parameter.get("example") {
                    hold_to(&document, &parameter["schema"], example, &parameter.to_string());
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 200, "only {tried} examples");
}

#[test]
fn answers_are_as_their_schemas_say() {
    let server = TestServer::start();
    let client = server.client();
    let document = client.get("/v1/openapi.json").json();
    server.hold(FULL, &["bob@x.test", "bcc@x.test"]);
    server.hold_many(3);
    let hold = |reply: &Reply, path: &str, method: &str| {
        let status = reply.status.to_string();
        let answer = &document["paths"][path][method]["responses"][&status];
        let media_type = reply.header("content-type").unwrap();
        let schema = &answer["content"][media_type]["schema"];
        assert!(schema.is_object(), "{method} {path} {status} {media_type} is not described");
        hold_to(&document, schema, &reply.json(), &format!("{method} {path}"));
        for header in answer["headers"].as_object().unwrap().keys() {
            assert!(reply.header(&header.to_lowercase()).is_some(), "{method} {path}: {header}");
        }
    };
    let first = "?subject=Gr%C3%BC%C3%9Fe";
    for (path, asked) in [
        ("/v1/messages", "/v1/messages?limit=2".to_owned()),
        ("/v1/messages", "/v1/messages?q=from:".to_owned()),
        ("/v1/messages", "/v1/messages?limit=many".to_owned()),
        ("/v1/messages/{id}", format!("/v1/messages/latest{first}")),
        ("/v1/messages/{id}", "/v1/messages/latest?to=nobody".to_owned()),
        ("/v1/messages/{id}/headers", format!("/v1/messages/latest/headers{first}")),
        ("/v1/messages/{id}/transcript", format!("/v1/messages/latest/transcript{first}")),
        ("/v1/messages/{id}/parts/{path}", format!("/v1/messages/latest/parts/9{first}")),
        ("/v1/inboxes", "/v1/inboxes".to_owned()),
        ("/v1/sessions", "/v1/sessions?failed".to_owned()),
        ("/v1/sessions/{id}", "/v1/sessions/1".to_owned()),
        ("/v1/cursor", "/v1/cursor".to_owned()),
        ("/v1/info", "/v1/info".to_owned()),
        ("/v1/ca.pem", "/v1/ca.pem".to_owned()),
        ("/v1/expect", "/v1/expect?rcpt=bob@x.test&within=0".to_owned()),
        ("/v1/expect", "/v1/expect?q=link~/(g)o/&within=0".to_owned()),
        ("/v1/expect", "/v1/expect?subject=mial&within=0&since=3e8.1".to_owned()),
        ("/v1/expect", "/v1/expect?exactly=1&within=0".to_owned()),
        ("/v1/expect", "/v1/expect?since=1.1".to_owned()),
    ] {
        hold(&client.get(&asked), path, "get");
    }
    let post = |path: &str, media_type: &str, body: &str| {
        let reply = client.send("POST", path, &[&format!("Content-Type: {media_type}")], body);
        hold(&reply, "/v1/messages", "post");
        reply.status
    };
    let (mail, json) = ("message/rfc822", "application/json; charset=utf-8");
    assert_eq!(post("/v1/messages?from=&to=bob@x.test", mail, FULL), 201);
    assert_eq!(post("/v1/messages", json, r#"{"to": "a@x.test", "subject": "x"}"#), 201);
    assert_eq!(post("/v1/messages", json, r#"{"to": 1}"#), 400);
    assert_eq!(post("/v1/messages?to=", mail, FULL), 400);
    assert_eq!(post("/v1/messages", "text/plain", FULL), 415);
    let reply = client.patch("/v1/messages/latest", r#"{"read": true, "tags": ["a"]}"#);
    hold(&reply, "/v1/messages/{id}", "patch");
    hold(&client.patch("/v1/messages/latest", r#"{"red": true}"#), "/v1/messages/{id}", "patch");
    hold(&client.patch("/v1/messages?all=true", r#"{"read": true}"#), "/v1/messages", "patch");
    hold(&client.delete("/v1/messages/latest"), "/v1/messages/{id}", "delete");
    hold(&client.delete("/v1/messages"), "/v1/messages", "delete");
    hold(&client.delete("/v1/messages?all=true"), "/v1/messages", "delete");
}

/// What is blank is the same to the schema and to the server, in any script.
#[test]
fn blanks_are_taken_as_their_schema_says() {
    let server = TestServer::start();
    let client = server.client();
    let document = client.get("/v1/openapi.json").json();
    let parameters = document["paths"]["/v1/messages"]["get"]["parameters"].as_array().unwrap();
    let subject = parameters.iter().find(|parameter| parameter["name"] == "subject").unwrap();
    let validator = validator(&document, &subject["schema"]);
    for number in (0..0x3100).chain(0xfe00..0x1_0000) {
        let character = char::from_u32(number).unwrap();
        if !character.is_whitespace() && !matches!(number, 0x1c..=0x1f | 0x180e | 0x200b | 0xfeff) {
            continue;
        }
        let encoded: String =
            character.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
        let reply = client.get(&format!("/v1/messages?subject={encoded}"));
        let taken = validator.is_valid(&json!(character.to_string()));
        assert_eq!(reply.status == 200, taken, "{number:x}: {}", reply.text());
    }
}

/// The schema refuses what the server refuses, but for a draft that is for nobody.
#[test]
fn drafts_are_taken_as_their_schema_says() {
    let server = TestServer::start();
    let client = server.client();
    let document = client.get("/v1/openapi.json").json();
    let schema = json!({"$ref": "#/components/schemas/Draft"});
    let validator = validator(&document, &schema);
    let file = |fields: Value| json!({"attachments": fields});
    let typed = |kind: &str| json!({"attachments": {"content": "", "content_type": kind}});
    let coded = |content: &str| json!({"attachments": [{"content": content}]});
    for (field, taken) in [
        (json!({"from": "Ada <ada@x.test>", "cc": ["b@x.test"], "bcc": null}), true),
        (json!({"cc": [{"name": null, "address": "@"}, "Bo <b@x.test>"], "reply_to": []}), true),
        (json!({"cc": "nobody"}), false),
        (json!({"cc": [["a@x.test"]]}), false),
        (json!({"cc": {"name": "Ada"}}), false),
        (json!({"cc": {"address": "a@x.test, b@x.test"}}), false),
        (json!({"cc": {"address": "a@x.test\n"}}), false),
        (json!({"cc": {"address": "a@x.test", "name": 1}}), false),
        (json!({"subject": "", "text": "\u{0}\r\n", "html": null}), true),
        (json!({"subject": ["x"]}), false),
        (json!({"no-such-field": "x"}), false),
        (json!({"headers": {"X-A": "ü", "x-b": null, "Contents": "", "To": "c@x.test"}}), true),
        (json!({"headers": [{"name": "X-A", "value": "1"}, {"name": "X-A", "value": "2"}]}), true),
        (json!({"headers": {"CONTENT-Type": "x"}}), false),
        (json!({"headers": [{"name": "Mime-Version", "value": "1.0"}]}), false),
        (json!({"headers": [{"name": "X-A", "value": null}]}), false),
        (json!({"headers": {"X A": "x"}}), false),
        (json!({"headers": {"": "x"}}), false),
        (json!({"headers": "X-A: x"}), false),
        (file(json!([{"name": "ü", "content_id": "logo", "content": "SGk="}])), true),
        (file(json!([])), true),
        (file(json!({"content": "SGk=", "content_type": null})), true),
        (file(json!({"name": "a"})), false),
        (file(json!(["SGk="])), false),
        (coded("SGk"), true),
        (coded("SG=="), false),
        (coded("SA="), true),
        (coded("SA=="), true),
        (coded("SA==="), false),
        (coded("S"), false),
        (coded("S-k="), false),
        (typed("text/plain; charset=\"x y\""), true),
        (typed("image/svg+xml"), true),
        (typed("Multipart/mixed"), false),
        (typed("text"), false),
        (typed("text/plain;ü"), false),
    ] {
        let mut draft = json!({"to": "a@x.test"});
        draft.as_object_mut().unwrap().extend(field.as_object().unwrap().clone());
        let json = ["Content-Type: application/json"];
        let reply = client.send("POST", "/v1/messages", &json, &draft.to_string());
        assert_eq!(reply.status, if taken { 201 } else { 400 }, "{draft}: {}", reply.text());
        assert_eq!(validator.is_valid(&draft), taken, "{draft}: as the schema has it");
    }
}
