//! Accepts connections, also when the system runs out of something for a while.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixListener;

use crate::net::listener::Bound;
use crate::net::stream::Socket;
#[cfg(unix)]
use crate::net::unix::SocketFile;

/// A place that is served.
#[derive(Debug)]
pub enum Listener {
    /// A TCP port.
    Tcp(TcpListener),
    /// A Unix socket and its file, dropped in this order.
    #[cfg(unix)]
    Unix(UnixListener, SocketFile),
}

impl Listener {
    /// Begins to serve what is bound. Call it inside a runtime.
    ///
    /// # Errors
    /// When the runtime cannot watch the socket.
    pub fn new(bound: Bound) -> io::Result<Self> {
        match bound {
            Bound::Tcp(listener) => TcpListener::from_std(listener).map(Self::Tcp),
            #[cfg(unix)]
            Bound::Unix(bound) => {
                let (listener, file) = bound.into_parts();
                Ok(Self::Unix(UnixListener::from_std(listener)?, file))
            }
        }
    }

    /// The next connection, with the client's address; one over a Unix socket has none.
    pub async fn accept(&self) -> (Socket, Option<SocketAddr>) {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = accept(listener).await;
                (stream.into(), Some(peer))
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => {
                let (stream, _) = patiently(|context| listener.poll_accept(context)).await;
                (stream.into(), None)
            }
        }
    }
}

/// The next connection to a port.
pub async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    patiently(|context| listener.poll_accept(context)).await
}

/// A failing accept is retried, slower and slower up to a second.
async fn patiently<T>(mut accept: impl FnMut(&mut Context<'_>) -> Poll<io::Result<T>>) -> T {
    let mut pause = PAUSE_MIN;
    loop {
        match poll_fn(&mut accept).await {
            Ok(accepted) => return accepted,
            Err(error) => {
                // Out of descriptors, most often: the connection stays queued until some are free.
                tracing::warn!(%error, pause_ms = pause.as_millis(), "cannot accept a connection");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
        }
    }
}

const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_secs(1);
