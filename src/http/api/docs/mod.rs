//! `/v1/docs`: the description of the API as a page to read. It needs no script and nothing from
//! elsewhere; saved to a file it is the same.

mod html;
mod operation;
mod schema;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

use crate::http::api::docs::html::Html;
use crate::http::api::docs::operation::Operation;

/// The page of an OpenAPI document.
pub(super) fn page(document: &Value) -> String {
    let mut html = Html::default();
    html.raw(HEAD);
    html.raw("<style>");
    html.raw(STYLE);
    html.raw("</style>\n");
    let sections = sections(document);
    contents(&mut html, document, &sections);
    html.raw("<main><h1>restante API <small>");
    html.words(document["info"]["version"].as_str().unwrap_or_default());
    html.raw("</small></h1>");
    html.markdown(document["info"]["description"].as_str().unwrap_or_default());
    html.raw("<p>For programs: <a href=openapi.json><code>openapi.json</code></a>.</p>");
    for (tag, operations) in &sections {
        let name = tag["name"].as_str().unwrap_or_default();
        html.raw("<section id=\"");
        html.words(&anchor(name));
        html.raw("\">");
        html.element("h2", name);
        html.markdown(tag["description"].as_str().unwrap_or_default());
        operations.iter().for_each(|operation| operation.section(&mut html));
        html.raw("</section>");
    }
    html.raw("<section id=schemas><h2>Schemas</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        schema::section(&mut html, name, schema);
    }
    html.raw("</section></main>\n</body>\n</html>\n");
    html.into_text()
}

/// What the page may load: its own style, known by its hash, and nothing else.
pub(super) fn policy() -> String {
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    format!("sandbox; default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'")
}

/// The operations by their tags, in the order of the document.
fn sections(document: &Value) -> Vec<(&Value, Vec<Operation<'_>>)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations: Vec<Operation<'_>> = paths
        .flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |it| (path, it)))
        .map(|(path, (method, description))| Operation { document, path, method, description })
        .collect();
    let tags = document["tags"].as_array().into_iter().flatten();
    let of_tag = |tag: &Value| {
        let has_it = |operation: &&Operation<'_>| operation.description["tags"][0] == tag["name"];
        operations.iter().filter(has_it).copied().collect()
    };
    tags.map(|tag| (tag, of_tag(tag))).collect()
}

/// The list of everything on the page.
fn contents(html: &mut Html, document: &Value, sections: &[(&Value, Vec<Operation<'_>>)]) {
    html.raw("<nav aria-label=Contents><p><a href=\"../\">restante</a></p>");
    for (tag, operations) in sections {
        let name = tag["name"].as_str().unwrap_or_default();
        html.raw("<h2>");
        html.link(&anchor(name), name);
        html.raw("</h2><ul>");
        for operation in operations {
            html.raw("<li>");
            html.link(operation.id(), operation.summary());
            html.raw("</li>");
        }
        html.raw("</ul>");
    }
    html.raw("<details><summary>Schemas</summary><ul>");
    for (name, _) in document["components"]["schemas"].as_object().into_iter().flatten() {
        html.raw("<li>");
        html.link(&format!("schema-{name}"), name);
        html.raw("</li>");
    }
    html.raw("</ul></details></nav>\n");
}

fn anchor(tag: &str) -> String {
    tag.to_lowercase().replace(' ', "-")
}

const HEAD: &str = "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n\
    <meta name=viewport content=\"width=device-width\">\n<title>restante API</title>\n";

/// What colours and types it has, as the web UI has them.
const STYLE: &str = include_str!("docs.css");
