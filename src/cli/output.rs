//! Standard output of a client command: what a pipe gets is exact, what a terminal gets is safe.

use std::io;
use std::io::BufWriter;
use std::io::IsTerminal;
use std::io::Read;
use std::io::StdoutLock;
use std::io::Write;

use crate::cli::failed::Failed;
use crate::cli::terminal::visible;

/// Standard output.
pub(crate) struct Output {
    stdout: BufWriter<StdoutLock<'static>>,
    is_terminal: bool,
}

impl Output {
    /// Of this process.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout().lock();
        let is_terminal = stdout.is_terminal();
        Self { stdout: BufWriter::new(stdout), is_terminal }
    }

    /// Whether a person reads it.
    pub(crate) const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes a text and the end of its line.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failed> {
        self.bytes(text.as_bytes())?;
        let ends = if text.ends_with('\n') { "" } else { "\n" };
        self.bytes(ends.as_bytes())
    }

    /// Writes bytes as they are; on a terminal, what it would obey can be seen instead.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.write_all(bytes).map_err(|error| Failed::writing(NAME, &error))
    }

    /// Writes all that a reader gives; to a terminal in one piece, lest a character be cut in two.
    ///
    /// # Errors
    /// When nobody takes it, or it breaks off.
    pub(crate) fn copy(&mut self, mut reader: impl Read) -> Result<(), Failed> {
        let mut piece = vec![0; PIECE];
        let mut held = Vec::new();
        loop {
            let read = match reader.read(&mut piece) {
                Ok(0) => return self.bytes(&held),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(crate::cli::client::broken_off(&error.to_string())),
            };
            if self.is_terminal {
                held.extend_from_slice(&piece[..read]);
            } else {
                self.bytes(&piece[..read])?;
            }
        }
    }

    /// Lets what was written be seen now.
    ///
    /// # Errors
    /// When nobody takes it.
    pub(crate) fn flush(&mut self) -> Result<(), Failed> {
        self.stdout.flush().map_err(|error| Failed::writing(NAME, &error))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal {
            self.stdout.write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())?;
        } else {
            self.stdout.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }
}

/// What it is called in messages.
pub(crate) const NAME: &str = "standard output";

const PIECE: usize = 64 * 1_024;
