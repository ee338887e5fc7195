//! The HTML of a mail made safe to frame. Knows nothing about the store or how a page is asked for.
//!
//! Three things stand between a hostile mail and whoever reads it. [`tame`] bounds what the tree
//! builder has to do. The sanitizer (`ammonia`) cuts everything that could act: scripts, handlers,
//! forms, frames, redirects, addresses of schemes that run something. And the page is sent with
//! [`policy`], which gives it an origin of its own without scripts, so that even what slipped
//! through can do nothing.

pub mod css;
pub mod elements;
pub mod lexer;
pub mod parts;
pub mod tame;
pub mod target;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

use ammonia::Builder;
use ammonia::UrlRelative;

use crate::http::render::elements::ATTRIBUTES;
use crate::http::render::elements::ELEMENTS;
use crate::http::render::parts::Parts;
use crate::http::render::tame::Tamed;
use crate::http::render::target::Target;
use crate::http::render::target::target;

/// How a mail's HTML is to be shown.
#[derive(Clone, Debug, Default)]
pub struct Rendering {
    /// The parts it may refer to.
    pub parts: Arc<Parts>,
    /// Whether pictures, fonts and style sheets may come from elsewhere.
    pub remote: bool,
}

/// What a mail's HTML would load from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remote {
    /// How many references there are.
    pub count: usize,
    /// The hosts they lead to, each once, in the order of their first appearance; no more than a
    /// hundred.
    pub hosts: Vec<String>,
}

/// A page of its own that shows a mail's HTML.
pub fn page(html: &str, rendering: &Rendering) -> String {
    let shown = cut(html);
    let Tamed { body, html_attributes, body_attributes, color_scheme } =
        tame::tame(shown, &mut |css| rendering.css(css));
    let sanitizer = sanitizer(rendering);
    let attributes = |given: &str| {
        let cleaned = sanitizer.clean(&format!("<div{given}></div>")).to_string();
        let attributes = cleaned.strip_prefix("<div").and_then(|rest| rest.strip_suffix("></div>"));
        attributes.unwrap_or_default().to_owned()
    };
    let scheme = color_scheme
        .map(|scheme| format!("<meta name=\"color-scheme\" content=\"{scheme}\">"))
        .unwrap_or_default();
    let note = if shown.len() < html.len() { CUT_NOTE } else { "" };
    format!(
        "<!doctype html><html{}><head><meta charset=\"utf-8\">{HEAD}{scheme}</head>\
         <body{}>{}{note}</body></html>",
        attributes(&html_attributes),
        attributes(&body_attributes),
        sanitizer.clean(&body),
    )
}

/// What the HTML of a mail refers to elsewhere, which a page without `remote` does not load.
pub fn remote(html: &str, parts: &Parts) -> Remote {
    let mut remote = Remote::default();
    let mut lexer = lexer::Lexer::new(cut(html));
    while let Some(token) = lexer.token() {
        let lexer::Token::Start(name, attributes) = token else { continue };
        for attribute in attributes {
            match attribute.name.to_ascii_lowercase().as_str() {
                "src" | "background" => remote.note(attribute.value, parts),
                "style" => remote.note_css(attribute.value, parts),
                _ => {}
            }
        }
        if name.eq_ignore_ascii_case("style") {
            let css = lexer.raw_text("style").unwrap_or_else(|| lexer.remainder());
            remote.note_css(css, parts);
        }
    }
    remote
}

/// The content security policy of the page: no script whatever, an origin of its own, links that
/// open beside it, and nothing from elsewhere unless asked for.
pub const fn policy(remote: bool) -> &'static str {
    if remote { POLICY_WITH_REMOTE } else { POLICY }
}

impl Rendering {
    fn css(&self, css: &str) -> String {
        css::rewrite(css, &mut |address| {
            self.resource(address).map_or_else(|| BLOCKED.into(), Cow::into_owned)
        })
    }

    /// What a picture or a background may be loaded from. None for nothing.
    fn resource<'u>(&self, address: &'u str) -> Option<Cow<'u, str>> {
        let part = |name| self.parts.address(name).map(|part| Cow::Owned(part.to_owned()));
        match target(address) {
            Target::Data | Target::Fragment => Some(address.into()),
            Target::Part(name) => part(&name),
            // A part with this location is what the sender meant (RFC 2557 §5).
            Target::Remote(_) => part(address).or(self.remote.then_some(address.into())),
            Target::Other => None,
        }
    }

    /// What becomes of an attribute that the sanitizer would keep. None to cut it.
    fn attribute<'u>(&self, name: &str, value: &'u str) -> Option<Cow<'u, str>> {
        match name {
            "style" => Some(self.css(value).into()),
            "src" | "background" => self.resource(value),
            // The sanitizer has refused the schemes that are not listed; a relative link would lead
            // here.
            "href" => match target(value) {
                Target::Fragment | Target::Remote(_) => Some(value.into()),
                Target::Other => Some(value.into()),
                Target::Data | Target::Part(_) => None,
            },
            _ => Some(value.into()),
        }
    }
}

impl Remote {
    fn note(&mut self, address: &str, parts: &Parts) {
        let Target::Remote(host) = target(address) else { return };
        if parts.address(address).is_some() {
            return;
        }
        self.count += 1;
        if self.hosts.len() < HOSTS_MAX && !self.hosts.contains(&host) {
            self.hosts.push(host);
        }
    }

    fn note_css(&mut self, css: &str, parts: &Parts) {
        css::rewrite(css, &mut |address| {
            self.note(address, parts);
            String::new()
        });
    }
}

/// Keeps what [`elements`] lists: the same as [`tame`] does, but decided on the finished tree.
fn sanitizer(rendering: &Rendering) -> Builder<'static> {
    let rendering = rendering.clone();
    let mut sanitizer = Builder::default();
    let schemes = sanitizer.clone_url_schemes().into_iter().chain(["data", "cid"]).collect();
    let targets = HashSet::from(["_blank"]);
    let values = ["a", "area"].map(|name| (name, HashMap::from([("target", targets.clone())])));
    sanitizer
        .tags(ELEMENTS.iter().map(|element| element.name).collect())
        .clean_content_tags(HashSet::from(["script"]))
        .tag_attributes(HashMap::new())
        .tag_attribute_values(HashMap::from(values))
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .url_schemes(schemes)
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"))
        .attribute_filter(move |_, name, value| rendering.attribute(name, value));
    sanitizer
}

/// The start of a mail's HTML that is shown.
fn cut(html: &str) -> &str {
    &html[..html.floor_char_boundary(HTML_BYTES_MAX)]
}

/// How much of a mail's HTML is shown. Truncates, with a note at the end.
pub const HTML_BYTES_MAX: usize = 4 * 1_024 * 1_024;

const CUT_NOTE: &str = "<hr><p>The HTML of this mail is longer than 4 MiB and is cut here. \
     Its source is whole.</p>";

const HEAD: &str = "<meta name=\"viewport\" content=\"width=device-width\">";

/// An address that leads nowhere (CSS Values 4 §4.5).
const BLOCKED: &str = "about:invalid";

/// Hosts that are named. Counts all the same.
const HOSTS_MAX: usize = 100;

const POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
     style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const POLICY_WITH_REMOTE: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; \
     default-src 'none'; \
     style-src 'unsafe-inline' http: https:; img-src 'self' data: http: https:; \
     font-src 'self' data: http: https:; media-src http: https:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

#[cfg(test)]
mod tests;
