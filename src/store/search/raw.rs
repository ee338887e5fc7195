//! Looking for words in raw bytes, where those of a mail stand as they are read.

use std::hint::black_box;

use crate::query::field::TextField;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::store::index::Index;
use crate::store::index::bounds::Bounds;
use crate::store::index::verbatim::read_plain;
use crate::store::rows::Rows;
use crate::store::search::plan::Evidence;
use crate::store::search::plan::Leaf;
use crate::store::search::probe::Probe;
use crate::store::shelf::chunk::Chunk;

/// What signatures and bodies tell of a term that asks the texts of these rows, which have some.
pub(super) fn body(chunk: &Chunk, index: &Index, leaf: &Leaf, rows: Rows) -> Bounds {
    let probes = leaf.evidence.probes();
    let signed = |probe: &Probe| index.signatures().rows(&probe.grams);
    let signed = probes.map_or(!Rows::NONE, |probes| any(probes, signed));
    let mut bounds = Bounds::unknown(rows & signed);
    let verbatim = index.verbatim();
    let asked = bounds.possible & verbatim.bodies;
    let mut buffer = Vec::new();
    each_raw(chunk, asked, |row, raw| {
        let (_, body) = verbatim.sides(row, raw);
        let is_plain = verbatim.plain.has(row);
        let holds = match &leaf.term {
            Term::Text(_, TextTest::Matches(pattern)) if is_plain => {
                Some(pattern.is_match(read_plain(body, &mut buffer)))
            }
            _ => match &leaf.evidence {
                Evidence::Proof(probe) if is_plain => probe.is_in_plain(body),
                _ => None,
            },
        };
        match holds {
            Some(true) => bounds.certain.insert(row),
            Some(false) => bounds.possible.remove(row),
            None if !may_hold(probes, body) => bounds.possible.remove(row),
            None => {}
        }
    });
    bounds
}

/// What signatures and headers tell of a term that asks headers.
pub(super) fn header(chunk: &Chunk, index: &Index, leaf: &Leaf, rows: Rows) -> Bounds {
    let Some(probes) = leaf.evidence.probes() else { return Bounds::unknown(rows) };
    let signed = any(probes, |probe| match &leaf.term {
        Term::Text(TextField::Header(name), _) => index.other_headers().rows(name, &probe.grams),
        _ => index.signatures().rows(&probe.grams),
    });
    let rows = rows & signed;
    let mut bounds = Bounds::unknown(rows);
    let verbatim = index.verbatim();
    let asked = rows & verbatim.headers;
    each_raw(chunk, asked, |row, raw| {
        let (header, _) = verbatim.sides(row, raw);
        if !may_hold(Some(probes), header) {
            bounds.possible.remove(row);
        }
    });
    bounds
}

/// Calls `look` with the raw bytes of these rows. Mails lie scattered in memory: the beginnings of
/// a few are read ahead, so that they are fetched side by side and not one after the other.
fn each_raw(chunk: &Chunk, rows: Rows, mut look: impl FnMut(usize, &[u8])) {
    let mut mails = chunk.iter().filter(|(row, _)| rows.has(*row)).peekable();
    let mut ahead: Vec<(usize, &[u8])> = Vec::with_capacity(READ_AHEAD_MAILS);
    while mails.peek().is_some() {
        ahead.extend(mails.by_ref().take(READ_AHEAD_MAILS).map(|(r, held)| (r, &*held.entry.raw)));
        let lines = ahead.iter().flat_map(|(_, raw)| raw.iter().step_by(CACHE_LINE_BYTES).take(6));
        black_box(lines.fold(0_u8, |sum, byte| sum ^ byte));
        ahead.drain(..).for_each(|(row, raw)| look(row, raw));
    }
}

/// The rows that one of the probes has.
fn any(probes: &[Probe], rows: impl Fn(&Probe) -> Rows) -> Rows {
    probes.iter().map(rows).fold(Rows::NONE, |rows, more| rows | more)
}

/// Whether one of the probes may be found; one without a run may be anywhere.
fn may_hold(probes: Option<&[Probe]>, bytes: &[u8]) -> bool {
    let may = |probe: &Probe| probe.run.as_ref().and_then(|run| run.is_in(bytes)).unwrap_or(true);
    probes.is_none_or(|probes| probes.iter().any(may))
}

/// As many as a processor fetches at a time.
const READ_AHEAD_MAILS: usize = 16;
const CACHE_LINE_BYTES: usize = 64;
