//! How addresses are compared: local part and domain apart, the domain in both spellings of IDN.

use std::sync::OnceLock;

use crate::query::facts::Text;
use crate::query::fold;

/// An address of a mail with the name beside it, ready to be compared.
#[derive(Clone, Debug)]
pub struct Address {
    /// The display name, decoded.
    pub name: Option<Text>,
    address: String,
    mailbox: OnceLock<Option<Mailbox>>,
    folded: OnceLock<String>,
}

impl Address {
    /// An address as the mail or the envelope has it.
    pub const fn new(name: Option<Text>, address: String) -> Self {
        Self { name, address, mailbox: OnceLock::new(), folded: OnceLock::new() }
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
            Some((_, domain)) => {
                let before = &self.address[..self.address.len() - domain.len()];
                fold::fold(&format!("{before}{}", unicode_domain(domain)))
            }
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
        let is_stray = |(_, c, role): (usize, char, Role)| c.is_whitespace() && role == Role::Bare;
        if local.is_empty() || domain.is_empty() || characters(address).any(is_stray) {
            return None;
        }
        Some(Self { local: fold::fold(&unquoted(local)), domain: Domain::new(domain) })
    }

    /// Whether it is at this domain.
    pub fn is_at(&self, domain: &Domain) -> bool {
        self.domain == *domain
    }

    /// It as one text, the same for equal mailboxes alone; None when an `@` elsewhere than between
    /// the two sides would make that doubtful.
    pub fn key(&self) -> Option<String> {
        let key = format!("{}@{}", self.local, self.domain.0);
        (key.matches('@').count() == 1).then_some(key)
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

    /// The spelling it is compared in.
    pub fn name(&self) -> &str {
        &self.0
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
    let inside = text.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    inside.map_or(text, str::trim)
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

/// Local part and domain: what surrounds the last `@` outside of quotes, without the route that
/// a path may begin with (RFC 5321 §4.1.2).
fn split(address: &str) -> Option<(&str, &str)> {
    let address = without_route(address);
    let signs = characters(address).filter(|(_, c, role)| (*c, *role) == ('@', Role::Bare));
    let (at, ..) = signs.last()?;
    Some((&address[..at], &address[at + 1..]))
}

/// `@a.test,@b.test:bob@x.test` is for `bob@x.test`: routes are not followed any more
/// (RFC 5321 appendix C).
fn without_route(address: &str) -> &str {
    if !address.starts_with('@') {
        return address;
    }
    let mut in_literal = false;
    let end = address.find(|character| {
        in_literal = (in_literal || character == '[') && character != ']';
        character == ':' && !in_literal
    });
    let mailbox = end.map(|end| &address[end + 1..]);
    mailbox.filter(|mailbox| mailbox.contains('@')).unwrap_or(address)
}

/// A local part without quotes: `"bob"@x.test` and `bob@x.test` name the same mailbox
/// (RFC 5321 §4.1.2).
fn unquoted(local: &str) -> String {
    let kept = characters(local).filter(|(.., role)| *role != Role::Syntax);
    kept.map(|(_, character, _)| character).collect()
}

/// What a character of an address is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Outside of quotes.
    Bare,
    /// Inside of quotes.
    Quoted,
    /// A quotation mark, or the backslash of an escape inside.
    Syntax,
}

/// The characters of an address with their places and roles. Where a quotation mark is never
/// closed, all characters are bare.
fn characters(address: &str) -> impl Iterator<Item = (usize, char, Role)> {
    let is_closed = roles(address).last().is_none_or(|(.., ends_in_quotes)| !ends_in_quotes);
    roles(address).map(move |(index, character, role, _)| {
        (index, character, if is_closed { role } else { Role::Bare })
    })
}

/// The same, and whether quotes are open behind each character.
fn roles(address: &str) -> impl Iterator<Item = (usize, char, Role, bool)> {
    let mut quoted = false;
    let mut escaped = false;
    address.char_indices().map(move |(index, character)| {
        let is_mark = character == '"' && !escaped;
        let escapes = quoted && character == '\\' && !escaped;
        let role = match (is_mark || escapes, quoted) {
            (true, _) => Role::Syntax,
            (false, true) => Role::Quoted,
            (false, false) => Role::Bare,
        };
        quoted ^= is_mark;
        escaped = escapes;
        (index, character, role, quoted)
    })
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
            ("a.\"b c\".d@x.test", "\"a.b c.d\"@x.test"),
            ("@a.test,@[IPv6:::1]:bob@x.test", "bob@x.test"),
        ] {
            assert!(same(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn other_mailboxes_are_not() {
        for (one, other) in [
            ("bob@x.test", "bob+tag@x.test"),
            ("ad\\bob@x.test", "adbob@x.test"),
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
        assert_eq!(split("a.\"@\"b@x.test"), Some(("a.\"@\"b", "x.test")));
        assert_eq!(split("@a.test:bob@x.test"), Some(("bob", "x.test")));
        assert_eq!(split("@x.test:25"), Some(("", "x.test:25")));
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
