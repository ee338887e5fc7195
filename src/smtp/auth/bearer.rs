//! Bearer tokens (RFC 6750) among `key=value` fields: what XOAUTH2 and OAUTHBEARER have in common.

/// Ends a field, and all of them.
const END: u8 = 1;

/// The value of a field, by its key. `fields` is `key=value ^A`, repeated, then one more `^A`.
pub(super) fn field<'a>(fields: &'a [u8], key: &str) -> Option<&'a str> {
    let mut fields = fields.split(|byte| *byte == END);
    let value = fields.find_map(|field| field.strip_prefix(key.as_bytes())?.strip_prefix(b"="))?;
    str::from_utf8(value).ok()
}

/// The token of the field `auth`; the scheme is in any case (RFC 9110 §11.1).
pub(super) fn token(fields: &[u8]) -> Option<&str> {
    let (scheme, token) = field(fields, "auth")?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

/// The fields without their end.
pub(super) fn without_end(fields: &[u8]) -> Option<&[u8]> {
    fields.strip_suffix(&[END, END])
}
