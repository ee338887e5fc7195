//! `restante expect`: what it prints, what it says, and how it ends.

use std::io::BufRead;
use std::io::BufReader;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::Scratch;
use crate::cli::running::assert_failed;
use crate::cli::running::restante;
use crate::cli::running::stderr;

const TEXT: &str = "Your code is 481516.\r\nhttps://app.test/confirm?t=1\r\nhttps://app.test/legal";

fn server() -> Running {
    Running::start(&mut restante(ANY_PORT))
}

#[test]
fn what_is_printed_is_all_that_is_printed() {
    let server = server();
    server.deliver("ada@x.test", "Welcome", TEXT);
    let printed = |what: &str| server.answer(&["expect", "to:ada@x.test", "--print", what]);
    assert_eq!(printed("code"), "481516\n");
    assert_eq!(printed("link"), "https://app.test/confirm?t=1\n");
    assert_eq!(printed("text").trim_end(), TEXT.replace("\r\n", "\n"));
    let id = printed("id");
    assert_eq!(id.trim_end().len(), 26);
    assert!(printed("json").starts_with(&format!("{{\"id\":\"{}\",", id.trim_end())));
    let line = server.answer(&["expect", "--to", "ada@x.test", "--subject", "Welcome"]);
    assert!(line.starts_with(id.trim_end()), "{line}");
    assert!(line.ends_with("app@x.test -> ada@x.test  Welcome\n"), "{line}");
}

#[test]
fn a_term_says_which_link_or_code_is_meant() {
    let server = server();
    server.deliver(
        "ada@x.test",
        "Welcome",
        "Your code is 111222. Your PIN is 333444.\r\nhttps://a.test/x/ab/",
    );
    let print = |query: &str, what: &str| server.answer(&["expect", query, "--print", what]);
    assert_eq!(print("code:333444", "code"), "333444\n");
    assert_eq!(print("link~/x\\/(\\w+)/", "link"), "https://a.test/x/ab/\n");
}

#[test]
fn several_mails_come_newest_first() {
    let server = server();
    for number in 1..=3 {
        server.deliver("ada@x.test", "Code", &format!("Your code is 48151{number}"));
    }
    let printed = server.answer(&["expect", "to:ada@x.test", "--count", "2", "--print", "code"]);
    assert_eq!(printed, "481513\n481512\n");
}

#[test]
fn why_there_is_no_mail_is_said_on_standard_error() {
    let server = server();
    let since = server.answer(&["cursor"]);
    server.deliver("ada@x.test", "Welcom to Acme", "x");
    let query = "to:ada@x.test subject:Welcome";
    let output = server.ask(&["expect", query, "--within", "50ms", "--since", since.trim_end()]);
    let said = [
        "restante: No mail to ada@x.test with subject containing \"Welcome\" within 50 ms.",
        "\nNearest:\n",
        "    yes  to:ada@x.test\n    NO   subject:Welcome\n         it has Welcom to Acme (1 letter off)",
    ];
    assert_failed(&output, 1, &said);
    let output = server.ask(&["expect", "to:ada@x.test", "--none", "0"]);
    assert_failed(&output, 1, &["came, and none was to", "\nMatched:\n  01"]);
    let output = server.ask(&["expect", "--rcpt", "bob@x.test", "--none", "0"]);
    assert!(output.status.success() && output.stdout.is_empty());
}

#[test]
fn what_is_not_in_the_mail_that_came_is_a_failure() {
    let server = server();
    server.deliver("ada@x.test", "Hello", "Nothing to see.");
    for (what, missing) in [("code", "no one-time code"), ("link", "no link"), ("html", "no HTML")]
    {
        let output = server.ask(&["expect", "to:ada@x.test", "--print", what]);
        assert_failed(&output, 1, &["The mail came, but", missing, "restante show 01"]);
    }
}

#[test]
fn wrong_use_is_told_from_a_test_that_failed() {
    let server = server();
    for (arguments, said) in [
        (&["expect", "subjct:x"][..], "Did you mean \"subject\"?"),
        (&["expect", "to:x", "--since", "1.1"], "of another run"),
        (&["expect", "to:x", "--settle", "1s"], "settle"),
        (&["expect", "to:x", "--count", "1", "--exactly", "1"], "--exactly"),
        (&["expect", "to:x", "--", "/nonexistent/command"], "/nonexistent/command: No such file"),
        (&["expect", "to:x", "--url", "http://127.0.0.1:1"], "connection refused"),
    ] {
        assert_failed(&server.ask(arguments), 2, &[said]);
    }
    let elsewhere = format!("http://{}/elsewhere", server.http());
    let output = server.ask(&["expect", "to:x", "--url", &elsewhere]);
    assert_failed(&output, 2, &["There is nothing at /elsewhere/v1/expect"]);
}

#[test]
fn a_command_is_run_and_its_mail_waited_for() {
    let server = server();
    server.deliver("ada@x.test", "Code", "Your code is 111111");
    // A mail that was there before is not taken for the one that the command sends.
    let program = env!("CARGO_BIN_EXE_restante");
    let send =
        format!("echo sending; '{program}' send --to ada@x.test --text 'Your code is 222222' >&2");
    let output =
        server.ask(&["expect", "to:ada@x.test", "--print", "code", "--", "sh", "-c", &send]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "222222\n", "{}", stderr(&output));
    assert!(stderr(&output).starts_with("sending\n01"), "{}", stderr(&output));
}

#[test]
fn a_command_that_fails_fails_the_test() {
    let server = server();
    let output = server.ask(&["expect", "to:ada@x.test", "--", "sh", "-c", "exit 7"]);
    assert_failed(&output, 1, &["the command failed with exit code 7", "sh -c exit 7"]);
    let output = server.ask(&["expect", "to:ada@x.test", "--", "sh", "-c", "kill -9 $$"]);
    assert_failed(&output, 1, &["was ended by a signal: 9"]);
}

#[test]
fn a_signal_reaches_the_command_and_ends_the_wait() {
    let server = server();
    let script = "trap 'echo told; exit 0' TERM; echo ready; while :; do read x; done";
    let mut child = server.client(&["expect", "to:x", "--", "sh", "-c", script]).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    signal(child.id(), "TERM");
    line.clear();
    log.read_line(&mut line).unwrap();
    assert_eq!((line.as_str(), child.wait().unwrap().code()), ("told\n", Some(143)));
}

#[test]
fn ctrl_c_ends_a_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut waiting = restante(&format!("expect to:x --within 1h --url {url}")).spawn().unwrap();
    let _connection = listener.accept().unwrap();
    signal(waiting.id(), "INT");
    // A shell says 130 of a program that SIGINT ended.
    assert_eq!(waiting.wait().unwrap().signal(), Some(2));
}

/// What a CI job does, from the start of the catcher to its end.
#[test]
fn a_script_starts_it_tests_with_it_and_stops_it() {
    let modules = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/node_modules");
    if !Path::new(modules).join("nodemailer").exists() {
        eprintln!("skipped: there is no nodemailer, which comes with the UI's tests");
        return;
    }
    let file = Scratch::new();
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT]).env("BIN", env!("CARGO_BIN_EXE_restante"));
    shell.env("NODE_PATH", modules).env("RESTANTE_READY_FILE", file.name());
    let output = shell.env_remove("RESTANTE_URL").output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(printed, "code=481516 link=https://app.test/confirm?t=1\n", "{}", stderr(&output));
    assert!(!file.0.exists());
}

const SCRIPT: &str = r#"
    set -eu
    "$BIN" --smtp 0 --http 0 >&2 &
    "$BIN" ready --wait
    since=$("$BIN" cursor)
    node -e '
        const ready = JSON.parse(require("fs").readFileSync(process.env.RESTANTE_READY_FILE));
        const [host, port] = ready.smtp[0].split(":");
        const mail = {from: "App <app@app.test>", to: "ada@x.test", subject: "Welcome"};
        mail.text = "Your code is 481516.";
        mail.html = "<p>Your code is 481516. <a href=\"https://app.test/confirm?t=1\">Confirm</a>";
        require("nodemailer").createTransport({host, port, secure: false}).sendMail(mail);
    '
    code=$("$BIN" expect 'to:ada@x.test subject:Welcome' --since "$since" --print code)
    link=$("$BIN" expect 'to:ada@x.test subject:Welcome' --since "$since" --print link)
    kill "$!"
    wait "$!"
    echo "code=$code link=$link"
"#;

fn signal(process: u32, name: &str) {
    let arguments = ["-s", name, &process.to_string()];
    assert!(Command::new("kill").args(arguments).status().unwrap().success());
}
