//! No literal is claimed that a match can do without.

use icu_normalizer::DecomposingNormalizerBorrowed;
use proptest::prelude::*;

use super::*;

fn literals(pattern: &str) -> Option<Vec<String>> {
    required(&regex_syntax::parse(pattern).expect(pattern))
}

#[test]
fn the_longest_piece_that_every_match_has() {
    for (pattern, expected) in [
        ("", &[][..]),
        (".*", &[]),
        ("a", &[]),
        (r"\d+", &[]),
        ("5", &["5"]),
        ("invoice", &["invoic"]),
        ("INVOICE", &["invoic"]),
        (r"invoice \d", &["invoice"]),
        (r"Invoice\s+\d", &["invoice"]),
        (r"^Order[ \t]#?\d+$", &["order"]),
        ("(?i)task kisses 1", &["kisses"]),
        (r"reset\/(\w+)", &["reset/"]),
        (r"https?:\/\/x\.test\/reset\/\w+", &["://x.test/reset/"]),
        ("ab1(cd2)ef3", &["ab1cd2ef3"]),
        ("a1(?:bc2)?def3", &["def3"]),
        ("a1(?:bcd4)+ef3", &["bcd4"]),
        ("(?:ab1){3}", &["ab1ab1ab1"]),
        ("(?:ab1){2,}", &["ab1"]),
        ("(?:ab1){999}", &["ab1"]),
        ("ab1*", &["a"]),
        ("one1|two2", &["one1", "two2"]),
        ("(one1|two2) of", &["one1", "two2"]),
        ("one1|.*", &[]),
        ("one1|", &[]),
        ("one1|one1", &["one1"]),
        ("(a1|b2)xyz9", &["xyz9"]),
        ("Straße1", &["str"]),
        ("caféteria", &["teri"]),
        ("a=", &["a"]),
        ("[aA][bB]1", &["ab1"]),
        ("[ab]cd1", &["cd1"]),
        ("cd[ab]", &["cd"]),
        ("cd[aé]", &["c"]),
        ("a\u{2003}b\u{1}", &["b\u{1}"]),
        (r"\bword1\b", &["word1"]),
        ("a1(?-u:[b-z])c", &["a1"]),
        ("(?-u:[b-z])?c1", &["c1"]),
        (r"[a&&b]cd1", &["cd1"]),
    ] {
        let expected = Some(expected).filter(|expected| !expected.is_empty());
        let expected = expected.map(|all| all.iter().map(|one| (*one).to_owned()).collect());
        assert_eq!(literals(pattern), expected, "{pattern}");
    }
}

#[test]
fn alternatives_are_counted() {
    let of = |count: usize| (0..count).map(|n| format!("<{n}>1")).collect::<Vec<_>>().join("|");
    for count in [15, 16] {
        assert_eq!(literals(&of(count)).map(|all| all.len()), Some(count));
    }
    assert_eq!(literals(&of(17)), None);
}

#[test]
fn no_other_ascii_character_joins_the_mark_behind_it() {
    let decomposer = DecomposingNormalizerBorrowed::new_nfd();
    let mut count = 0;
    for character in ('\u{80}'..=char::MAX).filter(|c| !('가'..='힣').contains(c)) {
        let text = character.to_string();
        let decomposed = decomposer.normalize(&text);
        let first = decomposed.chars().next().expect("it is not empty");
        if first.is_ascii() && decomposed.chars().nth(1).is_some() {
            assert!(joins_marks(first), "{character} begins with {first}");
            count += 1;
        }
    }
    assert!(count > 300, "the characters of the Latin script decompose");
}

/// A regular expression and a text that it should match.
fn expression() -> impl Strategy<Value = (String, String)> {
    let leaf = prop_oneof![
        "[a-cskSKei<=1/ \u{301}é]{1,4}".prop_map(|text| (text.clone(), text)),
        ("[sSſkK\u{212a}aA]{1,2}").prop_map(|text| {
            let first = text.chars().next().expect("it is not empty");
            (format!("[{text}]"), first.to_string())
        }),
        Just(("(?i:skies=)".to_owned(), "\u{17f}\u{212a}IeS=".to_owned())),
        Just((r"\s+".to_owned(), "\u{a0}\t".to_owned())),
        Just((r"\w".to_owned(), "\u{301}".to_owned())),
        Just((".".to_owned(), "\u{338}".to_owned())),
        Just((r"\b".to_owned(), String::new())),
        Just((".*".to_owned(), "K\u{308}".to_owned())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 2..5).prop_map(|parts| {
                parts.into_iter().fold((String::new(), String::new()), |all, part| {
                    (all.0 + &part.0, all.1 + &part.1)
                })
            }),
            1 => (inner.clone(), inner.clone()).prop_map(|(one, other)| {
                (format!("(?:{}|{})", other.0, one.0), one.1)
            }),
            1 => (inner.clone(), 0..3_usize).prop_map(|(inside, times)| {
                (format!("(?:{})*", inside.0), inside.1.repeat(times))
            }),
            1 => (inner.clone(), 1..4_usize).prop_map(|(inside, times)| {
                (format!("(?:{}){{{times}}}", inside.0), inside.1.repeat(times))
            }),
            1 => (inner, 1..4_usize).prop_map(|(inside, times)| {
                (format!("({})+", inside.0), inside.1.repeat(times))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_match_has_one_of_the_literals(
        (pattern, sample) in expression(),
        before in "[ae \u{301}\u{338}é]{0,2}",
        after in "[ae \u{301}\u{338}\u{327}\u{344}\u{345}é]{0,2}",
    ) {
        let text = format!("{before}{sample}{after}");
        let regex = regex::Regex::new(&pattern).expect("small and well formed");
        if let Some(literals) = literals(&pattern).filter(|_| regex.is_match(&text)) {
            let folded = fold::fold(&text);
            prop_assert!(!literals.is_empty() && literals.iter().all(|one| !one.is_empty()));
            prop_assert!(
                literals.iter().any(|one| folded.contains(one)),
                "{} has {:?}, {} is {}", pattern, literals, text, folded
            );
        }
    }
}
