//! Binds a port or a path so that what it accepts is ready for request and reply.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;

use socket2::Domain;
use socket2::Protocol;
use socket2::Socket;
use socket2::Type;

use crate::net::place::Place;
#[cfg(unix)]
use crate::net::unix::UnixBound;

/// What is bound and listens, and is not served yet.
#[derive(Debug)]
pub enum Bound {
    /// A TCP port.
    Tcp(TcpListener),
    /// A Unix socket, whose file goes with it.
    #[cfg(unix)]
    Unix(UnixBound),
}

impl Bound {
    /// Where it really listens: with a port for port 0.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn place(&self) -> io::Result<Place> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Place::Ip),
            #[cfg(unix)]
            Self::Unix(bound) => Ok(Place::Unix(bound.path().to_owned())),
        }
    }
}

/// Binds and listens. Port 0 takes any free port; a socket file that nobody listens to is replaced.
///
/// # Errors
/// When the place cannot be bound, with the place and the reason.
pub fn bind(place: &Place) -> Result<Bound, BindError> {
    match place {
        Place::Ip(address) => bind_tcp(*address).map(Bound::Tcp),
        #[cfg(unix)]
        Place::Unix(path) => UnixBound::bind(path)
            .map(Bound::Unix)
            .map_err(|cause| BindError { place: place.clone(), cause }),
        #[cfg(not(unix))]
        Place::Unix(_) => {
            Err(BindError { place: place.clone(), cause: io::ErrorKind::Unsupported.into() })
        }
    }
}

/// Binds and listens to a port. Port 0 takes any free port.
///
/// # Errors
/// When the address cannot be bound, with the address and the reason.
pub fn bind_tcp(address: SocketAddr) -> Result<TcpListener, BindError> {
    listen(address).map_err(|cause| BindError { place: address.into(), cause })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        // `[::]` and `0.0.0.0` can then be listened to side by side, whatever the system's default.
        socket.set_only_v6(true)?;
    }
    // Accepted sockets inherit it: one system call fewer for each connection.
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Why a place could not be listened to.
#[derive(Debug)]
pub struct BindError {
    /// The place asked for.
    pub place: Place,
    /// What the system said.
    pub cause: io::Error,
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot listen on {}: {}", self.place, self.cause)?;
        match (&self.place, self.cause.kind()) {
            (Place::Ip(_), io::ErrorKind::AddrInUse) => {
                f.write_str("; another program uses this port: stop it or choose another port")
            }
            (Place::Unix(_), io::ErrorKind::AddrInUse) => {
                f.write_str("; another program listens there: stop it or choose another path")
            }
            (Place::Ip(_), io::ErrorKind::PermissionDenied) => {
                f.write_str("; ports below 1024 need more rights: choose another port")
            }
            _ => Ok(()),
        }
    }
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

/// Connections the system may complete before they are accepted.
pub(super) const BACKLOG: i32 = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named() {
        let first = bind_tcp(([127, 0, 0, 1], 0).into()).unwrap();
        let address = first.local_addr().unwrap();
        let error = bind_tcp(address).unwrap_err();
        assert_eq!(error.place, Place::Ip(address));
        assert!(error.to_string().contains(&address.to_string()), "{error}");
        assert!(error.to_string().contains("choose another port"), "{error}");
    }

    #[test]
    fn what_is_accepted_does_not_wait_for_acknowledgements() {
        let listener = bind_tcp(([127, 0, 0, 1], 0).into()).unwrap();
        listener.set_nonblocking(false).unwrap();
        let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (accepted, _) = listener.accept().unwrap();
        assert!(accepted.nodelay().unwrap());
    }
}
