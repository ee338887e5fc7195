//! Addresses, subjects and names of files of a chunk, folded as searches compare them.
//!
//! Each different text is kept once, and so is each person: a name, an address, and the mailbox
//! the address stands for. What does not fit in leaves its mail unknown: it is asked itself.

use std::collections::HashMap;

use memchr::memmem::Finder;

use crate::query::address::Address;
use crate::query::address::Domain;
use crate::query::address::Mailbox;
use crate::query::facts::Facts;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::query::fold;
use crate::store::facts::HeldFacts;
use crate::store::index::bounds::Bounds;
use crate::store::index::column::Column;
use crate::store::index::column::ColumnBuilder;
use crate::store::index::pool::IDS_MAX;
use crate::store::index::pool::Id;
use crate::store::index::pool::Ids;
use crate::store::index::pool::NONE;
use crate::store::index::pool::Pool;
use crate::store::index::pool::PoolBuilder;
use crate::store::rows::Rows;

/// The header columns of a chunk.
#[derive(Debug)]
pub(in crate::store) struct Headers {
    pool: Pool,
    people: Box<[Person]>,
    /// As in [`AddressField::ALL`].
    addresses: [Column; AddressField::ALL.len()],
    texts: [Column; TEXTS.len()],
    /// Rows that did not fit in.
    unknown: Rows,
}

/// The fields of texts that are kept.
const TEXTS: [TextField; 2] = [TextField::Subject, TextField::Attachment];

/// Somebody who is named in a header or the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Person {
    name: Id,
    address: Id,
    /// The key of the mailbox; [`NONE`] when the address is none, [`DOUBTFUL`] when it has no key.
    mailbox: Id,
}

/// In place of a mailbox whose key would not be its own.
const DOUBTFUL: Id = NONE - 1;

impl Headers {
    /// Whether a field of texts is kept here.
    pub(in crate::store) fn keeps(field: &TextField) -> bool {
        TEXTS.contains(field)
    }

    /// The rows with a text of this field that contains one of these.
    pub(in crate::store) fn texts_with(&self, field: &TextField, wanted: &[&Finder<'_>]) -> Bounds {
        let mut ids = Ids::none();
        wanted.iter().for_each(|wanted| self.pool.containing(wanted, &mut ids));
        self.exactly(self.text_column(field).rows(&ids))
    }

    /// The rows with any text of this field.
    pub(in crate::store) fn texts_filled(&self, field: &TextField) -> Bounds {
        self.exactly(self.text_column(field).filled())
    }

    /// The rows that name somebody in this field whose name or address contains one of these.
    pub(in crate::store) fn people_with(
        &self,
        field: AddressField,
        wanted: &[&Finder<'_>],
    ) -> Bounds {
        let mut ids = Ids::none();
        wanted.iter().for_each(|wanted| self.pool.containing(wanted, &mut ids));
        let has = |person: &Person| ids.has(person.name) || ids.has(person.address);
        self.exactly(self.naming(field, &self.people_who(has)))
    }

    /// The rows that may name somebody in this field whose name or address, as the mail spells it,
    /// contains one of these when folded.
    pub(in crate::store) fn people_perhaps_with(
        &self,
        field: AddressField,
        wanted: &[&Finder<'_>],
    ) -> Bounds {
        let mut ids = Ids::none();
        wanted.iter().for_each(|wanted| self.pool.containing(wanted, &mut ids));
        let has = |person: &Person| {
            let texts = [person.name, person.address, person.mailbox];
            person.mailbox == DOUBTFUL || texts.iter().any(|id| ids.has(*id))
        };
        self.exactly(self.naming(field, &self.people_who(has))).hint()
    }

    /// The rows that may name an address spelled like this in this field.
    pub(in crate::store) fn spelled(&self, field: AddressField, spelling: &str) -> Bounds {
        let key = Mailbox::of_address(spelling).and_then(|mailbox| mailbox.key());
        let Some(key) = key.filter(|_| is_simple(spelling)) else {
            return self.people_filled(field).hint();
        };
        let mut ids = Ids::none();
        self.pool.equal(&key, &mut ids);
        let may_be =
            |person: &Person| ids.has(person.mailbox) || matches!(person.mailbox, NONE | DOUBTFUL);
        self.exactly(self.naming(field, &self.people_who(may_be))).hint()
    }

    /// The rows that name this mailbox in this field.
    pub(in crate::store) fn mailbox(&self, field: AddressField, wanted: &Mailbox) -> Bounds {
        let mut ids = Ids::none();
        if let Some(key) = wanted.key() {
            self.pool.equal(&key, &mut ids);
        }
        self.by_mailbox(field, &ids)
    }

    /// The rows that name a mailbox at this domain in this field.
    pub(in crate::store) fn domain(&self, field: AddressField, wanted: &Domain) -> Bounds {
        let mut ids = Ids::none();
        self.pool.ending(&format!("@{}", wanted.name()), &mut ids);
        self.by_mailbox(field, &ids)
    }

    /// The rows that name anybody in this field.
    pub(in crate::store) fn people_filled(&self, field: AddressField) -> Bounds {
        let columns = field.parts().iter().map(|part| self.address_column(*part).filled());
        self.exactly(columns.fold(Rows::NONE, |rows, filled| rows | filled))
    }

    fn by_mailbox(&self, field: AddressField, mailboxes: &Ids) -> Bounds {
        let wanted = self.people_who(|person| mailboxes.has(person.mailbox));
        let doubtful = self.people_who(|person| person.mailbox == DOUBTFUL);
        let certain = self.naming(field, &wanted);
        let mut bounds = self.exactly(certain);
        bounds.possible |= self.naming(field, &doubtful);
        bounds
    }

    fn people_who(&self, has: impl Fn(&Person) -> bool) -> Ids {
        let mut ids = Ids::none();
        for (id, person) in self.people.iter().enumerate() {
            if has(person) {
                ids.insert(Id::try_from(id).unwrap_or(NONE));
            }
        }
        ids
    }

    fn naming(&self, field: AddressField, people: &Ids) -> Rows {
        let columns = field.parts().iter().map(|part| self.address_column(*part).rows(people));
        columns.fold(Rows::NONE, |rows, more| rows | more)
    }

    /// These rows for certain, and those that are not known.
    fn exactly(&self, rows: Rows) -> Bounds {
        Bounds { possible: rows | self.unknown, certain: rows.without(self.unknown) }
    }

    fn address_column(&self, field: AddressField) -> &Column {
        let at = AddressField::ALL.iter().position(|kept| *kept == field);
        at.map_or(&Column::Empty, |at| &self.addresses[at])
    }

    fn text_column(&self, field: &TextField) -> &Column {
        let at = TEXTS.iter().position(|kept| kept == field);
        at.map_or(&Column::Empty, |at| &self.texts[at])
    }

    pub(in crate::store) fn size_bytes(&self) -> usize {
        let columns = self.addresses.iter().chain(&self.texts);
        self.pool.size_bytes()
            + size_of_val(&*self.people)
            + columns.map(Column::size_bytes).sum::<usize>()
    }
}

/// Whether quotes and another spelling of the domain come together: then neither the folded
/// address nor the key has all the letters side by side that the mail has.
fn is_spelled_twice(address: &Address) -> bool {
    let spelled = address.address();
    spelled.contains(['"', '\\']) && fold::fold(spelled) != address.folded()
}

/// Whether an address has one spelling only, but for case.
fn is_simple(address: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '[' | ':');
    address.chars().all(is_plain) && !address.to_ascii_lowercase().contains("xn--")
}

/// Header columns while they are filled, row after row.
#[derive(Debug)]
pub(in crate::store) struct HeadersBuilder {
    pool: PoolBuilder,
    people: Vec<Person>,
    ids: HashMap<Person, Id>,
    addresses: [ColumnBuilder; AddressField::ALL.len()],
    texts: [ColumnBuilder; TEXTS.len()],
    unknown: Rows,
}

impl HeadersBuilder {
    pub(in crate::store) fn new() -> Self {
        Self {
            pool: PoolBuilder::new(),
            people: Vec::new(),
            ids: HashMap::new(),
            addresses: Default::default(),
            texts: Default::default(),
            unknown: Rows::NONE,
        }
    }

    /// Adds the next row; None for one whose mail has left.
    pub(in crate::store) fn push(&mut self, row: usize, facts: Option<&HeldFacts<'_>>) {
        let values = facts.map(|facts| self.read(facts));
        if values == Some(None) {
            self.unknown.insert(row);
        }
        let (addresses, texts) = values.flatten().unwrap_or_default();
        self.addresses.iter_mut().zip(&addresses).for_each(|(column, ids)| column.push(ids));
        self.texts.iter_mut().zip(&texts).for_each(|(column, ids)| column.push(ids));
    }

    /// The ids of all values of a row. None when something does not fit.
    fn read(&mut self, facts: &HeldFacts<'_>) -> Option<Values> {
        let mut values = Values::default();
        for (field, ids) in AddressField::ALL.iter().zip(&mut values.0) {
            let addresses = facts.addresses(*field).known()?;
            *ids = addresses.iter().map(|a| self.person(a)).collect::<Option<_>>()?;
        }
        for (field, ids) in TEXTS.iter().zip(&mut values.1) {
            let texts = facts.texts(field).known()?;
            *ids = texts.iter().map(|t| self.pool.id_of(t.folded())).collect::<Option<_>>()?;
        }
        let columns = self.addresses.iter().chain(&self.texts);
        let fit = columns.zip(values.0.iter().chain(&values.1)).all(|(c, ids)| c.fits(ids));
        fit.then_some(values)
    }

    fn person(&mut self, address: &Address) -> Option<Id> {
        let name = address.name.as_ref().map(Text::folded).unwrap_or_default();
        let name = if name.is_empty() { NONE } else { self.pool.id_of(name)? };
        let mailbox = match address.mailbox().map(Mailbox::key) {
            None => NONE,
            Some(Some(key)) if !is_spelled_twice(address) => self.pool.id_of(&key)?,
            Some(_) => DOUBTFUL,
        };
        let person = Person { name, address: self.pool.id_of(address.folded())?, mailbox };
        if let Some(id) = self.ids.get(&person) {
            return Some(*id);
        }
        let id = Id::try_from(self.people.len()).ok().filter(|id| usize::from(*id) < IDS_MAX)?;
        self.people.push(person);
        self.ids.insert(person, id);
        Some(id)
    }

    pub(in crate::store) fn build(self) -> Headers {
        Headers {
            pool: self.pool.build(),
            people: self.people.into(),
            addresses: self.addresses.map(ColumnBuilder::build),
            texts: self.texts.map(ColumnBuilder::build),
            unknown: self.unknown,
        }
    }
}

/// The ids of the values of a row: addresses, texts.
type Values = ([Vec<Id>; AddressField::ALL.len()], [Vec<Id>; TEXTS.len()]);
