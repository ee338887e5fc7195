//! The commands of SMTP by name, for what is counted. Knows no grammar.

/// What a line of a client begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verb {
    /// Nothing yet: the greeting answers the connection itself.
    #[default]
    Connect,
    /// RFC 5321 §4.1.1.1.
    Helo,
    /// RFC 5321 §4.1.1.1.
    Ehlo,
    /// RFC 2033 §4.1.
    Lhlo,
    /// RFC 3207.
    StartTls,
    /// RFC 4954, with the responses that follow.
    Auth,
    /// RFC 5321 §4.1.1.2.
    Mail,
    /// RFC 5321 §4.1.1.3.
    Rcpt,
    /// RFC 5321 §4.1.1.4, with the end of the mail.
    Data,
    /// RFC 3030.
    Bdat,
    /// RFC 5321 §4.1.1.5.
    Rset,
    /// RFC 5321 §4.1.1.6.
    Vrfy,
    /// RFC 5321 §4.1.1.7.
    Expn,
    /// RFC 5321 §4.1.1.8.
    Help,
    /// RFC 5321 §4.1.1.9.
    Noop,
    /// RFC 5321 §4.1.1.10.
    Quit,
    /// Of Postfix: who the client really is.
    Xclient,
    /// Of Postfix: who the client speaks for.
    Xforward,
    /// Whatever else was said.
    Other,
}

impl Verb {
    /// All of them, each at its own number.
    pub const ALL: [Self; 19] = [
        Self::Connect,
        Self::Helo,
        Self::Ehlo,
        Self::Lhlo,
        Self::StartTls,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Bdat,
        Self::Rset,
        Self::Vrfy,
        Self::Expn,
        Self::Help,
        Self::Noop,
        Self::Quit,
        Self::Xclient,
        Self::Xforward,
        Self::Other,
    ];

    /// What a line begins with, in any case.
    pub fn of(line: &str) -> Self {
        let word = line.as_bytes().split(|byte| matches!(byte, b' ' | b'\t')).next();
        let word = word.unwrap_or_default();
        let mut capitals = [0; VERB_BYTES_MAX];
        let Some(capitals) = capitals.get_mut(..word.len()) else { return Self::Other };
        capitals.copy_from_slice(word);
        capitals.make_ascii_uppercase();
        match &*capitals {
            b"MAIL" => Self::Mail,
            b"RCPT" => Self::Rcpt,
            b"DATA" => Self::Data,
            b"BDAT" => Self::Bdat,
            b"RSET" => Self::Rset,
            b"QUIT" => Self::Quit,
            b"EHLO" => Self::Ehlo,
            b"HELO" => Self::Helo,
            b"LHLO" => Self::Lhlo,
            b"STARTTLS" => Self::StartTls,
            b"AUTH" => Self::Auth,
            b"NOOP" => Self::Noop,
            b"VRFY" => Self::Vrfy,
            b"EXPN" => Self::Expn,
            b"HELP" => Self::Help,
            b"XCLIENT" => Self::Xclient,
            b"XFORWARD" => Self::Xforward,
            _ => Self::Other,
        }
    }

    /// Its name, in capitals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Helo => "HELO",
            Self::Ehlo => "EHLO",
            Self::Lhlo => "LHLO",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Bdat => "BDAT",
            Self::Rset => "RSET",
            Self::Vrfy => "VRFY",
            Self::Expn => "EXPN",
            Self::Help => "HELP",
            Self::Noop => "NOOP",
            Self::Quit => "QUIT",
            Self::Xclient => "XCLIENT",
            Self::Xforward => "XFORWARD",
            Self::Other => "OTHER",
        }
    }
}

/// The longest: STARTTLS and XFORWARD.
const VERB_BYTES_MAX: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_verb_is_known_by_its_name() {
        for (number, verb) in Verb::ALL.into_iter().enumerate() {
            assert_eq!(verb as usize, number);
            let known = if verb == Verb::Connect { Verb::Other } else { verb };
            assert_eq!(Verb::of(verb.name()), known);
            assert_eq!(Verb::of(&format!("{}\tx", verb.name().to_lowercase())), known);
        }
        for line in ["", " MAIL", "MAILS", "STARTTLSX y", "\u{e9}HLO x"] {
            assert_eq!(Verb::of(line), Verb::Other, "{line}");
        }
    }
}
