//! An operation in words: what it does, what it takes, how to try it, what it answers.

use serde_json::Value;

use crate::http::api::docs::html::Html;
use crate::http::api::docs::schema;

/// One operation of the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation<'a> {
    pub(super) document: &'a Value,
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) description: &'a Value,
}

impl<'a> Operation<'a> {
    pub(super) fn id(&self) -> &'a str {
        self.description["operationId"].as_str().unwrap_or_default()
    }

    pub(super) fn summary(&self) -> &'a str {
        self.description["summary"].as_str().unwrap_or_default()
    }

    /// Writes the whole of it.
    pub(super) fn section(&self, html: &mut Html) {
        html.raw("<article id=\"");
        html.words(self.id());
        html.raw("\"><h3>");
        html.link(self.id(), self.summary());
        html.raw("</h3><p class=target><b class=method>");
        html.words(&self.method.to_uppercase());
        html.raw("</b> ");
        html.element("code", self.path);
        html.raw("</p>");
        html.markdown(self.description["description"].as_str().unwrap_or_default());
        self.parameters(html);
        self.body(html);
        for sample in self.description["x-codeSamples"].as_array().into_iter().flatten() {
            html.raw("<h4>Try it</h4>");
            pre(html, sample["source"].as_str().unwrap_or_default());
        }
        html.raw("<h4>Answers</h4>");
        for (status, answer) in self.description["responses"].as_object().into_iter().flatten() {
            self.answer(html, status, answer);
        }
        html.raw("</article>");
    }

    fn parameters(&self, html: &mut Html) {
        let parameters = self.description["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        for (place, heading) in
            [("path", "In the path"), ("query", "Query parameters"), ("header", "Headers")]
        {
            let here = parameters.iter().filter(|parameter| parameter["in"] == place);
            let here: Vec<&Value> = here.collect();
            if here.is_empty() {
                continue;
            }
            html.element("h4", heading);
            html.raw("<dl>");
            for parameter in here {
                html.raw("<div><dt>");
                html.element("code", parameter["name"].as_str().unwrap_or_default());
                html.raw(" <span class=kind>");
                schema::kind(html, &parameter["schema"]);
                html.raw("</span></dt><dd>");
                html.inline(parameter["description"].as_str().unwrap_or_default());
                if let Some(example) = parameter.get("example") {
                    html.raw(" <span class=kind>Such as ");
                    html.element("code", &schema::plain(example));
                    html.raw("</span>");
                }
                html.raw("</dd></div>");
            }
            html.raw("</dl>");
        }
    }

    fn body(&self, html: &mut Html) {
        let contents = self.description["requestBody"]["content"].as_object();
        for (media_type, content) in contents.into_iter().flatten() {
            html.raw("<h4>Body, <code>");
            html.words(media_type);
            html.raw("</code></h4>");
            let schema = &content["schema"];
            match schema["properties"].is_object() {
                true => schema::keys(html, schema),
                false if schema.is_object() => {
                    html.raw("<p>");
                    schema::kind(html, schema);
                    html.raw("</p>");
                }
                false => {}
            }
        }
    }

    fn answer(&self, html: &mut Html, status: &str, answer: &Value) {
        // What went well is what people came for; what went wrong is there when asked for.
        let opened = if ["200", "201"].contains(&status) { " open" } else { "" };
        html.raw(&format!("<details{opened}><summary><b>"));
        html.words(status);
        html.raw("</b> ");
        let description = answer["description"].as_str().unwrap_or_default();
        let is_refusal = description.starts_with("- ");
        if is_refusal {
            let kinds = description.matches("- `/problems/").count();
            html.words(&self.kinds(description, kinds));
        } else {
            html.inline(description);
        }
        html.raw("</summary>");
        if is_refusal {
            html.markdown(description);
        }
        self.headers(html, answer);
        for (media_type, content) in answer["content"].as_object().into_iter().flatten() {
            html.raw("<p class=kind><code>");
            html.words(media_type);
            html.raw("</code> ");
            if content["schema"].is_object() {
                schema::kind(html, &content["schema"]);
            }
            html.raw("</p>");
            self.examples(html, content);
        }
        html.raw("</details>");
    }

    /// The names of the kinds in a list of refusals.
    fn kinds(&self, description: &str, count: usize) -> String {
        let names = description.split("`/problems/").skip(1);
        let names = names.filter_map(|rest| rest.split('`').next());
        let shown: Vec<&str> = names.take(count).collect();
        shown.join(", ")
    }

    fn headers(&self, html: &mut Html, answer: &Value) {
        let headers = answer["headers"].as_object().into_iter().flatten();
        let mut own = headers.filter(|(_, header)| header.get("$ref").is_none()).peekable();
        if own.peek().is_none() {
            return;
        }
        html.raw("<dl>");
        for (name, header) in own {
            html.raw("<div><dt>");
            html.element("code", name);
            html.raw("</dt><dd>");
            html.inline(header["description"].as_str().unwrap_or_default());
            html.raw("</dd></div>");
        }
        html.raw("</dl>");
    }

    fn examples(&self, html: &mut Html, content: &Value) {
        if let Some(example) = content.get("example") {
            value(html, example);
        }
        for (_, example) in content["examples"].as_object().into_iter().flatten() {
            let place = example["$ref"].as_str().unwrap_or_default().trim_start_matches('#');
            if let Some(example) = self.document.pointer(place) {
                value(html, &example["value"]);
            }
        }
    }
}

fn value(html: &mut Html, example: &Value) {
    match example {
        Value::String(text) => pre(html, text),
        other => pre(html, &format!("{other:#}")),
    }
}

/// A text as it is; it can be scrolled by the keyboard too.
fn pre(html: &mut Html, text: &str) {
    html.raw("<pre tabindex=0>");
    html.words(text);
    html.raw("</pre>");
}
