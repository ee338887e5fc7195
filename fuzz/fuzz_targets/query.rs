//! Any text is a query or explained within itself; a query prints as text that is the same query,
//! and every mail can be asked.
//!
//! `cargo +nightly fuzz run query -- -max_len=8192 -timeout=10`

#![no_main]

use std::collections::HashSet;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use restante::query;
use restante::query::address::Address;
use restante::query::expression::Expression;
use restante::query::facts::Facts;
use restante::query::facts::Known;
use restante::query::facts::Text;
use restante::query::field::AddressField;
use restante::query::field::Flag;
use restante::query::field::Needs;
use restante::query::field::NumberField;
use restante::query::field::TextField;
use restante::query::fold;
use restante::query::term::AddressTest;
use restante::query::term::Term;
use restante::query::term::TextTest;

/// A mail all of whose texts and addresses are the same; known as far as `stage`.
struct Mail {
    texts: Vec<Text>,
    addresses: Vec<Address>,
    stage: Needs,
}

impl Mail {
    fn new(texts: &[&str], addresses: &[&str], stage: Needs) -> Self {
        let text = |text: &&str| Text::new((*text).to_owned());
        let address = |address: &&str| Address::new(Some(text(address)), (*address).to_owned());
        Self {
            texts: texts.iter().map(text).collect(),
            addresses: addresses.iter().map(address).collect(),
            stage,
        }
    }

    fn if_known<T>(&self, needs: Needs, fact: T) -> Known<T> {
        if needs <= self.stage { Known::Known(fact) } else { Known::NotYet }
    }
}

impl Facts for Mail {
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>> {
        self.if_known(field.needs(), self.texts.iter().collect())
    }

    fn addresses(&self, field: AddressField) -> Known<&[Address]> {
        self.if_known(field.needs(), self.addresses.as_slice())
    }

    fn number(&self, field: NumberField) -> Known<u64> {
        self.if_known(field.needs(), self.texts.len() as u64)
    }

    fn flag(&self, flag: Flag) -> Known<bool> {
        self.if_known(flag.needs(), self.texts.is_empty())
    }

    fn received_at(&self) -> Known<Timestamp> {
        Known::Known(Timestamp::UNIX_EPOCH)
    }
}

fuzz_target!(|text: &str| {
    let query = match query::parse(text) {
        Ok(query) => query,
        Err(error) => {
            assert!((1..=text.chars().count() + 1).contains(&error.column), "{error}");
            assert!(error.detail.chars().count() < 900, "{error}");
            return;
        }
    };
    let printed = query.to_string();
    // What is printed may be longer than what may be written.
    if printed.chars().count() <= 8_192 {
        assert_eq!(query::parse(&printed), Ok(query.clone()), "printed as {printed}");
    }
    assert!(depth(query.expression()) <= 2 * 33 + 1);

    let other = "Straße \u{130}\u{301}\r\n ΟΔΟΣ\0 e\u{327}\u{301}";
    let (none, nobody): (&[&str], &[&str]) = (&[], &["", "@", "\"a b\"@xn--bcher-kva.test"]);
    for (texts, addresses) in [(none, none), (&[text, other, ""], nobody), (&[other], &[text])] {
        let whole = Mail::new(texts, addresses, Needs::Body);
        let verdict = query.verdict(&whole, Timestamp::UNIX_EPOCH);
        assert_ne!(verdict, Known::NotYet);
        let _ = query.findings(&whole);
        for stage in [Needs::Marks, Needs::Envelope, Needs::Headers] {
            let early = query.verdict(&Mail::new(texts, addresses, stage), Timestamp::UNIX_EPOCH);
            assert!(early == verdict || (early == Known::NotYet && stage < query.needs()));
        }
    }
    for (term, _) in query.terms() {
        check_literals(term, text);
        check_literals(term, other);
    }
});

/// A text that a regular expression matches has one of its literals.
fn check_literals(term: &Term, text: &str) {
    let (Term::Text(_, TextTest::Matches(pattern))
    | Term::Address(_, AddressTest::Matches(pattern))) = term
    else {
        return;
    };
    let Some(literals) = pattern.literals() else { return };
    let folded = fold::fold(text);
    assert_eq!(literals.iter().collect::<HashSet<_>>().len(), literals.len());
    if pattern.is_match(text) {
        assert!(literals.iter().any(|literal| folded.contains(literal)), "{literals:?}");
    }
}

fn depth(expression: &Expression) -> usize {
    match expression {
        Expression::All(group) | Expression::Any(group) => {
            1 + group.members().iter().map(depth).max().unwrap_or_default()
        }
        Expression::Not(inside) => 1 + depth(inside),
        Expression::Term(_) => 1,
    }
}
