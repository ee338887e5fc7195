//! What a person reads when a mail did not come.

use std::time::Duration;
use std::time::Instant;

use jiff::Timestamp;

use super::*;
use crate::dialogue::Endpoint;
use crate::dialogue::Protocol;
use crate::dialogue::recorder::Recorder;
use crate::message::envelope::EnvelopeBuilder;
use crate::query;
use crate::store::sessions::TurnedAway;
use crate::store::tests::arrival;
use crate::store::tests::store;

fn expectation(text: &str, since: Option<Seq>) -> Expectation {
    let query = Some(query::parse(text).unwrap());
    let selection = Selection { query, inbox: None, now: Timestamp::UNIX_EPOCH };
    let goal = Goal::AtLeast { count: 1, within: Duration::from_secs(10) };
    Expectation { selection, since, goal }
}

fn failed(store: &Store, expectation: &Expectation) -> Explanation {
    let outcome = Outcome {
        verdict: Verdict::TooFew,
        held: Vec::new(),
        matched: 0,
        has_more: false,
        number: store.cursor().number,
        has_ended_early: false,
    };
    explain(store, expectation, &outcome, &|| false)
}

fn send(store: &Store, raw: &str) -> String {
    store.insert(arrival(raw, 1)).unwrap().id.to_string()
}

/// A session that ended by this reply, or by this note of a failed handshake.
fn session(store: &Store, reply: Option<&'static str>, note: &str) {
    let end = Endpoint::from(([127, 0, 0, 1], 1));
    let began = Timestamp::from_second(3_661).unwrap();
    let record = store.sessions().open(began, (end.clone(), end), Protocol::Smtp);
    let mut recorder = Recorder::new(record, Instant::now());
    recorder.client("DATA");
    if let Some(reply) = reply {
        recorder.server(reply, reply[..3].parse().unwrap());
    } else {
        recorder.note_text(note);
    }
    recorder.close("the client closed the connection", reply.is_none());
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.hints.iter().map(|hint| hint.code).collect()
}

#[test]
fn a_slip_is_named() {
    let store = store(1 << 20);
    let id = send(&store, "To: bob@x.test\r\nSubject: Welcom to Acme\r\n\r\n");
    send(&store, "To: carol@x.test\r\nSubject: Bill\r\n\r\n");
    send(&store, "To: dave@x.test\r\nSubject: Bill\r\n\r\n");
    let wanted = expectation("to:bob@x.test subject:Welcome", Some(0));
    let explained = failed(&store, &wanted);
    let sentence = format!(
        "No mail to bob@x.test with subject containing \"Welcome\" within 10 s. 3 mails arrived \
         since the cursor; nearest: {id} to bob@x.test, subject \"Welcom to Acme\" (1 letter off)."
    );
    assert_eq!(explained.detail(), sentence);
    assert_eq!((explained.seen, explained.nearest.len()), (3, 3));
    let answers = &explained.nearest[0].answers;
    assert!(answers[0].holds);
    assert_eq!(answers[1].had, ["Welcom to Acme"]);
    assert_eq!(answers[1].letters_off, Some(1));
    let slip = failed(&store, &expectation("to:bop@x.test subject:Welcom", Some(0)));
    assert!(slip.detail().contains("to bob@x.test (1 letter off)"), "{}", slip.detail());
}

#[test]
fn nothing_at_all_is_said() {
    let store = store(1 << 20);
    let since = failed(&store, &expectation("subject:a", Some(0)));
    assert!(since.detail().ends_with(" No mail arrived since the cursor."), "{}", since.detail());
    let held = failed(&store, &expectation("subject:a", None));
    assert!(held.detail().ends_with(" No mail is held."), "{}", held.detail());
    assert_eq!(codes(&held), Vec::<&str>::new());
}

#[test]
fn mail_before_the_cursor_is_hinted_at() {
    let store = store(1 << 20);
    let id = send(&store, "Subject: a\r\n\r\n");
    let explained = failed(&store, &expectation("subject:a", Some(1)));
    assert_eq!(codes(&explained), ["before-cursor"]);
    assert_eq!(explained.hints[0].id.unwrap().to_string(), id);
    assert!(explained.detail().ends_with("take it earlier."), "{}", explained.detail());
}

#[test]
fn mail_in_another_inbox_is_hinted_at() {
    let store = store(1 << 20);
    send(&store, "X-Restante-Inbox: other\r\nSubject: a\r\n\r\n");
    let mut wanted = expectation("subject:a", None);
    wanted.selection.inbox = Some("ci".to_owned());
    let explained = failed(&store, &wanted);
    assert_eq!((codes(&explained), explained.seen), (vec!["other-inbox"], 0));
    assert!(explained.detail().contains("in the inbox \"other\""), "{}", explained.detail());
}

#[test]
fn a_recipient_of_the_envelope_alone_is_hinted_at() {
    let store = store(1 << 20);
    let mut envelope = EnvelopeBuilder::new("a@x.test", "");
    envelope.recipient("bob@x.test", "");
    let mut sent = arrival("To: list@x.test\r\nSubject: a\r\n\r\n", 1);
    sent.envelope = envelope.build();
    store.insert(sent).unwrap();
    let explained = failed(&store, &expectation("to:bob@x.test subject:a", None));
    assert_eq!(codes(&explained), ["envelope-only"]);
    let explained = failed(&store, &expectation("to:bob@x.test subject:b", None));
    assert_eq!(codes(&explained), Vec::<&str>::new(), "the subject is another too");
}

#[test]
fn case_that_is_kept_is_hinted_at() {
    let store = store(1 << 20);
    send(&store, "To: Bob@x.test\r\nSubject: Hello\r\n\r\n");
    for text in ["to=bob@x.test", "subject=hello"] {
        let explained = failed(&store, &expectation(text, None));
        assert_eq!(codes(&explained), ["other-case"], "{text}");
    }
}

#[test]
fn words_that_stand_alone_are_hinted_at() {
    let store = store(1 << 20);
    let explained = failed(&store, &expectation("subject:Welcome to Acme", None));
    assert_eq!(codes(&explained), ["loose-words"]);
    assert!(explained.detail().contains("subject:\"Welcome to Acme\""), "{}", explained.detail());
    for text in ["subject:\"Welcome to\" \"to Acme\"", "Welcome to", "subject:a -b"] {
        assert_eq!(codes(&failed(&store, &expectation(text, None))), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn mail_that_is_gone_is_hinted_at() {
    let size = arrival("Subject: a\r\n\r\n", 1).size_bytes();
    let store = store(2 * size);
    send(&store, "Subject: a\r\n\r\n");
    store.delete(&[1]);
    let wanted = expectation("subject:a", Some(0));
    let explained = failed(&store, &wanted);
    assert_eq!(codes(&explained), ["deleted"]);
    assert!(explained.detail().contains("1 mail was deleted"), "{}", explained.detail());
    for _ in 0..3 {
        send(&store, "Subject: b\r\n\r\n");
    }
    assert_eq!(codes(&failed(&store, &wanted)), ["evicted"]);
}

#[test]
fn hostile_mail_leaves_the_detail_short() {
    let store = store(1 << 24);
    let long = "x".repeat(100_000);
    send(&store, &format!("To: {long}@x.test\r\nSubject: {long}\r\n\r\n"));
    let query = format!("subject:{} to:bob@x.test", "y".repeat(900));
    let explained = failed(&store, &expectation(&query, None));
    assert!(explained.detail().chars().count() < 900, "{}", explained.detail());
    let had = &explained.nearest[0].answers[0].had[0];
    assert!(had.chars().count() < 100, "{had}");
}

#[test]
fn what_refused_a_mail_is_named() {
    for (reply, note, code, says) in [
        (Some("552 5.3.4 the mail is too large"), "", "limit", "--max-message-size"),
        (Some("452 4.5.3 too many recipients"), "", "limit", "--max-recipients"),
        (Some("421 4.7.0 too many errors"), "", "limit", "--max-errors"),
        (Some("535 5.7.8 wrong user or password"), "", "auth", "--auth"),
        (Some("530 5.7.0 STARTTLS first"), "", "tls", "STARTTLS"),
        (None, "TLS did not start: unknown authority", "tls", "/v1/ca.pem"),
    ] {
        let store = store(1 << 20);
        session(&store, reply, note);
        let explained = failed(&store, &expectation("subject:a", Some(0)));
        assert_eq!(codes(&explained), [code], "{says}");
        let detail = explained.detail();
        assert!(detail.contains(says) && detail.contains("at 01:01:01."), "{detail}");
        assert_eq!(detail.matches(reply.unwrap_or(note)).count(), 1, "{detail}");
    }
}

#[test]
fn a_client_that_was_turned_away_is_told_of() {
    let store = store(1 << 20);
    send(&store, "Subject: b\r\n\r\n");
    let at = Timestamp::from_second(3_661).unwrap();
    let reply = "421 4.7.0 too many connect at once (--max-rate)".to_owned();
    store.sessions().turn_away(TurnedAway { at, number: 1, reply });
    let codes = |since| codes(&failed(&store, &expectation("subject:a", since)));
    assert_eq!((codes(Some(0)), codes(Some(1))), (vec!["limit"], vec!["limit"]));
    assert_eq!(codes(Some(2)), Vec::<&str>::new(), "before the cursor");
    let detail = failed(&store, &expectation("subject:a", None)).detail();
    assert!(detail.ends_with("at once (--max-rate)\" at 01:01:01."), "{detail}");
}

#[test]
fn sessions_of_long_ago_are_told_of_by_a_cursor_alone() {
    let store = store(1 << 20);
    session(&store, Some("500 5.5.1 unknown command"), "");
    let told = |seconds: i64, since| {
        let mut wanted = expectation("subject:a", since);
        wanted.selection.now = Timestamp::from_second(3_661 + seconds).unwrap();
        failed(&store, &wanted).sessions.len()
    };
    assert_eq!((told(60, None), told(62, None), told(62, Some(0))), (1, 0, 1));
}

/// What a failed test prints.
#[test]
fn an_explanation_is_laid_out_to_be_read() {
    let store = store(1 << 20);
    let first = send(&store, "To: bob@x.test\r\nSubject: Welcom to Acme\r\n\r\n");
    let second = send(&store, "To: rob@x.test\r\n\r\n");
    session(&store, Some("535 5.7.8 wrong user or password"), "");
    let wanted = expectation("to:bob@x.test subject:Welcome", Some(0));
    let expected = format!(
        "No mail to bob@x.test with subject containing \"Welcome\" within 10 s. 2 mails arrived \
         since the cursor; nearest: {first} to bob@x.test, subject \"Welcom to Acme\" (1 letter \
         off).
  expected: at least 1 mail to bob@x.test with subject containing \"Welcome\" within 10 s
  nearest:
    {first} to bob@x.test, subject \"Welcom to Acme\"
      yes  to:bob@x.test
      no   subject:Welcome (1 letter off), it has \"Welcom to Acme\"
    {second} to rob@x.test
      no   to:bob@x.test (1 letter off), it has \"rob@x.test\"
      no   subject:Welcome, it has none
  hints:
    A client's AUTH was refused, its user or password being none of --auth: \"535 5.7.8 wrong user \
         or password\" at 01:01:01.
  failed SMTP sessions:
    01:01:01 535 5.7.8 wrong user or password, to DATA"
    );
    assert_eq!(failed(&store, &wanted).to_string(), expected);
}
