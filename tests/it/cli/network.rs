//! Listeners, certificates and limits of the program as it is started.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

use serde_json::Value;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::Scratch;
use crate::cli::running::restante;
use crate::cli::running::stderr;
use crate::net::tls::TlsClient;

#[test]
fn every_listener_has_its_line_and_its_place_in_the_ready_file() {
    let (file, socket) = (Scratch::new(), Scratch::new());
    let line = format!(
        "--smtp 0 --smtp 0,starttls --smtp 0,starttls=required --smtp 0,tls,proxy \
         --smtp unix:{},lmtp --http 0 --ready-file {}",
        socket.name(),
        file.name()
    );
    let server = Running::start(&mut restante(&line));
    let ready: Value = serde_json::from_slice(&fs::read(&file.0).unwrap()).unwrap();
    let smtp: Vec<&str> =
        ready["smtp"].as_array().unwrap().iter().map(|place| place.as_str().unwrap()).collect();
    let port = |index: usize| smtp[index].rsplit_once(':').unwrap().1;
    let anybody = "any user and password or none";
    for words in [
        format!("SMTP  host 127.0.0.1, port {}, no TLS, {anybody}", port(0)),
        format!("SMTP  host 127.0.0.1, port {}, STARTTLS or no TLS, {anybody}", port(1)),
        format!("SMTP  host 127.0.0.1, port {}, STARTTLS required, {anybody}", port(2)),
        format!("SMTP  host 127.0.0.1, port {}, TLS from the start, behind a proxy, ", port(3)),
        format!("LMTP  socket {}, no TLS, {anybody}", socket.name()),
        format!(
            "TLS   for clients to trust it: restante ca, or http://{}/v1/ca.pem",
            server.http()
        ),
    ] {
        assert!(server.said.contains(&words), "{words}\n{}", server.said);
    }
    assert_eq!(smtp[4], format!("unix:{}", socket.name()));
    assert_eq!(server.stop("TERM"), Some(0));
    assert!(!socket.0.exists());
}

#[test]
fn the_authority_is_printed_and_kept() {
    let folder = Scratch::new();
    let line = format!("--smtp 0,tls --http 0 --ca-dir {}", folder.name());
    let mut printed = Vec::new();
    for _ in 0..2 {
        let server = Running::start(&mut restante(&line));
        let url = format!("http://{}", server.http());
        let output = restante(&format!("ca --url {url}")).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let pem = String::from_utf8(output.stdout).unwrap();
        let greeting = greeting(&server, &TlsClient::trusting(&pem));
        assert!(greeting.is_some_and(|code| code == "220"));
        printed.push(pem);
    }
    assert_eq!(printed[0], printed[1]);
    assert_eq!(printed[0], fs::read_to_string(folder.0.join("ca.pem")).unwrap());
    fs::remove_dir_all(&folder.0).unwrap();
}

#[test]
fn where_there_is_no_authority_the_command_says_why() {
    let server = Running::start(&mut restante(ANY_PORT));
    let output = restante(&format!("ca --url http://{}", server.http())).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("restante: No listener speaks TLS"), "{said}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_hang_up_reads_the_certificate_again() {
    let file = Scratch::new();
    let write = || {
        let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let pem = pair.cert.pem() + &pair.signing_key.serialize_pem();
        fs::write(&file.0, pem).unwrap();
        TlsClient::trusting(&pair.cert.pem())
    };
    let first = write();
    let line = format!("--smtp 0,tls --http 0 --tls-cert {}", file.name());
    let mut server = Running::start(&mut restante(&line));
    assert!(greeting(&server, &first).is_some());
    let second = write();
    server.signal("HUP");
    server.wait_for_log("read again");
    assert!(greeting(&server, &second).is_some() && greeting(&server, &first).is_none());
    fs::write(&file.0, "nonsense").unwrap();
    server.signal("HUP");
    server.wait_for_log(&format!("stays: --tls-cert {}", file.name()));
    assert!(greeting(&server, &second).is_some());
    assert_eq!(server.stop("TERM"), Some(0));
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_with_its_flag() {
    for (flag, arguments) in [
        ("--tls-cert /nonexistent/c: ", "--tls-cert /nonexistent/c"),
        ("--ca-dir /dev/null/x: ", "--ca-dir /dev/null/x"),
    ] {
        let line = format!("--smtp 0,tls --http 0 {arguments}");
        let output = restante(&line).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(stderr(&output).contains(flag), "{}", stderr(&output));
    }
}

/// The kernel completes connections that a server out of descriptors cannot accept yet.
#[cfg(target_os = "linux")]
#[test]
fn out_of_descriptors_it_waits_and_then_goes_on() {
    let mut server = Running::start(&mut restante(&format!("{ANY_PORT} --log warn")));
    let pid = server.child.id().to_string();
    let limit = ["--nofile=24:24", "--pid", &pid];
    match Command::new("prlimit").args(limit).status() {
        Ok(status) if status.success() => {}
        outcome => {
            eprintln!("skipped: prlimit cannot be used here: {outcome:?}");
            return;
        }
    }
    let mut clients: Vec<TcpStream> = (0..24).map(|_| server.smtp()).collect();
    server.wait_for_log("cannot accept a connection");
    let mut last = clients.pop().unwrap();
    drop(clients);
    let mut code = [0; 3];
    last.read_exact(&mut code).unwrap();
    assert_eq!(&code, b"220");
    last.write_all(b"QUIT\r\n").unwrap();
}

/// The code of the greeting, or none where a client does not trust the server.
fn greeting(server: &Running, client: &TlsClient) -> Option<String> {
    let mut code = [0; 3];
    client.wrap(server.smtp()).read_exact(&mut code).ok()?;
    Some(String::from_utf8_lossy(&code).into_owned())
}
