//! The parts of a mail that its HTML refers to, by Content-ID (RFC 2392) and by Content-Location
//! (RFC 2557).

use std::collections::HashMap;

use url::Url;

/// Where each part of a mail is found, by the names its HTML may call it.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    addresses: HashMap<String, String>,
    /// The location of the HTML, which relative ones are resolved against.
    base: Option<Url>,
}

impl Parts {
    /// None yet, of a mail whose HTML has this location.
    pub fn of_html_at(location: Option<&str>) -> Self {
        let base = location.and_then(|location| Url::parse(location).ok());
        Self { addresses: HashMap::new(), base }
    }

    /// Adds a part under its Content-ID without brackets. The first of a name counts.
    pub fn identified(&mut self, id: &str, address: &str) {
        self.add(id.to_owned(), address);
    }

    /// Adds a part under its Content-Location, as it is written and as what it means.
    pub fn located(&mut self, location: &str, address: &str) {
        if let Some(absolute) = self.absolute(location) {
            self.add(absolute, address);
        }
        self.add(location.to_owned(), address);
    }

    /// Where the part is found that an id or a location leads to, if it leads to one.
    pub fn address(&self, name: &str) -> Option<&str> {
        if self.addresses.is_empty() {
            return None;
        }
        let written = self.addresses.get(name);
        let found = written.or_else(|| self.addresses.get(&self.absolute(name)?))?;
        Some(found)
    }

    fn add(&mut self, name: String, address: &str) {
        if !name.is_empty() {
            self.addresses.entry(name).or_insert_with(|| address.to_owned());
        }
    }

    fn absolute(&self, location: &str) -> Option<String> {
        Url::options().base_url(self.base.as_ref()).parse(location).ok().map(Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(base: Option<&str>, location: &str, name: &str) -> bool {
        let mut parts = Parts::of_html_at(base);
        parts.located(location, "there");
        parts.address(name).is_some()
    }

    #[test]
    fn locations_are_compared_as_what_they_mean() {
        let base = Some("http://x.test/mail/index.html");
        for (base, location, name, expected) in [
            (None, "http://x.test/c.png", "http://x.test/c.png", true),
            (None, "http://x.test/c.png", "HTTP://X.test:80/a/../c.png", true),
            (None, "http://x.test/c.png", "http://x.test/d.png", false),
            (None, "http://x.test/c.png", "c.png", false),
            (None, "c.png", "c.png", true),
            (None, "c.png", "http://x.test/c.png", false),
            (base, "http://x.test/mail/c.png", "c.png", true),
            (base, "c.png", "http://x.test/mail/c.png", true),
            (base, "../c.png", "/c.png", true),
            (base, "c.png", "d.png", false),
            (Some("index.html"), "c.png", "c.png", true),
        ] {
            assert_eq!(found(base, location, name), expected, "{base:?} {location} {name}");
        }
    }

    #[test]
    fn the_first_part_of_a_name_counts() {
        let mut parts = Parts::default();
        parts.identified("a@x.test", "first");
        parts.identified("a@x.test", "second");
        parts.identified("", "third");
        assert_eq!(parts.address("a@x.test"), Some("first"));
        assert_eq!(parts.address(""), None);
    }
}
