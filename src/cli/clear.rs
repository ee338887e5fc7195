//! `restante clear`: deletes mail.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::wire::Deleted;
use crate::cli::complain;
use crate::cli::failed::Failed;
use crate::cli::selection::Selection;
use crate::cli::target::Target;

/// Delete mail: all of it, or what a query or flags mean
///
/// Nothing is asked. Tests that run side by side need no clearing: a cursor, or a recipient of
/// their own, keeps their mail apart.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ClearArgs {
    #[command(flatten)]
    selection: Selection,

    /// Delete everything
    #[arg(long)]
    all: bool,

    /// Spare what arrived after this, see `restante cursor`
    #[arg(long, value_name = "CURSOR")]
    until: Option<String>,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Deletes it, and says how much it was on standard error.
pub(crate) fn run(args: &ClearArgs) -> Result<(), Failed> {
    let reason = match (args.all, args.selection.is_everything()) {
        (false, true) => "say what to delete: --all, a query, or --inbox, --to and the like",
        (true, false) => "--all does not go with a query or flags that narrow it down",
        _ => "",
    };
    if !reason.is_empty() {
        return Err(Failed::Unable(reason.to_owned()));
    }
    let client = Client::of(&args.target)?;
    let resource = args.selection.of(Resource::new("/v1/messages"));
    let resource = resource.with("all", args.all.then_some("true"));
    let answer = client.delete(&resource.with("until", args.until.as_ref()))?;
    let Deleted { deleted } = decoded(&answer.text()?)?;
    complain(&match deleted {
        1 => "1 mail deleted".to_owned(),
        deleted => format!("{deleted} mails deleted"),
    });
    Ok(())
}

const EXAMPLES: &str = "\
Examples:
  restante clear --all
  restante clear --inbox ci-4471
  restante clear 'older:1h' --until \"$CURSOR\"";
