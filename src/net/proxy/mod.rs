//! The header that a proxy puts before a connection to say whose it is (HAProxy's PROXY protocol,
//! versions 1 and 2). Pure: bytes in, an address out.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;

/// A header, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whom the proxy speaks for.
    pub source: Source,
    /// How many bytes it took; what follows is the client's.
    pub length_bytes: usize,
}

/// Whom a proxy speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// For itself, such as to see whether the server is there, or for somebody it cannot name.
    Itself,
    /// For this client.
    Ip(SocketAddr),
    /// For a client that came over a Unix socket, by its path if it has one.
    Unix(String),
}

/// Bytes that are no header, with the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHeader(&'static str);

/// Reads the header at the front of what was received. None: it is not whole yet.
///
/// # Errors
/// When it is no header, whatever may follow.
pub fn parse(received: &[u8]) -> Result<Option<Header>, InvalidHeader> {
    if starts_like(received, SIGNATURE_2) {
        return parse_2(received);
    }
    if starts_like(received, SIGNATURE_1) {
        return parse_1(received);
    }
    Err(InvalidHeader("it does not begin as a PROXY header"))
}

/// Whether the bytes are a beginning of `whole`, or begin with it.
fn starts_like(received: &[u8], whole: &[u8]) -> bool {
    let length = received.len().min(whole.len());
    received[..length] == whole[..length]
}

/// A line of text: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 25`.
fn parse_1(received: &[u8]) -> Result<Option<Header>, InvalidHeader> {
    let looked_at = &received[..received.len().min(LINE_BYTES_MAX)];
    let Some(end) = looked_at.windows(2).position(|pair| pair == b"\r\n") else {
        let too_long = received.len() >= LINE_BYTES_MAX;
        return if too_long { Err(InvalidHeader("its line does not end")) } else { Ok(None) };
    };
    let line = str::from_utf8(&received[..end]).map_err(|_| InvalidHeader("it is no text"))?;
    let words: Vec<&str> = line.split(' ').collect();
    let source = match words[..] {
        // Whatever follows is to be left alone.
        ["PROXY", "UNKNOWN", ..] => Some(Source::Itself),
        ["PROXY", "TCP4", from, to, from_port, to_port] => {
            let to: Option<Ipv4Addr> = to.parse().ok();
            to.zip(port(to_port)).and_then(|_| ip_source(from.parse::<Ipv4Addr>(), from_port))
        }
        ["PROXY", "TCP6", from, to, from_port, to_port] => {
            let to: Option<Ipv6Addr> = to.parse().ok();
            to.zip(port(to_port)).and_then(|_| ip_source(from.parse::<Ipv6Addr>(), from_port))
        }
        _ => None,
    };
    let source = source.ok_or(InvalidHeader("its line is not as version 1 has it"))?;
    Ok(Some(Header { source, length_bytes: end + 2 }))
}

fn ip_source<I: Into<IpAddr>, E>(address: Result<I, E>, from_port: &str) -> Option<Source> {
    let address = address.ok()?.into();
    Some(Source::Ip(SocketAddr::new(address, port(from_port)?)))
}

/// Digits alone: the standard library would take a sign, too.
fn port(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// 12 bytes of signature, version and command, family and transport, length, addresses, and then
/// fields by type and length, which are skipped.
fn parse_2(received: &[u8]) -> Result<Option<Header>, InvalidHeader> {
    let Some((fixed, rest)) = received.split_at_checked(FIXED_BYTES) else { return Ok(None) };
    let (version, command) = (fixed[12] >> 4, fixed[12] & 0xF);
    if version != 2 {
        return Err(InvalidHeader("its version is not 2"));
    }
    let length = usize::from(u16::from_be_bytes([fixed[14], fixed[15]]));
    if length > REST_BYTES_MAX {
        return Err(InvalidHeader("it is too long"));
    }
    let Some(rest) = rest.get(..length) else { return Ok(None) };
    let source = match command {
        0 => Source::Itself,
        1 => source_2(fixed[13], rest)?,
        _ => return Err(InvalidHeader("its command is neither LOCAL nor PROXY")),
    };
    Ok(Some(Header { source, length_bytes: FIXED_BYTES + length }))
}

/// The source address of a family; of one unknown here there is none.
fn source_2(family_and_transport: u8, rest: &[u8]) -> Result<Source, InvalidHeader> {
    let short = InvalidHeader("it is too short for its addresses");
    match family_and_transport {
        0x11 => {
            // Two addresses, two ports.
            let rest = rest.first_chunk::<12>().ok_or(short)?;
            let [a, b, c, d, _, _, _, _, high, low, ..] = *rest;
            Ok(Source::Ip(([a, b, c, d], u16::from_be_bytes([high, low])).into()))
        }
        0x21 => {
            let rest = rest.first_chunk::<36>().ok_or(short)?;
            let address = Ipv6Addr::from(*rest.first_chunk::<16>().ok_or(short)?);
            Ok(Source::Ip((address, u16::from_be_bytes([rest[32], rest[33]])).into()))
        }
        0x31 => {
            // Two paths of 108 bytes, filled up with NUL.
            let paths = rest.first_chunk::<216>().ok_or(short)?;
            let path = paths[..108].split(|byte| *byte == 0).next().unwrap_or_default();
            Ok(Source::Unix(String::from_utf8_lossy(path).into_owned()))
        }
        _ => Ok(Source::Itself),
    }
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidHeader {}

/// No header that is accepted is longer.
pub const HEADER_BYTES_MAX: usize = FIXED_BYTES + REST_BYTES_MAX;

const SIGNATURE_1: &[u8] = b"PROXY ";
const SIGNATURE_2: &[u8] = b"\r\n\r\n\0\r\nQUIT\n";

/// The longest line of version 1, with its end.
const LINE_BYTES_MAX: usize = 107;

/// What every header of version 2 has.
const FIXED_BYTES: usize = 16;

/// Addresses take 216 bytes at most; certificates in the fields behind them may be long.
const REST_BYTES_MAX: usize = 4_096;

#[cfg(test)]
mod tests;
