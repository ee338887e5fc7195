//! XCLIENT and XFORWARD: what a trusted peer says of the client it speaks for. Postfix describes
//! both commands in its XCLIENT_README and XFORWARD_README; no RFC does.
//!
//! Knows no session: whether the peer is trusted is asked elsewhere.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::dialogue::Endpoint;
use crate::dialogue::ForwardedFacts;
use crate::smtp::reply::Reply;
use crate::smtp::xtext;

/// What XCLIENT says in place of the connection. It holds until it says otherwise, or until the
/// end of the session. None: not said, or `[UNAVAILABLE]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Proxied {
    address: Option<IpAddr>,
    port: Option<u16>,
    destination_address: Option<IpAddr>,
    destination_port: Option<u16>,
    pub(super) helo: Option<Box<str>>,
    /// Whether PROTO said SMTP, that is HELO.
    pub(super) is_plain: bool,
    pub(super) login: Option<Box<str>>,
}

impl Proxied {
    /// Takes the attributes of another XCLIENT.
    ///
    /// # Errors
    /// 501 when one of them makes no sense; none of them counts then.
    pub(super) fn with(&self, argument: &str) -> Result<Self, Reply> {
        let mut said = self.clone();
        for attribute in attributes(argument)? {
            let (name, value) = attribute?;
            match Key::parse(name, OF_XCLIENT)? {
                // There is no look-up of names here that it could stand in for.
                Key::Name => {}
                Key::Addr => said.address = address(value)?,
                Key::Port => said.port = port(value)?,
                Key::Destaddr => said.destination_address = address(value)?,
                Key::Destport => said.destination_port = port(value)?,
                Key::Helo => said.helo = text(value),
                Key::Login => said.login = text(value),
                Key::Proto => said.is_plain = is_plain(value)?,
                Key::Ident | Key::Source => return Err(Reply::BAD_ATTRIBUTE),
            }
        }
        Ok(said)
    }

    /// The client, when it was said.
    pub(super) fn peer(&self) -> Option<Endpoint> {
        Some(Endpoint::from((self.address?, self.port.unwrap_or(0))))
    }

    /// Where the client connected to, when it was said.
    pub(super) fn listener(&self) -> Option<Endpoint> {
        Some(Endpoint::from((self.destination_address?, self.destination_port.unwrap_or(0))))
    }
}

/// Takes the attributes of an XFORWARD.
///
/// # Errors
/// 501 when one of them makes no sense; none of them counts then.
pub(super) fn forwarded(
    before: Option<&ForwardedFacts>,
    argument: &str,
) -> Result<ForwardedFacts, Reply> {
    let mut said = before.cloned().unwrap_or_default();
    for attribute in attributes(argument)? {
        let (name, value) = attribute?;
        match Key::parse(name, OF_XFORWARD)? {
            Key::Name => said.name = text(value),
            Key::Addr => said.address = address(value)?,
            Key::Port => said.port = port(value)?,
            Key::Proto => said.protocol = text(value),
            Key::Helo => said.helo = text(value),
            Key::Ident => said.identity = text(value),
            Key::Source => said.source = text(value),
            Key::Login | Key::Destaddr | Key::Destport => return Err(Reply::BAD_ATTRIBUTE),
        }
    }
    Ok(said)
}

/// The names of all attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Addr,
    Port,
    Proto,
    Helo,
    Login,
    Destaddr,
    Destport,
    Ident,
    Source,
}

impl Key {
    fn parse(name: &str, known: &[(&str, Self)]) -> Result<Self, Reply> {
        let row = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        row.map(|(_, key)| *key).ok_or(Reply::BAD_ATTRIBUTE)
    }
}

/// `xclient-command = XCLIENT 1*( SP attribute-name"=""attribute-value )`, the value in xtext.
/// Values that are not available are None.
type Attribute<'a> = (&'a str, Option<Cow<'a, str>>);

fn attributes(argument: &str) -> Result<impl Iterator<Item = Result<Attribute<'_>, Reply>>, Reply> {
    if argument.is_empty() {
        return Err(Reply::NO_ARGUMENT);
    }
    let words = argument.split([' ', '\t']).filter(|word| !word.is_empty());
    Ok(words.map(|word| {
        let (name, value) = word.split_once('=').ok_or(Reply::BAD_ATTRIBUTE)?;
        let is_unavailable = UNAVAILABLE.iter().any(|word| word.eq_ignore_ascii_case(value));
        if is_unavailable {
            return Ok((name, None));
        }
        let value = xtext::decode(value).ok_or(Reply::BAD_ATTRIBUTE)?;
        let is_good = !value.is_empty()
            && value.len() <= VALUE_BYTES_MAX
            && !value.chars().any(char::is_control);
        if is_good { Ok((name, Some(value))) } else { Err(Reply::BAD_ATTRIBUTE) }
    }))
}

fn text(value: Option<Cow<'_, str>>) -> Option<Box<str>> {
    value.map(|value| value.into_owned().into_boxed_str())
}

/// An IPv4 address, or an IPv6 address behind `IPV6:` in any case.
fn address(value: Option<Cow<'_, str>>) -> Result<Option<IpAddr>, Reply> {
    let Some(value) = value else { return Ok(None) };
    let prefix = value.get(..5).filter(|prefix| prefix.eq_ignore_ascii_case("IPV6:"));
    let address = match prefix {
        Some(prefix) => value[prefix.len()..].parse().map(IpAddr::V6),
        None => value.parse().map(IpAddr::V4),
    };
    address.map(Some).map_err(|_| Reply::BAD_ATTRIBUTE)
}

fn port(value: Option<Cow<'_, str>>) -> Result<Option<u16>, Reply> {
    let Some(value) = value else { return Ok(None) };
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reply::BAD_ATTRIBUTE);
    }
    value.parse().map(Some).map_err(|_| Reply::BAD_ATTRIBUTE)
}

fn is_plain(value: Option<Cow<'_, str>>) -> Result<bool, Reply> {
    let Some(value) = value else { return Ok(false) };
    let is_plain = value.eq_ignore_ascii_case("SMTP");
    let is_known = is_plain || value.eq_ignore_ascii_case("ESMTP");
    if is_known { Ok(is_plain) } else { Err(Reply::BAD_ATTRIBUTE) }
}

const OF_XCLIENT: &[(&str, Key)] = &[
    ("NAME", Key::Name),
    ("ADDR", Key::Addr),
    ("PORT", Key::Port),
    ("PROTO", Key::Proto),
    ("HELO", Key::Helo),
    ("LOGIN", Key::Login),
    ("DESTADDR", Key::Destaddr),
    ("DESTPORT", Key::Destport),
];

const OF_XFORWARD: &[(&str, Key)] = &[
    ("NAME", Key::Name),
    ("ADDR", Key::Addr),
    ("PORT", Key::Port),
    ("PROTO", Key::Proto),
    ("HELO", Key::Helo),
    ("IDENT", Key::Ident),
    ("SOURCE", Key::Source),
];

const UNAVAILABLE: [&str; 2] = ["[UNAVAILABLE]", "[TEMPUNAVAIL]"];

/// "Syntactically valid NAME and HELO attribute-value elements can be up to 255 characters long."
const VALUE_BYTES_MAX: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_stand_until_they_are_said_again() {
        let first = Proxied::default().with("ADDR=IPV6:2001:db8::1 PORT=25 Helo=a+2Bb").unwrap();
        assert_eq!(first.peer().unwrap().to_string(), "[2001:db8::1]:25");
        assert_eq!((first.helo.as_deref(), first.is_plain), (Some("a+b"), false));
        let second = first.with("addr=192.0.2.1 HELO=[unavailable] PROTO=smtp LOGIN=bob").unwrap();
        assert_eq!(second.peer().unwrap().to_string(), "192.0.2.1:25");
        assert_eq!((second.helo.as_deref(), second.is_plain), (None, true));
        assert_eq!((second.login.as_deref(), second.listener()), (Some("bob"), None));
        let none = second.with("ADDR=[TEMPUNAVAIL] DESTADDR=192.0.2.2 DESTPORT=587").unwrap();
        assert_eq!(
            (none.peer(), none.listener().unwrap().to_string()),
            (None, "192.0.2.2:587".into())
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for argument in [
            "NAME",
            "NAME=",
            "NAME=a+b",
            "NAME=a+00",
            "ADDR=2001:db8::1",
            "ADDR=IPV6:192.0.2.1",
            "ADDR=host.test",
            "PORT=65536",
            "PORT=+1",
            "PROTO=UUCP",
            "IDENT=1",
            "FROB=1",
            "ADDR=192.0.2.1 FROB=1",
        ] {
            assert_eq!(Proxied::default().with(argument), Err(Reply::BAD_ATTRIBUTE), "{argument}");
        }
        assert_eq!(Proxied::default().with(""), Err(Reply::NO_ARGUMENT));
        assert_eq!(forwarded(None, "LOGIN=bob"), Err(Reply::BAD_ATTRIBUTE));
    }

    #[test]
    fn a_value_ends_at_its_limit() {
        for (length, is_good) in [(254, true), (255, true), (256, false)] {
            let argument = format!("HELO={}", "x".repeat(length));
            assert_eq!(Proxied::default().with(&argument).is_ok(), is_good, "{length}");
        }
    }
}
