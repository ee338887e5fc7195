//! Each field of the language, asked about mails as they come over the wire.

use restante::query;
use restante::store::entry::Held;
use restante::store::entry::Marks;
use restante::store::facts::HeldFacts;

use super::hold;
use super::matches;
use super::store;

fn assert_found(held: &Held, matching: &[&str], others: &[&str]) {
    for query in matching {
        assert!(matches(held, query), "{query} should find the mail");
    }
    for query in others {
        assert!(!matches(held, query), "{query} should not find the mail");
    }
}

/// A mail with everything: encoded words, alternatives, an inline image, an attachment.
const NEWSLETTER: &str = concat!(
    "From: =?utf-8?q?J=C3=B6rg_Stra=C3=9Fe?= <joerg@xn--bcher-kva.test>\r\n",
    "To: \"b c\"@x.test, Bob <bob+tag@x.test>\r\n",
    "Cc: Team: a@x.test, b@y.test;\r\n",
    "Reply-To: answers@x.test\r\n",
    "Sender: robot@x.test\r\n",
    "Subject: =?utf-8?b?SWhyZSBCZXN0w6R0aWd1bmc=?=\r\n =?utf-8?q?_12?=\r\n",
    "Message-ID: <Abc.1@x.test>\r\n",
    "X-Job: one\r\n",
    "x-job: =?utf-8?q?zw=C3=B6lf?=\r\n",
    "X-Empty:\r\n",
    "X-Restante-Inbox: Team A\r\n",
    "MIME-Version: 1.0\r\n",
    "Content-Type: multipart/mixed; boundary=m\r\n",
    "\r\n",
    "--m\r\n",
    "Content-Type: multipart/related; boundary=r\r\n",
    "\r\n",
    "--r\r\n",
    "Content-Type: multipart/alternative; boundary=a\r\n",
    "\r\n",
    "--a\r\n",
    "Content-Type: text/plain; charset=iso-8859-1\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    "Gr=FC=DFe an alle,\r\n",
    "Ihr Code: 482913=\r\n",
    " bis morgen\r\n",
    "--a\r\n",
    "Content-Type: text/html; charset=utf-8\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "\r\n",
    "PGh0bWw+PGhlYWQ+PHRpdGxlPkhpZGRlbjwvdGl0bGU+PHN0eWxlPi5wdXJwbGV7fTwvc3R5bGU+PC9o\r\n",
    "ZWFkPjxib2R5PjxwPkVycyZhdW1sO3R6ZTxiPm5kPC9iPjwvcD48cD5adzwhLS0gc2VjcmV0IC0tPmVp\r\n",
    "PC9wPjx0YWJsZT48dHI+PHRkPnplaG48L3RkPjx0ZD5lbGY8L3RkPjwvdHI+PC90YWJsZT48YSBocmVm\r\n",
    "PSJodHRwczovL3gudGVzdC9yZXNldC90MGtlbiI+S2xpY2s8L2E+PGltZyBzcmM9ImNpZDpsb2dvIiBh\r\n",
    "bHQ9IkxvZ28iPjwvYm9keT48L2h0bWw+\r\n",
    "--a--\r\n",
    "--r\r\n",
    "Content-Type: image/png; name=logo.png\r\n",
    "Content-ID: <logo>\r\n",
    "\r\n",
    "not a picture\r\n",
    "--r--\r\n",
    "--m\r\n",
    "Content-Type: text/plain; charset=utf-8\r\n",
    "Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht%202026.txt\r\n",
    "\r\n",
    "inside the attachment\r\n",
    "--m--\r\n",
);

#[test]
fn addresses_of_headers_and_envelope() {
    let held = hold(&store(), &["hidden@x.test", "bob+tag@x.test"], NEWSLETTER);
    assert_found(
        &held,
        &[
            "from:joerg@bücher.test",
            "from:@xn--bcher-kva.test",
            "from:STRASSE",
            "to:\"b c\"@x.test",
            "to:bob+tag@x.test",
            "to:@x.test",
            "cc:b@y.test",
            "reply-to:answers@x.test",
            "sender:robot",
            "rcpt:hidden@x.test",
            "mail-from:sender@x.test",
            "any:hidden@x.test any:a@x.test",
            "hidden",
            "bcc=\"\"",
        ],
        &["to:bob@x.test", "to:hidden@x.test", "bcc:hidden@x.test", "cc:team", "rcpt:@y.test"],
    );
}

#[test]
fn headers_are_decoded_and_each_occurrence_counts() {
    assert_found(
        &hold(&store(), &["bob@x.test"], NEWSLETTER),
        &[
            "subject=\"Ihre Bestätigung 12\"",
            "subject:BESTÄTIGUNG",
            "subject~/^Ihre .* \\d\\d$/",
            "message-id=Abc.1@x.test",
            "message-id:<abc.1@x.test>",
            "header.X-Job:one header.x-job:zwölf",
            "header.x-empty=\"\"",
            "header.x-none=\"\"",
            "header.content-type:multipart/mixed",
        ],
        &["subject:=?utf-8", "header.x-job=\"\"", "header.x-job:three", "header.content-id:logo"],
    );
}

#[test]
fn bodies_are_searched_as_they_are_read() {
    assert_found(
        &hold(&store(), &["bob@x.test"], NEWSLETTER),
        &[
            "text:\"grüsse an ALLE, ihr code\"",
            "text:\"482913 bis\"",
            "html:ersätzend",
            "html:\"zwei zehn elf\"",
            "body:grüße body:ersätzend",
            "html~/(?m)^Zwei$/",
            "-text:ersätzend",
            "logo.png",
            "\"übersicht 2026\"",
            "attachment=\"Übersicht 2026.txt\"",
        ],
        &[
            "html:secret",
            "html:purple",
            "html:hidden",
            "html:href",
            "html:zwzehn",
            "inside",
            "text:=DF",
            "body:logo",
            "subject:ersätzend",
        ],
    );
}

#[test]
fn links_codes_counts_and_flags() {
    let held = hold(&store(), &["bob@x.test"], NEWSLETTER);
    assert_found(
        &held,
        &[
            "link:x.test/reset",
            "link~/reset\\/(\\w+)$/",
            "code:482913",
            "code=482913",
            "attachments=1",
            "has:attachment has:inline has:html has:text has:link has:code",
            "size>1k size<2m",
            "is:unread",
            "inbox:Team inbox=\"Team A\"",
            "auth:CI helo:client peer:127.0.0.1 peer=127.0.0.1 peer=127.0.0.1:40000",
            "after:2026-01-01 before:2026-01-02 newer:13h older:11h",
        ],
        &["link:cid", "code:4829130", "attachments>1", "is:read", "is:tagged", "inbox:team"],
    );
    assert!(matches(&held, &format!("id:{}", held.entry.id)));

    let query = query::parse("link~/reset\\/(\\w+)/").expect("it parses");
    let findings = query.findings(&HeldFacts::new(&held));
    assert_eq!(findings[0].value, "https://x.test/reset/t0ken");
    assert_eq!(findings[0].groups, [Some("t0ken".to_owned())]);
}

#[test]
fn marks_are_asked_as_they_are_now() {
    let store = store();
    let held = hold(&store, &["bob@x.test"], NEWSLETTER);
    let tags = Some([Box::from("Release 1")].into());
    let (held, _) = store
        .change(held.entry.id, |_| Marks { read: true, tags: tags.clone() })
        .expect("it is held");
    assert_found(
        &held,
        &["is:read", "is:tagged", "tag:release", "tag=\"Release 1\""],
        &["is:unread"],
    );
}

#[test]
fn a_mail_of_nothing_answers_every_question() {
    let held = hold(&store(), &["bob@x.test"], "");
    assert_found(
        &held,
        &[
            "size=0",
            "subject=\"\"",
            "to=\"\"",
            "body=\"\" html=\"\"",
            "-has:html",
            "-has:link",
            "link=\"\"",
        ],
        &["subject:a", "has:attachment", "code:1", "subject~/.*/"],
    );
    let bare = hold(&store(), &["bob@x.test"], "Subject: a\n\nhttp://x.test/y ok\n");
    assert_found(&bare, &["has:link", "text:ok", "has:text", "ok"], &["has:html", "html:ok"]);
}

#[test]
fn an_image_alone_is_no_link() {
    let raw = "Subject: a\r\nContent-Type: text/html\r\n\r\n<img src=\"http://x.test/i.png\">";
    assert_found(&hold(&store(), &["bob@x.test"], raw), &["link:i.png"], &["has:link"]);
}

#[test]
fn of_each_part_the_first_mebibyte_is_searched() {
    let limit = 1 << 20;
    for (kind, field) in [("text/plain", "text"), ("text/html", "html")] {
        for (length, is_found) in [(limit - 1, true), (limit, true), (limit + 1, false)] {
            let filling = "a ".repeat(limit)[..length - 6].to_owned();
            let raw = format!("Content-Type: {kind}\r\n\r\n{filling}needle");
            let held = hold(&store(), &["bob@x.test"], &raw);
            assert_eq!(matches(&held, &format!("{field}:needle")), is_found, "{kind} {length}");
            assert_eq!(matches(&held, "needle"), is_found, "{kind} {length}");
            assert_eq!(matches(&held, "body:needle"), is_found, "{kind} {length}");
        }
    }
}

#[test]
fn a_nested_mail_is_found_by_name_only() {
    let raw = concat!(
        "Subject: Forwarded\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n",
        "--m\r\nContent-Type: text/plain\r\n\r\nSee below\r\n",
        "--m\r\nContent-Type: message/rfc822; name=\"old.eml\"\r\n\r\n",
        "Subject: Inner\r\nTo: inner@x.test\r\n\r\nInner words\r\n--m--\r\n",
    );
    assert_found(
        &hold(&store(), &["bob@x.test"], raw),
        &["old.eml", "attachment:old", "below", "attachments=1"],
        &["inner", "subject:inner", "to:inner@x.test", "words"],
    );
}

/// A mail of one HTML part.
fn html(body: &str) -> String {
    format!("Subject: a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}")
}

#[test]
fn of_html_the_text_that_a_reader_sees_is_searched() {
    let body = "<!doctype html><head><title>Head</title><meta content=\"Meta\"></head><body>\
        <script>var script = 'Script'</script><style>b { color: Style }</style><!-- Comment -->\
        one<br>two<div>three</div>four<ul><li>five<li>six</ul>sev<b>e</b>n<span>eight</span>\
        <table><tr><td>nine<td>ten</table>&#8364;&nbsp;5&amp;6 \
        <a href=\"http://x.test/Href\" title=\"Title\">shown</a><img alt=\"Alt\" src=\"x\">\
        <template>Template</template><noscript>Without</noscript>";
    assert_found(
        &hold(&store(), &["bob@x.test"], &html(body)),
        &[
            "html:\"one two three four five six\"",
            "body:seveneight",
            "\"nine ten\"",
            "html:\"€ 5&6 shown\"",
            "link:href",
        ],
        &[
            "script", "style", "comment", "head", "meta", "title", "href", "onetwo", "nineten",
            "&amp",
        ],
    );
}

/// A mail of several parts, each of them its header and body.
fn mixed(kind: &str, parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\r\n{part}\r\n")).collect();
    format!("Content-Type: multipart/{kind}; boundary=b\r\n\r\n{parts}--b--\r\n")
}

#[test]
fn every_inline_part_of_text_is_searched() {
    let raw = mixed(
        "mixed",
        &[
            "Content-Type: text/plain\r\n\r\nfirst",
            "Content-Type: text/html\r\n\r\n<p>second",
            "Content-Type: text/plain\r\nContent-Disposition: inline\r\n\r\nthird",
            "Content-Type: text/plain; name=log.txt\r\n\r\nfourth",
            "Content-Type: text/html\r\nContent-Disposition: attachment\r\n\r\nfifth",
        ],
    );
    assert_found(
        &hold(&store(), &["bob@x.test"], &raw),
        &["text:first text:third html:second", "third", "body:second", "log.txt", "attachments=2"],
        &["fourth", "fifth", "text:second", "text:\"first third\""],
    );
}

#[test]
fn attachments_are_leaves_neither_shown_nor_inline() {
    let text = "Content-Type: text/plain\r\n\r\nshown";
    let image = "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\r\nx";
    let inline = "Content-Type: image/png\r\nContent-Disposition: inline\r\n\r\nx";
    let attached = "Content-Type: image/png\r\nContent-ID: <a@b>\r\n\
                    Content-Disposition: attachment\r\n\r\nx";
    let nested = "Content-Type: message/rfc822\r\n\r\nContent-Type: multipart/mixed; boundary=c\
                  \r\n\r\n--c\r\nContent-Type: image/png\r\n\r\nx\r\n--c--";
    for (raw, attachments, has_inline) in [
        (mixed("mixed", &[text]), 0, false),
        (mixed("mixed", &[text, image]), 1, false),
        (mixed("related", &[text, image]), 0, true),
        (mixed("mixed", &[text, inline]), 0, true),
        (mixed("related", &[text, attached]), 1, false),
        (mixed("mixed", &[text, nested]), 1, false),
        (mixed("mixed", &[text, nested, image, inline, attached]), 3, true),
    ] {
        let held = hold(&store(), &["bob@x.test"], &raw);
        assert!(matches(&held, &format!("attachments={attachments}")), "{raw}");
        assert_eq!(matches(&held, "has:attachment"), attachments > 0, "{raw}");
        assert_eq!(matches(&held, "has:inline"), has_inline, "{raw}");
    }
}

#[test]
fn links_are_urls_but_not_those_of_parts() {
    let held = hold(
        &store(),
        &["bob@x.test"],
        &html("<img src=\"cid:logo\"><img src=\"https://x.test/pixel.gif\"><p>no link"),
    );
    assert_found(&held, &["link:pixel", "-has:link"], &["link:cid", "link:logo"]);
    let raw = "List-Unsubscribe: <https://x.test/unsubscribe>\r\n\r\nnothing";
    let held = hold(&store(), &["bob@x.test"], raw);
    assert_found(&held, &["link:x.test/unsubscribe", "has:link"], &["body:unsubscribe"]);
}

#[test]
fn headers_are_those_of_the_mail_itself() {
    let raw = mixed("mixed", &["Content-Type: text/plain\r\nX-Part: inner\r\n\r\na"]);
    let raw = format!("Message-ID: <A@x.test>\r\nX-Mark: =?utf-8?q?Stra=C3=9Fe?= 1\r\n{raw}");
    assert_found(
        &hold(&store(), &["bob@x.test"], &raw),
        &[
            "header.x-mark:STRASSE",
            "header.x-mark=\"Straße 1\"",
            "header.x-mark~/^Straße \\d$/",
            "header.message-id:<a@x.test>",
            "message-id~/^A@x\\.test$/",
            "header.x-part=\"\"",
        ],
        &["header.x-part:inner", "header.x-mark:=?utf-8?q?"],
    );
}
