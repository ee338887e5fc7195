//! Address lists as they are written, and what is read from them.

use super::*;

fn read_all(value: &str) -> Vec<String> {
    let mut mailboxes = Vec::new();
    read(value.as_bytes(), None, &mut mailboxes);
    mailboxes
        .into_iter()
        .map(|mailbox| match mailbox.name {
            Some(name) => format!("{name}|{}", mailbox.address),
            None => format!("|{}", mailbox.address),
        })
        .collect()
}

#[test]
fn addresses_of_every_form_are_read() {
    let cases: &[(&str, &[&str])] = &[
        ("a@x.test", &["|a@x.test"]),
        ("<a@x.test>", &["|a@x.test"]),
        ("Ann <a@x.test>", &["Ann|a@x.test"]),
        ("Ann<a@x.test>,Bob<b@x.test>", &["Ann|a@x.test", "Bob|b@x.test"]),
        ("\"Doe, John\" <j@x.test>, b@x.test", &["Doe, John|j@x.test", "|b@x.test"]),
        ("\"A \\\"B\\\" C\" <a@x.test>", &["A \"B\" C|a@x.test"]),
        ("a@x.test (Ann)", &["Ann|a@x.test"]),
        ("a@x.test (Ann (the first))", &["Ann (the first)|a@x.test"]),
        ("(c) Ann (d) <a@x.test> (e)", &["Ann|a@x.test"]),
        ("\"john doe\"@x.test", &["|\"john doe\"@x.test"]),
        ("<\"a>b,c\"@x.test>", &["|\"a>b,c\"@x.test"]),
        ("a @ x.test", &["|a@x.test"]),
        ("a @ x . test", &["|a@x.test"]),
        ("Pete(A \\) chap) <p(his)@s.test(host)>", &["Pete|p@s.test"]),
        ("Ann <a@(Ann's host.)x.test>", &["Ann|a@x.test"]),
        ("<a @ x.test>", &["|a@x.test"]),
        ("Ann B. Smith a@x.test", &["Ann B. Smith|a@x.test"]),
        ("<@r.test,@s.test:a@x.test>", &["|a@x.test"]),
        ("a@[192.0.2.1], b@[IPv6:2001:db8::1]", &["|a@[192.0.2.1]", "|b@[IPv6:2001:db8::1]"]),
        ("Ann <a@[IPv6:2001:db8::1]>", &["Ann|a@[IPv6:2001:db8::1]"]),
        ("gr\u{fc}\u{df}e@\u{e4}.test", &["|gr\u{fc}\u{df}e@\u{e4}.test"]),
    ];
    for (value, expected) in cases {
        assert_eq!(read_all(value), *expected, "{value}");
    }
}

#[test]
fn groups_are_flattened() {
    let cases: &[(&str, &[&str])] = &[
        ("undisclosed-recipients:;", &[]),
        ("undisclosed recipients: ;", &[]),
        ("Team: a@x.test, Bob <b@x.test>;", &["|a@x.test", "Bob|b@x.test"]),
        ("c@x.test, \"The Team\": a@x.test;, d@x.test", &["|c@x.test", "|a@x.test", "|d@x.test"]),
        ("Team: a@x.test", &["|a@x.test"]),
    ];
    for (value, expected) in cases {
        assert_eq!(read_all(value), *expected, "{value}");
    }
}

#[test]
fn encoded_names_are_decoded_after_the_list_is_cut() {
    let cases: &[(&str, &[&str])] = &[
        ("=?utf-8?Q?J=C3=BCrgen?= <j@x.test>", &["J\u{fc}rgen|j@x.test"]),
        ("=?utf-8?Q?Doe=2C_John?= <j@x.test>", &["Doe, John|j@x.test"]),
        ("=?utf-8?Q?Doe,_John?= <j@x.test>", &["Doe, John|j@x.test"]),
        ("\"=?utf-8?B?SsO8cmdlbg==?=\" <j@x.test>", &["J\u{fc}rgen|j@x.test"]),
        ("=?utf-8?Q?J=C3?= =?utf-8?Q?=BCrgen?= <j@x.test>", &["J\u{fc}rgen|j@x.test"]),
        ("J\u{fc}rgen <j@x.test>", &["J\u{fc}rgen|j@x.test"]),
        ("=?utf-8?Q?=22Doe=22?= <j@x.test>", &["Doe|j@x.test"]),
        ("j@x.test (=?utf-8?Q?J=C3=BCrgen?=)", &["J\u{fc}rgen|j@x.test"]),
    ];
    for (value, expected) in cases {
        assert_eq!(read_all(value), *expected, "{value}");
    }
}

#[test]
fn broken_lists_give_what_can_be_read() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (",, a@x.test ,", &["|a@x.test"]),
        ("root", &["|root"]),
        ("Ann a@x.test", &["Ann|a@x.test"]),
        ("a@x.test b@x.test", &["|a@x.test", "|b@x.test"]),
        ("a@x.test; b@x.test", &["|a@x.test", "|b@x.test"]),
        ("Ann <a@x.test", &["Ann|a@x.test"]),
        ("Ann <a@x.test, Bob <b@x.test>", &["Ann|a@x.test", "Bob|b@x.test"]),
        ("Ann <a@x.test> Bob <b@x.test>", &["Ann|a@x.test", "Bob|b@x.test"]),
        ("<a@x.test> Ann", &["Ann|a@x.test"]),
        ("\"Ann <a@x.test>", &["Ann|a@x.test"]),
        ("Ann\" <a@x.test>, b@x.test", &["Ann|a@x.test", "|b@x.test"]),
        ("<<a@x.test>>", &["|a@x.test"]),
        ("Ann <>", &["Ann|"]),
        ("a@x.test (Ann", &["Ann|a@x.test"]),
        ("Ann [Sales] <a@x.test>", &["Ann [Sales]|a@x.test"]),
        ("Ann: Bob <b@x.test>", &["Bob|b@x.test"]),
        ("mailto:a@x.test", &["|a@x.test"]),
        ("a@x.test>", &["|a@x.test"]),
        ("'Ann' <a@x.test>", &["'Ann'|a@x.test"]),
    ];
    for (value, expected) in cases {
        assert_eq!(read_all(value), *expected, "{value}");
    }
}
