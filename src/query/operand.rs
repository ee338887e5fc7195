//! An operand as it was written, and the term it stands for: which field takes which operator.

use crate::query::address;
use crate::query::error::QueryError;
use crate::query::error::excerpt;
use crate::query::field::Bound;
use crate::query::field::Field;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::fold;
use crate::query::pattern::Pattern;
use crate::query::suggest;
use crate::query::term::AddressTest;
use crate::query::term::Comparison;
use crate::query::term::Needle;
use crate::query::term::Term;
use crate::query::term::TextTest;
use crate::query::term::TimeTest;
use crate::query::term::Whole;
use crate::query::value;

/// A term as it was written: `name operator value`, or a value alone.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    /// The field; none for a bare word.
    pub(super) field: Option<Field>,
    /// The field's name as written, in small letters.
    pub(super) name: String,
    pub(super) operator: Operator,
    pub(super) operator_index: usize,
    /// The value without quotes, slashes and escapes.
    pub(super) value: String,
    pub(super) value_index: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Colon,
    Tilde,
    /// Among them `=`, which texts and addresses take too.
    Comparison(Comparison),
}

impl Operand {
    /// A word without a field.
    pub(super) const fn bare(value: String, index: usize) -> Self {
        Self {
            field: None,
            name: String::new(),
            operator: Operator::Colon,
            operator_index: index,
            value,
            value_index: index,
        }
    }

    /// The term it stands for.
    pub(super) fn term(self) -> Result<Term, QueryError> {
        match &self.field {
            None => Ok(Term::Anywhere(Needle::new(self.wanted()?))),
            Some(Field::Text(field)) => Ok(Term::Text(field.clone(), self.text_test(field)?)),
            Some(Field::Address(field)) => Ok(Term::Address(*field, self.address_test()?)),
            Some(Field::Number(field)) => self.number(*field),
            Some(Field::SizeBound(bound)) => {
                let comparison = bound.choose(Comparison::Greater, Comparison::Less);
                let size_bytes = self.behind_colon(value::size_bytes)?;
                Ok(Term::Number(NumberField::Size, comparison, size_bytes))
            }
            Some(Field::Date(bound)) => {
                let at = self.behind_colon(value::timestamp)?;
                Ok(Term::Time(bound.choose(TimeTest::After(at), TimeTest::Before(at))))
            }
            Some(Field::Age(bound)) => {
                let age_ms = self.behind_colon(value::duration_ms)?;
                Ok(Term::Time(bound.choose(TimeTest::Newer(age_ms), TimeTest::Older(age_ms))))
            }
            Some(Field::Is) => self.flag(&Flag::IS, &[]),
            Some(Field::Has) => self.flag(&Flag::HAS, &FOREIGN_FLAGS),
        }
    }

    fn text_test(&self, field: &TextField) -> Result<TextTest, QueryError> {
        let bare = match field {
            TextField::MessageId => address::without_brackets(&self.value),
            _ => &self.value,
        };
        match self.operator {
            Operator::Colon => {
                Ok(TextTest::Contains(Needle::compared_as(&fold::fold(bare), self.wanted()?)))
            }
            Operator::Comparison(Comparison::Equal) => {
                Ok(TextTest::Equals(Whole::compared_as(fold::exact(bare), self.value.clone())))
            }
            Operator::Tilde => Ok(TextTest::Matches(self.pattern()?)),
            Operator::Comparison(_) => Err(self.wrong_operator()),
        }
    }

    fn address_test(&self) -> Result<AddressTest, QueryError> {
        match self.operator {
            Operator::Colon => Ok(AddressTest::about(self.wanted()?)),
            Operator::Comparison(Comparison::Equal) => {
                let compared = address::exact(address::without_brackets(&self.value));
                Ok(AddressTest::Equals(Whole::compared_as(compared, self.value.clone())))
            }
            Operator::Tilde => Ok(AddressTest::Matches(self.pattern()?)),
            Operator::Comparison(_) => Err(self.wrong_operator()),
        }
    }

    fn number(&self, field: NumberField) -> Result<Term, QueryError> {
        let Operator::Comparison(comparison) = self.operator else {
            return Err(self.wrong_operator());
        };
        let number = match field {
            NumberField::Size => value::size_bytes(&self.value),
            NumberField::Attachments => value::count(&self.value),
        };
        Ok(Term::Number(field, comparison, number.ok_or_else(|| self.wrong_value())?))
    }

    fn flag(
        &self,
        flags: &[(&'static str, Flag)],
        foreign: &[(&'static str, Flag)],
    ) -> Result<Term, QueryError> {
        let named = |name: &str| {
            let mut known = flags.iter().chain(foreign);
            known.find(|(value, _)| value.eq_ignore_ascii_case(name)).map(|(_, flag)| *flag)
        };
        self.behind_colon(named).map(Term::Flag)
    }

    /// The value of a field that takes nothing but `:`.
    fn behind_colon<T>(&self, read: impl Fn(&str) -> Option<T>) -> Result<T, QueryError> {
        if self.operator != Operator::Colon {
            return Err(self.wrong_operator());
        }
        read(&self.value).ok_or_else(|| self.wrong_value())
    }

    /// The value of a term that looks for it: there must be something to look for.
    fn wanted(&self) -> Result<String, QueryError> {
        let in_brackets =
            matches!(self.field, Some(Field::Address(_) | Field::Text(TextField::MessageId)));
        let bare = if in_brackets { address::without_brackets(&self.value) } else { &self.value };
        if !bare.trim().is_empty() {
            return Ok(self.value.clone());
        }
        let around = if self.value.trim().is_empty() { "quotes" } else { "brackets" };
        let mut detail = format!("Something to look for was expected between the {around}.");
        if self.field.is_some() {
            detail += &format!(" What is empty or absent is found by {}=\"\".", self.name);
        }
        Err(QueryError::at(self.value_index, detail))
    }

    fn pattern(&self) -> Result<Pattern, QueryError> {
        Pattern::new(self.value.clone(), self.value_index)
    }

    fn wrong_operator(&self) -> QueryError {
        let detail = format!("Another operator was expected: {}.", self.takes());
        QueryError::at(self.operator_index, detail)
    }

    fn wrong_value(&self) -> QueryError {
        let meant = match &self.field {
            Some(Field::Is) => suggest::nearest(&self.value, names(&Flag::IS)),
            Some(Field::Has) => suggest::nearest(&self.value, names(&Flag::HAS)),
            _ => None,
        };
        let meant = meant.map(str::to_owned).or_else(|| match &self.field {
            Some(Field::Date(_)) => suggest::time(&self.value),
            _ => None,
        });
        let hint = meant.map(|meant| format!(" Did you mean {}:{meant}?", self.name));
        let detail = format!(
            "\"{}\" does not fit here: {}.{}",
            excerpt(&self.value),
            self.takes(),
            hint.unwrap_or_default()
        );
        QueryError::at(self.value_index, detail)
    }

    /// What the field takes, as the middle of a sentence.
    fn takes(&self) -> String {
        let name = &self.name;
        match &self.field {
            None => "a word".to_owned(),
            Some(Field::Text(_) | Field::Address(_)) => format!(
                "\"{name}\" takes : and a part of it, = and the whole, or ~/…/ with a regular \
                 expression"
            ),
            Some(Field::Number(NumberField::Size)) => format!(
                "\"{name}\" takes >, >=, <, <= or = and a whole number of bytes, with k, m or g if \
                 you like, as in {name}>10k"
            ),
            Some(Field::Number(NumberField::Attachments)) => {
                format!("\"{name}\" takes >, >=, <, <= or = and a number, as in {name}>=2")
            }
            Some(Field::SizeBound(_)) => format!(
                "\"{name}\" takes : and a whole number of bytes, with k, m or g if you like, as in \
                 {name}:10k"
            ),
            Some(Field::Date(_)) => format!(
                "\"{name}\" takes : and a date or a time, as in {name}:2026-01-31 or \
                 {name}:2026-01-31T10:00:00Z"
            ),
            Some(Field::Age(_)) => format!(
                "\"{name}\" takes : and a number with one of ms, s, m, h, d, w, as in {name}:10m"
            ),
            Some(Field::Is) => format!("\"{name}\" takes : and one of {}", listed(&Flag::IS)),
            Some(Field::Has) => format!("\"{name}\" takes : and one of {}", listed(&Flag::HAS)),
        }
    }
}

impl Bound {
    fn choose<T>(self, above: T, below: T) -> T {
        match self {
            Self::Above => above,
            Self::Below => below,
        }
    }
}

fn names(flags: &[(&'static str, Flag)]) -> impl Iterator<Item = &'static str> {
    flags.iter().map(|(name, _)| *name)
}

fn listed(flags: &[(&'static str, Flag)]) -> String {
    names(flags).collect::<Vec<_>>().join(", ")
}

/// What other tools call them.
const FOREIGN_FLAGS: [(&str, Flag); 2] =
    [("attachments", Flag::Attachment), ("inlines", Flag::Inline)];
