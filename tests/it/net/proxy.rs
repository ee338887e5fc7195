//! Listeners behind a proxy.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;

use restante::config::Config;
use restante::config::Security;
use restante::testing::Catcher;

use crate::net::config;
use crate::net::endpoint;
use crate::net::facts;
use crate::net::tls::TlsClient;
use crate::support::Client;
use crate::support::tcp;

const LINE: &[u8] = b"PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n";

/// The same for version 2, with a field behind the addresses.
const BINARY: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10\
                        \xC0\0\x02\x01\xC6\x33\x64\x01\xDC\x04\0\x19\x04\0\x01\0";

const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";

fn behind_proxy() -> Config {
    config(|listener| listener.behind_proxy = true)
}

fn connect(catcher: &Catcher, header: &[u8]) -> TcpStream {
    let mut stream = tcp(catcher.smtp_address());
    stream.write_all(header).unwrap();
    stream
}

#[test]
fn the_client_is_whom_the_header_names() {
    let catcher = Catcher::with(&behind_proxy()).unwrap();
    for header in [LINE, BINARY] {
        let mut client = Client::greeted(connect(&catcher, header));
        assert_eq!(facts(&catcher, &mut client).peer, endpoint("192.0.2.1:56324"));
    }
    let stream = connect(&catcher, LOCAL);
    let own = stream.local_addr().unwrap();
    assert_eq!(facts(&catcher, &mut Client::greeted(stream)).peer, own.into());
}

#[test]
fn a_header_may_come_in_pieces_and_with_what_follows() {
    let catcher = Catcher::with(&behind_proxy()).unwrap();
    for header in [LINE, BINARY] {
        let mut stream = tcp(catcher.smtp_address());
        for byte in header {
            stream.write_all(&[*byte]).unwrap();
        }
        let mut client = Client::greeted(stream);
        assert_eq!(facts(&catcher, &mut client).peer, endpoint("192.0.2.1:56324"));
        let mut client = Client::greeted(connect(&catcher, &[header, b"NOOP\r\n"].concat()));
        assert!(client.reply().starts_with("250"));
    }
}

#[test]
fn tls_begins_behind_the_header() {
    let config = config(|listener| {
        listener.behind_proxy = true;
        listener.security = Security::Tls;
    });
    let catcher = Catcher::with(&config).unwrap();
    let stream = TlsClient::of(&catcher).wrap(connect(&catcher, BINARY));
    let facts = facts(&catcher, &mut Client::greeted(stream));
    assert_eq!(facts.peer, endpoint("192.0.2.1:56324"));
    assert!(facts.tls.is_some());
}

#[test]
fn what_is_no_header_is_not_answered() {
    let catcher = Catcher::with(&behind_proxy()).unwrap();
    for bytes in [&b"EHLO x.test\r\n"[..], b"PROXY TCP4 x\r\n", b"\x16\x03\x01"] {
        assert_eq!(answer(connect(&catcher, bytes)), b"");
    }
}

#[test]
fn only_who_is_trusted_is_a_proxy() {
    for (trusted, greets) in [("127.0.0.1", true), ("192.0.2.0/24", false)] {
        let mut config = behind_proxy();
        config.access.trust = [trusted.parse().unwrap()].into_iter().collect();
        let catcher = Catcher::with(&config).unwrap();
        let mut stream = tcp(catcher.smtp_address());
        // A server that is not willing may close before it is written.
        let _ = stream.write_all(LINE);
        let mut code = [0; 3];
        let read = stream.read(&mut code).unwrap_or(0);
        assert_eq!(&code[..read] == b"220", greets, "{trusted}");
    }
}

#[test]
fn who_may_connect_is_the_client_and_not_the_proxy() {
    let mut config = behind_proxy();
    config.access.allow = ["192.0.2.1".parse().unwrap()].into_iter().collect();
    let catcher = Catcher::with(&config).unwrap();
    Client::greeted(connect(&catcher, LINE));
    assert!(answer(connect(&catcher, LOCAL)).starts_with(b"554 5.7.1 "));
}

/// All that the server says before it closes.
fn answer(mut stream: TcpStream) -> Vec<u8> {
    let mut said = Vec::new();
    // It may reset the connection, as it has not read everything.
    let _ = stream.read_to_end(&mut said);
    said
}
