//! The envelope: what MAIL FROM and RCPT TO said, as it was sent, packed into one allocation.

/// Separates paths. A command line cannot contain it (RFC 5321 §2.3.8).
const NEXT_PATH: char = '\n';
/// Separates a path from its parameters. The grammar of commands leaves NUL out.
const PARAMETERS: char = '\0';

/// Who sent a mail and who was to get it (RFC 5321 §3.3), as said in the SMTP dialogue.
///
/// Addresses are kept as sent, without the angle brackets; the null sender is the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `sender[\0parameters]`, then `\nrecipient[\0parameters]` for each recipient.
    packed: Box<str>,
}

impl Envelope {
    /// The address of MAIL FROM; empty for the null sender.
    pub fn mail_from(&self) -> &str {
        self.sender().address
    }

    /// MAIL FROM whole: the address and the parameters behind it.
    pub fn sender(&self) -> Path<'_> {
        Path::unpack(self.packed.split(NEXT_PATH).next().unwrap_or_default())
    }

    /// The recipients in the order they were accepted.
    pub fn recipients(&self) -> impl Iterator<Item = Path<'_>> {
        self.packed.split(NEXT_PATH).skip(1).map(Path::unpack)
    }

    /// The bytes this envelope holds on the heap.
    pub fn size_bytes(&self) -> usize {
        self.packed.len()
    }
}

/// One address of an envelope with the ESMTP parameters that came with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path<'a> {
    /// The address as sent, without angle brackets.
    pub address: &'a str,
    /// The parameters as sent, separated by single blanks: `SIZE=100 BODY=8BITMIME`.
    pub parameters: &'a str,
}

impl<'a> Path<'a> {
    fn unpack(packed: &'a str) -> Self {
        let (address, parameters) = packed.split_once(PARAMETERS).unwrap_or((packed, ""));
        Self { address, parameters }
    }

    /// The value of a parameter, its keyword in any case; empty when it came without a value.
    pub fn parameter(&self, keyword: &str) -> Option<&'a str> {
        self.parameters.split(' ').find_map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            name.eq_ignore_ascii_case(keyword).then_some(value)
        })
    }
}

/// An envelope while a transaction fills it.
#[derive(Clone, Debug)]
pub struct EnvelopeBuilder {
    packed: String,
    recipient_count: usize,
}

impl EnvelopeBuilder {
    /// Starts with the sender. NUL and LF, which no command line holds, are dropped.
    pub fn new(mail_from: &str, parameters: &str) -> Self {
        let mut builder = Self { packed: String::with_capacity(96), recipient_count: 0 };
        builder.push(mail_from, parameters);
        builder
    }

    /// Adds a recipient.
    pub fn recipient(&mut self, address: &str, parameters: &str) {
        self.packed.push(NEXT_PATH);
        self.push(address, parameters);
        self.recipient_count += 1;
    }

    /// How many recipients were added.
    pub const fn recipient_count(&self) -> usize {
        self.recipient_count
    }

    /// The finished envelope.
    pub fn build(self) -> Envelope {
        Envelope { packed: self.packed.into_boxed_str() }
    }

    fn push(&mut self, address: &str, parameters: &str) {
        self.push_without_separators(address);
        if !parameters.is_empty() {
            self.packed.push(PARAMETERS);
            self.push_without_separators(parameters);
        }
    }

    fn push_without_separators(&mut self, text: &str) {
        for piece in text.split([NEXT_PATH, PARAMETERS]) {
            self.packed.push_str(piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_read_back() {
        let mut builder = EnvelopeBuilder::new("a@x.test", "SIZE=100 BODY=8BITMIME");
        builder.recipient("\"b c\"@x.test", "");
        builder.recipient("d@[127.0.0.1]", "NOTIFY=NEVER");
        assert_eq!(builder.recipient_count(), 2);
        let envelope = builder.build();
        assert_eq!(envelope.mail_from(), "a@x.test");
        assert_eq!(envelope.sender().parameter("size"), Some("100"));
        assert_eq!(envelope.sender().parameter("RET"), None);
        let recipients: Vec<_> = envelope.recipients().map(|path| path.address).collect();
        assert_eq!(recipients, ["\"b c\"@x.test", "d@[127.0.0.1]"]);
    }

    #[test]
    fn the_null_sender_without_recipients_is_an_envelope_too() {
        let envelope = EnvelopeBuilder::new("", "").build();
        assert_eq!(envelope.mail_from(), "");
        assert_eq!(envelope.recipients().count(), 0);
    }

    #[test]
    fn separators_cannot_be_smuggled_in() {
        let mut builder = EnvelopeBuilder::new("a\nb@x.test", "");
        builder.recipient("c\0d@x.test", "");
        let envelope = builder.build();
        assert_eq!(envelope.mail_from(), "ab@x.test");
        assert_eq!(
            envelope.recipients().map(|path| path.address).collect::<Vec<_>>(),
            ["cd@x.test"]
        );
    }
}
