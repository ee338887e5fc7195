//! Something only a client and the server know. It shows itself to nobody.

use std::fmt;

use sha2::Digest;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// A password in plain, or a token.
#[derive(Clone)]
pub struct Secret(Box<str>);

impl Secret {
    /// Keeps a secret.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Whether nothing was kept.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret itself. Whoever takes it shows it to nobody.
    pub const fn expose(&self) -> &str {
        &self.0
    }

    /// Whether these are the same bytes. How long it takes says nothing about them.
    pub fn is(&self, bytes: &[u8]) -> bool {
        same(&digest(self.0.as_bytes()), &digest(bytes))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.0.as_bytes())
    }
}

impl Eq for Secret {}

/// Compares without a hint at where the first difference is.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// What a secret of any length is compared and remembered by.
pub(super) fn digest(secret: &[u8]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_knows_itself_and_nothing_else() {
        let secret = Secret::new("secret");
        assert!(secret.is(b"secret"));
        for other in [&b"secre"[..], b"secrets", b"Secret", b""] {
            assert!(!secret.is(other), "{other:?}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?} {:#?}", Secret::new("hunter2"), Some(Secret::new("hunter2")));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
