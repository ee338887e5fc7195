//! A Unix socket as a file: made, replaced when nobody listens to it any more, removed at the end.

use std::fs;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::path::PathBuf;

use socket2::Domain;
use socket2::SockAddr;
use socket2::Socket;
use socket2::Type;

use crate::net::listener::BACKLOG;

/// A Unix socket that listens.
#[derive(Debug)]
pub struct UnixBound {
    listener: UnixListener,
    file: SocketFile,
}

/// The file of a socket, removed when this is dropped.
#[derive(Debug)]
pub struct SocketFile {
    path: PathBuf,
    /// Device and inode, by which it is known for the one that was made here.
    identity: (u64, u64),
}

impl UnixBound {
    /// Binds and listens.
    ///
    /// # Errors
    /// When the path is something else than a socket, or somebody listens to it.
    pub(super) fn bind(path: &Path) -> io::Result<Self> {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        let address = SockAddr::unix(path)?;
        if let Err(error) = socket.bind(&address) {
            if error.kind() != io::ErrorKind::AddrInUse {
                return Err(error);
            }
            remove_stale(path)?;
            socket.bind(&address)?;
        }
        let metadata = fs::symlink_metadata(path)?;
        let identity = (metadata.dev(), metadata.ino());
        let file = SocketFile { path: path.to_owned(), identity };
        // Whoever runs on this machine may connect, as to a port of loopback; where that is too
        // many, the folder says who.
        fs::set_permissions(path, Permissions::from_mode(MODE))?;
        socket.listen(BACKLOG)?;
        Ok(Self { listener: socket.into(), file })
    }

    /// Where it listens.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// The socket, and its file, which is to be dropped after it.
    pub fn into_parts(self) -> (UnixListener, SocketFile) {
        (self.listener, self.file)
    }
}

/// Removes a socket whose server was killed. Anything else stays.
fn remove_stale(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        let reason = "there is a file, and it is no socket";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Another server may have been given the same path since: its socket is not ours to remove.
        let now = fs::symlink_metadata(&self.path);
        if now.is_ok_and(|metadata| (metadata.dev(), metadata.ino()) == self.identity) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Reading and writing for all: on Linux, writing is what connecting takes.
const MODE: u32 = 0o666;

#[cfg(test)]
mod tests {
    use super::*;

    /// A path that nothing else uses, removed in the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("restante-unix-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn everybody_may_connect_and_the_file_goes_with_the_socket() {
        let path = Scratch::new("mode");
        let bound = UnixBound::bind(&path.0).unwrap();
        assert_eq!(fs::metadata(&path.0).unwrap().mode() & 0o777, MODE);
        UnixStream::connect(&path.0).unwrap();
        drop(bound);
        assert!(!path.0.exists());
    }

    #[test]
    fn a_socket_that_nobody_listens_to_is_replaced() {
        let path = Scratch::new("stale");
        drop(UnixListener::bind(&path.0).unwrap());
        assert!(path.0.exists(), "the standard library leaves it behind, as a killed server does");
        UnixBound::bind(&path.0).unwrap();
    }

    #[test]
    fn a_socket_in_use_and_any_other_file_stay() {
        let path = Scratch::new("used");
        let first = UnixBound::bind(&path.0).unwrap();
        assert_eq!(UnixBound::bind(&path.0).unwrap_err().kind(), io::ErrorKind::AddrInUse);
        UnixStream::connect(&path.0).unwrap();
        drop(first);
        fs::write(&path.0, "precious").unwrap();
        let error = UnixBound::bind(&path.0).unwrap_err();
        assert!(error.to_string().contains("no socket"), "{error}");
        assert_eq!(fs::read(&path.0).unwrap(), b"precious");
    }

    #[test]
    fn another_servers_socket_is_left_alone() {
        let path = Scratch::new("other");
        let first = UnixBound::bind(&path.0).unwrap();
        fs::remove_file(&path.0).unwrap();
        let second = UnixListener::bind(&path.0).unwrap();
        drop(first);
        UnixStream::connect(&path.0).unwrap();
        drop(second);
    }
}
