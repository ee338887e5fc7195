//! What tests that talk to a running catcher share: a blocking SMTP client of few words.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

/// One SMTP connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects and reads the greeting.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        // Only so that a broken server fails the test instead of hanging it.
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut client = Self { stream: BufReader::new(stream) };
        assert_eq!(client.reply().split_at(3).0, "220");
        client
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    /// Sends a line and returns the last line of the reply.
    pub(crate) fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n").as_bytes());
        self.reply()
    }

    /// The last line of the next reply; empty at the end of the connection.
    pub(crate) fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    /// Opens a transaction up to the 354.
    pub(crate) fn begin(&mut self, from: &str, to: &[&str]) {
        assert!(self.say(&format!("MAIL FROM:<{from}>")).starts_with("250 2.1.0"));
        for recipient in to {
            assert!(self.say(&format!("RCPT TO:<{recipient}>")).starts_with("250 2.1.5"));
        }
        assert!(self.say("DATA").starts_with("354"));
    }

    /// Sends a mail and returns the reply to it.
    pub(crate) fn deliver(&mut self, from: &str, to: &[&str], mail: &str) -> String {
        self.begin(from, to);
        self.send(mail.replace("\r\n.", "\r\n..").as_bytes());
        self.say("\r\n.")
    }
}
