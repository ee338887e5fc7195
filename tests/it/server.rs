//! A running catcher seen from outside: what a 250 promises, and how it stops.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use restante::config::Config;
use restante::testing::Catcher;

use crate::support::Client;

#[test]
fn a_mail_is_there_before_its_250_is_read() {
    let catcher = Catcher::start().unwrap();
    thread::scope(|scope| {
        for session in 0..4 {
            let catcher = &catcher;
            scope.spawn(move || {
                let mut client = Client::connect(catcher.smtp_address());
                client.say("EHLO x.test");
                for number in 0..50 {
                    let subject = format!("{session}/{number}");
                    let mail = format!("Subject: {subject}\r\n\r\nHello");
                    let reply = client.deliver("a@x.test", &["b@x.test"], &mail);
                    let id = reply.strip_prefix("250 2.0.0 held as ").expect(&reply);
                    let mails = catcher.mails();
                    let mail = mails.iter().find(|mail| mail.id() == id).expect("held");
                    assert_eq!(mail.subject(), subject);
                }
            });
        }
    });
    assert_eq!(catcher.mails().len(), 200);
}

#[test]
fn what_was_sent_is_held_to_the_byte() {
    let catcher = Catcher::start().unwrap();
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    let mail = format!("Subject: x\r\n\r\n..dots\r\nbare\nline\rends\0{}", "é".repeat(100_000));
    client.deliver("a@x.test", &["b@x.test", "c@x.test"], &mail);
    let mails = catcher.mails();
    assert_eq!(mails[0].raw(), format!("{mail}\r\n").as_bytes());
    assert_eq!(mails[0].recipients(), ["b@x.test", "c@x.test"]);
}

#[test]
fn stopping_lets_a_mail_under_way_be_finished() {
    let catcher = Catcher::start().unwrap();
    let store = catcher.server().store().clone();
    let mut idle = Client::connect(catcher.smtp_address());
    let mut busy = Client::connect(catcher.smtp_address());
    busy.say("EHLO x.test");
    busy.begin("a@x.test", &["b@x.test"]);
    let stopping = thread::spawn(move || drop(catcher));
    // The farewell tells that the stop has begun.
    assert_eq!(idle.reply(), "421 4.3.2 shutting down");
    busy.send(b"Subject: x\r\n");
    assert!(busy.say("\r\n.").starts_with("250 2.0.0"));
    assert_eq!(busy.reply(), "421 4.3.2 shutting down");
    stopping.join().unwrap();
    assert_eq!(store.counts(None).0.total, 1);
}

#[test]
fn while_it_drains_it_is_alive_and_no_longer_ready() {
    let catcher = Catcher::start().unwrap();
    let url = catcher.url();
    let mut idle = Client::connect(catcher.smtp_address());
    let mut busy = Client::connect(catcher.smtp_address());
    busy.say("EHLO x.test");
    busy.begin("a@x.test", &["b@x.test"]);
    assert_eq!(status(&url, "/readyz"), "200");
    let stopping = thread::spawn(move || drop(catcher));
    assert_eq!(idle.reply(), "421 4.3.2 shutting down");
    assert_eq!(status(&url, "/livez"), "200");
    assert_eq!(status(&url, "/readyz"), "503");
    busy.say("\r\n.");
    stopping.join().unwrap();
}

#[test]
fn a_mail_that_is_not_finished_in_time_is_refused_whole() {
    let config = Config { shutdown_grace: Duration::ZERO, ..loopback() };
    let catcher = Catcher::with(&config).unwrap();
    let store = catcher.server().store().clone();
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    client.begin("a@x.test", &["b@x.test"]);
    client.send(b"Subject: half\r\n");
    drop(catcher);
    assert_eq!(client.reply(), "421 4.3.2 shutting down");
    assert_eq!(client.reply(), "");
    assert_eq!(store.counts(None).0.total, 0);
}

#[test]
fn clients_that_never_pause_are_told_of_the_stop_too() {
    let config = Config { shutdown_grace: Duration::ZERO, ..loopback() };
    let catcher = Catcher::with(&config).unwrap();
    let floods: Vec<_> = (0..2).map(|_| Flood::start(&catcher)).collect();
    drop(catcher);
    for flood in floods {
        let replies = flood.end();
        assert!(replies.ends_with("\r\n421 4.3.2 shutting down\r\n"), "{replies}");
    }
}

#[test]
fn the_longest_of_times_is_no_overflow() {
    let mut config = Config { shutdown_grace: Duration::MAX, ..loopback() };
    config.limits.idle_timeout = Duration::MAX;
    let catcher = Catcher::with(&config).unwrap();
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    client.begin("a@x.test", &["b@x.test"]);
    let stopping = thread::spawn(move || drop(catcher));
    assert!(client.say("\r\n.").starts_with("250 2.0.0"));
    assert_eq!(client.reply(), "421 4.3.2 shutting down");
    stopping.join().unwrap();
}

#[test]
fn a_mail_that_the_store_cannot_hold_is_refused() {
    let mut config = Config { store_size_bytes: 10_000, ..loopback() };
    config.limits.message_bytes_max = 10_000;
    let catcher = Catcher::with(&config).unwrap();
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO x.test");
    assert!(client.deliver("a@x.test", &["b@x.test"], "small").starts_with("250 2.0.0 held"));
    let largest = "x".repeat(9_998);
    let reply = client.deliver("a@x.test", &["b@x.test"], &largest);
    assert_eq!(reply, "552 5.3.4 the mail is too large");
    assert!(client.say("NOOP").starts_with("250"), "the session goes on");
    assert_eq!(catcher.mails().len(), 1, "nothing had to leave for it");
}

#[test]
fn a_silent_client_is_sent_away() {
    let mut config = loopback();
    config.limits.idle_timeout = Duration::from_millis(20);
    let catcher = Catcher::with(&config).unwrap();
    let mut client = Client::connect(catcher.smtp_address());
    assert_eq!(client.reply(), "421 4.4.2 nothing heard for too long");
    assert_eq!(client.reply(), "");
}

#[test]
fn a_session_too_many_is_told_so() {
    let mut config = loopback();
    config.limits.sessions_max = 2;
    let catcher = Catcher::with(&config).unwrap();
    let first = Client::connect(catcher.smtp_address());
    let _second = Client::connect(catcher.smtp_address());
    let mut refused = String::new();
    TcpStream::connect(catcher.smtp_address()).unwrap().read_to_string(&mut refused).unwrap();
    assert_eq!(refused, "421 4.3.2 too many sessions (--max-sessions)\r\n");
    let error = catcher.expect("").within(Duration::ZERO).one().wait().unwrap_err().to_string();
    assert!(
        error.contains("turned away: \"421 4.3.2 too many sessions (--max-sessions)\" at "),
        "{error}"
    );
    let mut first = first;
    assert!(first.say("QUIT").starts_with("221"));
    assert_eq!(first.reply(), "", "the session has ended, so there is room again");
    while !greeted(&catcher) {}
}

/// A client that sends a mail without end, faster than it is read, and reads beside it.
struct Flood {
    sender: thread::JoinHandle<()>,
    reader: thread::JoinHandle<String>,
}

impl Flood {
    /// Returns once the mail is well under way.
    fn start(catcher: &Catcher) -> Self {
        let mut stream = TcpStream::connect(catcher.smtp_address()).unwrap();
        let mut replies = stream.try_clone().unwrap();
        let reader = thread::spawn(move || {
            let mut said = Vec::new();
            // What was read before a reset counts too.
            let _ = replies.read_to_end(&mut said);
            String::from_utf8(said).unwrap()
        });
        let (sent, has_sent) = mpsc::channel();
        let sender = thread::spawn(move || {
            stream.write_all(b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n").unwrap();
            let piece = "\r\n".repeat(500_000);
            while stream.write_all(piece.as_bytes()).is_ok() {
                let _ = sent.send(());
            }
        });
        has_sent.iter().take(8).for_each(drop);
        Self { sender, reader }
    }

    /// What the server said, once it has ended the connection.
    fn end(self) -> String {
        self.sender.join().unwrap();
        self.reader.join().unwrap()
    }
}

/// The status of a GET, with which the connection ends.
fn status(url: &str, path: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

fn greeted(catcher: &Catcher) -> bool {
    let mut stream = TcpStream::connect(catcher.smtp_address()).unwrap();
    let mut code = [0; 3];
    stream.read_exact(&mut code).unwrap();
    &code == b"220"
}

fn loopback() -> Config {
    let any_port = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    Config { smtp: vec![any_port.into()], http: vec![any_port], ..Config::default() }
}
