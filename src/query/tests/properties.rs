//! What holds for all queries: they print as what they are, they ask for what they need and no
//! more, what is learnt later contradicts nothing, and nothing panics.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::query::Query;
use crate::query::WholeField;
use crate::query::address::Address;
use crate::query::facts::Facts;
use crate::query::facts::Known;
use crate::query::facts::Text;
use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::Needs;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::parse;
use crate::query::tests::compose;
use crate::query::tests::mail::Mail;

/// A mail of which only some facts are known.
struct Partly<'a, F: Fn(u32, Needs) -> bool> {
    mail: &'a Mail,
    /// Whether a fact is known, by a number of its own and by what it needs.
    knows: F,
}

impl<F: Fn(u32, Needs) -> bool> Partly<'_, F> {
    fn if_known<T>(&self, number: usize, needs: Needs, fact: Known<T>) -> Known<T> {
        let number = u32::try_from(number).expect("there are few of them");
        if (self.knows)(number, needs) { fact } else { Known::NotYet }
    }
}

impl<F: Fn(u32, Needs) -> bool> Facts for Partly<'_, F> {
    fn texts(&self, field: &TextField) -> Known<Vec<&Text>> {
        self.if_known(field.kind(), field.needs(), self.mail.texts(field))
    }

    fn addresses(&self, field: AddressField) -> Known<&[Address]> {
        self.if_known(16 + field as usize, field.needs(), self.mail.addresses(field))
    }

    fn number(&self, field: NumberField) -> Known<u64> {
        self.if_known(32 + field as usize, field.needs(), self.mail.number(field))
    }

    fn flag(&self, flag: Flag) -> Known<bool> {
        self.if_known(40 + flag as usize, flag.needs(), self.mail.flag(flag))
    }

    fn received_at(&self) -> Known<Timestamp> {
        self.if_known(63, Needs::Marks, self.mail.received_at())
    }
}

const STAGES: [Needs; 4] = [Needs::Marks, Needs::Envelope, Needs::Headers, Needs::Body];

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_query_prints_as_text_that_is_the_same_query(query in compose::query()) {
        let printed = query.to_string();
        let again = parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&query), "printed as {}", printed);
        prop_assert_eq!(again.expect("just compared").to_string(), printed);
    }

    #[test]
    fn brackets_and_blanks_that_say_nothing_change_nothing(query in compose::query()) {
        for text in [format!("({query})"), format!(" \t({query} )\u{3000}")] {
            prop_assert_eq!(parse(&text), Ok(query.clone()), "{}", text);
        }
        let negated = parse(&format!("NOT({query})")).expect("a bracket negated");
        prop_assert_eq!(parse(&format!("-({query})")), Ok(negated));
    }

    #[test]
    fn what_a_query_needs_is_enough(query in compose::query(), mail in compose::mail()) {
        let verdict = query.verdict(&mail, NOW);
        prop_assert_eq!(verdict, Known::Known(query.matches(&mail, NOW)));
        for stage in STAGES {
            let partly = Partly { mail: &mail, knows: |_, needs| needs <= stage };
            let early = query.verdict(&partly, NOW);
            prop_assert!(early == verdict || early == Known::NotYet, "{}", query);
            if stage >= query.needs() {
                prop_assert_eq!(early, verdict, "{} at {:?}", query, stage);
            }
        }
    }

    #[test]
    fn what_a_term_needs_is_not_too_much(term in compose::term()) {
        let nothing = Mail::new();
        for stage in STAGES.into_iter().filter(|stage| *stage < term.needs()) {
            let partly = Partly { mail: &nothing, knows: |_, needs| needs <= stage };
            prop_assert_eq!(term.verdict(&partly, NOW), Known::NotYet, "{}", term);
        }
    }

    #[test]
    fn what_is_learnt_later_contradicts_nothing(
        query in compose::query(),
        mail in compose::mail(),
        mask in any::<u64>(),
    ) {
        let partly = Partly { mail: &mail, knows: |number, _| mask >> number & 1 == 1 };
        let early = query.verdict(&partly, NOW);
        prop_assert!(early == query.verdict(&mail, NOW) || early == Known::NotYet, "{}", query);
        prop_assert_eq!(query.matches(&partly, NOW), early == Known::Known(true));
    }

    #[test]
    fn a_query_finds_what_its_terms_find(query in compose::query(), mail in compose::mail()) {
        let opposite = parse(&format!("-({query})")).expect("it prints");
        prop_assert_ne!(opposite.matches(&mail, NOW), query.matches(&mail, NOW), "{}", query);
        let both = query.clone().and(opposite);
        prop_assert!(!both.matches(&mail, NOW));
        for finding in query.findings(&mail) {
            prop_assert!(query.terms().iter().any(|(term, _)| term.to_string() == finding.term));
        }
    }

    #[test]
    fn a_value_taken_whole_is_a_term_with_this_value(value in compose::value()) {
        for field in WholeField::ALL {
            let quoted = value.replace('\\', r"\\").replace('"', r#"\""#);
            let written = parse(&format!("{}:\"{quoted}\"", field.name()));
            prop_assert_eq!(Query::term(field, &value).ok(), written.ok(), "{}", value);
        }
    }

    #[test]
    fn any_text_is_a_query_or_explained_within_itself(text in "\\PC{0,40}") {
        check_any(&text)?;
    }

    #[test]
    fn any_syntax_is_a_query_or_explained_within_itself(
        pieces in prop::collection::vec(
            prop_oneof![
                "[-!()\"\\\\/~:=<> ]", "AND|OR|NOT", "subject|to|size|is|has|after|newer|foo",
                "[a-z0-9]{1,3}", "read|link|10k|2026-01-01|1h", "é|İ|ß|\u{301}",
            ],
            0..16,
        )
    ) {
        check_any(&pieces.concat())?;
        check_any(&pieces.join(" "))?;
    }
}

fn check_any(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            prop_assert_eq!(parse(&printed), Ok(query), "{} printed as {}", text, printed);
        }
        Err(error) => {
            prop_assert!((1..=text.chars().count() + 1).contains(&error.column), "{}", error);
            prop_assert!(!error.detail.is_empty() && error.detail.chars().count() < 900);
        }
    }
    Ok(())
}
