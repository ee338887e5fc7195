//! What holds for all queries: they print as what they are, and nothing panics.

use proptest::prelude::*;

use crate::query::parse;

/// Texts as queries hold them, most of them awkward.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}",
        "[ -~]{1,12}",
        "\\PC{1,6}",
        Just("bob+tag@x.test".to_owned()),
        Just("@bücher.test".to_owned()),
        Just("OR".to_owned()),
        Just("\"b c\"@x.test".to_owned()),
        Just("a\\\"b\\".to_owned()),
    ]
    .prop_filter("there must be something to look for", |text| !text.trim().is_empty())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn term() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        Just("subject"),
        Just("Text"),
        Just("header.X-a"),
        Just("message-id"),
        Just("inbox"),
        Just("to"),
        Just("any"),
        Just("addressed"),
        Just("RCPT"),
        Just("code"),
    ];
    let number = prop_oneof![Just(">"), Just(">="), Just("<"), Just("<="), Just("=")];
    prop_oneof![
        value().prop_map(|value| quoted(&value)),
        "[a-z0-9.@+_]{1,8}".prop_filter("no keyword", |word| word != "OR"),
        (text.clone(), value()).prop_map(|(field, value)| format!("{field}:{}", quoted(&value))),
        (text.clone(), value()).prop_map(|(field, value)| format!("{field}={}", quoted(&value))),
        (text, "[a-z.*+?]{0,3}[a-z \"()\\[\\]]{1,4}").prop_map(|(f, re)| format!("{f}~/{re}/")),
        (number.clone(), any::<u32>(), "([kmg]b?)?")
            .prop_map(|(op, n, u)| format!("size{op}{n}{u}")),
        (number, any::<u8>()).prop_map(|(op, n)| format!("attachments{op}{n}")),
        (any::<u32>(), "ms|s|m|h|d|w").prop_map(|(n, unit)| format!("newer:{n}{unit}")),
        (0..60_u8, any::<u16>())
            .prop_map(|(s, y)| format!("after:{:04}-02-03T04:05:{s:02}Z", y % 9999)),
        "is:(read|unread|tagged)",
        "has:(attachments?|inlines?|html|text|link|code|warning)",
    ]
}

fn query() -> impl Strategy<Value = String> {
    term().prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| all.join(" ")),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|any| any.join(" OR ")),
            inner.clone().prop_map(|inside| format!("({inside})")),
            inner.clone().prop_map(|inside| format!("-({inside})")),
            inner.clone().prop_map(|inside| format!("NOT ({inside})")),
            (inner.clone(), inner).prop_map(|(one, other)| format!("({one}) AND !({other})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_query_prints_as_text_that_is_the_same_query(text in query()) {
        // Some of the regular expressions are wrong on purpose; nothing else is.
        match parse(&text) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(parse(&printed), Ok(query), "{} printed as {}", text, printed);
            }
            Err(error) => prop_assert!(text.contains("~/"), "{}: {}", text, error),
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
