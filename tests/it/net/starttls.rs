//! STARTTLS (RFC 3207), and what must not survive it.

use std::io::Read;
use std::io::Write;

use restante::config::Security;
use restante::testing::Catcher;

use crate::net::facts;
use crate::net::secured;
use crate::net::tls::TlsClient;
use crate::support::Client;
use crate::support::tcp;

fn says_hello(client: &mut Client) -> bool {
    client.send(b"EHLO x.test\r\n");
    client.lines().iter().any(|line| line.contains("STARTTLS"))
}

fn start(catcher: &Catcher, mut client: Client) -> Client {
    let reply = client.say("STARTTLS");
    assert!(reply.starts_with("220 "), "{reply}");
    client.in_tls(&TlsClient::of(catcher))
}

#[test]
fn a_session_goes_on_in_tls() {
    let catcher = secured(Security::StartTlsOffered);
    let mut client = Client::connect(catcher.smtp_address());
    assert!(says_hello(&mut client), "STARTTLS is offered");
    let mut client = start(&catcher, client);
    assert!(!says_hello(&mut client), "STARTTLS is not offered in TLS");
    assert!(facts(&catcher, &mut client).tls.is_some());
    assert!(client.say("STARTTLS").starts_with('5'));
    assert!(client.say("QUIT").starts_with("221"));
}

#[test]
fn it_is_the_clients_choice_unless_it_is_required() {
    let catcher = secured(Security::StartTlsOffered);
    let mut client = Client::connect(catcher.smtp_address());
    assert_eq!(facts(&catcher, &mut client).tls, None);
    let catcher = secured(Security::StartTlsRequired);
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    assert!(client.say("MAIL FROM:<a@x.test>").starts_with("530 5.7.0"));
    let mut client = start(&catcher, client);
    assert!(facts(&catcher, &mut client).tls.is_some());
}

/// RFC 3207 §4.2: nothing that was said in clear counts, whoever slipped it in.
#[test]
fn commands_sent_ahead_in_clear_are_forgotten() {
    let catcher = secured(Security::StartTlsOffered);
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    client.send(b"STARTTLS\r\nEHLO evil.test\r\nMAIL FROM:<evil@x.test>\r\n");
    assert!(client.reply().starts_with("220 "));
    let mut client = client.in_tls(&TlsClient::of(&catcher));
    assert!(client.say("RCPT TO:<b@x.test>").starts_with("503"), "there is no mail under way");
    assert!(client.say("MAIL FROM:<a@x.test>").starts_with("503"), "there was no EHLO");
    let facts = facts(&catcher, &mut client);
    assert_eq!(&*facts.helo, "x.test");
    assert_eq!(catcher.mails()[0].mail_from(), "a@x.test");
}

#[test]
fn what_is_no_handshake_ends_the_session() {
    let catcher = secured(Security::StartTlsOffered);
    let mut stream = tcp(catcher.smtp_address());
    let mut greeting = [0; 512];
    let length = stream.read(&mut greeting).unwrap();
    assert!(greeting[..length].ends_with(b"\r\n"));
    stream.write_all(b"STARTTLS\r\n").unwrap();
    let length = stream.read(&mut greeting).unwrap();
    assert!(greeting[..length].starts_with(b"220 "));
    stream.write_all(b"NOOP\r\nQUIT\r\n").unwrap();
    let mut said = Vec::new();
    // The server may reset the connection, as it has not read everything.
    let _ = stream.read_to_end(&mut said);
    assert!(!said.starts_with(b"2"), "it goes on in clear: {said:?}");
}
