//! A name that a certificate is for.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use tokio_rustls::rustls::pki_types::DnsName;

/// A host name, perhaps with a `*` for its first label, or an IP address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsName {
    /// In lower case, and as the DNS has it: `xn--…`.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// A text that is neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidName;

impl FromStr for TlsName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse() {
            return Ok(Self::Ip(address));
        }
        let ascii = idna::domain_to_ascii(text).map_err(|_| InvalidName)?;
        let ascii = ascii.trim_end_matches('.');
        // RFC 6125 §6.4.3: only the whole first label may be anything.
        let host = ascii.strip_prefix("*.").unwrap_or(ascii);
        let only_digits = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        DnsName::try_from(host).map_err(|_| InvalidName)?;
        if only_digits { Err(InvalidName) } else { Ok(Self::Dns(ascii.to_owned())) }
    }
}

impl fmt::Display for TlsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("right are mail.test, *.dev.test, 192.168.1.5, ::1")
    }
}

impl std::error::Error for InvalidName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_dns_and_addresses() {
        for (text, name) in [
            ("Mail.Test", "mail.test"),
            ("mail.test.", "mail.test"),
            ("*.dev.test", "*.dev.test"),
            ("m_x", "m_x"),
            ("müller.test", "xn--mller-kva.test"),
            ("192.168.1.5", "192.168.1.5"),
            ("[::1]", "::1"),
        ] {
            assert_eq!(text.parse::<TlsName>().map(|name| name.to_string()), Ok(name.into()));
        }
        for text in ["", "a b", "*", "a.*.b", "*x.test", "http://x", "x:25", "1.2.3", "a..b"] {
            assert_eq!(text.parse::<TlsName>(), Err(InvalidName), "{text}");
        }
    }
}
