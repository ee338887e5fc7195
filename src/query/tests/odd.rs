//! Odd and hostile input: it is read or refused, in time and at the right place.

use jiff::Timestamp;

use crate::query::Query;
use crate::query::WholeField;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::query::parse;
use crate::query::tests::mail::Mail;

fn column(text: &str) -> usize {
    parse(text).expect_err(&text.chars().take(40).collect::<String>()).column
}

fn finds(query: &str, mail: &Mail) -> bool {
    parse(query).expect(query).matches(mail, Timestamp::UNIX_EPOCH)
}

#[test]
fn what_is_far_too_much_is_refused_where_it_becomes_so() {
    let repeated = |text: &str, times: usize| text.repeat(times);
    for (text, expected) in [
        (repeated("(", 8_192), 33),
        (repeated(")", 8_192), 1),
        (repeated("(a ", 2_700), 3 * 256 + 2),
        (repeated("-(", 4_000), 2 * 32 + 2),
        (repeated("-", 8_192), 2),
        (repeated("NOT ", 2_000), 5),
        (repeated("OR ", 2_000), 1),
        (repeated("a OR ", 1_600), 5 * 256 + 1),
        (repeated("a ", 10_000), 8_193),
        (repeated("\"", 8_191), 3),
        (repeated("\"a\" ", 2_000), 4 * 256 + 1),
        (repeated("a", 1_000_000), 8_193),
        (repeated(":", 8_192), 1),
        (repeated("subject:a ", 800), 10 * 256 + 1),
        (format!("subject:\"{}", repeated("\\\"", 4_000)), 9),
        (format!("subject~/{}", repeated("\\/", 4_000)), 9),
        (format!("subject~/{}/", repeated("(", 8_000)), 8_009),
        (format!("{}:a", repeated("x", 8_000)), 1),
    ] {
        let start: String = text.chars().take(20).collect();
        assert_eq!(column(&text), expected, "{start}… of {} characters", text.len());
    }
}

#[test]
fn regular_expressions_are_bounded_in_size_and_in_what_they_look_at() {
    for (pattern, is_fine) in [
        (r"(?i)\w{500}".to_owned(), false),
        (r"\w{64}".to_owned(), true),
        ("[ab]{999}".to_owned(), true),
        ("[ab]{1000}".to_owned(), true),
        ("[ab]{1001}".to_owned(), false),
        ("a".repeat(1_000), true),
        ("a".repeat(1_001), false),
        ("(ab|cd){250}".to_owned(), true),
        ("(ab|cd){251}".to_owned(), false),
        ("(a{0,40}b?){0,25}".to_owned(), false),
        ("((a*){100}){100}".to_owned(), false),
        ("(|){1001}".to_owned(), true),
        ("((((a{1000}){1000}){1000}){1000}){1000}".to_owned(), false),
        ("(?i)".to_owned() + &r"\d".repeat(1_001), false),
        ("a{4294967295}".to_owned(), false),
    ] {
        let query = format!("text~/{pattern}/");
        let start: String = query.chars().take(40).collect();
        match parse(&query) {
            Ok(_) => assert!(is_fine, "{start}"),
            Err(error) => {
                assert!(!is_fine, "{start}: {error}");
                assert_eq!(error.column, 7, "{start}");
            }
        }
    }
}

#[test]
fn characters_are_counted_in_any_script() {
    for (text, expected) in [
        ("título:a", 1),
        ("ſubject:a", 1),
        ("日本 件名:a", 4),
        ("מזהה א:ב", 6),
        ("e\u{301} \u{1f469}\u{200d}\u{1f4bb} (a", 8),
        ("\0 subjct:a", 3),
        ("\u{feff}to:a", 1),
        ("\u{2003}\u{3000}\u{85}-", 4),
        ("subject:\"é\"x", 12),
        ("subject~/é(/", 11),
        ("size>１0k", 6),
        ("after:２026-01-01", 7),
        ("subject：a AND", 14),
    ] {
        assert_eq!(column(text), expected, "{text}");
    }
}

#[test]
fn any_character_can_be_looked_for() {
    let odd = "a\0b \u{202e}c\u{202c} \u{1f469}\u{200d}\u{1f4bb} \u{feff}d e\u{301}\u{327} \\\"(x)";
    let mail = Mail::new().subject(odd);
    for (query, is_found) in [
        ("a\0B", true),
        ("\0", true),
        ("subject:\u{202e}C", true),
        ("\u{202c}", true),
        ("\u{1f469}\u{200d}\u{1f4bb}", true),
        ("\u{200d}", true),
        ("\u{200d}\u{200d}", false),
        ("\"\u{feff}D\"", true),
        ("\u{200b}", false),
        ("\u{229}\u{301}", true),
        ("e\u{327}\u{301}", true),
        ("\u{e9}\u{327}", true),
        ("\\", true),
        (r#""\\\"(X)""#, true),
        ("\"(x)\"", true),
    ] {
        assert_eq!(finds(query, &mail), is_found, "{query:?}");
    }
}

#[test]
fn a_mark_in_front_belongs_to_the_letter_before_it() {
    let composed = Mail::new().subject("cafe\u{301}");
    assert!(!finds("subject:\u{301}", &composed));
    assert!(!finds("subject:\"caf \u{301}\"", &composed));
    assert!(finds("caf", &composed));
    let apart = Mail::new().subject("x\u{301} \u{301}y");
    assert!(finds("subject:\u{301}", &apart), "no letter is x with an accent");
    assert!(finds("subject:\"\u{301}Y\"", &apart));
}

#[test]
fn what_is_nothing_to_look_for_is_no_query() {
    for (text, column, says) in [
        ("\"\u{3000}\u{a0}\"", 1, "between the quotes."),
        ("subject:\"\n\"", 9, "found by subject=\"\"."),
        ("to:\"\"", 4, "found by to=\"\"."),
        ("to:<>", 4, "between the brackets. What is empty or absent is found by to=\"\"."),
        ("mail-from:\"< >\"", 11, "found by mail-from=\"\"."),
        ("message-id:<>", 12, "between the brackets"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}");
        assert!(error.detail.contains(says), "{text}: {error}");
    }
    for field in [WholeField::To, WholeField::From, WholeField::Rcpt] {
        assert!(Query::term(field, " <> ").is_err());
    }
    for field in WholeField::ALL {
        let error = Query::term(field, "\u{3000}\n").expect_err("blank");
        assert!(error.detail.contains(field.name()));
    }
    assert!(Query::term(WholeField::Subject, "<>").is_ok());
}

#[test]
fn brackets_and_blanks_around_an_address_do_not_count() {
    let mail = Mail::new()
        .address(AddressField::To, Some("Bob <B>"), "bob+tag@bücher.test")
        .text(TextField::MessageId, "a.b@x.test");
    for query in [
        "to:<bob+tag@bücher.test>",
        "to:\" bob+tag@xn--bcher-kva.test \"",
        "to:\" < Bob+Tag@bücher.test > \"",
        "to:\" @bücher.test\"",
        "to:<@bücher.test>",
        "to:<BOB>",
        "to:\"b <b\"",
        "to=\" <bob+tag@bücher.test> \"",
        "message-id:\" <A.B@x.test> \"",
        "message-id=\" <a.b@x.test> \"",
    ] {
        assert!(finds(query, &mail), "{query}");
    }
    let whole = Query::term(WholeField::To, "bob+tag@bücher.test\r\n").expect("an address");
    assert!(whole.matches(&mail, Timestamp::UNIX_EPOCH));
    let null_sender = Mail::new().address(AddressField::MailFrom, None, "");
    assert!(finds("mail-from=<>", &null_sender));
}
