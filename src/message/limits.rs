//! How much of a mail is read. What lies beyond is cut off with a warning; the raw mail stays
//! whole.

/// The bounds of reading a mail; each one is *truncate and warn*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Parts of a mail, the root and all multiparts counted; later ones are left out.
    pub parts_max: usize,
    /// Levels of multiparts; one nested deeper is a leaf.
    pub depth_max: usize,
    /// Fields in one header block; later ones are left out.
    pub headers_max: usize,
    /// Bytes of one field's value that are decoded.
    pub value_bytes_max: usize,
    /// Addresses read from one kind of field.
    pub addresses_max: usize,
    /// Parameters read from one field.
    pub parameters_max: usize,
    /// Levels of nested mails that one path opens.
    pub nested_max: usize,
    /// Bytes of text that are shown; also bytes of HTML that text and codes are read from, and of
    /// text and HTML that links are.
    pub text_bytes_max: usize,
    /// Bytes of HTML that are shown.
    pub html_bytes_max: usize,
    /// Links read from a mail.
    pub links_max: usize,
    /// Candidates for one-time codes read from a mail.
    pub codes_max: usize,
    /// Warnings kept; the last one says that there were more.
    pub warnings_max: usize,
}

impl Limits {
    /// The bounds every mail is read with.
    pub const DEFAULT: Self = Self {
        parts_max: 10_000,
        depth_max: 100,
        headers_max: 10_000,
        value_bytes_max: 1 << 20,
        addresses_max: 10_000,
        parameters_max: 1_000,
        nested_max: 32,
        text_bytes_max: 1 << 20,
        html_bytes_max: 8 << 20,
        links_max: 2_000,
        codes_max: 1_000,
        warnings_max: 200,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
