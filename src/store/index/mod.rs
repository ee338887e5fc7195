//! What makes searching fast: structures made of a chunk of mails once, when nothing else is to be
//! done or somebody has searched.
//!
//! They never answer on their own authority: [`bounds`] says which rows match for certain and
//! which may, and the mails in between are asked themselves. In reading order: [`headers`] keeps
//! folded columns; [`other_headers`] and [`signatures`] the grams of other headers and of texts;
//! [`verbatim`] tells when raw bytes will do; [`extracts`] keeps what searches had to read. How a
//! query is put to them is `search`.

pub(super) mod bounds;
mod column;
mod extracts;
pub(super) mod grams;
pub(super) mod headers;
mod other_headers;
mod pool;
mod signatures;
pub(super) mod verbatim;

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::query::facts::Facts;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;
use crate::store::index::extracts::Extracts;
use crate::store::index::grams::Gram;
use crate::store::index::headers::Headers;
use crate::store::index::headers::HeadersBuilder;
use crate::store::index::other_headers::OtherHeaders;
use crate::store::index::other_headers::OtherHeadersBuilder;
use crate::store::index::signatures::Signatures;
use crate::store::index::signatures::SignaturesBuilder;
use crate::store::index::verbatim::Verbatim;
use crate::store::index::verbatim::VerbatimBuilder;
use crate::store::rows::Rows;

/// The structures of the first rows of a chunk.
#[derive(Debug)]
pub(in crate::store) struct Index {
    row_count: usize,
    headers: Headers,
    other_headers: OtherHeaders,
    signatures: Signatures,
    verbatim: Verbatim,
    /// The rows that have each of [`FLAGS`].
    flags: [Rows; FLAGS.len()],
    /// How many attachments each row has; empty when none has any.
    attachments: Box<[u16]>,
    extracts: Extracts,
}

/// What is told by the structure of a mail, without reading its texts.
const FLAGS: [Flag; 4] = [Flag::Attachment, Flag::Inline, Flag::Html, Flag::Text];

impl Index {
    /// Made of the mails of a chunk, of which so many rows were given out.
    pub(in crate::store) fn build<'a>(
        row_count: usize,
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Self {
        let mut held = held.peekable();
        let mut headers = HeadersBuilder::new();
        let mut other_headers = OtherHeadersBuilder::new();
        let mut signatures = SignaturesBuilder::new();
        let mut verbatim = VerbatimBuilder::default();
        let mut flags = [Rows::NONE; FLAGS.len()];
        let mut attachments = vec![0; row_count];
        for (row, attachment_count) in attachments.iter_mut().enumerate() {
            let facts = held.next_if(|(at, _)| *at == row).map(|(_, held)| HeldFacts::new(held));
            let facts = facts.as_ref();
            headers.push(row, facts);
            other_headers.push(facts.map_or(&[][..], HeldFacts::header_texts));
            verbatim.push(row, facts);
            let Some(facts) = facts else {
                signatures.push(std::iter::empty(), 0);
                continue;
            };
            let texts = [TextField::Text, TextField::Html].map(|field| facts.texts(&field).known());
            let texts = texts.iter().flatten().flatten().map(|text| text.folded());
            let text_bytes: usize = texts.clone().map(str::len).sum();
            // Where raw bytes answer, few bits will do.
            let part = if verbatim.speaks_for(row) { VERBATIM_PART } else { ENCODED_PART };
            let ids = facts.texts(&TextField::MessageId).known().unwrap_or_default();
            let signed = texts.chain(ids.iter().map(|id| id.folded()));
            signatures.push(signed, text_bytes / part + SIGNATURE_BYTES_MIN);
            for (flag, rows) in FLAGS.iter().zip(&mut flags) {
                if facts.flag(*flag).known() == Some(true) {
                    rows.insert(row);
                }
            }
            let count = facts.number(NumberField::Attachments).known().unwrap_or_default();
            *attachment_count = u16::try_from(count).unwrap_or(u16::MAX);
        }
        let has_attachments = attachments.iter().any(|count| *count > 0);
        Self {
            row_count,
            headers: headers.build(),
            other_headers: other_headers.build(),
            signatures: signatures.build(),
            verbatim: verbatim.build(),
            flags,
            extracts: Extracts::default(),
            attachments: if has_attachments { attachments.into() } else { Box::default() },
        }
    }

    /// The rows it knows.
    pub(in crate::store) fn rows(&self) -> Rows {
        Rows::first(self.row_count)
    }

    /// The folded columns.
    pub(super) const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The grams of headers that have no column.
    pub(super) const fn other_headers(&self) -> &OtherHeaders {
        &self.other_headers
    }

    /// The grams of texts.
    pub(super) const fn signatures(&self) -> &Signatures {
        &self.signatures
    }

    /// What raw bytes can tell.
    pub(super) const fn verbatim(&self) -> &Verbatim {
        &self.verbatim
    }

    /// The rows that have this, where that is kept or can be read from the mails.
    pub(super) fn flag<'a>(
        &self,
        flag: Flag,
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Option<Rows> {
        match FLAGS.iter().position(|kept| *kept == flag) {
            Some(at) => Some(self.flags[at]),
            None => self.extracts.flagged(flag, self.row_count, held),
        }
    }

    /// The rows of which a link or a code may contain all of these grams.
    pub(super) fn extracted<'a>(
        &self,
        field: &TextField,
        wanted: &[Gram],
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Option<Rows> {
        self.extracts.rows(field, wanted, self.row_count, held)
    }

    /// How many attachments a row has; None when there are too many to be kept.
    pub(super) fn attachment_count(&self, row: usize) -> Option<u16> {
        let count = self.attachments.get(row).copied().unwrap_or_default();
        (count < u16::MAX).then_some(count)
    }

    /// What it takes in memory, in bytes.
    pub(in crate::store) fn size_bytes(&self) -> usize {
        size_of::<Self>()
            + self.headers.size_bytes()
            + self.other_headers.size_bytes()
            + self.signatures.size_bytes()
            + self.verbatim.size_bytes()
            + self.extracts.size_bytes()
            + size_of_val(&*self.attachments)
    }
}

/// Where a chunk keeps its index, once it is made.
#[derive(Debug, Default)]
pub(in crate::store) struct Place {
    made: Mutex<Option<Arc<Index>>>,
    /// Held while it is made, which takes long.
    making: Mutex<()>,
}

impl Place {
    /// The index as it is now.
    pub(in crate::store) fn index(&self) -> Option<Arc<Index>> {
        lock(&self.made).clone()
    }

    /// How many of so many rows it does not know.
    pub(in crate::store) fn lacks(&self, row_count: usize) -> usize {
        let known = lock(&self.made).as_ref().map_or(0, |index| index.row_count);
        row_count.saturating_sub(known)
    }

    /// Makes it anew when it lacks more than `spare` of the rows given out. Meanwhile searches go
    /// on with the old one.
    pub(in crate::store) fn make(
        &self,
        row_count: usize,
        spare: usize,
        build: impl FnOnce() -> Index,
    ) {
        let _others_wait = lock(&self.making);
        if self.lacks(row_count) > spare {
            let index = Arc::new(build());
            *lock(&self.made) = Some(index);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Texts may take a part of their length for their signature, and a few bytes in any case.
const VERBATIM_PART: usize = 64;
const ENCODED_PART: usize = 6;
const SIGNATURE_BYTES_MIN: usize = 4;
