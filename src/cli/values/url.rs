//! Where a server's HTTP is.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::cli::values::base_path;

/// Where a server's HTTP is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
    /// Host and port, as for a Host header, the port always there.
    pub(crate) authority: String,
    /// The base path: empty, or with a slash in front and none behind.
    pub(crate) path: String,
    /// The value of an Authorization header (RFC 7617), when a user is named.
    pub(crate) authorization: Option<String>,
}

impl Url {
    /// Of a server without TLS.
    pub(crate) fn http(authority: String, path: String) -> Self {
        Self { scheme: "http", authority, path, authorization: None }
    }

    /// The host alone, an IPv6 address without its brackets.
    pub(crate) fn host(&self) -> &str {
        let host = self.authority.rsplit_once(':').map_or("", |(host, _)| host);
        host.trim_matches(['[', ']'])
    }
}

/// Without the password.
impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// `http[s]://[USER:PASSWORD@]HOST[:PORT][/PATH]`
pub(crate) fn url(text: &str) -> Result<Url, String> {
    let parsed = url::Url::parse(text.trim()).map_err(|_| URL_FORM)?;
    let scheme = match parsed.scheme() {
        "http" => "http",
        "https" => "https",
        _ => return Err(URL_FORM.to_owned()),
    };
    let host = parsed.host_str().filter(|host| !host.is_empty()).ok_or(URL_FORM)?;
    let port = parsed.port_or_known_default().ok_or(URL_FORM)?;
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(URL_FORM.to_owned());
    }
    Ok(Url {
        scheme,
        authority: format!("{host}:{port}"),
        path: base_path(parsed.path())?,
        authorization: authorization(parsed.username(), parsed.password()),
    })
}

fn authorization(user: &str, password: Option<&str>) -> Option<String> {
    if user.is_empty() && password.is_none() {
        return None;
    }
    let mut pair: Vec<u8> = percent_decode_str(user).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password.unwrap_or_default()));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

const URL_FORM: &str =
    "right are http://127.0.0.1:8025, http://localhost:8025/mail, https://user:password@mail.test";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_who() {
        for (text, shown, authorization) in [
            ("http://127.0.0.1:8025", "http://127.0.0.1:8025", None),
            ("http://localhost", "http://localhost:80", None),
            ("https://mail.test/a/b/", "https://mail.test:443/a/b", None),
            ("HTTP://[::1]:1/", "http://[::1]:1", None),
            ("https://bob:p%40ss@x.test", "https://x.test:443", Some("Basic Ym9iOnBAc3M=")),
        ] {
            let url = url(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(url.authorization.as_deref(), authorization, "{text}");
        }
        assert_eq!(url("http://[::1]:1/").unwrap().host(), "::1");
    }

    #[test]
    fn what_is_no_url_of_a_server_is_refused() {
        for text in ["", "localhost:8025", "ftp://x", "http://", "http://x:99999", "http://x/?q=1"]
        {
            assert_eq!(url(text), Err(URL_FORM.to_owned()), "{text}");
        }
        assert!(url("http://x/a%20b").is_err_and(|error| error.contains("such as /mail")));
    }
}
