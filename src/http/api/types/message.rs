//! A mail whole in JSON.

use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use utoipa::ToSchema;

use crate::http::api::types::Address;
use crate::http::api::types::Header;
use crate::http::api::types::Summary;
use crate::http::api::types::addresses;
use crate::http::api::types::envelope::Envelope;
use crate::http::api::types::referred::referred;
use crate::http::api::types::time;
use crate::http::render;
use crate::message;
use crate::message::extract;
use crate::message::limits::Limits;
use crate::store::entry::Entry;
use crate::store::entry::Held;

/// A mail: what lists show, and all that can be read from it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// What lists show.
    #[serde(flatten)]
    pub summary: Summary,
    /// Who sent it to whom, and how it came.
    pub envelope: Envelope,
    /// All fields of its header, in order.
    pub headers: Vec<Header>,
    /// The Sender header.
    pub sender: Vec<Address>,
    /// The Bcc header.
    pub bcc: Vec<Address>,
    /// The Reply-To header.
    pub reply_to: Vec<Address>,
    /// When it was written, by its own account.
    #[schema(format = DateTime)]
    pub date: Option<String>,
    /// The Message-ID without brackets.
    pub message_id: Option<String>,
    /// The mails it answers.
    pub in_reply_to: Vec<String>,
    /// The mails of its thread.
    pub references: Vec<String>,
    /// Its plain text; null when it has none.
    pub text: Option<String>,
    /// Its HTML as it came, not made safe; null when it has none.
    pub html: Option<String>,
    /// Whether `text` or `html` is cut at 1 MiB.
    pub truncated: bool,
    /// What its HTML would load from elsewhere.
    pub html_remote: Remote,
    /// The MIME tree: one root.
    pub parts: Vec<Part>,
    /// Every leaf that is not the shown text or HTML.
    pub attachments: Vec<Attachment>,
    /// Its links.
    pub links: Vec<Link>,
    /// The address of the link that it was written for; null when there is none to follow.
    pub main_link: Option<String>,
    /// Its one-time codes, the best candidate first.
    pub codes: Vec<Code>,
    /// The targets of List-Unsubscribe.
    pub list_unsubscribe: Vec<String>,
    /// What is odd about it.
    pub warnings: Vec<Warning>,
}

/// What HTML refers to elsewhere, and what `/html` leaves out without `remote=true`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RemoteContent)]
pub struct Remote {
    /// How many references there are.
    pub count: usize,
    /// Where they lead.
    pub hosts: Vec<String>,
}

/// A part of the MIME tree.
#[derive(Debug, Serialize, ToSchema)]
pub struct Part {
    /// Its number, as IMAP counts; empty for a root multipart.
    pub path: String,
    /// Its media type.
    pub content_type: String,
    /// The charset it names.
    pub charset: Option<String>,
    /// Its transfer encoding.
    pub encoding: String,
    /// Its disposition.
    pub disposition: Option<String>,
    /// Its file name, decoded, as it was sent.
    pub name: Option<String>,
    /// Its Content-ID without brackets.
    pub content_id: Option<String>,
    /// Its decoded bytes; of a multipart those of its body.
    pub size: usize,
    /// The parts it consists of.
    #[schema(no_recursion)]
    pub parts: Vec<Self>,
}

/// A leaf that is not the shown text or HTML.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attachment {
    /// Its number.
    pub path: String,
    /// Its file name; null when it has none.
    pub name: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// Its decoded bytes.
    pub size: usize,
    /// Its Content-ID without brackets.
    pub content_id: Option<String>,
    /// Whether it is shown within the text.
    pub inline: bool,
    /// The hash of its decoded bytes, in hexadecimal digits.
    pub sha256: String,
    /// The path to get it from.
    pub url: String,
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// Where it leads.
    pub url: String,
    /// What a reader clicks on.
    pub text: String,
    /// The part it stands in.
    pub part: String,
    /// What it is for.
    pub kind: LinkKind,
}

/// What a link is for: something to follow, an image that is fetched, a way to be rid of the
/// sender.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the words of the API")]
pub enum LinkKind {
    Link,
    Image,
    Unsubscribe,
}

/// What may be a one-time code.
#[derive(Debug, Serialize, ToSchema)]
pub struct Code {
    /// The code.
    pub value: String,
    /// The words around it.
    pub context: String,
    /// The part it stands in.
    pub part: String,
}

/// Something odd.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    /// A stable name, such as `boundary-missing`; docs/mail.md lists them.
    pub code: &'static str,
    /// The same in words.
    pub detail: String,
    /// The part it is about; null for the mail itself.
    pub part: Option<String>,
}

impl Message {
    /// Reads a mail whole. `base_path` stands before the paths of its attachments.
    pub fn of(held: &Held, base_path: &str) -> Self {
        let entry = &held.entry;
        let message = message::parse(&entry.raw);
        let html = message.html();
        let parts_referred = referred(&message, str::to_owned);
        let html_remote = html.as_deref().map(|html| render::remote(html, &parts_referred));
        let html_remote = html_remote.unwrap_or_default();
        let links = extract::links(&message);
        Self {
            summary: Summary::of_message(entry, &message).marked(&held.marks),
            envelope: Envelope::of(entry),
            headers: message.headers().iter().map(Into::into).collect(),
            sender: addresses(message.sender()),
            bcc: addresses(message.bcc()),
            reply_to: addresses(message.reply_to()),
            date: message.date().map(time),
            message_id: message.message_id(),
            in_reply_to: message.in_reply_to(),
            references: message.references(),
            text: message.plain(),
            html: html.map(cut),
            truncated: message.is_long(),
            html_remote: Remote { count: html_remote.count, hosts: html_remote.hosts },
            parts: parts(&message),
            attachments: attachments(entry, &message, base_path),
            main_link: extract::main_link(&links).map(|index| links[index].url.clone()),
            links: links.into_iter().map(Into::into).collect(),
            codes: extract::codes(&message).into_iter().map(Into::into).collect(),
            list_unsubscribe: message.list_unsubscribe(),
            warnings: message.warnings().iter().map(Into::into).collect(),
        }
    }
}

impl From<extract::Link> for Link {
    fn from(link: extract::Link) -> Self {
        let kind = match link.kind {
            extract::LinkKind::Link => LinkKind::Link,
            extract::LinkKind::Image => LinkKind::Image,
            extract::LinkKind::Unsubscribe => LinkKind::Unsubscribe,
        };
        Self { url: link.url, text: link.text, part: link.part, kind }
    }
}

impl From<extract::Code> for Code {
    fn from(code: extract::Code) -> Self {
        Self { value: code.value, context: code.context, part: code.part }
    }
}

impl From<&message::Warning> for Warning {
    fn from(warning: &message::Warning) -> Self {
        let (detail, part) = (warning.detail.clone(), warning.part.clone());
        Self { code: warning.code, detail, part }
    }
}

/// The path of a part, for clients to get it from.
pub fn part_url(base_path: &str, entry: &Entry, path: &str) -> String {
    format!("{base_path}/v1/messages/{}/parts/{path}", entry.id)
}

/// The tree, built from its leaves: going backwards, the children of a part are those built last.
fn parts(message: &message::Message<'_>) -> Vec<Part> {
    let mut built: Vec<Part> = Vec::new();
    for part in message.parts().iter().rev() {
        let count = message.children(part).count().min(built.len());
        let mut children = built.split_off(built.len() - count);
        children.reverse();
        built.push(one_part(part, message.raw(), children));
    }
    built
}

fn one_part(part: &message::Part, raw: &[u8], parts: Vec<Part>) -> Part {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Part {
        path: part.path().to_owned(),
        content_type: part.content_type().to_owned(),
        charset: owned(part.charset()),
        encoding: part.encoding().to_owned(),
        disposition: owned(part.disposition()),
        name: owned(part.name()),
        content_id: owned(part.content_id()),
        size: part.size_bytes(raw),
        parts,
    }
}

fn attachments(entry: &Entry, message: &message::Message<'_>, base_path: &str) -> Vec<Attachment> {
    let one = |part: &message::Part| {
        let bytes = part.decoded(message.raw());
        let digest = Sha256::digest(&bytes);
        Attachment {
            path: part.path().to_owned(),
            name: part.name().map(str::to_owned),
            content_type: part.content_type().to_owned(),
            size: bytes.len(),
            content_id: part.content_id().map(str::to_owned),
            inline: part.is_inline(),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            url: part_url(base_path, entry, part.path()),
        }
    };
    message.attachments().map(one).collect()
}

/// As much of the HTML as of the text. Truncates, and `truncated` says so.
fn cut(mut html: String) -> String {
    html.truncate(html.floor_char_boundary(Limits::DEFAULT.text_bytes_max));
    html
}
