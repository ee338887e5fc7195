//! Queries about mails of which not everything is known yet, and how much a query needs to know.

use jiff::Timestamp;

use crate::query::facts::Known;
use crate::query::field::Needs;
use crate::query::parse;
use crate::query::tests::mail::Mail;

#[test]
fn what_was_not_said_yet_is_only_settled_by_what_was() {
    let session = Mail::at_mail_from("alice@x.test");
    for (query, verdict) in [
        ("mail-from:alice@x.test", Known::Known(true)),
        ("mail-from:bob@x.test", Known::Known(false)),
        ("subject:welcome", Known::NotYet),
        ("-subject:welcome", Known::NotYet),
        ("mail-from:alice@x.test subject:welcome", Known::NotYet),
        ("mail-from:bob@x.test subject:welcome", Known::Known(false)),
        ("subject:welcome OR mail-from:alice@x.test", Known::Known(true)),
        ("subject:welcome OR mail-from:bob@x.test", Known::NotYet),
        ("any:alice@x.test", Known::Known(true)),
        ("any:bob@x.test", Known::NotYet),
        ("alice", Known::Known(true)),
        ("bob", Known::NotYet),
        ("any=\"\"", Known::Known(false)),
        ("body=\"\"", Known::NotYet),
    ] {
        let query_parsed = parse(query).expect(query);
        assert_eq!(query_parsed.verdict(&session, Timestamp::UNIX_EPOCH), verdict, "{query}");
        let matches = query_parsed.matches(&session, Timestamp::UNIX_EPOCH);
        assert_eq!(matches, verdict == Known::Known(true), "{query}");
    }
}

#[test]
fn a_query_needs_what_its_dearest_term_needs() {
    for (query, needs) in [
        ("", Needs::Marks),
        ("is:read tag:a inbox:b id:01J size>1k after:2026-01-01", Needs::Marks),
        ("is:read OR rcpt:bob@x.test", Needs::Envelope),
        ("helo:a peer:b -auth:c mail-from:d", Needs::Envelope),
        ("is:read -(subject:a)", Needs::Headers),
        ("any:bob@x.test", Needs::Headers),
        ("header.x-id=1 message-id:a", Needs::Headers),
        ("welcome", Needs::Body),
        ("subject:a (is:read OR attachments>1)", Needs::Body),
        ("has:link", Needs::Body),
        ("code:1", Needs::Body),
    ] {
        assert_eq!(parse(query).expect(query).needs(), needs, "{query}");
    }
}

#[test]
fn queries_that_depend_on_the_clock_or_on_marks_are_told_apart() {
    for (query, asks_time, asks_marks) in [
        ("newer:1h", true, false),
        ("a OR -(b older:1d)", true, false),
        ("after:2026-01-01 before:2026-02-01", false, false),
        ("is:read", false, true),
        ("a -tag:b", false, true),
        ("has:text", false, false),
        ("inbox:a", false, false),
    ] {
        let parsed = parse(query).expect(query);
        assert_eq!((parsed.asks_time(), parsed.asks_marks()), (asks_time, asks_marks), "{query}");
    }
}
