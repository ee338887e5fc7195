//! A path of the API with its parameters.

use std::fmt;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

/// A path of the API, below the server's base path, with its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    path: String,
    has_query: bool,
}

impl Resource {
    /// A path as it stands.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), has_query: false }
    }

    /// With a parameter, where there is a value.
    #[must_use]
    pub(crate) fn with<T: fmt::Display>(mut self, name: &str, value: Option<T>) -> Self {
        let Some(value) = value else { return self };
        self.path.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        let value = value.to_string();
        self.path.push_str(&format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC)));
        self
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A piece of a path, whatever a person typed.
pub(crate) fn piece(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_absent_ones_left_out() {
        let resource = Resource::new("/v1/messages")
            .with("q", Some("to:bob+x@é.test a&b"))
            .with("inbox", None::<&str>)
            .with("limit", Some(5));
        let expected = "/v1/messages?q=to%3Abob%2Bx%40%C3%A9%2Etest%20a%26b&limit=5";
        assert_eq!(resource.to_string(), expected);
    }
}
