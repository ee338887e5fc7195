//! Bare SMTP and HTTP clients that add as little as possible to what they measure.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;

use crate::Outcome;

/// An SMTP session of one client that waits for each reply.
pub(crate) struct Sender {
    stream: BufReader<TcpStream>,
}

impl Sender {
    /// Connects and says EHLO.
    pub(crate) fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut sender = Self { stream: BufReader::new(stream) };
        sender.reply()?;
        sender.say(b"EHLO bench.test\r\n")?;
        Ok(sender)
    }

    /// Sends one mail; it must contain no line that begins with a dot.
    pub(crate) fn mail(&mut self, mail: &[u8]) -> Outcome<()> {
        self.mail_to("b@example.com", mail)
    }

    /// The same, to somebody else.
    pub(crate) fn mail_to(&mut self, recipient: &str, mail: &[u8]) -> Outcome<()> {
        self.begin(recipient, mail)?;
        self.finish()?;
        self.reply()
    }

    /// Sends all of a mail but its end.
    pub(crate) fn begin(&mut self, recipient: &str, mail: &[u8]) -> Outcome<()> {
        self.say(b"MAIL FROM:<a@example.com>\r\n")?;
        self.say(format!("RCPT TO:<{recipient}>\r\n").as_bytes())?;
        self.say(b"DATA\r\n")?;
        Ok(self.stream.get_mut().write_all(mail)?)
    }

    /// Sends the final dot and leaves the reply to be read.
    pub(crate) fn finish(&mut self) -> Outcome<()> {
        Ok(self.stream.get_mut().write_all(b"\r\n.\r\n")?)
    }

    fn say(&mut self, line: &[u8]) -> Outcome<()> {
        self.stream.get_mut().write_all(line)?;
        self.reply()
    }

    /// Reads a reply that is no refusal.
    pub(crate) fn reply(&mut self) -> Outcome<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            match line.as_bytes() {
                [b'2' | b'3', _, _, b'-', ..] => {}
                [b'2' | b'3', _, _, ..] => return Ok(()),
                _ => return Err(format!("unexpected reply {line:?}").into()),
            }
        }
    }
}

/// A kept-alive HTTP connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects.
    pub(crate) fn connect(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// The body of a 200 answer.
    pub(crate) fn call(&mut self, method: &str, path: &str) -> Outcome<String> {
        self.ask(method, path)?;
        self.answer().map_err(|error| format!("{method} {path}: {error}").into())
    }

    /// Sends a request and leaves the answer to be read.
    pub(crate) fn ask(&mut self, method: &str, path: &str) -> Outcome<()> {
        let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Ok(self.stream.get_mut().write_all(head.as_bytes())?)
    }

    /// The body of a 200 answer.
    pub(crate) fn answer(&mut self) -> Outcome<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200") {
            return Err(format!("the answer is {line:?}").into());
        }
        let mut length = Some(0);
        while line.trim_end() != "" {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse()?);
            } else if header.starts_with("transfer-encoding:") {
                length = None;
            }
        }
        let body = match length {
            Some(length) => self.bytes(length)?,
            None => self.chunks()?,
        };
        Ok(String::from_utf8(body)?)
    }

    /// A chunked body: RFC 9112 7.1.
    fn chunks(&mut self) -> Outcome<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            let chunk = self.bytes(length + 2)?;
            if length == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }

    fn bytes(&mut self, length: usize) -> Outcome<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
