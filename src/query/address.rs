//! How addresses are compared: local part and domain apart, the domain in both spellings of IDN.

use std::cell::OnceCell;

use crate::query::facts::Text;
use crate::query::fold;

/// An address of a mail with the name beside it, ready to be compared.
#[derive(Clone, Debug)]
pub struct Address {
    /// The display name, decoded.
    pub name: Option<Text>,
    address: String,
    mailbox: OnceCell<Option<Mailbox>>,
    folded: OnceCell<String>,
}

impl Address {
    /// An address as the mail or the envelope has it.
    pub const fn new(name: Option<Text>, address: String) -> Self {
        Self { name, address, mailbox: OnceCell::new(), folded: OnceCell::new() }
    }

    /// The address as the mail or the envelope has it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it is compared by as a whole; None when it has no domain.
    pub fn mailbox(&self) -> Option<&Mailbox> {
        self.mailbox.get_or_init(|| Mailbox::of_address(&self.address)).as_ref()
    }

    /// The address as searches for a part of it see it: folded, its domain in Unicode.
    pub fn folded(&self) -> &str {
        self.folded.get_or_init(|| match split(&self.address) {
            Some((local, domain)) => fold::fold(&format!("{local}@{}", unicode_domain(domain))),
            None => fold::fold(&self.address),
        })
    }
}

/// A whole address, so spelled that equal ones are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    local: String,
    domain: Domain,
}

impl Mailbox {
    /// The mailbox of an address that has a local part and a domain, and no stray white space.
    pub fn of_address(address: &str) -> Option<Self> {
        let (local, domain) = split(address)?;
        let stray = |text: &str| text.is_empty() || text.contains(char::is_whitespace);
        if stray(domain) || (stray(local) && !is_quoted(local)) {
            return None;
        }
        Some(Self { local: fold::fold(&unquoted(local)), domain: Domain::new(domain) })
    }

    /// Whether it is at this domain.
    pub fn is_at(&self, domain: &Domain) -> bool {
        self.domain == *domain
    }
}

/// A domain in the spelling of DNS: small letters, other scripts as `xn--` labels (RFC 5891).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain(String);

impl Domain {
    /// The domain of a name in either spelling.
    pub fn new(name: &str) -> Self {
        if !is_internationalized(name) {
            return Self(name.to_ascii_lowercase());
        }
        Self(idna::domain_to_ascii(name).unwrap_or_else(|_| fold::fold(name)))
    }
}

/// An address to be compared case and all: unquoted, its `xn--` labels in Unicode.
pub fn exact(address: &str) -> String {
    match split(address) {
        Some((local, domain)) => {
            let labels: Vec<String> = domain.split('.').map(exact_label).collect();
            fold::exact(&format!("{}@{}", unquoted(local), labels.join(".")))
        }
        None => fold::exact(address),
    }
}

/// Addresses and message ids are often copied with the brackets around them.
pub fn without_brackets(text: &str) -> &str {
    let inside = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inside.unwrap_or(text)
}

fn exact_label(label: &str) -> String {
    if is_internationalized(label) && label.is_ascii() {
        return unicode_domain(label);
    }
    label.to_owned()
}

fn unicode_domain(domain: &str) -> String {
    if !is_internationalized(domain) {
        return domain.to_owned();
    }
    match idna::domain_to_unicode(domain) {
        (unicode, Ok(())) => unicode,
        (_, Err(_)) => domain.to_owned(),
    }
}

/// Whether the two spellings of a domain differ.
fn is_internationalized(domain: &str) -> bool {
    let is_encoded = |label: &str| label.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("xn--"));
    !domain.is_ascii() || domain.split('.').any(is_encoded)
}

/// Local part and domain: what surrounds the last `@` outside of quotes (RFC 5321 §4.1.2).
fn split(address: &str) -> Option<(&str, &str)> {
    let quoted_bytes = quoted_length(address).unwrap_or(0);
    let at = quoted_bytes + address[quoted_bytes..].rfind('@')?;
    Some((&address[..at], &address[at + 1..]))
}

fn is_quoted(local: &str) -> bool {
    quoted_length(local) == Some(local.len())
}

/// The bytes of the quoted string an address starts with, its quotes included.
fn quoted_length(address: &str) -> Option<usize> {
    let inside = address.strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|character| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes
    })?;
    Some(end + 2)
}

/// A local part without the quotes: `"bob"@x.test` and `bob@x.test` name the same mailbox
/// (RFC 5321 §4.1.2).
fn unquoted(local: &str) -> String {
    if !is_quoted(local) {
        return local.to_owned();
    }
    let mut plain = String::with_capacity(local.len());
    let mut escaped = false;
    for character in local[1..local.len() - 1].chars() {
        escaped = character == '\\' && !escaped;
        if !escaped {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        Mailbox::of_address(one).expect(one) == Mailbox::of_address(other).expect(other)
    }

    #[test]
    fn spellings_of_one_mailbox_are_equal() {
        for (one, other) in [
            ("bob@x.test", "BOB@X.Test"),
            ("\"bob\"@x.test", "bob@x.test"),
            ("\"b\\ob\"@x.test", "bob@x.test"),
            ("\"a\\\"b\\\\c\"@x.test", "\"A\\\"B\\\\C\"@x.test"),
            ("bob@bücher.test", "bob@xn--bcher-kva.test"),
            ("bob@BÜCHER.test", "bob@XN--BCHER-KVA.test"),
            ("jörg@x.test", "JÖRG@x.test"),
            ("a@[IPv6:::1]", "a@[ipv6:::1]"),
            ("a_b@un_der.test", "A_B@UN_DER.test"),
        ] {
            assert!(same(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn other_mailboxes_are_not() {
        for (one, other) in [
            ("bob@x.test", "bob+tag@x.test"),
            ("bob@x.test", "superbob@x.test"),
            ("bob@x.test", "bob@y.x.test"),
            ("\"b ob\"@x.test", "bob@x.test"),
            ("a@straße.test", "a@strasse.test"),
            ("a@xn--.test", "a@.test"),
        ] {
            assert!(!same(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn an_address_is_split_at_the_last_at_sign_outside_of_quotes() {
        assert_eq!(split("\"a@b\"@x.test"), Some(("\"a@b\"", "x.test")));
        assert_eq!(split("a@b@x.test"), Some(("a@b", "x.test")));
        assert_eq!(split("\"a@b\""), None);
        assert_eq!(split("\"a@b"), Some(("\"a", "b")));
        assert_eq!(split("postmaster"), None);
        assert_eq!(split(""), None);
    }

    #[test]
    fn what_lacks_a_side_or_has_stray_white_space_is_no_mailbox() {
        for text in ["bob", "@x.test", "bob@", "bob @ work", "a b@x.test", "\"a b@x.test", ""] {
            assert_eq!(Mailbox::of_address(text), None, "{text}");
        }
        assert!(Mailbox::of_address("\"a b\"@x.test").is_some());
    }

    #[test]
    fn the_exact_form_keeps_case_and_knows_both_spellings() {
        assert_eq!(exact("\"Bob\"@xn--bcher-kva.X.test"), "Bob@bücher.X.test");
        assert_eq!(exact("Bob@bücher.X.test"), "Bob@bücher.X.test");
        assert_eq!(exact("Postmaster"), "Postmaster");
    }
}
