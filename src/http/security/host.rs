//! Which host names this server answers to.
//!
//! A page anywhere on the web can have its own name resolve to 127.0.0.1 (DNS rebinding) and then
//! read whatever answers there. What it cannot do is make a browser send another name as Host: so
//! only names that no stranger can own are answered, and those that the user lists.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// The host and port of a Host header, an Origin or a request target (RFC 3986 §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// In lower case, without a trailing dot; an IPv6 address without its brackets.
    pub host: String,
    /// The port, if one was given.
    pub port: Option<u16>,
    is_address: bool,
}

/// The text is no `host` or `host:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAuthority;

impl Authority {
    /// Whether a name like this can only mean this machine or this network.
    fn is_local(&self) -> bool {
        self.is_address
            || !self.host.contains('.')
            || SPECIAL_USE.iter().any(|domain| is_within(&self.host, domain))
    }
}

impl FromStr for Authority {
    type Err = InvalidAuthority;

    fn from_str(text: &str) -> Result<Self, InvalidAuthority> {
        let (host, port, is_address) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, port) = rest.split_once(']').ok_or(InvalidAuthority)?;
                (ipv6(address)?, port, true)
            }
            None => {
                let colon = text.find(':').unwrap_or(text.len());
                let (host, port) = text.split_at(colon);
                let host = name(host)?;
                let is_address = ends_in_a_number(&host);
                (host, port, is_address)
            }
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().map_err(|_| InvalidAuthority)?)
            }
            _ => return Err(InvalidAuthority),
        };
        Ok(Self { host, port, is_address })
    }
}

/// A host that the user says is theirs: `mail.example.com`, `*.example.com`, or `*` for any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPattern {
    /// Any host at all.
    Any,
    /// This host, whatever the port.
    Exactly(String),
    /// Every name below this domain.
    Below(String),
}

impl HostPattern {
    /// Whether a host is meant.
    pub fn covers(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(name) => name == host,
            Self::Below(domain) => host != domain && is_within(host, domain),
        }
    }
}

impl FromStr for HostPattern {
    type Err = InvalidAuthority;

    fn from_str(text: &str) -> Result<Self, InvalidAuthority> {
        if text == "*" {
            return Ok(Self::Any);
        }
        match text.strip_prefix("*.") {
            Some(domain) => Ok(Self::Below(domain.parse::<Authority>()?.host)),
            None => Ok(Self::Exactly(text.parse::<Authority>()?.host)),
        }
    }
}

impl fmt::Display for InvalidAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no host name, such as mail.example.com, *.example.com or [::1]")
    }
}

impl std::error::Error for InvalidAuthority {}

/// The hosts that are answered to.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    patterns: Vec<HostPattern>,
}

impl AllowedHosts {
    /// Answers to local names and to these.
    pub const fn new(patterns: Vec<HostPattern>) -> Self {
        Self { patterns }
    }

    /// Whether a request to this host is answered.
    pub fn allows(&self, authority: &Authority) -> bool {
        authority.is_local() || self.lists(authority)
    }

    /// Whether the user named this host as theirs.
    pub fn lists(&self, authority: &Authority) -> bool {
        self.patterns.iter().any(|pattern| pattern.covers(&authority.host))
    }
}

/// Domains that the public DNS will never give to anybody (RFC 6761, RFC 6762, RFC 8375, and
/// ICANN's reservation of `internal`). `svc.cluster.local` of Kubernetes lies within `local`.
const SPECIAL_USE: &[&str] =
    &["localhost", "test", "example", "invalid", "local", "internal", "home.arpa"];

fn is_within(host: &str, domain: &str) -> bool {
    let below = host.strip_suffix(domain);
    below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

/// A zone, as in `fe80::1%25eth0` (RFC 6874), says nothing about who is meant.
fn ipv6(text: &str) -> Result<String, InvalidAuthority> {
    let address = text.split('%').next().unwrap_or_default();
    let address: Ipv6Addr = address.parse().map_err(|_| InvalidAuthority)?;
    Ok(address.to_string())
}

fn name(text: &str) -> Result<String, InvalidAuthority> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_letter);
    if name.len() > NAME_BYTES_MAX || !name.split('.').all(is_label) {
        return Err(InvalidAuthority);
    }
    Ok(name.to_ascii_lowercase())
}

/// Browsers read a host whose last label is a number as an IPv4 address, or not at all (WHATWG URL,
/// "ends in a number checker"). No such name is ever looked up.
fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
    hex.is_some() || last.bytes().all(|byte| byte.is_ascii_digit())
}

/// RFC 1035 §2.3.4.
const NAME_BYTES_MAX: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;

    fn is_allowed(hosts: &AllowedHosts, text: &str) -> bool {
        text.parse().is_ok_and(|authority| hosts.allows(&authority))
    }

    #[test]
    fn names_that_no_stranger_can_own_are_answered() {
        let hosts = AllowedHosts::default();
        for host in [
            "localhost",
            "localhost:8025",
            "LocalHost:8025",
            "localhost.",
            "app.localhost",
            "mail",
            "restante:80",
            "my_service",
            "x.test",
            "a.b.test.",
            "mail.local",
            "mail.internal",
            "restante.ns.svc.cluster.local:8025",
            "nas.home.arpa",
            "127.0.0.1",
            "127.0.0.1:8025",
            "10.1.2.3",
            "127.1",
            "2130706433",
            "0x7f.0.0.0x1",
            "[::1]",
            "[::1]:8025",
            "[::1]:",
            "[::ffff:127.0.0.1]",
            "[fe80::1%25eth0]:8025",
            "mail.example",
        ] {
            assert!(is_allowed(&hosts, host), "{host}");
        }
    }

    #[test]
    fn names_that_somebody_can_own_are_not() {
        let hosts = AllowedHosts::default();
        for host in [
            "example.com",
            "example.com:8025",
            "localhost.evil.com",
            "127.0.0.1.evil.com",
            "127.0.0.1.nip.io",
            "evillocalhost.com",
            "x.test.com",
            "xlocal.net",
            "home.arpa.evil.net",
            "arpa.home.com",
            "local.com",
            "nas.arpa",
            "0xcafe.com",
        ] {
            assert!(host.parse::<Authority>().is_ok(), "{host}");
            assert!(!is_allowed(&hosts, host), "{host}");
        }
        assert!(!is_allowed(&hosts, "nothome.arpa"), "a suffix of letters is no suffix of labels");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in [
            "",
            ".",
            "..",
            ":8025",
            "a..b",
            ".localhost",
            "localhost..",
            "user@localhost",
            "user:password@localhost:8025",
            "localhost:x",
            "localhost:99999",
            "localhost:80:80",
            "localhost:+80",
            "localhost/",
            "localhost/evil.com",
            "localhost?",
            "localhost#",
            "local host",
            "localhost,evil.com",
            "::1",
            "[::1",
            "[::1]x",
            "[127.0.0.1]",
            "[]",
            "[evil.com]",
            "ex%61mple",
            "localhost\\evil.com",
            "lοcalhost",
            "localhost\t",
        ] {
            assert_eq!(host.parse::<Authority>(), Err(InvalidAuthority), "{host}");
        }
        assert!("a".repeat(253).parse::<Authority>().is_ok());
        assert!("a".repeat(254).parse::<Authority>().is_err());
    }

    #[test]
    fn the_user_can_list_more() {
        let patterns = ["Mail.Example.com", "*.dev.example.org", "[2001:db8::1]:80"];
        let patterns = patterns.map(|text| text.parse().unwrap());
        let hosts = AllowedHosts::new(patterns.into());
        assert!(is_allowed(&hosts, "mail.example.com:443"));
        assert!(is_allowed(&hosts, "a.b.dev.example.org"));
        assert!(!is_allowed(&hosts, "dev.example.org"));
        assert!(!is_allowed(&hosts, "xdev.example.org"));
        assert!(!is_allowed(&hosts, "x.mail.example.com"));
        assert!(is_allowed(&AllowedHosts::new(vec![HostPattern::Any]), "evil.com"));
        assert!("*.".parse::<HostPattern>().is_err() && "a*".parse::<HostPattern>().is_err());
    }
}
