//! The flows of a tester in README.md: the very commands and lines it shows, run.

use std::error::Error;
use std::net::SocketAddr;
use std::process::Command;
use std::process::Output;
use std::time::Duration;

use restante::testing::Catcher;
use serde_json::Value;

use crate::support::Client;

const README: &str = include_str!("../../README.md");

/// What stands for the application in the shell.
const APPLICATION: &str = r#"
mail() {
  printf 'To: %s\r\nSubject: Welcome\r\n\r\n%s\r\n' "$1" "$2" |
    curl -sS "smtp://$SMTP" --mail-from app@app.test --mail-rcpt "$1" --upload-file -
}
sign-up() { mail "$1" 'Your code is 481516. Or go to https://app.test/confirm/first'; }
send-again() { mail "$1" 'Go to https://app.test/confirm/second'; }
unsubscribe() { true; }
send-newsletter() { mail "$1" 'News'; }
"#;

/// What stands for the programs that one line of a shell starts.
const PROGRAMS: &str = r#"
bin=$(mktemp -d)
trap 'rm -r "$bin"' EXIT
ln -s "$RESTANTE" "$bin/restante"
send='restante send --to "$4" --subject Welcome --text "Your code is 481516."'
printf '#!/bin/sh\n%s\n' "$send" > "$bin/npm"
chmod +x "$bin/npm"
PATH=$bin:$PATH
"#;

#[test]
fn the_shell_gets_a_code_a_link_and_nothing() {
    let catcher = Catcher::start().unwrap();
    let Some(output) = shell(&catcher, &block("sh", "sign-up")) else { return };
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let (lines, nothing) = said.split_at(said.find('{').unwrap());
    assert_eq!(lines, "481516\nhttps://app.test/confirm/second\n");
    let answers = serde_json::Deserializer::from_str(nothing).into_iter::<Value>();
    let answers: Vec<Value> = answers.collect::<Result<_, _>>().unwrap();
    assert_eq!(answers.iter().map(|answer| &answer["matched"]).collect::<Vec<_>>(), [0, 0]);
}

#[test]
fn the_shell_says_why_a_mail_did_not_come() {
    let catcher = Catcher::start().unwrap();
    let flows = block("sh", "sign-up").replace("/v1/expect?", "/v1/expect?within=0&");
    let code = flows.split("\n\n").next().unwrap();
    let Some(output) = shell(&catcher, &format!("sign-up() {{ true; }}\n{code}")) else { return };
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("No mail to ada-"), "{said}");
    // Without jq the answer itself is printed.
    let nothing = flows.split("\n\n").last().unwrap().replace("within=0&", "");
    let mail = "to=ada@x.test; unsubscribe() { mail \"$1\" Hello; }";
    let Some(output) = shell(&catcher, &format!("{mail}\n{nothing}")) else { return };
    assert_eq!(output.status.code(), Some(22), "as curl has it");
    let problem: Value = serde_json::from_slice(&output.stdout).unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.starts_with("A mail to ada@x.test came, and none was to: "), "{detail}");
}

#[test]
fn one_line_of_a_shell_gets_a_code() {
    let catcher = Catcher::start().unwrap();
    let line = block("sh", "restante expect");
    let Some(output) = shell(&catcher, &format!("{PROGRAMS}\n{line}\necho \"$code\"")) else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "481516\n", "{said}");
}

#[test]
fn a_rust_test_gets_a_code_a_link_and_nothing() -> Result<(), Box<dyn Error>> {
    let smtp = std::cell::Cell::new(None);
    let send = |to: &str, text: &str| {
        let mut client = Client::connect(smtp.get().unwrap());
        client.say("EHLO app.test");
        let mail = format!("To: {to}\r\nSubject: Welcome\r\n\r\n{text}\r\n");
        assert!(client.deliver("app@app.test", &[to], &mail).starts_with("250"));
    };
    let sign_up = |to: &str, address: SocketAddr| {
        smtp.set(Some(address));
        send(to, "Your code is 481516.");
    };
    let send_again = |to: &str| send(to, "Go to https://app.test/confirm/k3y");
    let unsubscribe = |_: &str| ();
    let send_newsletter = |to: &str| send(to, "News");

    let catcher = Catcher::start()?; // restante::testing::Catcher
    let ada = || catcher.expect("").to("ada@example.test");

    sign_up("ada@example.test", catcher.smtp_address());
    let mail = ada().one().wait()?;
    assert_eq!(mail.code().as_deref(), Some("481516"));

    let cursor = catcher.cursor();
    send_again("ada@example.test");
    let mail = ada().since(cursor).one().wait()?;
    assert_eq!(mail.main_link().as_deref(), Some("https://app.test/confirm/k3y"));

    let cursor = catcher.cursor();
    unsubscribe("ada@example.test");
    send_newsletter("last@example.test");
    ada().since(cursor).none(Duration::from_secs(2)).wait()?;
    ada().since(cursor).none(Duration::from_secs(2)).until("to:last@example.test").wait()?;
    Ok(())
}

/// The test above is those lines, and they are what the page shows.
#[test]
fn the_page_shows_the_rust_that_was_run() {
    let own = include_str!("readme.rs").lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let shown = block("rust", "sign_up");
    let shown = shown.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert!(own.contains(&shown), "{shown}");
}

/// The block of README.md in this language that has this word in it.
fn block(language: &str, word: &str) -> String {
    let blocks = README.split("\n```").skip(1).step_by(2);
    let mut meant = blocks.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    meant.find(|block| block.contains(word)).unwrap().to_owned()
}

/// Runs commands beside a catcher. None where the programs they need are not installed; a CI
/// machine has to have them.
fn shell(catcher: &Catcher, commands: &str) -> Option<Output> {
    let address = catcher.url().trim_start_matches("http://").to_owned();
    let commands = commands.replace("localhost:8025", &address);
    let bash = |script: &str| {
        let mut command = Command::new("bash");
        command.args(["-eu", "-o", "pipefail", "-c", script]);
        command.env("SMTP", catcher.smtp_address().to_string());
        command.env("RESTANTE", env!("CARGO_BIN_EXE_restante"));
        command.env("RESTANTE_URL", catcher.url()).output()
    };
    let has_all = bash("command -v curl jq").is_ok_and(|found| found.status.success());
    if !has_all && std::env::var_os("CI").is_none() {
        eprintln!("skipped: the commands of README.md need bash, curl and jq");
        return None;
    }
    Some(bash(&format!("{APPLICATION}\n{commands}")).unwrap())
}
