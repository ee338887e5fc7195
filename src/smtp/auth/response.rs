//! What a client sends in an exchange. All of it is a secret, whatever the mechanism.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;

/// A response as it was sent, in base64 or as `*`. It shows itself to nobody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::smtp) struct Response<'a>(pub(in crate::smtp) &'a str);

impl Response<'_> {
    /// Whether the client gives up (RFC 4954 §4).
    pub(super) fn is_cancel(self) -> bool {
        self.0 == "*"
    }

    /// The bytes that are meant; none when this is not base64.
    pub(super) fn decoded(self) -> Option<Vec<u8>> {
        BASE64.decode(self.0).ok()
    }
}

impl fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Response")
    }
}

/// UTF-8, or else Latin-1.
pub(super) fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Padding may be missing: some clients leave it out, and nothing depends on it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_utf8_is_latin_1() {
        assert_eq!(text(b"gr\xFCn"), "grün");
        assert_eq!(text("grün".as_bytes()), "grün");
    }

    #[test]
    fn a_response_is_not_shown() {
        assert!(!format!("{:?}", Some(Response("aHVudGVyMg=="))).contains("aHVudGVyMg"));
    }
}
