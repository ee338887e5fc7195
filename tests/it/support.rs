//! What tests that talk to a running catcher share: a blocking SMTP client of few words.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use crate::net::tls::TlsClient;

/// What a connection is made of.
pub(crate) trait Wire: Read + Write + Send {}

impl<T: Read + Write + Send> Wire for T {}

/// One SMTP connection.
pub(crate) struct Client {
    stream: BufReader<Box<dyn Wire>>,
}

impl Client {
    /// Connects and reads the greeting.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::greeted(tcp(address))
    }

    /// Reads the greeting from a connection.
    pub(crate) fn greeted(wire: impl Wire + 'static) -> Self {
        let mut client = Self::over(wire);
        assert_eq!(client.reply().split_at(3).0, "220");
        client
    }

    /// Takes a connection as it is.
    pub(crate) fn over(wire: impl Wire + 'static) -> Self {
        Self { stream: BufReader::new(Box::new(wire)) }
    }

    /// Goes on in TLS. What was read and not looked at would be the server's fault.
    pub(crate) fn in_tls(self, tls: &TlsClient) -> Self {
        assert!(self.stream.buffer().is_empty(), "something came in clear");
        Self::over(tls.wrap(self.stream.into_inner()))
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
        self.lines().pop().unwrap_or_default()
    }

    /// The lines of the next reply; none at the end of the connection.
    pub(crate) fn lines(&mut self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).unwrap() == 0 {
                return lines;
            }
            let is_last = line.as_bytes().get(3) != Some(&b'-');
            lines.push(line.trim_end().to_owned());
            if is_last {
                return lines;
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

/// Connects.
pub(crate) fn tcp(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    // Only so that a broken server fails the test instead of hanging it.
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}
