//! What the dialogue files cannot say: time, the calls of a driver, and what is shared.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::dialogue::SessionFacts;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::secret::Secret;
use crate::smtp::auth::users::Users;
use crate::smtp::service::StartTls;

use super::*;

#[test]
fn the_deadline_moves_with_what_is_heard_and_with_nothing_else() {
    let start = Instant::now();
    let mut session = session(&Arc::default(), start);
    let idle = Limits::default().idle_timeout;
    assert_eq!(session.deadline(), start + idle);
    while session.step().is_some() {}
    assert_eq!(session.deadline(), start + idle);
    session.receive(b"N", start + Duration::from_secs(7));
    assert_eq!(session.deadline(), start + Duration::from_secs(7) + idle);
}

#[test]
fn a_session_lasts_so_long_however_busy_it_is() {
    let start = Instant::now();
    let limits = Limits { session_timeout: Duration::from_secs(400), ..Limits::default() };
    let last_moment = start + limits.session_timeout;
    for (heard_after, deadline, last_words) in [
        (99, start + Duration::from_secs(399), Reply::TIMED_OUT),
        (100, last_moment, Reply::TIMED_OUT),
        (101, last_moment, Reply::TOO_LONG_A_SESSION),
        (400, last_moment, Reply::TOO_LONG_A_SESSION),
    ] {
        let mut session = limited_session(limits.clone(), &Arc::default(), start);
        while session.step().is_some() {}
        session.receive(b"N", start + Duration::from_secs(heard_after));
        assert_eq!(session.deadline(), deadline, "{heard_after}");
        session.timed_out();
        assert_eq!(session.step(), Some(Step::Reply(last_words)), "{heard_after}");
        assert_eq!(session.step(), Some(Step::Close));
    }
}

#[test]
fn a_deadline_can_be_computed_whatever_was_asked_for() {
    let (idle_timeout, session_timeout) = (Duration::MAX, Duration::MAX);
    let limits = Limits { idle_timeout, session_timeout, ..Limits::default() };
    let start = Instant::now();
    assert_eq!(limited_session(limits, &Arc::default(), start).deadline(), start + TIMEOUT_MAX);
}

#[test]
fn the_handshake_comes_behind_its_reply_and_hears_nothing() {
    let in_flight = Arc::<InFlight>::default();
    let mut session = tls_session(&in_flight);
    say(&mut session, "EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nBDAT 4\r\nhalf");
    assert_eq!(in_flight.bytes(), 4);
    session.receive(b"STARTTLS\r\nNOOP\r\nMAIL", Instant::now());
    assert_eq!(session.step(), Some(Step::Reply(Reply::READY_FOR_TLS)));
    assert_eq!(session.step(), Some(Step::StartTls));
    assert_eq!(session.step(), None);
    assert!(!session.in_transaction());
    session.receive(b"NOOP\r\n", Instant::now());
    assert_eq!(session.step(), None, "in clear nothing is heard any more");
    session.tls_started(tls());
    assert_eq!((session.step(), in_flight.bytes()), (None, 0));
    session.receive(b" FROM:<a@x.test>\r\nNOOP\r\n", Instant::now());
    assert_eq!(session.step(), Some(Step::Reply(Reply::UNKNOWN_COMMAND)));
    assert_eq!(session.step(), Some(Step::Reply(Reply::OK)));
}

#[test]
fn tls_starts_when_it_was_asked_for_and_not_otherwise() {
    let mut session = tls_session(&Arc::default());
    say(&mut session, "EHLO c\r\nMAIL FROM:<a@x.test>\r\n");
    session.tls_started(tls());
    assert!(session.in_transaction(), "nobody asked for TLS");
    session.receive(b"STARTTLS\r\n", Instant::now());
    assert!(matches!(session.step(), Some(Step::Reply(_))));
    assert_eq!(session.step(), Some(Step::StartTls));
    session.end_of_input();
    session.tls_started(tls());
    assert_eq!(session.step(), Some(Step::Close), "the handshake failed");
}

#[test]
fn a_mail_is_under_way_from_mail_until_it_is_held() {
    let mut session = session(&Arc::default(), Instant::now());
    for (line, is_under_way) in [
        ("EHLO c\r\n", false),
        ("MAIL FROM:<a@x.test>\r\n", true),
        ("RSET\r\n", false),
        ("MAIL FROM:<a@x.test>\r\n", true),
        ("RCPT TO:<b@x.test>\r\n", true),
        ("DATA\r\n", true),
        ("text\r\n", true),
    ] {
        say(&mut session, line);
        assert_eq!(session.in_transaction(), is_under_way, "{line}");
    }
    session.receive(b".\r\n", Instant::now());
    let Some(Step::Deliver(_)) = session.step() else { panic!("the mail is whole") };
    assert!(session.in_transaction(), "it is not held yet");
    assert_eq!(session.step(), None, "nothing happens before the mail is held");
    session.delivered(Ok(MessageId::from_parts(0, 0)));
    assert!(!session.in_transaction());
    assert!(matches!(session.step(), Some(Step::Reply(reply)) if reply.code() == 250));
}

#[test]
fn what_is_sent_ahead_waits_until_the_mail_is_held() {
    let mut session = session(&Arc::default(), Instant::now());
    say(&mut session, MAIL);
    session.receive(b".\r\nNOOP\r\n", Instant::now());
    assert!(matches!(session.step(), Some(Step::Deliver(_))));
    assert_eq!(session.step(), None);
    session.delivered(Err(Refusal::TooLarge));
    assert_eq!(session.step(), Some(Step::Reply(Reply::TOO_LARGE)));
    assert_eq!(session.step(), Some(Step::Reply(Reply::OK)));
    assert_eq!(session.step(), None);
}

#[test]
fn a_mail_being_held_is_answered_before_the_session_ends() {
    let mut session = session(&Arc::default(), Instant::now());
    say(&mut session, MAIL);
    session.receive(b".\r\nNOOP\r\n", Instant::now());
    assert!(matches!(session.step(), Some(Step::Deliver(_))));
    session.shut_down();
    assert_eq!(session.step(), None);
    session.delivered(Ok(MessageId::from_parts(0, 0)));
    assert_eq!(session.step(), Some(Step::Reply(Reply::held(MessageId::from_parts(0, 0)))));
    assert_eq!(session.step(), Some(Step::Reply(Reply::SHUTTING_DOWN)));
    assert_eq!(session.step(), Some(Step::Close));
}

#[test]
fn a_closed_session_stays_closed() {
    let mut session = session(&Arc::default(), Instant::now());
    say(&mut session, "QUIT\r\n");
    session.receive(b"NOOP\r\n", Instant::now());
    session.timed_out();
    session.delivered(Ok(MessageId::from_parts(0, 0)));
    assert_eq!(session.step(), Some(Step::Close));
    assert_eq!(session.step(), Some(Step::Close));
    assert!(session.input.is_empty());
}

#[test]
fn mails_share_the_facts_of_their_session_until_these_change() {
    let mut session = session(&Arc::default(), Instant::now());
    let first = mail(&mut session, "EHLO c\r\n");
    let same = mail(&mut session, "EHLO c\r\n");
    let greeted = mail(&mut session, "HELO c\r\n");
    let known = mail(&mut session, "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
    assert!(Arc::ptr_eq(&first, &same));
    assert!(!Arc::ptr_eq(&same, &greeted) && !greeted.extended && greeted.auth.is_none());
    assert!(!Arc::ptr_eq(&greeted, &known) && known.auth.is_some());
}

#[test]
fn no_byte_stays_in_flight_however_a_mail_ends() {
    let in_flight = Arc::<InFlight>::default();
    let ends: [fn(&mut Session); 4] = [
        Session::end_of_input,
        |session| {
            session.timed_out();
            session.step();
        },
        |session| {
            session.receive(b"\r\n.\r\n", Instant::now());
            session.step();
        },
        |session| *session = self::session(&Arc::default(), Instant::now()),
    ];
    for end in ends {
        let mut session = session(&in_flight, Instant::now());
        say(&mut session, MAIL);
        say(&mut session, "half a mail");
        assert_eq!(in_flight.bytes(), 11);
        end(&mut session);
        assert_eq!(in_flight.bytes(), 0);
    }
}

#[test]
fn no_byte_of_a_chunk_stays_in_flight_however_its_mail_ends() {
    let in_flight = Arc::<InFlight>::default();
    let begin = "EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nBDAT 4\r\nhalf";
    let ends = ["RSET\r\n", "EHLO c\r\n", "BDAT 4 LAST\r\nhalf", "BDAT 1 X\r\nx", "QUIT\r\n"];
    let mut session = session(&in_flight, Instant::now());
    for end in ends {
        say(&mut session, begin);
        assert_eq!(in_flight.bytes(), 4, "{end}");
        assert!(session.in_transaction(), "{end}");
        say(&mut session, end);
        assert_eq!(in_flight.bytes(), 0, "{end}");
        assert!(!session.in_transaction(), "{end}");
    }
}

#[test]
fn a_large_envelope_is_in_flight_like_a_mail() {
    let in_flight = Arc::<InFlight>::default();
    let mut session = session(&in_flight, Instant::now());
    let recipient = format!("RCPT TO:<{}@x.test>\r\n", "r".repeat(4_000));
    let ends = ["RSET\r\n", "EHLO c\r\n", "DATA\r\nx\r\n.\r\n", "QUIT\r\n"];
    for end in ends {
        say(&mut session, "EHLO c\r\nMAIL FROM:<a@x.test>\r\n");
        say(&mut session, &recipient.repeat(4));
        assert_eq!(in_flight.bytes(), 0, "a usual envelope is not counted");
        say(&mut session, &recipient);
        assert_eq!(in_flight.bytes(), "a@x.test".len() + 2 + 5 * (4_000 + "@x.test".len() + 2));
        say(&mut session, end);
        assert_eq!(in_flight.bytes(), 0, "{end}");
    }
}

#[test]
fn a_recipient_that_has_no_room_is_refused_for_now() {
    let limits = Limits { in_flight_bytes_max: 24_000, ..Limits::default() };
    let mut session = limited_session(limits, &Arc::default(), Instant::now());
    say(&mut session, "EHLO c\r\nMAIL FROM:<>\r\n");
    let rcpt = |bytes: usize| format!("RCPT TO:<{}>\r\n", "r".repeat(bytes));
    say(&mut session, &rcpt(3_998).repeat(5));
    for (bytes, reply) in
        [(3_997, Reply::NO_ROOM), (3_996, Reply::RECIPIENT_OK), (1, Reply::NO_ROOM)]
    {
        session.receive(rcpt(bytes).as_bytes(), Instant::now());
        assert_eq!(session.step(), Some(Step::Reply(reply)), "{bytes}");
    }
}

#[test]
fn auth_that_waits_for_tls_is_offered_in_tls() {
    let policy = AuthPolicy { needs_tls: true, ..AuthPolicy::default() };
    let tls = TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        server_name: None,
        client_subject: None,
    };
    for (tls, is_offered) in [(None, false), (Some(tls), true)] {
        let mut session = asking_session(policy.clone(), tls);
        session.receive(b"EHLO c\r\nAUTH PLAIN AGJvYgBzZWNyZXQ=\r\n", Instant::now());
        let mut said = Vec::new();
        while let Some(Step::Reply(reply)) = session.step() {
            reply.write_to(&mut said);
        }
        let said = String::from_utf8(said).unwrap();
        assert_eq!(said.contains("250-AUTH PLAIN"), is_offered, "{said}");
        assert_eq!(said.contains("\r\n235 "), is_offered, "{said}");
        assert_eq!(said.contains("\r\n538 5.7.11"), !is_offered, "{said}");
    }
}

#[test]
fn a_session_shows_no_secret() {
    let mut users = Users::default();
    users.add_plain(&Secret::new("bob:hunter2")).unwrap();
    let policy = AuthPolicy { users: Some(users), ..AuthPolicy::default() };
    for text in [
        "AUTH PLAIN AGJvYgBodW50ZXIy",
        "AUTH PLAIN\r\nAGJvYgBodW50ZXIy",
        "AUTH LOGIN Ym9i\r\naHVudGVyMg==",
        "AUTH CRAM-MD5\r\nhunter2",
        "AUTH SCRAM-SHA-256 biwsbj1ib2Iscj14\r\nhunter2",
        "AUTH XOAUTH2 dXNlcj1ib2IBYXV0aD1CZWFyZXIgaHVudGVyMwEB\r\nhunter2",
    ] {
        for end in ["", "\r\n"] {
            let mut session = asking_session(policy.clone(), None);
            session.receive(format!("EHLO c\r\n{text}{end}").as_bytes(), Instant::now());
            let mut shown = String::new();
            while let Some(step) = session.step() {
                shown += &format!("{step:?} {session:?}");
            }
            for secret in ["hunter2", "hunter3", "AGJvYgBodW50ZXIy", "aHVudGVyMg", "dXNlcj1ib2"] {
                assert!(!shown.contains(secret), "{text:?}: {secret} in {shown}");
                let bytes = format!("{:?}", secret.as_bytes());
                assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{text:?}: {shown}");
            }
        }
    }
}

const MAIL: &str = "EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n";

fn session(in_flight: &Arc<InFlight>, now: Instant) -> Session {
    limited_session(Limits::default(), in_flight, now)
}

fn limited_session(limits: Limits, in_flight: &Arc<InFlight>, now: Instant) -> Session {
    let address = Endpoint::from((Ipv4Addr::LOCALHOST, 1_025));
    session_of(Service::new(address, "mail.test".into(), Arc::new(limits)), in_flight, now)
}

fn tls_session(in_flight: &Arc<InFlight>) -> Session {
    let address = Endpoint::from((Ipv4Addr::LOCALHOST, 1_025));
    let service = Service::new(address, "mail.test".into(), Arc::default());
    let service = Service { starttls: StartTls::Offered, ..service };
    session_of(service, in_flight, Instant::now())
}

fn tls() -> TlsFacts {
    TlsFacts {
        version: "TLSv1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        server_name: None,
        client_subject: None,
    }
}

fn session_of(service: Service, in_flight: &Arc<InFlight>, now: Instant) -> Session {
    let address = service.listener.clone();
    let options = SessionOptions {
        service: Arc::new(service),
        in_flight: Arc::clone(in_flight),
        record: Record::unlisted(address.clone()),
        peer: address,
        tls: None,
        is_trusted: false,
        nonce: 0,
    };
    Session::new(options, now)
}

fn asking_session(policy: AuthPolicy, tls: Option<TlsFacts>) -> Session {
    let address = Endpoint::from((Ipv4Addr::LOCALHOST, 1_025));
    let service = Service::new(address.clone(), "mail.test".into(), Arc::default());
    let options = SessionOptions {
        service: Arc::new(Service { auth: Arc::new(policy), ..service }),
        in_flight: Arc::default(),
        record: Record::unlisted(address.clone()),
        peer: address,
        tls,
        is_trusted: false,
        nonce: 0,
    };
    Session::new(options, Instant::now())
}

/// Says something and takes the replies. Hands out the facts of the last mail it made whole.
fn say(session: &mut Session, text: &str) -> Option<Arc<SessionFacts>> {
    let mut facts = None;
    session.receive(text.as_bytes(), Instant::now());
    while let Some(step) = session.step() {
        match step {
            Step::Reply(_) => {}
            Step::Deliver(transaction) => {
                session.delivered(Ok(MessageId::from_parts(0, 0)));
                facts = Some(transaction.session);
            }
            Step::StartTls => panic!("nobody asked for TLS"),
            Step::Close => break,
        }
    }
    facts
}

fn mail(session: &mut Session, first: &str) -> Arc<SessionFacts> {
    let rest = "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n.\r\n";
    say(session, &format!("{first}{rest}")).expect("a mail was held")
}
