//! Schemas in words: what a value is, and the keys of an object.

use serde_json::Value;

use crate::http::api::docs::html::Html;

/// What a value is, in a few words, with links to the schemas it names.
pub(super) fn kind(html: &mut Html, schema: &Value) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return html.link(&anchor(name), name);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        for (index, choice) in choices.iter().enumerate() {
            html.raw(if index == 0 { "" } else { " or " });
            kind(html, choice);
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array() {
        for (index, word) in words.iter().enumerate() {
            html.raw(if index == 0 { "" } else { " | " });
            html.element("code", &plain(word));
        }
        return;
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => {
            html.raw("list of ");
            kind(html, &schema["items"]);
        }
        Value::String(name) if name == "object" && schema["additionalProperties"].is_object() => {
            html.raw("map of ");
            kind(html, &schema["additionalProperties"]);
        }
        Value::String(name) => html.words(name),
        Value::Array(names) => {
            let names: Vec<String> = names.iter().map(plain).collect();
            html.words(&names.join(" or "));
        }
        _ => html.raw("any value"),
    }
    html.words(&limits(schema));
}

/// What holds of a value beside its type.
fn limits(schema: &Value) -> String {
    let mut limits = String::new();
    if let Some(format) = schema["format"].as_str() {
        limits.push_str(&format!(", {}", format.trim_start_matches("restante-")));
    }
    // A limit that no value reaches is none to people.
    let reachable = |number: &&Value| number.as_u64().is_some_and(|number| number < 1 << 53);
    match (schema["minimum"].as_u64(), Some(&schema["maximum"]).filter(reachable)) {
        (Some(minimum), Some(maximum)) => limits.push_str(&format!(", {minimum} to {maximum}")),
        (Some(minimum), None) if minimum > 0 => limits.push_str(&format!(", at least {minimum}")),
        _ => {}
    }
    for (key, words) in [("maxLength", "characters"), ("maxItems", "items")] {
        if let Some(maximum) = schema[key].as_u64() {
            limits.push_str(&format!(", up to {maximum} {words}"));
        }
    }
    if let Some(default) = schema.get("default") {
        limits.push_str(&format!(", default {}", plain(default)));
    }
    limits
}

/// A named schema with its keys.
pub(super) fn section(html: &mut Html, name: &str, schema: &Value) {
    html.raw("<article id=\"");
    html.words(&anchor(name));
    html.raw("\"><h3>");
    html.words(name);
    html.raw("</h3>");
    if let Some(description) = schema["description"].as_str() {
        html.markdown(description);
    }
    let parts = schema["allOf"].as_array().map_or(std::slice::from_ref(schema), Vec::as_slice);
    for part in parts {
        if part.get("$ref").is_some() {
            html.raw("<p>All of ");
            kind(html, part);
            html.raw(", and</p>");
        }
    }
    let objects = parts.iter().filter(|part| part["properties"].is_object());
    let mut is_object = false;
    for object in objects {
        is_object = true;
        keys(html, object);
    }
    if !is_object && schema["type"] != "object" {
        html.raw("<p>");
        kind(html, schema);
        html.raw("</p>");
    }
    html.raw("</article>");
}

/// The keys of an object.
pub(super) fn keys(html: &mut Html, object: &Value) {
    let is_required = |name: &str| {
        object["required"].as_array().is_some_and(|required| required.iter().any(|r| r == name))
    };
    html.raw("<dl>");
    for (name, property) in object["properties"].as_object().into_iter().flatten() {
        html.raw("<div><dt>");
        html.element("code", name);
        html.raw(" <span class=kind>");
        kind(html, property);
        html.raw(if is_required(name) { "" } else { ", may be absent" });
        html.raw("</span></dt><dd>");
        html.inline(property["description"].as_str().unwrap_or_default());
        html.raw("</dd></div>");
    }
    html.raw("</dl>");
}

/// Where the schema of this name stands on the page.
fn anchor(name: &str) -> String {
    format!("schema-{name}")
}

/// A value as words.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
