//! The MD5 hash of Apache's `htpasswd`, `$apr1$salt$digest`: what it writes unless told otherwise.

use md5::Digest;
use md5::Md5;

use crate::smtp::auth::secret::same;

/// Whether a text has the form of such a hash.
pub(super) fn is_whole(hash: &str) -> bool {
    parts(hash).is_some()
}

/// Whether this is the hash of a password.
pub(super) fn is(hash: &str, password: &[u8]) -> bool {
    let Some((salt, digest)) = parts(hash) else { return false };
    // Longer ones `htpasswd` does not take, and each round reads the password again.
    password.len() <= PASSWORD_BYTES_MAX
        && same(digest.as_bytes(), &written(&rounds(password, salt.as_bytes())))
}

/// The salt, of which eight letters count, and the digest.
fn parts(hash: &str) -> Option<(&str, &str)> {
    let (salt, digest) = hash.strip_prefix("$apr1$")?.split_once('$')?;
    let is_written = digest.len() == 22 && digest.bytes().all(|byte| LETTERS.contains(&byte));
    is_written.then_some((salt.get(..8).unwrap_or(salt), digest))
}

/// A thousand rounds over password and salt, so that guessing takes its time.
fn rounds(password: &[u8], salt: &[u8]) -> [u8; 16] {
    let inner = Md5::new().chain_update(password).chain_update(salt).chain_update(password);
    let inner: [u8; 16] = inner.finalize().into();
    let mut outer = Md5::new().chain_update(password).chain_update("$apr1$").chain_update(salt);
    for piece in password.chunks(inner.len()) {
        outer.update(&inner[..piece.len()]);
    }
    let mut bits = password.len();
    while bits > 0 {
        outer.update(if bits & 1 == 1 { &[0] } else { &password[..1] });
        bits >>= 1;
    }
    let mut digest: [u8; 16] = outer.finalize().into();
    for round in 0..1_000 {
        let (first, last) =
            if round % 2 == 1 { (password, &digest[..]) } else { (&digest[..], password) };
        let mut md5 = Md5::new().chain_update(first);
        if round % 3 != 0 {
            md5.update(salt);
        }
        if round % 7 != 0 {
            md5.update(password);
        }
        digest = md5.chain_update(last).finalize().into();
    }
    digest
}

/// Six bits a letter, of three bytes at a time, the lowest bits first.
fn written(digest: &[u8; 16]) -> [u8; 22] {
    let mut letters = [0; 22];
    let mut write = |at: usize, count: usize, mut bits: usize| {
        for letter in &mut letters[at..at + count] {
            *letter = LETTERS[bits & 63];
            bits >>= 6;
        }
    };
    for (group, [high, middle, low]) in
        [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]].into_iter().enumerate()
    {
        let byte = |index: usize| usize::from(digest[index]);
        write(group * 4, 4, byte(high) << 16 | byte(middle) << 8 | byte(low));
    }
    write(20, 2, digest[11].into());
    letters
}

/// The base 64 of crypt(3).
pub(super) const LETTERS: &[u8; 64] =
    b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const PASSWORD_BYTES_MAX: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    /// As `openssl passwd -apr1` writes them.
    #[test]
    fn hashes_of_other_programs_are_known_again() {
        for (hash, password) in [
            ("$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0", "secret"),
            ("$apr1$xyz$sngVNd2HxztpkLOqQL95a.", "a much longer password than sixteen bytes"),
            ("$apr1$ab$S8K6Sgp3W8c9Jb6LxgywZ.", ""),
        ] {
            assert!(is_whole(hash));
            assert!(is(hash, password.as_bytes()), "{hash}");
            assert!(!is(hash, b"another"), "{hash}");
        }
    }

    #[test]
    fn what_is_cut_off_is_no_hash() {
        for hash in ["$apr1$", "$apr1$salt", "$apr1$salt$", "$apr1$s$LrttParrLPdxvgutaSXW", "x"] {
            assert!(!is_whole(hash), "{hash}");
            assert!(!is(hash, b""), "{hash}");
        }
    }
}
