//! Passwords, tokens and hashes go in and never come out: not in logs, not in the API, not in what
//! the start says when they are wrong.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::Scratch;
use crate::cli::running::restante;
use crate::cli::running::stderr;

/// Passwords and tokens of users, right and wrong ones.
const SECRETS: [&str; 4] = ["hunter2-right", "hunter3-wrong", "LrttParrLPdxvgutaSXWJ0", "geheim9"];

#[test]
fn what_was_said_in_confidence_is_not_repeated() {
    let file = Scratch::new();
    fs::write(file.name(), "anna:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\ncarl:geheim9\n").unwrap();
    let line = format!("{ANY_PORT} --log trace --auth-file {}", file.name());
    let server = Running::start(restante(&line).env("RESTANTE_AUTH", "bob:hunter2-right"));
    let responses = [
        "\0bob\0hunter2-right",
        "\0bob\0hunter3-wrong",
        "user=bob\x01auth=Bearer hunter3-wrong\x01\x01",
        "user=bob\x01auth=Bearer hunter2-right\x01\x01",
        "n,a=bob,\x01auth=Bearer hunter2-right\x01\x01",
        "hunter2-right",
        "hunter3-wrong",
    ]
    .map(|response| STANDARD.encode(response));
    let [plain, wrong, no_token, token, bearer, password, mistake] = &responses;
    for (lines, last_code) in [
        (vec![format!("AUTH PLAIN {plain}")], "235"),
        (vec!["AUTH PLAIN".into(), plain.clone()], "235"),
        (vec![format!("AUTH PLAIN {wrong}")], "535"),
        (vec![format!("AUTH PLAIN {wrong} {plain}")], "501"),
        (vec![format!("AUTH GSSAPI {plain}")], "504"),
        (vec!["AUTH LOGIN Ym9i".into(), password.clone()], "235"),
        (vec!["AUTH LOGIN Ym9i".into(), mistake.clone()], "535"),
        (vec!["AUTH LOGIN Ym9i".into(), "hunter2-right".into()], "501"),
        (vec![format!("AUTH XOAUTH2 {no_token}"), String::new()], "535"),
        (vec![format!("AUTH XOAUTH2 {token}")], "235"),
        (vec![format!("AUTH OAUTHBEARER {bearer}")], "235"),
    ] {
        let replies = mail_behind(server.smtp(), &lines);
        assert!(replies.iter().any(|reply| reply.starts_with(last_code)), "{lines:?} {replies:?}");
    }
    let told: Vec<String> = ["/v1/messages", "/v1/messages/latest", "/v1/info", "/metrics"]
        .iter()
        .map(|path| get(&server, path))
        .collect();
    assert!(told[1].contains("OAUTHBEARER") && told[1].contains("bob"), "{}", told[1]);
    let told = told.join("\n") + &server.last_words();
    assert!(told.contains("DEBUG") && told.contains("starting config"), "the log is there: {told}");
    for secret in SECRETS.into_iter().chain(responses.iter().map(String::as_str)) {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[test]
fn a_wrong_user_is_named_by_its_flag_and_no_password() {
    let file = Scratch::new();
    fs::write(file.name(), "anna:x\nbob:$6$hunter2\n").unwrap();
    let named = format!("--auth-file {}: line 2: ", file.name());
    for (line, said) in [
        ("--auth hunter2".to_owned(), "--auth (RESTANTE_AUTH): "),
        ("--auth :hunter2".to_owned(), "no user name"),
        ("--auth=bob: --auth carl:hunter2".to_owned(), "no password"),
        ("--auth bob:hunter2 --auth bob:hunter2".to_owned(), "\"bob\" is given twice"),
        (format!("--auth-file {}", file.name()), &named),
        ("--auth-file no/such/file".to_owned(), "--auth-file no/such/file: "),
        ("--auth-required=hunter --auth bob:hunter2".to_owned(), "--auth-required"),
        ("--inbox-by rcpts --auth bob:hunter2".to_owned(), "'rcpts' for '--inbox-by"),
    ] {
        let output = restante(&format!("{ANY_PORT} {line}")).output().unwrap();
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{line}: {error}");
        assert!(error.contains(said) && !error.contains("hunter2"), "{line}: {error}");
    }
    let output = restante(ANY_PORT).env("RESTANTE_AUTH", "bob:x hunter2").output().unwrap();
    let error = stderr(&output);
    assert!(error.contains("RESTANTE_AUTH") && !error.contains("hunter2"), "{error}");
}

/// Says these lines and sends a mail; all replies.
fn mail_behind(stream: TcpStream, lines: &[String]) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    let mut replies = vec![reply(&mut stream)];
    let rest = ["MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "DATA", "Hello\r\n.", "QUIT"];
    let lines = lines.iter().map(String::as_str);
    for line in ["EHLO app.test"].into_iter().chain(lines).chain(rest) {
        stream.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        replies.push(reply(&mut stream));
    }
    replies
}

fn reply(stream: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line.as_bytes().get(3) != Some(&b'-') {
            return line;
        }
    }
}

fn get(server: &Running, path: &str) -> String {
    let mut stream = TcpStream::connect(server.http()).unwrap();
    let host = server.http();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
