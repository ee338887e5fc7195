//! All mails in one file: a line of its own before each, and lines like it quoted (mboxrd).

use std::fs;
use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::client::wire::Summary;
use crate::cli::export::Destination;
use crate::cli::export::eml::at;
use crate::cli::export::lines::Lines;
use crate::cli::failed::Failed;
use crate::cli::output;
use crate::cli::output::Output;

/// The file, or standard output.
pub(super) struct Mbox {
    writer: Box<dyn Write>,
    /// Where the file is written, and its place once it is whole; none for standard output.
    paths: Option<(PathBuf, PathBuf)>,
}

impl Mbox {
    /// Opens the file beside its place.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, Failed> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self { writer: Box::new(Output::new()), paths: None });
        };
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        let file = File::create(&unfinished).map_err(|error| at(&unfinished, &error))?;
        let paths = Some((unfinished, path.to_owned()));
        Ok(Self { writer: Box::new(BufWriter::new(file)), paths })
    }

    fn failed(&self, error: &io::Error) -> Failed {
        match &self.paths {
            Some((unfinished, _)) => at(unfinished, error),
            None => Failed::writing(output::NAME, error),
        }
    }

    fn write(&mut self, mail: &Summary, raw: &mut dyn Read) -> io::Result<()> {
        let writer = &mut self.writer;
        writeln!(writer, "From {} {}", sender(mail), time(mail))?;
        let ends_a_line = Lines::quoted().copy(raw, &mut |piece| writer.write_all(piece))?;
        writer.write_all(if ends_a_line { b"\n" } else { b"\n\n" })
    }
}

impl Destination for Mbox {
    fn add(&mut self, mail: &Summary, raw: &mut dyn Read) -> Result<(), Failed> {
        self.write(mail, raw).map_err(|error| self.failed(&error))
    }

    fn finish(&mut self) -> Result<(), Failed> {
        self.writer.flush().map_err(|error| self.failed(&error))?;
        match self.paths.take() {
            Some((unfinished, path)) => {
                fs::rename(&unfinished, &path).map_err(|error| at(&path, &error))
            }
            None => Ok(()),
        }
    }
}

/// What a failure left behind is no use to anybody.
impl Drop for Mbox {
    fn drop(&mut self) {
        if let Some((unfinished, _)) = &self.paths {
            let _ = fs::remove_file(unfinished);
        }
    }
}

/// In one word: the line is taken apart at its blanks.
fn sender(mail: &Summary) -> &str {
    let address = mail.from.first().map_or("", |from| from.address.as_str());
    let is_word =
        !address.is_empty() && address.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if is_word { address } else { "MAILER-DAEMON" }
}

/// As `asctime` has it, in UTC.
fn time(mail: &Summary) -> String {
    let time: Timestamp = mail.received_at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned_datetime(TimeZone::UTC).strftime("%a %b %e %H:%M:%S %Y").to_string()
}
