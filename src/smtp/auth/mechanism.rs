//! The mechanisms, by their names in the registry of SASL (RFC 4422 §3.1).

/// One of those that are spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::smtp) enum Mechanism {
    Plain,
    Login,
    CramMd5,
    ScramSha256,
    Xoauth2,
    Oauthbearer,
}

impl Mechanism {
    /// The name as EHLO lists it.
    pub(in crate::smtp) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::CramMd5 => "CRAM-MD5",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::Xoauth2 => "XOAUTH2",
            Self::Oauthbearer => "OAUTHBEARER",
        }
    }

    /// The one of this name, in any case, among those that are offered.
    pub(super) fn named(name: &str, offered: &[Self]) -> Option<Self> {
        offered.iter().copied().find(|offered| offered.name().eq_ignore_ascii_case(name))
    }
}
