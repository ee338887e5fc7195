//! The header of a mail: its fields in order, repeated ones kept, decoded when asked.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::message::fields::BlockEnd;
use crate::message::fields::Field;
use crate::message::fields::Place;
use crate::message::fields::read_block;
use crate::message::limits::Limits;
use crate::message::part::Description;
use crate::message::part::Seen;
use crate::message::words::decode_words;

/// The fields of a header block, in order.
#[derive(Clone, Debug, Default)]
pub struct Headers<'a> {
    fields: Vec<Field<'a>>,
    pub(super) block: BlockEnd,
    /// Fields beyond the limit.
    pub(super) dropped: usize,
    /// What eight-bit text in a field is read as when it is not UTF-8.
    pub(super) fallback: Option<&'static Encoding>,
}

impl<'a> Headers<'a> {
    /// Reads the header block at the start of `raw`.
    pub(super) fn read(raw: &'a [u8], limits: &Limits) -> Self {
        let mut fields = Vec::with_capacity(16);
        let mut dropped = 0;
        let block = read_block(
            raw,
            0,
            Place::Mail,
            |_| false,
            |field| {
                if fields.len() < limits.headers_max {
                    fields.push(field);
                } else {
                    dropped += 1;
                }
            },
        );
        Self { fields, block, dropped, fallback: None }
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = Header<'a>> + '_ {
        self.fields.iter().map(|field| self.header(*field))
    }

    /// The first field of that name, in any case.
    pub fn first(&self, name: &str) -> Option<Header<'a>> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| self.header(*field))
    }

    /// All fields of that name, in any case, in order.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Header<'a>> + 's {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| self.header(*field))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is no field at all.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Where the body starts, in bytes from the start of the mail.
    pub fn body_start(&self) -> usize {
        self.block.body_start
    }

    /// Hands the fields about the body to its description.
    pub(super) fn describe(&self, description: &mut Description, seen: &mut Seen) {
        for field in &self.fields {
            description.take(field, seen);
        }
    }

    fn header(&self, field: Field<'a>) -> Header<'a> {
        Header { field, fallback: self.fallback }
    }
}

/// One field of a header.
#[derive(Clone, Copy, Debug)]
pub struct Header<'a> {
    field: Field<'a>,
    fallback: Option<&'static Encoding>,
}

impl<'a> Header<'a> {
    /// The name as it was written.
    pub fn name(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.field.name)
    }

    /// The value for readers: unfolded, encoded words (RFC 2047) and raw eight-bit text decoded.
    pub fn value(&self) -> String {
        decode_words(cut(self.field.value), self.fallback)
    }

    /// The bytes behind the colon as they are, folds included, without the last line end.
    pub fn raw_value(&self) -> &'a [u8] {
        self.field.value
    }

    /// The raw value as far as it is looked at.
    pub(super) fn bounded_value(&self) -> &'a [u8] {
        cut(self.field.value)
    }

    pub(super) fn fallback(&self) -> Option<&'static Encoding> {
        self.fallback
    }
}

/// The part of a value that is decoded.
fn cut(value: &[u8]) -> &[u8] {
    &value[..value.len().min(Limits::DEFAULT.value_bytes_max)]
}
