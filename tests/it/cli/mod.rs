//! The program itself, as a person or a script starts it: arguments and signals in, words and exit
//! codes out.

mod client;
mod expect;
mod export;
mod looking;
mod network;
pub(crate) mod running;
mod send;
mod shell;
mod watch;

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Output;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::Scratch;
use crate::cli::running::restante;
use crate::cli::running::stderr;

#[test]
fn a_wrong_flag_is_named_with_its_value_and_what_is_right() {
    for (arguments, said) in [
        ("--smtp mail.test:25", ["'mail.test:25' for '--smtp", "not looked up"]),
        ("--smtp 1025,tsl", ["'1025,tsl' for '--smtp", "no option \"tsl\"; right are 1025,"]),
        ("--allow localhost", ["'localhost' for '--allow", "10.0.0.0/8"]),
        ("--max-rate 10", ["'10' for '--max-rate", "10/1s"]),
        ("--tls-name a..b", ["'a..b' for '--tls-name", "mail.test"]),
        ("--tls-cert x", ["--tls-cert", "--smtp 1465,tls"]),
        ("--http 80000", ["'80000' for '--http", "0 to 65535"]),
        ("--store-size many", ["'many' for '--store-size", "512MiB"]),
        ("--max-errors 0", ["'0' for '--max-errors", "from 1"]),
        ("--max-command-line 100", ["'100' for '--max-command-line", "512 bytes"]),
        ("--idle-timeout 10", ["'10' for '--idle-timeout", "10s"]),
        ("--allow-host http://x", ["'http://x' for '--allow-host", "no host name"]),
        ("--base-path /a//b", ["'/a//b' for '--base-path", "such as /mail"]),
        ("--log loud", ["'loud' for '--log", "debug"]),
        (
            "--store-size 1m --max-message-size 2m",
            ["--max-message-size (2 MiB)", "--store-size (1"],
        ),
        ("--stor-size 1m", ["'--stor-size'", "'--store-size'"]),
        ("ready --url ftp://x", ["'ftp://x' for '--url", "http://"]),
        ("expect --print colour", ["'colour' for '--print", "code"]),
        ("expect --within soon", ["'soon' for '--within", "10s"]),
    ] {
        let output = restante(arguments).output().unwrap();
        assert_refused(&output, &said, arguments);
    }
}

#[test]
fn a_wrong_variable_is_named_with_its_value_and_what_is_right() {
    for (variable, value, right) in [
        ("RESTANTE_SMTP", "x", "localhost:1025"),
        ("RESTANTE_STORE_SIZE", "1 zebibyte", "512MiB"),
        ("RESTANTE_LOG", "inof", "debug"),
    ] {
        let output = restante("").env(variable, value).output().unwrap();
        assert_refused(&output, &[variable, value, right], variable);
    }
    // On the command line it is the flag that was wrong, whatever the variable says.
    let output = restante("--smtp y").env("RESTANTE_SMTP", "x").output().unwrap();
    assert_refused(&output, &["'y' for '--smtp"], "both");
}

#[test]
fn variables_that_are_empty_or_of_another_command_do_not_matter() {
    let server = Running::start(restante(ANY_PORT).env("RESTANTE_LOG", ""));
    let ready = restante(&format!("ready --url http://{}", server.http()))
        .env("RESTANTE_STORE_SIZE", "nonsense")
        .output()
        .unwrap();
    assert!(ready.status.success(), "{}", stderr(&ready));
}

#[test]
fn a_flag_wins_over_its_variable() {
    let file = Scratch::new();
    let other = Scratch::new();
    let line = format!("{ANY_PORT} --ready-file {}", file.name());
    let _server = Running::start(restante(&line).env("RESTANTE_READY_FILE", &other.0));
    assert!(file.0.exists() && !other.0.exists());
}

#[test]
fn the_start_message_says_where_it_really_is() {
    let server = Running::start(&mut restante(ANY_PORT));
    let mut smtp = BufReader::new(server.smtp());
    let mut greeting = String::new();
    smtp.read_line(&mut greeting).unwrap();
    assert!(greeting.starts_with("220 "), "{greeting}");
    let address = smtp.get_ref().peer_addr().unwrap();
    assert!(server.said.contains(&format!("host 127.0.0.1, port {}", address.port())));
    assert!(server.said.contains(&format!("--smtp 0.0.0.0:{}", address.port())), "{}", server.said);
    assert!(server.said.contains(&format!("http://{}/", server.http())));
}

#[test]
fn a_port_in_use_is_named_with_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, other) in [("--smtp", "--http"), ("--http", "--smtp")] {
        let output = restante(&format!("{flag} {address} {other} 0")).output().unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(flag) && said.contains(&address), "{said}");
        assert!(output.stdout.is_empty(), "it did not start");
    }
}

#[test]
fn the_ready_file_is_there_exactly_while_it_is_ready() {
    let file = Scratch::new();
    fs::write(&file.0, "left by a server that was killed").unwrap();
    let line = format!("{ANY_PORT} --smtp 0 --ready-file {}", file.name());
    let server = Running::start(&mut restante(&line));
    let ready: Value = serde_json::from_slice(&fs::read(&file.0).unwrap()).unwrap();
    assert_eq!(ready["pid"], server.child.id());
    assert_eq!(ready["http"], serde_json::json!([server.http().to_string()]));
    let smtp = ready["smtp"].as_array().unwrap();
    assert_eq!(smtp.len(), 2);
    for address in smtp {
        TcpStream::connect(address.as_str().unwrap()).unwrap();
    }
    assert_eq!(server.stop("TERM"), Some(0));
    assert!(!file.0.exists());
}

#[test]
fn a_ready_file_that_cannot_be_written_is_an_error() {
    let output = restante(&format!("{ANY_PORT} --ready-file /nonexistent/x")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--ready-file /nonexistent/x"), "{}", stderr(&output));
}

#[test]
fn ready_waits_for_a_server_that_is_yet_to_start() {
    let file = Scratch::new();
    let waiting = restante(&format!("ready --wait=60s --ready-file {}", file.name())).spawn();
    let _server =
        Running::start(&mut restante(&format!("{ANY_PORT} --ready-file {}", file.name())));
    assert!(waiting.unwrap().wait().unwrap().success());
}

#[test]
fn ready_finds_a_server_by_the_variables_it_was_given() {
    let server = Running::start(restante(ANY_PORT).env("RESTANTE_BASE_PATH", "/mail"));
    let mut ready = restante("ready");
    ready.env("RESTANTE_BASE_PATH", "mail").env("RESTANTE_HTTP", server.http().to_string());
    let output = ready.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn ready_says_why_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let ask = restante(&format!("ready --url http://{address}/x")).spawn().unwrap();
    let (mut other, _) = listener.accept().unwrap();
    let mut head = [0; 24];
    other.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"GET /x/readyz HTTP/1.1\r\n");
    other.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").unwrap();
    let output = ask.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("restante: not ready: http://{address}/x/readyz: the status is 503");
    assert!(stderr(&output).starts_with(&expected), "{}", stderr(&output));
}

#[test]
fn ready_waits_no_longer_for_a_server_that_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let started_at = Instant::now();
    let output = restante(&format!("ready --wait 1ms --url http://{address}")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    // Without --wait one question may take five seconds.
    assert!(started_at.elapsed() < Duration::from_secs(4), "{}", stderr(&output));
}

#[test]
fn help_and_version_are_no_errors() {
    let help = restante("--help").output().unwrap();
    assert!(help.status.success());
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("RESTANTE_SMTP") && text.contains("ready"), "{text}");
    let version = restante("-V").output().unwrap();
    assert_eq!(version.stdout, concat!("restante ", env!("CARGO_PKG_VERSION"), "\n").as_bytes());
}

#[test]
fn either_signal_ends_it_with_success() {
    for signal in ["TERM", "INT"] {
        let server = Running::start(&mut restante(ANY_PORT));
        assert_eq!(server.stop(signal), Some(0), "SIG{signal}");
    }
}

#[test]
fn a_mail_in_flight_is_finished_before_the_end() {
    let mut server = Running::start(&mut restante(ANY_PORT));
    let mut client = in_the_middle_of_a_mail(&server);
    server.signal("TERM");
    server.wait_for_log("stopping");
    client.get_mut().write_all(b"end\r\n.\r\n").unwrap();
    let mut reply = String::new();
    client.read_line(&mut reply).unwrap();
    assert!(reply.starts_with("250 "), "{reply}");
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut server = Running::start(&mut restante(&format!("{ANY_PORT} --shutdown-grace 1h")));
    let _client = in_the_middle_of_a_mail(&server);
    server.signal("INT");
    server.wait_for_log("stopping");
    assert_eq!(server.stop("TERM"), Some(143));
}

/// A client that has sent the first line of a mail and not its end.
fn in_the_middle_of_a_mail(server: &Running) -> BufReader<TcpStream> {
    let mut client = BufReader::new(server.smtp());
    let mut line = String::new();
    for command in ["", "HELO x.test", "MAIL FROM:<a@x.test>", "RCPT TO:<b@x.test>", "DATA"] {
        if !command.is_empty() {
            client.get_mut().write_all(format!("{command}\r\n").as_bytes()).unwrap();
        }
        line.clear();
        client.read_line(&mut line).unwrap();
        assert!(line.starts_with(['2', '3']), "{command}: {line}");
    }
    client.get_mut().write_all(b"Subject: x\r\n\r\n").unwrap();
    client
}

fn assert_refused(output: &Output, said: &[&str], what: &str) {
    let error = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{what}: {error}");
    for words in said {
        assert!(error.contains(words), "{what}: {error}");
    }
}
