//! The file that tells other programs where a server listens.
//!
//! It is there, whole, exactly while the server is ready.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

/// What the file says: `{"smtp":["127.0.0.1:41025"],"http":["127.0.0.1:48025"],"pid":1}`.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Ready {
    /// Where SMTP is spoken, in the order of the flags: addresses, and `unix:` with a path.
    pub(crate) smtp: Vec<String>,
    /// Where the web UI and the API are.
    pub(crate) http: Vec<SocketAddr>,
    /// The server's process.
    pub(crate) pid: u32,
}

/// A written file, removed when this is dropped.
#[derive(Debug)]
pub(crate) struct ReadyFile {
    path: PathBuf,
    content: Vec<u8>,
}

impl ReadyFile {
    /// Removes what a killed server left behind, lest somebody take it for this one's.
    pub(crate) fn remove_stale(path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Writes the file whole: it appears by a rename, so that nobody reads half of it.
    pub(crate) fn write(path: &Path, ready: &Ready) -> io::Result<Self> {
        let mut content = serde_json::to_vec(ready)?;
        content.push(b'\n');
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}", ready.pid));
        let unfinished = PathBuf::from(name);
        let written = fs::write(&unfinished, &content).and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written.map(|()| Self { path: path.to_owned(), content })
    }

    /// What a server wrote.
    pub(crate) fn read(path: &Path) -> io::Result<Ready> {
        Ok(serde_json::from_slice(&fs::read(path)?)?)
    }
}

impl Drop for ReadyFile {
    fn drop(&mut self) {
        // Another server may have been given the same path since: its file is not ours to remove.
        if fs::read(&self.path).is_ok_and(|content| content == self.content) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
