//! The header of GS2 (RFC 5801 §4), with which OAUTHBEARER and SCRAM begin, and their names.

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    /// As sent, both commas included.
    pub(super) text: &'a str,
    /// Whom the client speaks for.
    pub(super) authorization: Option<String>,
}

/// `gs2-header = gs2-cb-flag "," [ "a=" saslname ] ","`, and what follows.
///
/// None when there is no such header, or when it binds to a channel (`p=`): only the mechanisms
/// that end in -PLUS do.
pub(super) fn split(message: &str) -> Option<(Header<'_>, &str)> {
    let rest = message.strip_prefix("n,").or_else(|| message.strip_prefix("y,"))?;
    let (authorization, rest) = rest.split_once(',')?;
    let authorization = match authorization {
        "" => None,
        written => Some(name(written.strip_prefix("a=")?)?),
    };
    let text = &message[..message.len() - rest.len()];
    Some((Header { text, authorization }, rest))
}

/// A name with `=2C` and `=3D` for the comma and the equals sign (RFC 5802 §5.1).
pub(super) fn name(written: &str) -> Option<String> {
    let mut pieces = written.split('=');
    let mut name = pieces.next()?.to_owned();
    for piece in pieces {
        let (character, rest) = match piece.split_at_checked(2)? {
            ("2C", rest) => (',', rest),
            ("3D", rest) => ('=', rest),
            _ => return None,
        };
        name.push(character);
        name.push_str(rest);
    }
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_meant() {
        for (written, meant) in [
            ("bob", Some("bob")),
            ("=2Cb=3D=3D", Some(",b==")),
            ("b=2c", None),
            ("b=", None),
            ("b=ü", None),
            ("", None),
        ] {
            assert_eq!(name(written).as_deref(), meant, "{written}");
        }
    }
}
