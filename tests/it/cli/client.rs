//! How client commands reach a server: whatever stands between them, and nothing that does not.

use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::thread;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::assert_failed;
use crate::cli::running::restante;
use crate::cli::running::stderr;

#[test]
fn a_server_on_this_machine_is_asked_without_a_proxy() {
    let server = Running::start(restante(ANY_PORT).env("RESTANTE_BASE_PATH", "/mail"));
    let url = format!("http://localhost:{}/mail/", server.http().port());
    let mut list = restante("list");
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        list.env(variable, "http://127.0.0.1:1");
    }
    let output = list.env("RESTANTE_URL", url).output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), "restante: no mail\n"));
}

/// Answers one request with this, and gives back its head.
fn answering(answer: &'static str) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(head).unwrap()
    });
    (port, asked)
}

#[test]
fn user_and_password_are_for_who_asks_for_them_and_never_shown() {
    let (port, asked) = answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nnope");
    let output = restante(&format!("cursor --url http://bob:s3cret@127.0.0.1:{port}/a")).output();
    let output = output.unwrap();
    let head = asked.join().unwrap().to_lowercase();
    assert!(head.starts_with("get /a/v1/cursor http/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: basic ym9ionmzy3jlda==\r\n"), "{head}");
    assert_failed(&output, 2, &["the status 401: is that a restante?"]);
    assert!(!stderr(&output).contains("s3cret"));
}

#[test]
fn what_is_no_restante_is_told() {
    for (answer, said) in [
        ("SSH-2.0-OpenSSH\r\n\r\n", "this is no HTTP server"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "does not understand"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"cur", "broke off"),
        ("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", "status 302"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\n<html", "is that a restante?"),
    ] {
        let (port, asked) = answering(answer);
        let output = restante(&format!("cursor --url http://127.0.0.1:{port}")).output().unwrap();
        asked.join().unwrap();
        assert_failed(&output, 2, &[said]);
    }
}
