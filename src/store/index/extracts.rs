//! Links, codes and warnings of the mails of a chunk: read when a search first asks for them, which
//! takes about as long as asking each mail, then kept.

use std::sync::OnceLock;

use crate::query::facts::Facts;
use crate::query::field::Flag;
use crate::query::field::TextField;
use crate::store::entry::Held;
use crate::store::facts::HeldFacts;
use crate::store::index::grams::Gram;
use crate::store::index::signatures::Signatures;
use crate::store::index::signatures::SignaturesBuilder;
use crate::store::rows::Rows;

/// What is read of mails when it is asked for.
#[derive(Debug, Default)]
pub(super) struct Extracts {
    links: OnceLock<Extract>,
    codes: OnceLock<Extract>,
    warned: OnceLock<Rows>,
}

/// What is known of a field of texts.
#[derive(Debug)]
struct Extract {
    /// The rows that have the flag.
    flagged: Rows,
    signatures: Signatures,
}

impl Extracts {
    /// The rows of which a text of this field may contain all of these grams. None when the field
    /// is not extracted.
    pub(super) fn rows<'a>(
        &self,
        field: &TextField,
        wanted: &[Gram],
        row_count: usize,
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Option<Rows> {
        let extract = match field {
            TextField::Link => &self.links,
            TextField::Code => &self.codes,
            _ => return None,
        };
        let extract = extract.get_or_init(|| Extract::of(field, row_count, held));
        Some(extract.signatures.rows(wanted))
    }

    /// The rows that have this. None when it is not extracted.
    pub(super) fn flagged<'a>(
        &self,
        flag: Flag,
        row_count: usize,
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Option<Rows> {
        let (extract, field) = match flag {
            Flag::Link => (&self.links, TextField::Link),
            Flag::Code => (&self.codes, TextField::Code),
            Flag::Warning => {
                let warned = || held.filter(|(_, held)| has(held, flag)).map(|(row, _)| row);
                return Some(*self.warned.get_or_init(|| warned().collect()));
            }
            _ => return None,
        };
        Some(extract.get_or_init(|| Extract::of(&field, row_count, held)).flagged)
    }

    pub(super) fn size_bytes(&self) -> usize {
        let extracts = [&self.links, &self.codes].into_iter().filter_map(OnceLock::get);
        extracts.map(|extract| extract.signatures.size_bytes()).sum()
    }
}

impl Extract {
    fn of<'a>(
        field: &TextField,
        row_count: usize,
        held: impl Iterator<Item = (usize, &'a Held)>,
    ) -> Self {
        let flag = if *field == TextField::Link { Flag::Link } else { Flag::Code };
        let mut held = held.peekable();
        let mut flagged = Rows::NONE;
        let mut signatures = SignaturesBuilder::new();
        for row in 0..row_count {
            let facts = held.next_if(|(at, _)| *at == row).map(|(_, held)| HeldFacts::new(held));
            let texts = facts.as_ref().and_then(|facts| facts.texts(field).known());
            let texts = texts.unwrap_or_default();
            if facts.as_ref().is_some_and(|facts| facts.flag(flag).known() == Some(true)) {
                flagged.insert(row);
            }
            let text_bytes: usize = texts.iter().map(|text| text.folded().len()).sum();
            signatures.push(texts.iter().map(|text| text.folded()), text_bytes / TEXT_PART + 8);
        }
        Self { flagged, signatures: signatures.build() }
    }
}

fn has(held: &Held, flag: Flag) -> bool {
    HeldFacts::new(held).flag(flag).known() == Some(true)
}

/// The part of their length that texts may take for their signature.
const TEXT_PART: usize = 4;
