//! `restante watch`: each mail once, also when the connection is lost in between.

use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::Shutdown;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::thread;

use serde_json::Value;

use crate::cli::running::ANY_PORT;
use crate::cli::running::Running;
use crate::cli::running::restante;

/// A client that watches, killed when dropped.
struct Watching {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watching {
    fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_mail_that_is_meant_is_a_line() {
    let server = Running::start(&mut restante(ANY_PORT));
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", relay.local_addr().unwrap());
    let mut watching =
        Watching::start(server.client(&["watch", "to:ada@x.test"]).args(["--url", &url]));
    let _connection = Relayed::accept(&relay, server.http());
    server.deliver("bob@x.test", "Other", "x");
    server.deliver("ada@x.test", "Mine", "x");
    let line = watching.line();
    assert!(line.ends_with("  app@x.test -> ada@x.test  Mine"), "{line}");
}

#[test]
fn a_lost_connection_loses_no_mail() {
    let server = Running::start(&mut restante(ANY_PORT));
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", relay.local_addr().unwrap());
    let mut watching = Watching::start(server.client(&["watch", "--json"]).args(["--url", &url]));
    let subject = |line: &str| serde_json::from_str::<Value>(line).unwrap()["subject"].clone();
    let connection = Relayed::accept(&relay, server.http());
    server.deliver("ada@x.test", "One", "x");
    assert_eq!(subject(&watching.line()), "One");
    connection.cut();
    server.deliver("ada@x.test", "Two", "x");
    let _connection = Relayed::accept(&relay, server.http());
    assert_eq!(subject(&watching.line()), "Two");
    server.deliver("ada@x.test", "Three", "x");
    assert_eq!(subject(&watching.line()), "Three");
}

/// A client's connection, passed on to a server.
struct Relayed {
    client: TcpStream,
    server: TcpStream,
}

impl Relayed {
    /// Returns once the server's answer has begun, so that a stream is open.
    fn accept(listener: &TcpListener, server: SocketAddr) -> Self {
        let (client, _) = listener.accept().unwrap();
        let server = TcpStream::connect(server).unwrap();
        let (mut from_client, mut to_server) =
            (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut from_client, &mut to_server));
        let mut first = [0; 15];
        let mut answer = server.try_clone().unwrap();
        answer.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        let mut to_client = client.try_clone().unwrap();
        io::copy(&mut &first[..], &mut to_client).unwrap();
        thread::spawn(move || io::copy(&mut answer, &mut to_client));
        Self { client, server }
    }

    fn cut(self) {
        self.client.shutdown(Shutdown::Both).unwrap();
        self.server.shutdown(Shutdown::Both).unwrap();
    }
}
