//! `restante cursor`: where a running server's mail is now.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::wire::Cursor;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::target::Target;

/// Print a cursor: what arrives from now on is after it
///
/// Take one, act, then `restante expect --since` it: no mail of an earlier test can be taken for
/// the one that is to come.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CursorArgs {
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Prints it.
pub(crate) fn run(args: &CursorArgs) -> Result<(), Failed> {
    let mut output = Output::new();
    output.line(&now(&Client::of(&args.target)?)?)?;
    output.flush()
}

/// The cursor of this moment.
pub(crate) fn now(client: &Client) -> Result<String, Failed> {
    let answer = client.get(&Resource::new("/v1/cursor"), PATIENCE)?;
    decoded::<Cursor>(&answer.text()?).map(|answer| answer.cursor)
}

const EXAMPLES: &str = "\
Example:
  SINCE=$(restante cursor)
  npm run signup -- bob@x.test
  CODE=$(restante expect --to bob@x.test --since \"$SINCE\" --print code)";
