//! `restante list`, `show`, `clear` and `cursor`: what is held, and no longer.

use std::process::Stdio;

use serde_json::Value;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::assert_failed;
use crate::cli::running::restante;
use crate::cli::running::stderr;

fn server() -> Running {
    Running::start(&mut restante(ANY_PORT))
}

#[test]
fn a_list_is_a_table_aligned_by_what_is_seen() {
    let server = server();
    server.deliver("ada@x.test", "=?utf-8?b?5LiW55WM?=", "x");
    server.deliver("bo@x.test", "Two", "x");
    let table = server.answer(&["list"]);
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].ends_with("  app@x.test  bo@x.test   Two"), "{table}");
    assert!(rows[1].ends_with("  app@x.test  ada@x.test  世界"), "{table}");
    let narrowed = server.answer(&["list", "subject:Two", "--rcpt", "bo@x.test"]);
    let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&narrowed), words(rows[0]));
    let output = server.ask(&["list", "--limit", "1"]);
    assert_eq!(words(&String::from_utf8_lossy(&output.stdout)), words(rows[0]));
    assert!(stderr(&output).contains("1 of 2 mails"), "{}", stderr(&output));
}

#[test]
fn a_long_list_is_asked_for_in_pages() {
    let server = server();
    let mut smtp = crate::support::Client::greeted(server.smtp());
    smtp.say("EHLO app.test");
    for number in 0..600 {
        let mail = format!("Subject: {number}\r\n\r\n");
        assert!(smtp.deliver("a@x.test", &["b@x.test"], &mail).starts_with("250"));
    }
    let lines = server.answer(&["list", "--json", "--limit", "550"]);
    let subjects: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["subject"].clone())
        .collect();
    let expected: Vec<Value> = (50..600).rev().map(|number| number.to_string().into()).collect();
    assert_eq!(subjects, expected);
}

#[test]
fn a_mail_is_shown_to_be_read_and_cannot_touch_the_terminal() {
    let server = server();
    let hostile = "Code: 481516\x1b]0;owned\x07 \u{202e}https://app.test/confirm";
    server.deliver("ada@x.test", "Hi \x1b[2J there", hostile);
    let shown = server.answer(&["show"]);
    for words in [
        "From:       app@x.test\nTo:         ada@x.test\nSubject:    Hi ␛[2J there\n",
        "Envelope:   app@x.test -> ada@x.test, by 127.0.0.1:",
        "\n\nCode: 481516␛]0;owned␇ \u{FFFD}https://app.test/confirm\n\nCodes:\n  481516  in: ",
        "\n\nLinks:\n  main  https://app.test/confirm\n",
    ] {
        assert!(shown.contains(words), "{words:?} is not in {shown}");
    }
    assert!(!shown.contains('\x1b') && !shown.contains('\u{202e}'));
    // A pipe gets what it asks for.
    assert!(server.answer(&["show", "latest", "to:ada@x.test", "--raw"]).contains("\x1b[2J"));
    let json: Value = serde_json::from_str(&server.answer(&["show", "--json"])).unwrap();
    assert_eq!(json["codes"][0]["value"], "481516");
    assert_eq!(json["main_link"], "https://app.test/confirm");
    assert_failed(&server.ask(&["show", "--html"]), 1, &["has no HTML"]);
    assert_failed(&server.ask(&["show", "latest", "to:nobody"]), 1, &["No mail"]);
    assert_failed(&server.ask(&["show", "../cursor"]), 1, &["There is no such mail"]);
}

#[test]
fn nothing_is_cleared_by_accident() {
    let server = server();
    server.deliver("ada@x.test", "One", "x");
    let until = server.answer(&["cursor"]);
    server.deliver("ada@x.test", "Two", "x");
    server.deliver("bob@x.test", "Three", "x");
    assert_failed(&server.ask(&["clear"]), 2, &["--all"]);
    assert_failed(&server.ask(&["clear", "--all", "to:ada@x.test"]), 2, &["--all"]);
    assert_failed(&server.ask(&["clear", " "]), 2, &["Say which mails are meant"]);
    let cleared = |arguments: &[&str]| stderr(&server.ask(arguments));
    assert_eq!(
        cleared(&["clear", "to:ada@x.test", "--until", until.trim_end()]),
        "restante: 1 mail deleted\n"
    );
    assert_eq!(cleared(&["clear", "--all"]), "restante: 2 mails deleted\n");
    assert_eq!(server.answer(&["list"]), "");
}

#[test]
fn a_pipe_that_closes_ends_it_quietly() {
    let server = server();
    let body = "x".repeat(70_000);
    server.deliver("ada@x.test", "Long", &body.replace("xxxxxxxx", "xxxxxx\r\n"));
    for arguments in [&["show"][..], &["show", "--raw"], &["expect", "--to", "ada@x.test"]] {
        let mut child = server.client(arguments).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    }
}

#[cfg(unix)]
#[test]
fn arguments_may_be_anything() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let odd = OsStr::from_bytes(b"\xff\xfe");
    for command in ["expect", "list", "show", "watch", "clear", "cursor"] {
        let output = restante(command).arg(odd).output().unwrap();
        assert_failed(&output, 2, &["error: "]);
    }
}
