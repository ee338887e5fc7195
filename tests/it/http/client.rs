//! A tiny HTTP client: what it sends and gets is what stands in the test.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Speaks to one server.
pub(super) struct Client {
    address: SocketAddr,
}

/// An answer, read whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Client {
    pub(super) fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Sends a request as it stands, and reads the answer until the server closes.
    pub(super) fn raw(&self, request: &str) -> Reply {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        Reply::parse(&answer)
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|header| header.to_lowercase().starts_with("host:")) {
            request.push_str(&format!("Host: {}\r\n", self.address));
        }
        if !body.is_empty() {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        self.raw(&format!("{request}\r\n{body}"))
    }

    pub(super) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], "")
    }

    pub(super) fn fetch(&self, path: &str, headers: &[&str]) -> Reply {
        self.send("GET", path, headers, "")
    }

    pub(super) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], "")
    }

    pub(super) fn patch(&self, path: &str, json: &str) -> Reply {
        self.send("PATCH", path, &["Content-Type: application/json"], json)
    }

    /// Opens an event stream.
    pub(super) fn events(&self, path: &str, headers: &[&str]) -> Events {
        let mut stream = self.connect();
        let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address);
        stream.write_all(request.as_bytes()).unwrap();
        let mut events = Events { reader: BufReader::new(stream), head: String::new() };
        loop {
            let line = events.line().expect("a head before the end");
            if line.is_empty() {
                return events;
            }
            events.head.push_str(&line.to_lowercase());
            events.head.push('\n');
        }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        // Not waited for, but a test that hangs must fail.
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }
}

impl Reply {
    fn parse(answer: &[u8]) -> Self {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let field = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_lowercase(), value.to_owned())
        };
        let headers = lines.map(field).collect();
        let mut reply = Self { status, headers, body: answer[end + 4..].to_vec() };
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunked(&reply.body);
        }
        reply
    }

    /// The value of a header that stands there once.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(given, _)| given == name);
        let value = named.next().map(|(_, value)| value.as_str());
        assert!(named.next().is_none(), "{name} stands there twice");
        value
    }

    pub(super) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The kind of a refusal, after a look at what each of them must be.
    pub(super) fn problem(&self) -> (u16, String) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.text()
        );
        assert!(self.text().starts_with("{\"type\":\"/problems/"), "{}", self.text());
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert!(json["detail"].as_str().unwrap().ends_with(['.', '?', ')']), "{}", self.text());
        let kind = json["type"].as_str().unwrap().trim_start_matches("/problems/");
        (self.status, kind.to_owned())
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if size == 0 {
            return whole;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + size]);
        body = &body[end + 2 + size + 2..];
    }
}

/// An open event stream.
pub(super) struct Events {
    reader: BufReader<TcpStream>,
    /// The head of the answer in lower case.
    pub(super) head: String,
}

/// One frame of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) event: String,
    pub(super) id: String,
    pub(super) data: String,
}

impl Frame {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

impl Events {
    /// The next frame. None when the server ended the stream.
    pub(super) fn frame(&mut self) -> Option<Frame> {
        let mut frame = Frame::default();
        loop {
            // The sizes of chunks stand between the lines; no field looks like one.
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("event", value)) => frame.event = value.to_owned(),
                Some(("id", value)) => frame.id = value.to_owned(),
                Some(("data", value)) => frame.data = value.to_owned(),
                _ if line.is_empty() && frame != Frame::default() => return Some(frame),
                _ if line == "0" => return None,
                _ => {}
            }
        }
    }

    /// The next frame that is an event, not a mere position.
    pub(super) fn event(&mut self) -> Frame {
        loop {
            let frame = self.frame().expect("an event before the end");
            if !frame.event.is_empty() {
                return frame;
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let length = self.reader.read_line(&mut line).unwrap();
        (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}
