//! A folder as mail programs have it: read mail in `cur`, other in `new`, nothing half in either.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::cli::client::wire::Summary;
use crate::cli::export::Destination;
use crate::cli::export::eml::at;
use crate::cli::export::eml::file_name;
use crate::cli::export::eml::whole;
use crate::cli::export::lines::Lines;
use crate::cli::failed::Failed;

/// The folder with its three folders.
pub(super) struct Maildir(PathBuf);

impl Maildir {
    /// Makes the folders where there are none.
    pub(super) fn open(path: PathBuf) -> Result<Self, Failed> {
        for folder in ["tmp", "new", "cur"] {
            let folder = path.join(folder);
            fs::create_dir_all(&folder).map_err(|error| at(&folder, &error))?;
        }
        Ok(Self(path))
    }
}

impl Destination for Maildir {
    fn add(&mut self, mail: &Summary, raw: &mut dyn Read) -> Result<(), Failed> {
        let time: Option<Timestamp> = mail.received_at.parse().ok();
        let seconds = time.map_or(0, Timestamp::as_second);
        let name = format!("{seconds}.{}.restante", file_name(mail)?);
        let path = match mail.read {
            true => self.0.join("cur").join(format!("{name}:2,S")),
            false => self.0.join("new").join(&name),
        };
        whole(&self.0.join("tmp").join(&name), &path, |file| {
            Lines::plain().copy(raw, &mut |piece| file.write_all(piece)).map(drop)
        })
    }

    fn finish(&mut self) -> Result<(), Failed> {
        Ok(())
    }
}
