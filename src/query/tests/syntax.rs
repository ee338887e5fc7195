//! How text is read as a query, seen by how it prints.

use crate::query::Query;
use crate::query::WholeField;
use crate::query::parse;

/// Checks that each text prints as the second, which then prints as itself.
fn assert_reads(rows: &[(&str, &str)]) {
    for (text, printed) in rows {
        let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(query.to_string(), *printed, "{text}");
        assert_eq!(parse(printed).as_ref(), Ok(&query), "{text}");
    }
}

#[test]
fn words_and_quotes() {
    assert_reads(&[
        ("", ""),
        (" \u{3000}\n", ""),
        ("welcome", "welcome"),
        (" a\tb\u{a0}c\n", "a b c"),
        (r#""exact words""#, r#""exact words""#),
        (r#""word""#, "word"),
        (r#""say \"hi\" \\ \d""#, r#""say \"hi\" \\ \\d""#),
        (r"back\slash", r"back\slash"),
        (r#""OR""#, r#""OR""#),
        ("or and not Or", "or and not Or"),
        (r#""-a" "!a" a-b!"#, r#""-a" "!a" a-b!"#),
        (r#""subject:a""#, r#""subject:a""#),
        (r#""(a)""#, r#""(a)""#),
        (r#"" a ""#, r#"" a ""#),
        ("bob@x.test", "bob@x.test"),
    ]);
}

#[test]
fn words_with_an_operator_are_text_when_no_field_is_meant() {
    assert_reads(&[
        ("12:30", "12:30"),
        ("-5:a", "-5:a"),
        ("http://x.test/?a=b:c HTTPS://X", "http://x.test/?a=b:c HTTPS://X"),
        ("token=abc", "token=abc"),
        ("a>5 b<=c d~e", "a>5 b<=c d~e"),
        ("a=b:c", "a=b:c"),
        ("=a ~/b", "=a ~/b"),
        (r#""foo:bar""#, r#""foo:bar""#),
    ]);
}

#[test]
fn fields_with_what_they_take() {
    assert_reads(&[
        ("SUBJECT:Hello", "subject:Hello"),
        (r#"subject:"Hello""#, "subject:Hello"),
        (r#"subject:"Hello you""#, r#"subject:"Hello you""#),
        ("subject=Hello", "subject=Hello"),
        (r#"subject="""#, r#"subject="""#),
        ("subject:a:b=c", "subject:a:b=c"),
        ("subject:-a", "subject:-a"),
        ("subject:OR", "subject:OR"),
        (r"subject:a\b", r"subject:a\b"),
        (r"subject~/^Order \d+ (a|b)$/", r"subject~/^Order \d+ (a|b)$/"),
        (r"link~/reset\/(\w+)/", r"link~/reset\/(\w+)/"),
        (r"text~/\w{20,64}/", r"text~/\w{20,64}/"),
        (r#"text~/"[^"]*"/"#, r#"text~/"[^"]*"/"#),
        ("Header.X-Foo:a", "header.x-foo:a"),
        ("header.from=a", "header.from=a"),
        ("header.a.b:c", "header.a.b:c"),
        ("to:@x.test", "to:@x.test"),
        (r#"to:"b c"@x.test"#, r#"to:"\"b c\"@x.test""#),
        (r#"to:"\"b c\"@x.test""#, r#"to:"\"b c\"@x.test""#),
        ("message-id:<a@b>", "message-id:<a@b>"),
        ("(subject:a)", "subject:a"),
    ]);
}

#[test]
fn every_field_prints_under_its_name() {
    for field in ["from", "to", "cc", "bcc", "reply-to", "sender", "any", "mail-from", "rcpt"] {
        assert_reads(&[(&format!("{field}:a@b"), &format!("{field}:a@b"))]);
    }
    for field in [
        "subject",
        "text",
        "html",
        "body",
        "header.x",
        "message-id",
        "attachment",
        "link",
        "code",
        "tag",
        "inbox",
        "auth",
        "helo",
        "peer",
        "id",
    ] {
        assert_reads(&[
            (&format!("{field}:a"), &format!("{field}:a")),
            (&format!("{field}=a"), &format!("{field}=a")),
            (&format!("{field}~/a/"), &format!("{field}~/a/")),
        ]);
    }
}

#[test]
fn comparisons_are_printed_in_the_largest_unit() {
    assert_reads(&[
        ("size>10k", "size>10k"),
        ("size>=10240", "size>=10k"),
        ("size<1KB", "size<1k"),
        ("size<=3gb", "size<=3g"),
        ("size=0", "size=0"),
        (r#"size>"1m""#, "size>1m"),
        ("attachments>=2", "attachments>=2"),
        ("attachments=1024", "attachments=1024"),
        ("after:2026-01-31", "after:2026-01-31"),
        ("before:2026-01-31T01:00:00+01:00", "before:2026-01-31"),
        ("newer:60s older:7D", "newer:1m older:1w"),
        ("newer:0s", "newer:0ms"),
    ]);
}

#[test]
fn flags() {
    assert_reads(&[
        ("is:read IS:Unread is:tagged", "is:read is:unread is:tagged"),
        (
            "has:attachment has:inline has:html has:text",
            "has:attachment has:inline has:html has:text",
        ),
        ("has:link has:code has:WARNING", "has:link has:code has:warning"),
    ]);
}

#[test]
fn spellings_of_other_tools() {
    assert_reads(&[
        ("has:attachments has:inlines", "has:attachment has:inline"),
        ("larger:10k smaller:1M", "size>10k size<1m"),
        ("addressed:bob@x.test addressed=a", "any:bob@x.test any=a"),
        ("!a !(b c) !is:read", "-a -(b c) -is:read"),
    ]);
}

#[test]
fn not_binds_before_side_by_side_before_or() {
    assert_reads(&[
        ("-a b", "-a b"),
        ("a b OR c d", "a b OR c d"),
        ("a (b OR c) d", "a (b OR c) d"),
        ("(a b) OR c", "a b OR c"),
        ("a AND b", "a b"),
        ("a AND NOT b", "a -b"),
        ("NOT a OR NOT (b OR c)", "-a OR -(b OR c)"),
        ("NOT(a)OR(b)", "-a OR b"),
        ("(a)(b)c", "a b c"),
        ("((((a))))", "a"),
        ("(a OR b) OR c", "a OR b OR c"),
        ("(a b) c", "a b c"),
        ("-(-a)", "-(-a)"),
        ("-(-(a b))", "-(-(a b))"),
        (r#"-"a b" -subject:c"#, r#"-"a b" -subject:c"#),
    ]);
}

#[test]
fn parameters_taken_whole_are_terms_in_which_nothing_is_syntax() {
    for (field, value, printed) in [
        (WholeField::To, "bob@x.test", "to:bob@x.test"),
        (WholeField::From, "@x.test", "from:@x.test"),
        (WholeField::Rcpt, "a OR b", r#"rcpt:"a OR b""#),
        (WholeField::Subject, r#"-"x" (y):"#, r#"subject:"-\"x\" (y):""#),
        (WholeField::Text, "~/a/", "text:~/a/"),
    ] {
        let term = Query::term(field, value).expect(value);
        assert_eq!(term.to_string(), printed);
        assert_eq!(parse(printed), Ok(term));
    }
    for value in ["", " \t"] {
        assert_eq!(Query::term(WholeField::To, value).expect_err("blank").column, 1);
    }
}

#[test]
fn queries_are_put_together_with_and() {
    let query = |text| parse(text).expect(text);
    assert_eq!(query("a OR b").and(query("c")).to_string(), "(a OR b) c");
    assert_eq!(query("a b").and(query("c d")), query("a b c d"));
    assert_eq!(Query::everything().and(query("a")), query("a"));
    assert_eq!(query("a").and(Query::everything()), query("a"));
    assert!(Query::everything().and(Query::everything()).is_everything());
    assert!(query(" ").is_everything() && !query("a").is_everything());
}

#[test]
fn what_is_bounded_is_read_up_to_its_bound() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    for depth in [31, 32] {
        assert!(parse(&nested(depth)).is_ok());
    }
    assert_eq!(parse(&nested(33)).expect_err("too deep").column, 33);

    for count in [255, 256] {
        assert!(parse(&"a ".repeat(count)).is_ok());
    }
    assert_eq!(parse(&"a ".repeat(257)).expect_err("too many terms").column, 513);

    for count in [7, 8] {
        assert!(parse(&"id~/a/ ".repeat(count)).is_ok());
    }
    assert_eq!(parse(&"id~/a/ ".repeat(9)).expect_err("too many").column, 57);

    for length in [8_191, 8_192] {
        assert!(parse(&"é".repeat(length)).is_ok());
        assert!(Query::term(WholeField::Text, &"é".repeat(length)).is_ok());
    }
    assert_eq!(parse(&"é".repeat(8_193)).expect_err("too long").column, 8_193);
    let long = Query::term(WholeField::Text, &"é".repeat(8_193));
    assert_eq!(long.expect_err("too long").column, 8_193);
}
