//! `restante export`: mails as files, for other programs to read.

mod eml;
mod lines;
mod maildir;
mod mbox;

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::pages::PAGE_MAX;
use crate::cli::client::pages::Pages;
use crate::cli::client::resource::Resource;
use crate::cli::client::resource::piece;
use crate::cli::client::wire::Summary;
use crate::cli::complain;
use crate::cli::export::eml::Folder;
use crate::cli::export::maildir::Maildir;
use crate::cli::export::mbox::Mbox;
use crate::cli::failed::Failed;
use crate::cli::selection::Selection;
use crate::cli::target::Target;

/// Write mails to files, the oldest first: all that are held, or what a query or flags mean
///
/// A file is there whole or not at all. Exporting once more writes the same names again.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    selection: Selection,

    /// As what
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "eml")]
    format: Format,

    /// The folder of eml or maildir, made where there is none, or the file of mbox, replaced; mbox
    /// goes to standard output without it
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// What mails are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A file for each mail, named by its id, byte for byte
    Eml,
    /// All in one file, in its mboxrd variety, lines ending in LF
    Mbox,
    /// A folder as mail programs have it, lines ending in LF; read mail is in cur, other in new
    Maildir,
}

/// Where mails go.
trait Destination {
    /// Takes one mail.
    fn add(&mut self, mail: &Summary, raw: &mut dyn Read) -> Result<(), Failed>;

    /// Takes no more.
    fn finish(&mut self) -> Result<(), Failed>;
}

/// Writes them, and says how many they were on standard error.
pub(crate) fn run(args: &ExportArgs) -> Result<(), Failed> {
    let client = Client::of(&args.target)?;
    let mut pages = Pages::oldest_first(&client, &args.selection)?;
    let mut destination = args.destination()?;
    let (mut written, mut gone) = (0_u64, 0_u64);
    while let Some(page) = pages.next(PAGE_MAX)? {
        for mail in page.mails {
            let mail = mail.summary;
            let raw = Resource::new(format!("/v1/messages/{}/raw", piece(&mail.id)));
            match client.get(&raw, PATIENCE) {
                Ok(answer) => {
                    destination.add(&mail, &mut answer.reader())?;
                    written += 1;
                }
                // It was deleted, or made room for newer ones, since it was listed.
                Err(Failed::Absent(_)) => gone += 1,
                Err(other) => return Err(other),
            }
        }
    }
    destination.finish()?;
    let mails =
        |count: u64| if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") };
    complain(&format!("{} exported", mails(written)));
    if gone > 0 {
        complain(&format!("{} left in the meantime", mails(gone)));
    }
    Ok(())
}

impl ExportArgs {
    fn destination(&self) -> Result<Box<dyn Destination>, Failed> {
        let folder = || {
            let reason = "say where to with --output: the folder for the files";
            self.output.clone().ok_or_else(|| Failed::Unable(reason.to_owned()))
        };
        Ok(match self.format {
            Format::Eml => Box::new(Folder::open(folder()?)?),
            Format::Maildir => Box::new(Maildir::open(folder()?)?),
            Format::Mbox => Box::new(Mbox::open(self.output.as_deref())?),
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  restante export --output mails
  restante export 'to:@x.test after:2026-01-31' --format maildir --output Maildir
  restante export --format mbox --inbox ci-4471 > ci.mbox";
