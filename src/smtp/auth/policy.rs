//! Whose AUTH succeeds, and when it is asked for.

/// What a listener asks of AUTH. By default nothing: any credentials succeed, in clear too.
#[derive(Clone, Debug, Default)]
pub struct AuthPolicy {
    /// Whether MAIL needs AUTH before it: 530 5.7.0 (RFC 4954 §6).
    pub is_required: bool,
    /// Whether AUTH needs TLS before it: 538 5.7.11 (RFC 4954 §6).
    pub needs_tls: bool,
}
