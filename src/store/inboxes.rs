//! Which inboxes a mail is filed in: named by a header of the mail, else by the user who sent it.

use std::sync::Arc;
use std::sync::LazyLock;

use memchr::memchr;

use crate::dialogue::SessionFacts;

/// The names of a mail's inboxes; most mails share one list.
pub type Inboxes = Arc<[Box<str>]>;

/// The inbox of a mail that names none.
pub const DEFAULT: &str = "default";

/// The header by which a mail names its inbox.
pub const HEADER: &[u8] = b"X-Restante-Inbox";

/// Files a mail: by its `X-Restante-Inbox` header, else by the SMTP user name, else under
/// `default`.
pub fn inboxes(raw: &[u8], session: &SessionFacts) -> Inboxes {
    let by_user = || session.auth.as_ref().and_then(|auth| inbox_name(&auth.username));
    match named_by_header(raw).or_else(by_user) {
        Some(name) => Arc::new([name]),
        None => Arc::clone(&SHARED_DEFAULT),
    }
}

/// Looks at the first letters of header lines only: this runs before the 250 of each mail.
fn named_by_header(raw: &[u8]) -> Option<Box<str>> {
    let mut rest = raw;
    while let Some(end) = memchr(b'\n', rest) {
        let line = &rest[..end];
        if line.is_empty() || line == b"\r" {
            return None;
        }
        if let Some(value) = value_of_header(line) {
            return inbox_name(&String::from_utf8_lossy(value.trim_ascii()));
        }
        rest = &rest[end + 1..];
    }
    None
}

fn value_of_header(line: &[u8]) -> Option<&[u8]> {
    let (name, value) = line.split_at_checked(HEADER.len())?;
    if !name.eq_ignore_ascii_case(HEADER) {
        return None;
    }
    value.trim_ascii_start().strip_prefix(b":")
}

/// A name that can be an inbox's: cut when it is too long, none when it is empty.
fn inbox_name(text: &str) -> Option<Box<str>> {
    let end = text.char_indices().nth(NAME_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    (end > 0).then(|| text[..end].into())
}

/// Truncates: an inbox's name is shown in side bars and kept for each mail.
const NAME_CHARS_MAX: usize = 128;

static SHARED_DEFAULT: LazyLock<Inboxes> = LazyLock::new(|| Arc::new([Box::from(DEFAULT)]));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::AuthFacts;

    fn session(username: Option<&str>) -> SessionFacts {
        SessionFacts {
            peer: ([127, 0, 0, 1], 40_000).into(),
            listener: ([127, 0, 0, 1], 1025).into(),
            helo: "x.test".into(),
            extended: true,
            tls: None,
            auth: username
                .map(|name| Box::new(AuthFacts { mechanism: "PLAIN", username: name.into() })),
            forwarded: None,
        }
    }

    fn named(raw: &str, username: Option<&str>) -> String {
        inboxes(raw.as_bytes(), &session(username)).join(",")
    }

    #[test]
    fn a_header_wins_over_the_user_and_both_over_the_default() {
        assert_eq!(named("Subject: x\r\nx-restante-INBOX : ci 7 \r\n\r\n", Some("bob")), "ci 7");
        assert_eq!(named("Subject: x\r\n\r\n", Some("bob")), "bob");
        assert_eq!(named("Subject: x\r\n\r\n", None), "default");
        assert_eq!(named("", None), "default");
    }

    #[test]
    fn the_body_names_nothing_and_an_empty_name_is_none() {
        assert_eq!(named("Subject: x\r\n\r\nX-Restante-Inbox: a\r\n", None), "default");
        assert_eq!(named("X-Restante-Inbox:\r\n\r\n", None), "default");
        assert_eq!(named("X-Restante-Inbox:\r\n\r\n", Some("bob")), "bob");
        assert_eq!(named("", Some("")), "default");
        assert_eq!(named("X-Restante-Inboxes: a\r\n\r\n", None), "default");
    }

    #[test]
    fn a_long_name_is_cut() {
        for (length, kept) in [(127, 127), (128, 128), (129, 128)] {
            let name = "é".repeat(length);
            let raw = format!("X-Restante-Inbox: {name}\r\n\r\n");
            assert_eq!(named(&raw, None).chars().count(), kept);
            assert_eq!(named("", Some(&name)).chars().count(), kept);
        }
    }
}
