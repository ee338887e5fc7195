//! `restante list`: the mails that are held.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::pages::Listed;
use crate::cli::client::pages::Pages;
use crate::cli::client::wire::Summary;
use crate::cli::complain;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::row;
use crate::cli::selection::Selection;
use crate::cli::target::Target;

/// List the mails that are held, newest first
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    selection: Selection,

    /// At most so many
    #[arg(long, value_name = "N", default_value = "50")]
    limit: usize,

    /// Print each mail's summary as the API has it, one a line
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Prints them.
pub(crate) fn run(args: &ListArgs) -> Result<(), Failed> {
    let client = Client::of(&args.target)?;
    let mut pages = Pages::newest_first(&client, &args.selection);
    let mut output = Output::new();
    let mut mails: Vec<Listed> = Vec::new();
    let mut matched = None;
    while let Some(page) = pages.next(args.limit - mails.len())? {
        matched = matched.or(page.matched);
        mails.extend(page.mails);
    }
    if args.json {
        mails.iter().try_for_each(|mail| output.line(mail.json.get()))?;
        return output.flush();
    }
    let shown = mails.len();
    let mails: Vec<Summary> = mails.into_iter().map(|mail| mail.summary).collect();
    if shown > 0 {
        let rows = row::table(&mails, output.is_terminal());
        rows.iter().try_for_each(|line| output.line(line))?;
    }
    output.flush()?;
    let more = matched.filter(|matched| usize::try_from(*matched).is_ok_and(|all| all > shown));
    match more {
        _ if shown == 0 && args.limit > 0 => complain("no mail"),
        Some(all) => complain(&format!("{shown} of {all} mails; --limit shows more")),
        None => {}
    }
    Ok(())
}

const EXAMPLES: &str = "\
Examples:
  restante list
  restante list 'to:bob@x.test is:unread' --limit 500
  restante list --inbox ci-4471 --json | jq -r .subject";
