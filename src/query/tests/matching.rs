//! Which mails a query finds: each line of the page with what it finds and what it leaves.

use jiff::Timestamp;

use crate::query::field::AddressField;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::findings::FindingKind;
use crate::query::parse;
use crate::query::tests::mail::Mail;

/// Checks what matches a mail, and then what does not.
fn assert_found(mail: &Mail, matching: &[&str], others: &[&str]) {
    let now: Timestamp = "2026-02-01T12:00:00Z".parse().expect("RFC 3339");
    let matches = |text: &str| parse(text).expect(text).matches(mail, now);
    for query in matching {
        assert!(matches(query), "{query} should find the mail");
        assert!(!matches(&format!("-({query})")), "-({query}) should not find the mail");
    }
    for query in others {
        assert!(!matches(query), "{query} should not find the mail");
        assert!(matches(&format!("-({query})")), "-({query}) should find the mail");
    }
}

#[test]
fn whole_addresses_are_found_as_such() {
    assert_found(
        &Mail::new().address(AddressField::To, Some("Super User"), "superuser1@mail.x.test"),
        &[
            "to:superuser1@mail.x.test",
            "to:SuperUser1@MAIL.x.test",
            "to:<superuser1@mail.x.test>",
            "to:@mail.x.test",
            "to:user1",
            "to:superuser1@",
            "to:mail.x",
            "to:\"r  u\"",
            "to=superuser1@mail.x.test",
            "user1@mail.x.test",
            "any:superuser1@mail.x.test",
        ],
        &[
            "to:user1@mail.x.test",
            "to:superuser1@x.test",
            "to:superuser1@mail.x.tes",
            "to:@x.test",
            "to:@mail.x",
            "to=Superuser1@mail.x.test",
            "to=superuser1",
            "to=\"Super User\"",
            "cc:superuser1@mail.x.test",
            "from:user1",
            "rcpt:user1",
            "to=\"\"",
        ],
    );
}

#[test]
fn tags_quotes_and_both_spellings_of_idn() {
    assert_found(
        &Mail::new().to("bob+tag@x.test").to("\"b c\"@x.test").to("eve@xn--bcher-kva.test"),
        &[
            "to:bob+tag@x.test",
            "to:BOB+",
            "to:\"b c\"@X.test",
            r#"to:"\"B C\"@x.test""#,
            "to:eve@bücher.test",
            "to:eve@xn--bcher-kva.test",
            "to:@BÜCHER.test",
            "to:@XN--bcher-kva.TEST",
            "to:büch",
            "to=eve@bücher.test",
            "to=eve@xn--bcher-kva.test",
            "to~/^eve@xn--/",
            "büch",
        ],
        &[
            "to:bob@x.test",
            "to:tag@x.test",
            "to:c@x.test",
            "to:\"c\"@x.test",
            "to:kva",
            "to:@cher.test",
            "to=Eve@bücher.test",
            "to~/büch/",
        ],
    );
}

#[test]
fn each_address_field_is_its_own_and_any_is_all() {
    let fields = [
        ("from", AddressField::From),
        ("to", AddressField::To),
        ("cc", AddressField::Cc),
        ("bcc", AddressField::Bcc),
        ("reply-to", AddressField::ReplyTo),
        ("sender", AddressField::Sender),
        ("mail-from", AddressField::MailFrom),
        ("rcpt", AddressField::Rcpt),
    ];
    for (name, field) in fields {
        let mail = Mail::new().address(field, Some("Bob"), "bob@x.test");
        for (other, _) in fields {
            let query = format!("{other}:bob@x.test");
            let (matching, others): (&[&str], &[&str]) =
                if other == name { (&[&query], &[]) } else { (&[], &[&query]) };
            assert_found(&mail, matching, others);
        }
        assert_found(
            &mail,
            &["any:bob@x.test", "any=bob@x.test", "any~/^bob/", "Bob"],
            &["any=\"\""],
        );
    }
    assert_found(&Mail::new(), &["any=\"\"", "to=\"\"", "mail-from=\"\""], &["any:a"]);
    let null_sender = Mail::new().address(AddressField::MailFrom, None, "");
    assert_found(&null_sender, &["mail-from=\"\"", "any=\"\""], &["mail-from:@x.test"]);
}

#[test]
fn text_is_found_in_any_case_script_and_spacing() {
    assert_found(
        &Mail::new().subject("Straße \r\n\t İzmir ΟΔΟΣ Ａ cafe\u{301} 가"),
        &[
            "subject:STRASSE",
            "subject:straße",
            "subject:\"e i\u{307}zmir\"",
            "subject:İZMIR",
            "subject:οδος",
            "subject:οδοσ",
            "subject:ａ",
            "subject:CAFÉ",
            "subject:\u{1100}\u{1161}",
            "subject:\"straße   İzmir\"",
            "strasse café",
            "\"SSE İ\"",
        ],
        &["subject:izmir", "subject:\"a cafe\"", "subject:cafe", "straßeİ", "text:straße"],
    );
}

#[test]
fn equals_is_the_whole_value_with_its_case() {
    let mail = Mail::new().subject(" Hello  W\u{f6}rld ").header("X-A", "one").header("x-a", "two");
    assert_found(
        &mail,
        &[
            "subject=\"Hello Wörld\"",
            "subject=\"Hello Wo\u{308}rld\"",
            "subject=\" Hello Wörld\"",
            "header.x-a=one",
            "header.X-A=two",
            "header.x-b=\"\"",
            "text=\"\"",
            "body=\"\"",
        ],
        &[
            "subject=\"hello wörld\"",
            "subject=Hello",
            "subject=\"\"",
            "header.x-a=One",
            "header.x-a=\"\"",
            "header.x-b=a",
        ],
    );
    assert_found(&Mail::new().header("x-a", " "), &["header.x-a=\"\""], &["header.x-a:a"]);
    let html_only = Mail::new().text(TextField::Html, "Hi").text(TextField::Text, "");
    assert_found(&html_only, &["text=\"\"", "body=Hi", "html=Hi"], &["body=\"\"", "html=\"\""]);
}

#[test]
fn regular_expressions_see_the_value_as_it_is() {
    assert_found(
        &Mail::new().subject("Order  12\nToday").address(
            AddressField::From,
            Some("Shop 24"),
            "Shop@x.test",
        ),
        &[
            r"subject~/^Order  \d+/",
            r"subject~/Today$/",
            r"subject~/(?m)^Today/",
            r"subject~/(?i)order/",
            r"subject~/\s\sx?1/",
            r"from~/^Shop@x\.test$/",
            r"from~/^Shop \d+$/",
        ],
        &[
            r"subject~/order/",
            r"subject~/^Today/",
            r"subject~/Order \d/",
            r"from~/shop/",
            r"from~/Shop 24 <Shop/",
            r"cc~/.*/",
            r"text~/.*/",
        ],
    );
}

#[test]
fn bare_words_look_where_people_would() {
    let fields = [TextField::Subject, TextField::Attachment, TextField::Text, TextField::Html];
    for field in fields {
        let mail = Mail::new().text(field, "Your Invoice.pdf");
        assert_found(
            &mail,
            &["voice", "\"your  INVOICE\"", "your pdf"],
            &["yours", "\"invoice your\""],
        );
    }
    for field in [TextField::Link, TextField::Code, TextField::Helo, TextField::MessageId] {
        assert_found(&Mail::new().text(field, "invoice"), &[], &["invoice"]);
    }
    assert_found(&Mail::new().header("x-a", "invoice"), &[], &["invoice"]);
}

#[test]
fn the_other_fields_of_text() {
    assert_found(
        &Mail::new()
            .text(TextField::Text, "plain words")
            .text(TextField::Html, "shown words")
            .text(TextField::MessageId, "Abc@x.test")
            .text(TextField::Attachment, "Invoice.pdf")
            .text(TextField::Link, "https://x.test/reset/t0ken")
            .text(TextField::Code, "123-456")
            .text(TextField::Tag, "Ci run")
            .text(TextField::Inbox, "Team A")
            .text(TextField::Auth, "user@x.test")
            .text(TextField::Helo, "client.local")
            .text(TextField::Peer, "127.0.0.1")
            .text(TextField::Id, "01JD9Z3V0M8Q4T7W2X5Y6A7B8C"),
        &[
            "text:plain -text:shown html:shown -html:plain",
            "body:plain body:shown body~/^plain/ body~/^shown/",
            "message-id:<abc@X.test> message-id=<Abc@x.test> message-id=Abc@x.test",
            "attachment:invoice attachment=Invoice.pdf",
            "link:x.test/reset",
            "code:456",
            "tag:CI tag=\"Ci run\"",
            "inbox:Team inbox=\"Team A\" inbox:\"m A\"",
            "auth:user@ helo:LOCAL peer:127. id:01jd9",
        ],
        &[
            "message-id=abc@x.test",
            "inbox:team",
            "inbox=\"team a\"",
            "tag=ci",
            "text:\"words shown\"",
        ],
    );
    assert_found(
        &Mail::new().text(TextField::Inbox, "Cafe\u{301}  A"),
        &["inbox:\"Café A\"", "inbox:fé", "inbox=\"Café A\"", "tag=\"\" auth=\"\" code=\"\""],
        &["inbox:café", "inbox:\"CAFÉ A\"", "inbox=\"\"", "inbox:\"A \""],
    );
}

#[test]
fn numbers_compare() {
    assert_found(
        &Mail::new().number(NumberField::Size, 10_240).number(NumberField::Attachments, 2),
        &[
            "size=10k",
            "size>=10k",
            "size<=10k",
            "size>10239",
            "size<10241",
            "smaller:11k",
            "attachments>1",
        ],
        &["size>10k", "size<10k", "size=10", "larger:10k", "attachments>=3", "attachments=0"],
    );
}

#[test]
fn times_compare_with_the_arrival() {
    assert_found(
        &Mail::new().received_at("2026-01-31T00:00:00Z"),
        &[
            "after:2026-01-31",
            "before:2026-01-31T00:00:00.000001Z",
            "after:2026-01-31T01:00:00+01:00",
            "newer:36h",
            "older:35h",
            "newer:18446744073709551615ms",
            "newer:99999w",
        ],
        &["before:2026-01-31", "after:2026-02-01", "newer:35h", "older:36h", "older:99999999w"],
    );
}

#[test]
fn flags_are_asked_as_they_are() {
    assert_found(
        &Mail::new().flag(Flag::Unread).flag(Flag::Link).flag(Flag::Attachment),
        &["is:unread", "has:link", "has:attachments -is:read"],
        &["is:read", "is:tagged", "has:code", "has:inlines", "has:html", "has:text", "has:warning"],
    );
}

#[test]
fn terms_are_put_together() {
    assert_found(
        &Mail::new().subject("a b"),
        &["a b", "a OR x", "x OR a", "x y OR a b", "a -x", "a (x OR b)", "-(a x)", "-(-a)"],
        &["a x", "x OR y", "a -b", "x (a OR b)", "-(a OR x)", "a b x OR y"],
    );
}

#[test]
fn findings_say_what_satisfied_links_codes_and_regular_expressions() {
    let mail = Mail::new()
        .subject("Order 12 of 2026")
        .address(AddressField::From, Some("Shop 24"), "shop@x.test")
        .text(TextField::Link, "https://x.test/logo")
        .text(TextField::Link, "https://x.test/reset/t0ken?a")
        .text(TextField::Code, "123456");
    let query = parse(
        r"link~/reset\/(\w+)(!)?/ code:34 subject~/Order (\d+)/ from~/\d+/
          (link=nothing OR subject:order) -subject~/(x)/",
    )
    .expect("it parses");
    assert!(query.matches(&mail, Timestamp::UNIX_EPOCH));
    let findings = query.findings(&mail);
    let values: Vec<_> = findings
        .iter()
        .map(|finding| {
            let groups: Vec<_> = finding.groups.iter().map(Option::as_deref).collect();
            (finding.kind, finding.value.as_str(), groups)
        })
        .collect();
    assert_eq!(
        values,
        [
            (FindingKind::Link, "https://x.test/reset/t0ken?a", vec![Some("t0ken"), None]),
            (FindingKind::Code, "123456", vec![]),
            (FindingKind::Piece, "Order 12", vec![Some("12")]),
            (FindingKind::Piece, "24", vec![]),
        ]
    );
    assert_eq!(findings[0].term, r"link~/reset\/(\w+)(!)?/");
}
