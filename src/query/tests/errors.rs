//! What is no query: the column, and words of the explanation.

use crate::query::parse;

/// Checks the column of each error and that it says this.
fn assert_refused(rows: &[(&str, usize, &str)]) {
    for (text, column, says) in rows {
        let error = parse(text).expect_err(text);
        assert_eq!(error.column, *column, "{text}: {error}");
        assert!(error.detail.contains(says), "{text}: {error}");
        assert!(error.detail.ends_with(['.', '?']), "{text}: {error}");
        assert!(error.detail.chars().count() < 500, "{text}: {error}");
    }
}

#[test]
fn a_field_that_does_not_exist_is_perhaps_another() {
    assert_refused(&[
        ("subjct:a", 1, "Did you mean \"subject\"?"),
        ("a -form:bob", 4, "Did you mean \"from\"?"),
        ("é reply_to:a", 3, "Did you mean \"reply-to\"?"),
        ("filename:a.pdf", 1, "Did you mean \"attachment\"?"),
        ("newer_than:2d", 1, "Did you mean \"newer\"?"),
        ("in:inbox", 1, "Did you mean \"inbox\"?"),
        ("deliveredto:a@b", 1, "Did you mean \"rcpt\"?"),
        ("rfc822msgid:a@b", 1, "Did you mean \"message-id\"?"),
        ("list:a.b", 1, "Did you mean \"header.list-id\"?"),
        ("username:ci", 1, "Did you mean \"auth\"?"),
        ("containing:a", 1, "Did you mean \"body\"?"),
        ("header:a", 1, "\"header.NAME\""),
        ("header.:a", 1, "\"header.NAME\""),
        ("X-Mailer:a", 1, "Did you mean \"header.x-mailer\"?"),
        ("headers.x-job:a", 1, "Did you mean \"header.x-job\"?"),
        ("Welcome: hello", 1, "The fields are from, to,"),
        ("mailto:a@b", 1, "put it in quotes"),
        (":a", 1, "A field was expected before the colon"),
        ("subjct~/a b/", 1, "Did you mean \"subject\"?"),
        ("subjct=\"a b\"", 8, "Did you mean the field \"subject\"?"),
    ]);
}

#[test]
fn an_operand_is_missing() {
    assert_refused(&[
        ("subject:", 9, "A value was expected"),
        ("subject: a", 9, "without a blank"),
        ("(subject:)", 10, "A value was expected"),
        ("subject= a", 9, "A value was expected"),
        ("to=", 4, "A value was expected"),
        ("(to= OR a)", 5, "A value was expected"),
        ("!a -", 4, "directly after \"-\""),
        ("!!a", 2, "two of them"),
        ("size> 5", 6, "A value was expected"),
        ("subject:\"\"", 9, "between the quotes"),
        ("subject:\" \"", 9, "between the quotes"),
        ("\"\"", 1, "between the quotes"),
        ("a OR", 5, "A term was expected after OR"),
        ("OR a", 1, "A term was expected, not OR"),
        ("a OR OR b", 6, "not OR"),
        ("a OR AND b", 6, "not AND"),
        ("AND a", 1, "not AND"),
        ("a AND", 6, "after AND"),
        ("a NOT", 6, "after the sign for not"),
        ("()", 2, "before \")\""),
        ("a ( )", 5, "before \")\""),
        ("-", 1, "directly after \"-\""),
        ("a - b", 3, "put it in quotes"),
        ("(!)", 2, "directly after \"!\""),
        ("--a", 2, "two of them"),
        ("-!a", 2, "two of them"),
        ("NOT NOT a", 5, "not another sign"),
        ("NOT -a", 5, "not another sign"),
        ("-NOT a", 2, "not another sign"),
        ("-OR", 2, "not OR"),
    ]);
}

#[test]
fn brackets_and_quotes_are_closed() {
    assert_refused(&[
        ("(a", 1, "never closed"),
        ("a (b (c)", 3, "never closed"),
        ("a)", 2, "closes nothing"),
        ("a \"b", 3, "never closed"),
        ("subject:\"b\\\"", 9, "never closed"),
        ("subject~/a\\/", 9, "never closed"),
        ("subject~//", 9, "between the slashes"),
        ("\"a\"b", 4, "A blank was expected"),
        ("subject:\"a\"b", 12, "A blank was expected"),
        ("subject~/a/i", 12, "flags go to the front"),
        ("a\"b\"", 2, "in quotes"),
        ("main()", 5, "in quotes"),
        ("link:http://x/(a)", 15, "in quotes"),
        ("from:(a b)", 6, "no group"),
        ("size>(a)", 6, "no group"),
    ]);
}

#[test]
fn a_field_says_what_it_takes() {
    assert_refused(&[
        ("subject>5", 8, "takes : and a part of it, = and the whole, or ~/…/"),
        ("to<=a", 3, "\"to\" takes :"),
        ("subject~a", 9, "subject~/…/"),
        ("size:10k", 5, ">, >=, <, <= or ="),
        ("size~/1/", 5, ">, >=, <, <= or ="),
        ("size>big", 6, "\"big\" does not fit"),
        ("size>-1", 6, "does not fit"),
        ("size>1.5m", 6, "does not fit"),
        ("attachments>1k", 13, "as in attachments>=2"),
        ("larger>1", 7, "larger:10k"),
        ("larger:1.5M", 8, "a whole number of bytes, with k, m or g"),
        ("size>=", 7, "A value was expected"),
        ("size=>5", 6, "\">5\" does not fit"),
        ("attachments>=1.0", 14, "does not fit"),
        ("attachments:pdf", 12, "attachments>=2"),
        ("after:2026/01/31", 7, "Did you mean after:2026-01-31?"),
        ("before:\"2026-01-31 10:00\"", 8, "Did you mean before:2026-01-31T10:00?"),
        ("before:\"Jan 31, 2026\"", 8, "as in before:2026-01-31"),
        ("after~/2026/", 6, "takes : and a date"),
        ("older:1y", 7, "ms, s, m, h, d, w"),
        ("newer:-1h", 7, "does not fit"),
        ("after=2026-01-01", 6, "after:2026-01-31"),
        ("after:yesterday", 7, "does not fit"),
        ("newer:10", 7, "ms, s, m, h, d, w"),
        ("newer>10m", 6, "newer:10m"),
        ("is:raed", 4, "Did you mean is:read?"),
        ("is:", 4, "A value was expected"),
        ("has:pdf", 5, "attachment, inline, html, text, link, code, warning"),
        ("has=link", 4, "takes : and one of"),
        ("is~/read/", 3, "takes : and one of"),
        ("is:\"\"", 4, "read, unread, tagged"),
        ("is:starred", 4, "read, unread, tagged"),
    ]);
}

#[test]
fn a_regular_expression_is_explained_where_it_goes_wrong() {
    assert_refused(&[
        ("subject~/a(b/", 11, "unclosed group"),
        ("é subject~/é[b/", 13, "unclosed character class"),
        ("subject~/a**{/", 13, "repetition"),
        ("subject~/(?=a)/", 10, "look-around"),
        (r"subject~/(a)\1/", 13, "backreferences"),
        (r"subject~/\w{1000}{1000}/", 10, "grows too large"),
        (r"subject~/\w{128}/", 10, "grows too large"),
        (&format!("id~/{}{}/", "(".repeat(33), ")".repeat(33)), 37, "nested"),
    ]);
}
