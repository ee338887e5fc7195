//! What the fields of a header mean: subject, addresses, date, ids.

use jiff::Timestamp;

use encoding_rs::Encoding;

use crate::message::address;
use crate::message::address::Mailbox;
use crate::message::date;
use crate::message::headers::Headers;
use crate::message::part::Description;
use crate::message::part::Seen;

impl Headers<'_> {
    /// The subject, decoded.
    pub fn subject(&self) -> Option<String> {
        self.first("Subject").map(|header| header.value())
    }

    /// The addresses of all fields of that name; groups are flattened.
    pub fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        let mut mailboxes = Vec::new();
        for header in self.all(name) {
            address::read(header.bounded_value(), header.fallback(), &mut mailboxes);
        }
        mailboxes
    }

    /// When the mail was written, by its own account.
    pub fn date(&self) -> Option<Timestamp> {
        self.all("Date").find_map(|header| date::read(&header.value()))
    }

    /// The Message-ID without brackets.
    pub fn message_id(&self) -> Option<String> {
        self.ids("Message-ID").into_iter().next()
    }

    /// The ids a field lists, without brackets.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(|header| bracketed(&header.value())).collect()
    }

    /// The targets of List-Unsubscribe (RFC 2369).
    pub fn list_unsubscribe(&self) -> Vec<String> {
        self.all("List-Unsubscribe").flat_map(|header| bracketed(&header.value())).collect()
    }

    /// The charset that the header names for the body: what raw eight-bit text in it is, most
    /// likely, when it is not UTF-8.
    pub(super) fn charset_beside(&self) -> Option<&'static Encoding> {
        let mut description = Description::default();
        self.describe(&mut description, &mut Seen::default());
        description.encoding_of_charset()
    }
}

/// What stands in angle brackets; where there are none, what stands between blanks and commas.
fn bracketed(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    if value.contains('<') {
        for piece in value.split('<').skip(1) {
            let inside: String =
                piece.split('>').next().unwrap_or(piece).split_whitespace().collect();
            if !inside.is_empty() {
                found.push(inside);
            }
        }
        return found;
    }
    let pieces = value.split(|c: char| c.is_whitespace() || c == ',');
    found.extend(
        pieces
            .map(|piece| piece.trim_matches('>'))
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned),
    );
    found
}
