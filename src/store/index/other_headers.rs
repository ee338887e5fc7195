//! The grams of the headers that no column keeps, for `header.NAME:`.

use crate::query::facts::Text;
use crate::store::index::grams::Gram;
use crate::store::index::signatures::Signatures;
use crate::store::index::signatures::SignaturesBuilder;
use crate::store::rows::Rows;

/// What the other headers of each row are made of.
#[derive(Debug)]
pub(in crate::store) struct OtherHeaders(Signatures);

impl OtherHeaders {
    /// The rows of which a header of this name may contain all of these grams.
    pub(in crate::store) fn rows(&self, name: &str, wanted: &[Gram]) -> Rows {
        if is_signed(name) { self.0.rows(wanted) } else { !Rows::NONE }
    }

    pub(in crate::store) fn size_bytes(&self) -> usize {
        self.0.size_bytes()
    }
}

/// The same while the mails come, row after row.
#[derive(Debug)]
pub(in crate::store) struct OtherHeadersBuilder(SignaturesBuilder);

impl OtherHeadersBuilder {
    pub(in crate::store) fn new() -> Self {
        Self(SignaturesBuilder::new())
    }

    /// Adds the headers of the next row.
    pub(in crate::store) fn push(&mut self, headers: &[(String, Text)]) {
        let signed = headers.iter().filter(|(name, _)| is_signed(name));
        self.0.push(signed.map(|(_, value)| value.folded()), ROW_BYTES_MAX);
    }

    pub(in crate::store) fn build(self) -> OtherHeaders {
        OtherHeaders(self.0.build())
    }
}

fn is_signed(name: &str) -> bool {
    !UNSIGNED.iter().any(|unsigned| unsigned.eq_ignore_ascii_case(name))
}

/// Headers that other fields ask, and long ones that nobody asks: their grams would crowd out the
/// rest. `header.` looks for them in the mails.
const UNSIGNED: [&str; 20] = [
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "received",
    "received-spf",
    "authentication-results",
    "dkim-signature",
    "domainkey-signature",
    "arc-seal",
    "arc-message-signature",
    "arc-authentication-results",
];

/// What the signature of one mail may take: enough for a few short values.
const ROW_BYTES_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::index::grams;

    #[test]
    fn a_value_is_found_in_its_row_and_hardly_elsewhere() {
        let mut builder = OtherHeadersBuilder::new();
        for number in 0..100 {
            let job = Text::new(format!("job-{}", number * 7_919));
            let date = Text::new("Mon, 30 Nov 2026".to_owned());
            builder.push(&[("X-Job".to_owned(), job), ("Date".to_owned(), date)]);
        }
        let headers = builder.build();
        let found =
            |name: &str, value: &str| headers.rows(name, &grams::of(value)) & Rows::first(100);
        let rows = found("x-job", "job-79190");
        assert!(rows.has(10) && rows.iter().count() < 10, "{rows:?}");
        assert!(found("x-job", "30 nov 2026").is_empty());
        assert_eq!(found("DATE", "zebra").iter().count(), 100, "nothing is known of dates");
        assert!(headers.size_bytes() <= 2_000 + 100 * ROW_BYTES_MAX);
    }
}
