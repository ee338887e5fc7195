//! A file for each mail, byte for byte.

use std::fs;
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::client::wire::Summary;
use crate::cli::export::Destination;
use crate::cli::failed::Failed;

/// The folder of the files.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where there is none.
    pub(super) fn open(path: PathBuf) -> Result<Self, Failed> {
        fs::create_dir_all(&path).map_err(|error| at(&path, &error))?;
        Ok(Self(path))
    }
}

impl Destination for Folder {
    fn add(&mut self, mail: &Summary, raw: &mut dyn Read) -> Result<(), Failed> {
        let name = file_name(mail)?;
        let unfinished = self.0.join(format!(".{name}.part"));
        let path = self.0.join(format!("{name}.eml"));
        whole(&unfinished, &path, |file| io::copy(raw, file).map(drop))
    }

    fn finish(&mut self) -> Result<(), Failed> {
        Ok(())
    }
}

/// What a mail is called in a folder: its id, once it is one. A name may not lead anywhere else.
pub(super) fn file_name(mail: &Summary) -> Result<&str, Failed> {
    let id = mail.id.as_str();
    let is_id = id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(id).ok_or_else(|| Failed::Unable(format!("{id:?} is no id of a mail")))
}

/// Writes a file beside its place, and puts it there once it is whole.
pub(super) fn whole(
    unfinished: &Path,
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), Failed> {
    let written = File::create(unfinished).and_then(|mut file| write(&mut file));
    let placed = written.and_then(|()| fs::rename(unfinished, path));
    if placed.is_err() {
        let _ = fs::remove_file(unfinished);
    }
    placed.map_err(|error| at(path, &error))
}

/// What went wrong with a file.
pub(super) fn at(path: &Path, error: &io::Error) -> Failed {
    Failed::Unable(format!("{}: {error}", path.display()))
}
