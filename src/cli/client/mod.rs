//! HTTP by hand over a plain socket, as much of it as client commands need: one GET a connection.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::net::ToSocketAddrs;
use std::time::Duration;

use crate::cli::values::Url;

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The three digits of the status, or whatever stood in their place.
    pub(crate) status: String,
    /// The body, as far as it was read.
    pub(crate) body: String,
}

/// The status of the answer to a GET below the server's base path; the rest is left unread.
///
/// # Errors
/// When there is no answer within the time, or no HTTP.
pub(crate) fn status(server: &Url, path: &str, patience: Duration) -> io::Result<String> {
    let mut stream = ask(server, path, patience)?;
    // `HTTP/1.1 200` and whatever follows: RFC 9112 §4 puts the code at a fixed place.
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let code = line.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(2..));
    let code = code.ok_or_else(|| io::Error::other("this is no HTTP server"))?;
    Ok(String::from_utf8_lossy(code).into_owned())
}

/// The answer to a GET below the server's base path.
///
/// # Errors
/// When there is no answer within the time, or no HTTP.
pub(crate) fn get(server: &Url, path: &str, patience: Duration) -> io::Result<Answer> {
    let stream = ask(server, path, patience)?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let head = answer.split_once("\r\n\r\n").filter(|(head, _)| head.starts_with("HTTP/1."));
    let (head, body) = head.ok_or_else(|| io::Error::other("this is no HTTP server"))?;
    let status = head.split([' ', '\r']).nth(1).unwrap_or_default();
    Ok(Answer { status: status.to_owned(), body: body.to_owned() })
}

/// Sends the request. Version 1.0 has bodies end with the connection, and in no other way.
fn ask(server: &Url, path: &str, patience: Duration) -> io::Result<TcpStream> {
    let Url { authority, path: base_path } = server;
    let mut stream = connect(authority, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let head = format!(
        "GET {base_path}{path} HTTP/1.0\r\nHost: {authority}\r\nUser-Agent: restante/{}\r\n\
         Accept: */*\r\nConnection: close\r\n\r\n",
        env!("CARGO_PKG_VERSION")
    );
    stream.write_all(head.as_bytes())?;
    Ok(stream)
}

fn connect(authority: &str, patience: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses(authority)? {
        match TcpStream::connect_timeout(&address, patience) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// An address as it stands needs no resolver, which a container from scratch does not have.
fn addresses(authority: &str) -> io::Result<Vec<SocketAddr>> {
    match authority.parse() {
        Ok(address) => Ok(vec![address]),
        Err(_) => Ok(authority.to_socket_addrs()?.collect()),
    }
}

/// Far more than any answer that is asked for.
const ANSWER_BYTES_MAX: u64 = 1_024 * 1_024;
