//! A catcher inside a Rust test, as somebody who writes such tests uses it.

mod parallel;

use std::error::Error;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use restante::config::Config;
use restante::testing::Catcher;
use restante::testing::ExpectError;

use crate::support::Client;

const NOTHING: Duration = Duration::ZERO;
const SHORTLY: Duration = Duration::from_millis(20);

/// Sends a mail to Ada.
fn send(catcher: &Catcher, mail: &str) {
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO app.test");
    assert!(client.deliver("app@x.test", &["ada@x.test"], mail).starts_with("250"));
    client.say("QUIT");
}

fn welcome(code: &str) -> String {
    format!("To: ada@x.test\r\nSubject: Welcome\r\n\r\nYour code is {code}.\r\n")
}

#[test]
fn a_plain_test_waits_for_mail_that_is_sent_meanwhile() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    let mail = thread::scope(|scope| {
        scope.spawn(|| send(&catcher, &welcome("481516")));
        catcher.expect("to:ada@x.test").subject("Welcome").one().wait()
    })?;
    assert_eq!(mail.code().as_deref(), Some("481516"));
    Ok(())
}

#[tokio::test]
async fn an_async_test_awaits_several_at_once() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    let waits = [1, 2, 3].map(|count| tokio::spawn(catcher.expect("subject:welcome").count(count)));
    for code in ["111111", "222222", "333333"] {
        send(&catcher, &welcome(code));
    }
    for (wait, expected) in waits.into_iter().zip(1..) {
        assert_eq!(wait.await??.len(), expected);
    }
    let mails = catcher.expect("").within(NOTHING).count(2).await?;
    let codes: Vec<_> = mails.iter().filter_map(|mail| mail.code()).collect();
    assert_eq!(codes, ["222222", "333333"], "the newest, oldest first");
    Ok(())
}

/// The clock of the test stands still, that of the catcher goes on.
#[tokio::test(start_paused = true)]
async fn a_test_whose_time_is_paused_waits_all_the_same() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    let start = Instant::now();
    catcher.expect("").none(SHORTLY).await?;
    assert!(start.elapsed() >= SHORTLY);
    let (wait, ()) = tokio::join!(catcher.expect("to:ada@x.test").one(), async {
        send(&catcher, &welcome("481516"));
    });
    wait?;
    Ok(())
}

/// On the thread of a runtime, whatever it did before.
#[tokio::test]
async fn a_blocked_thread_of_a_runtime_waits_too() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    send(&catcher, &welcome("481516"));
    for _ in 0..300 {
        catcher.expect("to:ada@x.test").one().wait()?;
    }
    Ok(())
}

#[test]
fn mail_from_before_the_cursor_does_not_count() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    send(&catcher, &welcome("111111"));
    let cursor = catcher.cursor();
    catcher.expect("to:ada@x.test").since(cursor).none(NOTHING).wait()?;
    send(&catcher, &welcome("222222"));
    let mails = catcher.expect("").to("ada@x.test").since(cursor).exactly(1).settle(SHORTLY);
    assert_eq!(mails.wait()?[0].code().as_deref(), Some("222222"));
    Ok(())
}

#[test]
fn a_sentinel_decides_at_once() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    let cursor = catcher.cursor();
    send(&catcher, &welcome("111111"));
    send(&catcher, "Subject: end\r\n\r\n");
    let wanted = || catcher.expect("subject:welcome").since(cursor);
    let hour = Duration::from_secs(3_600);
    assert_eq!(wanted().exactly(1).settle(hour).until("subject:end").wait()?.len(), 1);
    catcher.expect("subject:bill").since(cursor).none(hour).until("subject:end").wait()?;
    let error = wanted().none(hour).until("subject:end").wait().unwrap_err();
    assert!(error.to_string().starts_with("A mail with subject containing"), "{error}");
    Ok(())
}

#[test]
fn a_failed_wait_says_what_came_instead() {
    let catcher = Catcher::start().unwrap();
    send(&catcher, "To: ada@x.test\r\nSubject: Welcom\r\n\r\n");
    let wait = catcher.expect("to:ada@x.test subject:Welcome").within(NOTHING).one();
    let error = wait.wait().unwrap_err();
    // What `unwrap` prints, and a test that returns it.
    let report = format!("{error:?}");
    assert!(report.contains("(1 letter off)") && report.contains("\n  nearest:\n"), "{report}");
    let explanation = error.explanation().unwrap();
    assert_eq!((explanation.seen, explanation.nearest.len()), (1, 1));
}

#[test]
fn what_makes_no_sense_is_said() {
    let catcher = Catcher::start().unwrap();
    let other = Catcher::start().unwrap();
    send(&catcher, &welcome("111111"));
    let report = |error: ExpectError| {
        assert!(error.explanation().is_none());
        error.to_string()
    };
    let error = report(catcher.expect("to:ada@x.test subjct:x").one().wait().unwrap_err());
    assert!(error.starts_with("query, column 15: ") && error.contains("\"subject\""), "{error}");
    assert!(error.ends_with("\n  to:ada@x.test subjct:x\n                ^"), "{error}");
    let error = report(catcher.expect("").to(" ").one().wait().unwrap_err());
    assert!(error.starts_with("to, column 1: "), "{error}");
    let hour = Duration::from_secs(3_600);
    for (error, says) in [
        (catcher.expect("").exactly(0).wait().unwrap_err(), "none(duration)"),
        (catcher.expect("").count(0).wait().unwrap_err(), "none(duration)"),
        (catcher.expect("").within(hour).none(hour).wait().unwrap_err(), "leave within() out"),
        (catcher.expect("newer:1h").one().wait().unwrap_err(), "since(cursor)"),
        (catcher.expect("").none(hour).until("(").wait().unwrap_err(), "until, column 2"),
        (other.expect("").since(catcher.cursor()).one().wait().unwrap_err(), "another catcher"),
    ] {
        assert!(report(error).contains(says), "{says}");
    }
}

#[test]
fn a_wait_ends_with_its_catcher() {
    let catcher = Catcher::start().unwrap();
    let hour = Duration::from_secs(3_600);
    let wait = catcher.expect("").within(hour).one();
    let error = thread::spawn(|| wait.wait());
    drop(catcher);
    let error = error.join().unwrap().unwrap_err();
    assert!(error.to_string().contains("dropped"), "{error}");
}

#[tokio::test]
async fn a_wait_that_is_dropped_frees_its_place() {
    let catcher = Catcher::start().unwrap();
    let hour = Duration::from_secs(3_600);
    let wait = catcher.expect("").within(hour).one();
    let waits = async {
        while catcher.server().store().waiter_count() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = wait => panic!("no mail came"),
        () = waits => {}
    }
    while catcher.server().store().waiter_count() > 0 {
        tokio::task::yield_now().await;
    }
}

/// No port of HTTP is needed to wait.
#[test]
fn a_catcher_of_mail_alone_can_be_waited_at() {
    let smtp = vec![std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()];
    let config = Config { smtp, http: Vec::new(), ..Config::default() };
    let catcher = Catcher::with(&config).unwrap();
    send(&catcher, &welcome("111111"));
    assert!(catcher.expect("").one().wait().is_ok());
}

#[test]
fn what_is_in_a_mail_is_at_hand() -> Result<(), Box<dyn Error>> {
    let catcher = Catcher::start()?;
    let mail = "To: ada@x.test\r\nX-Job: =?utf-8?q?=C3=BC?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n\
        <a href=\"https://x.test/\">Home</a> <img src=\"https://x.test/reset.png\">\
        <a href=\"https://x.test/reset/k3y\">Choose a new password</a> code 481516\r\n\
        --b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment\r\n\r\nYSxi\r\n--b--\r\n";
    send(&catcher, mail);
    let mail = catcher.expect(r"link~/reset\/(\w+)/ code~/^(\d{3})/").one().wait()?;
    assert_eq!(mail.link("RESET").as_deref(), Some("https://x.test/reset/k3y"));
    assert_eq!(mail.link("new password"), mail.main_link());
    assert_eq!(mail.link("unsubscribe"), None);
    assert_eq!((mail.links().len(), mail.codes().len()), (3, 1));
    assert_eq!(mail.matched().groups, [Some("k3y".to_owned()), Some("481".to_owned())]);
    assert_eq!(mail.matched().code.as_deref(), Some("481516"));
    assert!(mail.html().unwrap().contains("<img"));
    assert!(mail.headers().contains(&("X-Job".to_owned(), "ü".to_owned())));
    assert_eq!(mail.envelope().mail_from(), "app@x.test");
    let [file] = &mail.attachments()[..] else { panic!("one file") };
    assert_eq!((file.name.as_deref(), &*file.content_type), (Some("a.csv"), "text/csv"));
    assert_eq!((&*file.bytes, file.is_inline), (&b"a,b"[..], false));
    Ok(())
}
