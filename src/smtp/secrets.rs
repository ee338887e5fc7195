//! What of a command line may be kept: never the response of an AUTH exchange, whatever its
//! mechanism, nor what came in place of one.
//!
//! Knows lines alone: it masks before anybody looks at what they mean.

use std::borrow::Cow;

use crate::dialogue::verb::Verb;

/// Whether the client is about to say a secret.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// AUTH was the last command: a client that was refused may send its responses all the same.
    after_auth: bool,
}

impl Secrets {
    /// AUTH succeeded: there are no responses to come.
    pub(super) const fn told(&mut self) {
        self.after_auth = false;
    }

    /// The line as it may be kept.
    pub(super) fn masked<'a>(&mut self, line: &'a str, is_response: bool) -> Cow<'a, str> {
        // RFC 4954 §4: it cancels the exchange.
        if is_response {
            self.after_auth = true;
            return if line.trim() == "*" { line.into() } else { MASK.into() };
        }
        // What is no AUTH for its blanks in front may hold a secret none the less.
        match Verb::of(line.trim_start()) {
            Verb::Auth => {
                self.after_auth = true;
                masked_auth(line)
            }
            Verb::Other if self.after_auth => MASK.into(),
            _ => {
                self.after_auth = false;
                line.into()
            }
        }
    }
}

/// `AUTH` and the mechanism stay; what follows is masked.
fn masked_auth(line: &str) -> Cow<'_, str> {
    let mut words = line.split_whitespace();
    let (verb, mechanism) = (words.next().unwrap_or_default(), words.next());
    match (mechanism, words.next()) {
        (Some(mechanism), Some(_)) => format!("{verb} {mechanism} {MASK}").into(),
        _ => line.into(),
    }
}

/// What stands for a secret.
const MASK: &str = "********";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_initial_response_is_masked_however_it_is_written() {
        for (line, kept) in [
            ("AUTH PLAIN AGJvYgBzZWNyZXQ=", "AUTH PLAIN ********"),
            ("auth\tplain \t AGJvYgBzZWNyZXQ= more", "auth plain ********"),
            ("  AUTH XOAUTH2 dXNlcj1h", "AUTH XOAUTH2 ********"),
            ("AUTH LOGIN", "AUTH LOGIN"),
            ("AUTH", "AUTH"),
            ("AUTHOR a b c", "AUTHOR a b c"),
        ] {
            assert_eq!(Secrets::default().masked(line, false), kept, "{line}");
        }
    }

    #[test]
    fn responses_are_masked_but_for_the_one_that_cancels() {
        let mut secrets = Secrets::default();
        for (line, kept) in [("c2VjcmV0", MASK), ("", MASK), ("**", MASK), ("*", "*")] {
            assert_eq!(secrets.masked(line, true), kept, "{line}");
        }
    }

    #[test]
    fn what_a_refused_client_goes_on_to_say_is_masked() {
        let mut secrets = Secrets::default();
        for (line, kept) in [
            ("c2VjcmV0", "c2VjcmV0"),
            ("AUTH NTLM", "AUTH NTLM"),
            ("Ym9i", MASK),
            ("c2VjcmV0", MASK),
            ("NOOP", "NOOP"),
            ("c2VjcmV0", "c2VjcmV0"),
        ] {
            assert_eq!(secrets.masked(line, false), kept, "{line}");
        }
        secrets.masked("AUTH PLAIN", false);
        secrets.told();
        assert_eq!(secrets.masked("NOPE", false), "NOPE");
    }
}
