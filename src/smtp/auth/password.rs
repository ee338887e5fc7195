//! What is known of a user's password: itself, or a hash that tells whether another is the same.

use std::fmt;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha1::Digest;
use sha1::Sha1;
use sha2::Sha256;

use crate::smtp::auth::apr1;
use crate::smtp::auth::scram_sha_256::Keys;
use crate::smtp::auth::secret::Secret;
use crate::smtp::auth::secret::same;

/// A password as a user's line or flag gives it.
#[derive(Debug)]
pub struct Password(Kind);

enum Kind {
    Plain { secret: Secret, keys: OnceLock<Keys> },
    Bcrypt { hash: Box<str>, tried: Tried },
    Apr1 { hash: Box<str> },
    Sha1 { digest: Box<[u8]> },
}

/// A hash that is not taken, and what is.
#[derive(Debug, PartialEq, Eq)]
pub enum HashError {
    /// Its form is not one of those that are read.
    Unknown,
    /// It is cut off, or otherwise not what its beginning promises.
    Damaged,
    /// Checking one password would hold up all sessions for too long.
    TooCostly(u32),
}

impl Password {
    /// A password in plain.
    pub fn plain(text: &str) -> Self {
        Self(Kind::Plain { secret: Secret::new(text), keys: OnceLock::new() })
    }

    /// What stands behind the colon in a file of `htpasswd`: bcrypt (`$2y$`), MD5 (`$apr1$`),
    /// `{SHA}`, or the password itself, also behind `{PLAIN}`.
    ///
    /// # Errors
    /// When it is a hash of another kind, damaged, or would take too long to check.
    pub fn from_htpasswd(text: &str) -> Result<Self, HashError> {
        if let Some(plain) = text.strip_prefix("{PLAIN}") {
            return Ok(Self::plain(plain));
        }
        if let Some(digest) = text.strip_prefix("{SHA}") {
            let digest = STANDARD.decode(digest).map_err(|_| HashError::Damaged)?;
            let is_whole = digest.len() == Sha1::output_size();
            return is_whole
                .then(|| Self(Kind::Sha1 { digest: digest.into() }))
                .ok_or(HashError::Damaged);
        }
        if text.starts_with("$apr1$") {
            let hash = apr1::is_whole(text).then(|| text.into()).ok_or(HashError::Damaged)?;
            return Ok(Self(Kind::Apr1 { hash }));
        }
        if ["$2y$", "$2b$", "$2a$"].iter().any(|kind| text.starts_with(kind)) {
            return bcrypt(text);
        }
        // Thirteen such letters are how crypt(3) of old writes its hash.
        let is_des = text.len() == 13 && text.bytes().all(|byte| apr1::LETTERS.contains(&byte));
        if is_des || text.starts_with(['$', '{']) {
            return Err(HashError::Unknown);
        }
        Ok(Self::plain(text))
    }

    /// Whether this is the password. Takes as long for a wrong one as for the right one.
    pub(super) fn is(&self, password: &[u8]) -> bool {
        match &self.0 {
            Kind::Plain { secret, .. } => secret.is(password),
            Kind::Bcrypt { hash, tried } => tried.or_try(hash, password),
            Kind::Apr1 { hash } => apr1::is(hash, password),
            Kind::Sha1 { digest } => same(digest, &Sha1::digest(password)),
        }
    }

    /// The password itself, where it is known.
    pub(super) const fn exposed(&self) -> Option<&Secret> {
        match &self.0 {
            Kind::Plain { secret, .. } => Some(secret),
            _ => None,
        }
    }

    /// What SCRAM needs of the password, where it is known: made once, with this salt.
    pub(super) fn keys(&self, salt: [u8; 16]) -> Option<&Keys> {
        match &self.0 {
            Kind::Plain { secret, keys } => Some(keys.get_or_init(|| Keys::new(secret, salt))),
            _ => None,
        }
    }
}

fn bcrypt(hash: &str) -> Result<Password, HashError> {
    let cost = hash.get(4..6).and_then(|cost| cost.parse().ok()).ok_or(HashError::Damaged)?;
    let parts: Result<bcrypt::HashParts, _> = hash.parse();
    if parts.is_err() || cost < BCRYPT_COST_MIN {
        return Err(HashError::Damaged);
    }
    if cost > BCRYPT_COST_MAX {
        return Err(HashError::TooCostly(cost));
    }
    Ok(Password(Kind::Bcrypt { hash: hash.into(), tried: Tried::default() }))
}

/// The last password that was right and the last that was wrong, as keyed hashes: whoever sends
/// the same again is not made to wait, nor is anybody else.
#[derive(Default)]
struct Tried {
    right: OnceLock<[u8; 32]>,
    wrong: Mutex<Option<[u8; 32]>>,
}

impl Tried {
    fn or_try(&self, hash: &str, password: &[u8]) -> bool {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(hash.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(password);
        let tried: [u8; 32] = mac.finalize().into_bytes().into();
        if self.right.get().is_some_and(|right| same(right, &tried)) {
            return true;
        }
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.is_some_and(|wrong| same(&wrong, &tried)) {
            return false;
        }
        let is_right = bcrypt::verify(password, hash).unwrap_or(false);
        if is_right {
            // Of a password cut off at 72 bytes there are many; the first will do.
            let _ = self.right.set(tried);
        } else {
            *wrong = Some(tried);
        }
        is_right
    }
}

impl Clone for Password {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Kind::Plain { secret, keys } => {
                Kind::Plain { secret: secret.clone(), keys: keys.clone() }
            }
            Kind::Bcrypt { hash, .. } => {
                Kind::Bcrypt { hash: hash.clone(), tried: Tried::default() }
            }
            Kind::Apr1 { hash } => Kind::Apr1 { hash: hash.clone() },
            Kind::Sha1 { digest } => Kind::Sha1 { digest: digest.clone() },
        })
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Plain { secret, .. }, Kind::Plain { secret: other, .. }) => secret == other,
            (Kind::Bcrypt { hash, .. }, Kind::Bcrypt { hash: other, .. })
            | (Kind::Apr1 { hash }, Kind::Apr1 { hash: other }) => hash == other,
            (Kind::Sha1 { digest }, Kind::Sha1 { digest: other }) => digest == other,
            _ => false,
        }
    }
}

impl Eq for Password {}

/// Names the kind alone: a hash is worth guessing at.
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain { .. } => "Plain",
            Self::Bcrypt { .. } => "Bcrypt",
            Self::Apr1 { .. } => "Apr1",
            Self::Sha1 { .. } => "Sha1",
        })
    }
}

/// The least cost bcrypt has.
const BCRYPT_COST_MIN: u32 = 4;

/// A quarter of a second on a slow machine, during which no other session is served.
pub const BCRYPT_COST_MAX: u32 = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_any_of_its_hashes() {
        for hash in [
            "secret",
            "{PLAIN}secret",
            "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
            "$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0",
            "$2y$04$Yp7Yfj0mHIoexiC7ZXy53ek.eqePVPeL5t2663tb5CdMsSpCOEdmu",
        ] {
            let password = Password::from_htpasswd(hash).unwrap();
            for _ in 0..2 {
                assert!(password.is(b"secret"), "{hash}");
                assert!(!password.is(b"Secret"), "{hash}");
                assert!(!password.is(b""), "{hash}");
            }
            let is_plain = !hash.contains("$") && !hash.starts_with("{SHA}");
            assert_eq!(password.exposed().is_some(), is_plain, "{hash}");
            assert!(["Plain", "Bcrypt", "Apr1", "Sha1"].contains(&&*format!("{:?}", password.0)));
            assert_eq!(password, password.clone());
        }
    }
}
