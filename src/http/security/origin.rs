//! Which pages may change something: those of this server, and of hosts the user listed.
//!
//! Without this any page on the web could have a developer's browser delete their mails. A client
//! that is no browser sends neither header and is let through.

use axum::http::HeaderMap;
use axum::http::header;

use crate::http::security::host::AllowedHosts;
use crate::http::security::host::Authority;

/// Whether the page behind a request may do more than read. `host` is where the request went.
pub fn is_allowed(headers: &HeaderMap, host: &Authority, hosts: &AllowedHosts) -> bool {
    let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => {
            // The fetch metadata need not agree: it speaks of sites, Origin of the page itself.
            let origin = text(origin).and_then(|origin| Origin::parse(&origin));
            origin.is_some_and(|origin| origin.is_at(host) || hosts.lists(&origin.authority))
        }
        (Some(_), Some(_)) => false,
        // Browsers send no Origin with a GET to the same origin, nor when a person typed the
        // address.
        (None, _) => match headers.get("sec-fetch-site") {
            None => true,
            Some(site) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        },
    }
}

/// A web origin (RFC 6454 §6.2). `null`, that of a sandboxed frame, is none.
struct Origin {
    default_port: u16,
    authority: Authority,
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let (default_port, authority) = match text.split_once("://")? {
            ("http", authority) => (80, authority),
            ("https", authority) => (443, authority),
            _ => return None,
        };
        Some(Self { default_port, authority: authority.parse().ok()? })
    }

    /// Compares host and port. The scheme is not known here: a proxy may have taken TLS off.
    fn is_at(&self, host: &Authority) -> bool {
        let port = self.authority.port.unwrap_or(self.default_port);
        self.authority.host == host.host && host.port.unwrap_or(self.default_port) == port
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;
    use axum::http::HeaderValue;

    use super::*;

    fn check(host: &str, given: &[(&'static str, &'static str)]) -> bool {
        let hosts = AllowedHosts::new(vec!["mail.example.com".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_allowed(&headers, &host.parse().unwrap(), &hosts)
    }

    #[test]
    fn a_page_of_this_server_may() {
        assert!(check("localhost:8025", &[]));
        assert!(check("localhost:8025", &[("origin", "http://localhost:8025")]));
        assert!(check("LOCALHOST.:8025", &[("origin", "http://localhost:8025")]));
        assert!(check("localhost", &[("origin", "http://localhost")]));
        assert!(check("localhost:80", &[("origin", "http://localhost")]));
        assert!(check("[::1]:8025", &[("origin", "http://[::1]:8025")]));
        assert!(check("x.test", &[("origin", "https://x.test")]), "TLS taken off by a proxy");
        assert!(check("localhost:8025", &[("sec-fetch-site", "same-origin")]));
        assert!(check("localhost:8025", &[("sec-fetch-site", "none")]));
    }

    #[test]
    fn a_page_of_a_listed_host_may() {
        assert!(check("localhost:8025", &[("origin", "https://mail.example.com")]));
        assert!(!check("localhost:8025", &[("origin", "https://mail.example.com.evil.net")]));
    }

    #[test]
    fn any_other_page_may_not() {
        for origin in [
            "null",
            "",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:8025",
            "https://evil.com",
            "http://localhost:8025.evil.com",
            "http://localhost:8025@evil.com",
            "http://evil.com:8025",
            "file://",
            "chrome-extension://localhost:8025",
            "localhost:8025",
        ] {
            assert!(!check("localhost:8025", &[("origin", origin)]), "{origin}");
        }
        assert!(!check("localhost:8025", &[("sec-fetch-site", "cross-site")]));
        assert!(!check("localhost:8025", &[("sec-fetch-site", "same-site")]));
        let twice = [("origin", "http://localhost:8025"), ("origin", "https://evil.com")];
        assert!(!check("localhost:8025", &twice));
    }
}
