//! A caught mail, and what tests look for in it.

use crate::expect::matches::Match;
use crate::message;
use crate::message::Message;
use crate::message::envelope::Envelope;
use crate::message::extract;
use crate::message::extract::Code;
use crate::message::extract::Link;
use crate::message::extract::LinkKind;
use crate::store::entry::Held;

/// A caught mail. It stays whole when it is deleted from the catcher.
#[derive(Clone, Debug)]
pub struct Mail {
    held: Held,
    matched: Match,
}

/// A file of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its file name, decoded; None when it has none.
    pub name: Option<String>,
    /// Its media type in lower case, such as `application/pdf`.
    pub content_type: String,
    /// What the file is, decoded.
    pub bytes: Vec<u8>,
    /// Whether it is shown within the text, as a logo is.
    pub is_inline: bool,
}

impl Mail {
    pub(super) const fn new(held: Held, matched: Match) -> Self {
        Self { held, matched }
    }

    /// Its name in the API and the web UI.
    pub fn id(&self) -> String {
        self.held.entry.id.to_string()
    }

    /// What the SMTP client said of sender and recipients.
    pub fn envelope(&self) -> &Envelope {
        &self.held.entry.envelope
    }

    /// The address of MAIL FROM.
    pub fn mail_from(&self) -> &str {
        self.envelope().mail_from()
    }

    /// The addresses of RCPT TO, Bcc among them.
    pub fn recipients(&self) -> Vec<&str> {
        self.envelope().recipients().map(|path| path.address).collect()
    }

    /// The bytes as they were sent.
    pub fn raw(&self) -> &[u8] {
        &self.held.entry.raw
    }

    /// The mail read: headers, addresses, parts, warnings.
    pub fn message(&self) -> Message<'_> {
        message::parse(self.raw())
    }

    /// The decoded subject; empty when there is none.
    pub fn subject(&self) -> String {
        self.message().subject().unwrap_or_default()
    }

    /// The decoded value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<String> {
        self.message().headers().first(name).map(|header| header.value())
    }

    /// All headers in order, names as they were sent and values decoded; repeated ones are kept.
    pub fn headers(&self) -> Vec<(String, String)> {
        let message = self.message();
        message.headers().iter().map(|header| (header.name().into(), header.value())).collect()
    }

    /// What a mail program would show as text; empty when there is none.
    pub fn text(&self) -> String {
        self.message().text().unwrap_or_default()
    }

    /// The HTML a mail program would show.
    pub fn html(&self) -> Option<String> {
        self.message().html()
    }

    /// The one-time code in it, such as `481516`. Of several, the likeliest by the words around
    /// it; years, prices and numbers of orders are none.
    pub fn code(&self) -> Option<String> {
        self.codes().into_iter().next().map(|code| code.value)
    }

    /// All that may be a one-time code, the likeliest first.
    pub fn codes(&self) -> Vec<Code> {
        extract::codes(&self.message())
    }

    /// Where the first link leads that has this in its URL or in its words, ignoring case.
    pub fn link(&self, part: &str) -> Option<String> {
        let part = part.to_lowercase();
        let has = |link: &Link| {
            [&link.url, &link.text].into_iter().any(|text| text.to_lowercase().contains(&part))
        };
        let links = self.links().into_iter();
        let mut links = links.filter(|link| link.kind != LinkKind::Image && has(link));
        links.next().map(|link| link.url)
    }

    /// Where the link leads that the mail was written for ("Confirm your address"): not the logo,
    /// not the way to unsubscribe, no social network and no page of law.
    pub fn main_link(&self) -> Option<String> {
        let mut links = self.links();
        let main = extract::main_link(&links)?;
        Some(links.swap_remove(main).url)
    }

    /// All links in order, each once.
    pub fn links(&self) -> Vec<Link> {
        extract::links(&self.message())
    }

    /// The files: every part that is not the shown text or HTML. A nested mail is one of them.
    pub fn attachments(&self) -> Vec<Attachment> {
        let message = self.message();
        let one = |part: &message::Part| Attachment {
            name: part.name().map(str::to_owned),
            content_type: part.content_type().to_owned(),
            bytes: part.decoded(message.raw()).into_owned(),
            is_inline: part.is_inline(),
        };
        message.attachments().map(one).collect()
    }

    /// What in it satisfied the query it was waited for by: the link and the code that terms of
    /// that name found, and what the groups of regular expressions captured.
    pub const fn matched(&self) -> &Match {
        &self.matched
    }
}
