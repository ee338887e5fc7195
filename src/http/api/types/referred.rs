//! The parts of a mail that its HTML may refer to.

use crate::http::render::parts::Parts;
use crate::message::Message;

/// The parts by their ids and locations. `address` tells where the part of a path is found.
pub fn referred(message: &Message<'_>, address: impl Fn(&str) -> String) -> Parts {
    let parts = message.parts();
    let html = parts.iter().find(|part| part.content_type() == "text/html");
    let mut referred = Parts::of_html_at(html.and_then(|html| html.content_location()));
    for part in parts {
        if let Some(id) = part.content_id() {
            referred.identified(id, &address(part.path()));
        }
        if let Some(location) = part.content_location() {
            referred.located(location, &address(part.path()));
        }
    }
    referred
}
