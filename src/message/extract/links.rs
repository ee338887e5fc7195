//! The links of a mail: where they lead, what they say, and what they are for.

use std::collections::HashMap;

use crate::message::Message;
use crate::message::html;
use crate::message::html::Event;
use crate::message::limits::Limits;
use crate::message::shown;
use crate::message::text::parts_words;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Something to follow.
    Link,
    /// An image that is fetched.
    Image,
    /// A way to be rid of the sender.
    Unsubscribe,
}

impl LinkKind {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Image => "image",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// One link of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, character references resolved.
    pub url: String,
    /// What a reader clicks on; the alternative text of an image; empty in plain text.
    pub text: String,
    /// The path of the part it stands in; empty for the header.
    pub part: String,
    /// What it is for.
    pub kind: LinkKind,
}

/// All links of the shown parts and of List-Unsubscribe, each URL once, in order.
pub fn links(message: &Message<'_>) -> Vec<Link> {
    let mut found = Links::default();
    let parts = message.parts().iter().filter(|part| shown::is_shown(part));
    shown::each_beginning(message, parts, Limits::DEFAULT.text_bytes_max, |part, text| {
        if part.content_type() == "text/html" {
            html_links(text, part.path(), &mut found);
        } else {
            plain_links(text, part.path(), &mut found);
        }
    });
    for url in message.list_unsubscribe() {
        let part = String::new();
        found.add(Link { url, text: String::new(), part, kind: LinkKind::Unsubscribe });
    }
    found.list
}

/// Links in order, each once.
#[derive(Default)]
struct Links {
    list: Vec<Link>,
    /// Where each URL is in the list.
    known: HashMap<(bool, String), usize>,
}

impl Links {
    fn add(&mut self, link: Link) {
        let is_image = link.kind == LinkKind::Image;
        if let Some(&at) = self.known.get(&(is_image, link.url.clone())) {
            let known = &mut self.list[at];
            if known.text.is_empty() {
                known.text = link.text;
            }
            if link.kind == LinkKind::Unsubscribe {
                known.kind = LinkKind::Unsubscribe;
            }
        } else if self.list.len() < Limits::DEFAULT.links_max {
            self.known.insert((is_image, link.url.clone()), self.list.len());
            self.list.push(link);
        }
    }
}

fn html_links(html: &str, part: &str, found: &mut Links) {
    let mut open: Option<Link> = None;
    html::read(html, |event| {
        match event {
            Event::Text(text) => {
                if let Some(link) = open.as_mut().filter(|link| link.text.len() < LINK_TEXT_MAX) {
                    link.text.push_str(text);
                }
            }
            Event::Start("a" | "area", attributes) => {
                finish(open.take(), found);
                open = attributes.value("href").and_then(|url| link_to(&url, part));
            }
            Event::Start("img" | "input", attributes) => {
                let alternative = attributes.value("alt").unwrap_or_default();
                if let Some(link) = open.as_mut().filter(|link| link.text.trim().is_empty()) {
                    link.text.push_str(&alternative);
                }
                let source = attributes.value("src");
                if let Some(link) = source.and_then(|url| link_to(&url, part)) {
                    let text = one_line(&alternative);
                    found.add(Link { kind: LinkKind::Image, text, ..link });
                }
            }
            Event::End("a") => finish(open.take(), found),
            Event::Start(name, _) | Event::End(name) => {
                if let Some(link) = open.as_mut().filter(|_| parts_words(name)) {
                    link.text.push(' ');
                }
            }
        }
        true
    });
    finish(open, found);
}

/// A link to somewhere else; not to a part of the mail, nor to a place in the page.
fn link_to(url: &str, part: &str) -> Option<Link> {
    let url: String = url.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let elsewhere = !url.is_empty() && !url.starts_with('#');
    let kept = elsewhere && !matches!(scheme.as_str(), "cid" | "mid" | "data" | "javascript");
    kept.then(|| Link { url, text: String::new(), part: part.to_owned(), kind: LinkKind::Link })
}

fn finish(link: Option<Link>, found: &mut Links) {
    let Some(mut link) = link else { return };
    link.text = one_line(&link.text);
    if speaks_of_leaving(&link.text) || speaks_of_leaving(&link.url) {
        link.kind = LinkKind::Unsubscribe;
    }
    found.add(link);
}

fn speaks_of_leaving(text: &str) -> bool {
    let text = text.to_lowercase();
    LEAVING.iter().any(|word| text.contains(word))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain_links(text: &str, part: &str, found: &mut Links) {
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"://") {
        let scheme_start = ["https", "http"].iter().find_map(|scheme| {
            let start = at.checked_sub(scheme.len())?;
            rest.get(start..at)?.eq_ignore_ascii_case(scheme).then_some(start)
        });
        let Some(start) = scheme_start else {
            rest = &rest[at + 3..];
            continue;
        };
        let url = &rest[start..];
        let end = url.find(ends_url).unwrap_or(url.len());
        let (url, behind) = url.split_at(end);
        let url = without_punctuation(url);
        if url.len() > at - start + 3 {
            let leaving = speaks_of_leaving(url);
            let kind = if leaving { LinkKind::Unsubscribe } else { LinkKind::Link };
            let (url, part) = (url.to_owned(), part.to_owned());
            found.add(Link { url, text: String::new(), part, kind });
        }
        rest = behind;
    }
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\u{ab}' | '\u{bb}')
}

/// A URL without the punctuation of the sentence around it; a bracket stays when it was opened.
fn without_punctuation(mut url: &str) -> &str {
    // Counted once, so that an address of nothing but brackets takes no longer than another.
    let mut unopened = BRACKETS.map(|(opening, closing)| {
        url.matches(closing).count().saturating_sub(url.matches(opening).count())
    });
    while let Some(last) = url.chars().next_back() {
        match BRACKETS.iter().position(|(_, closing)| *closing == last) {
            Some(kind) if unopened[kind] > 0 => unopened[kind] -= 1,
            None if ENDS_SENTENCE.contains(&last) => {}
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
const ENDS_SENTENCE: [char; 11] = ['.', ',', ';', ':', '!', '?', '\'', '*', '_', '|', '\u{201d}'];

const LINK_TEXT_MAX: usize = 1_000;
const LEAVING: [&str; 33] = [
    "unsubscribe",
    "opt-out",
    "opt out",
    "optout",
    "abmelden",
    "abbestellen",
    "abmeldung",
    "désabonn",
    "désinscri",
    "darse de baja",
    "darme de baja",
    "cancelar suscripción",
    "cancelar la suscripción",
    "cancelar inscrição",
    "cancelar a inscrição",
    "cancelar subscrição",
    "descadastr",
    "annulla iscrizione",
    "annulla l'iscrizione",
    "disiscriv",
    "disiscrizione",
    "uitschrijven",
    "afmelden",
    "wypisz",
    "rezygnuj",
    "отписаться",
    "отписка",
    "配信停止",
    "購読解除",
    "退订",
    "退訂",
    "수신거부",
    "abonelikten çık",
];
