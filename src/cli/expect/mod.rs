//! `restante expect`: waits for mail, prints what a test wants of it, or says why none came.

mod child;
mod print;

use std::ffi::OsString;
use std::time::Duration;

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::wire::Expected;
use crate::cli::cursor;
use crate::cli::expect::print::Printed;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::selection::Selection;
use crate::cli::signals::Signals;
use crate::cli::target::Target;
use crate::cli::values;

/// Wait for mail and print what a test needs of it, or say why none came
///
/// Mail that is held counts, unless --since or a command says from when. With a command behind
/// `--`, takes a cursor, runs the command, and waits for mail that came since; what the command
/// writes goes to standard error, so that standard output has only what is printed.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExpectArgs {
    #[command(flatten)]
    selection: Selection,

    /// What to print of each mail, newest first: a line about it, or this
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        default_value = "summary",
        hide_default_value = true
    )]
    print: Printed,

    /// How long to wait for the mail; 0 looks once [default: 10s]
    #[arg(long, value_name = "DURATION", value_parser = values::wait)]
    within: Option<Duration>,

    /// At least so many mails [default: 1]
    #[arg(long, value_name = "N", conflicts_with_all = ["exactly", "none"])]
    count: Option<u64>,

    /// So many mails and no more during --settle
    #[arg(long, value_name = "N", conflicts_with = "none")]
    exactly: Option<u64>,

    /// No mail for so long
    #[arg(long, value_name = "DURATION", value_parser = values::wait)]
    none: Option<Duration>,

    /// With --exactly: how long to look out for one too many [default: 500ms]
    #[arg(long, value_name = "DURATION", value_parser = values::wait)]
    settle: Option<Duration>,

    /// With --exactly or --none: a query of the mail behind which no other comes; it ends the wait
    #[arg(long, value_name = "QUERY")]
    until: Option<String>,

    /// Only mail that arrived after this, see `restante cursor`
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,

    /// What sends the mail: it is run first, and waited for
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "since")]
    command: Vec<OsString>,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Waits, after the command if there is one.
pub(crate) fn run(args: &ExpectArgs) -> Result<(), Failed> {
    let client = Client::of(&args.target)?;
    if args.command.is_empty() {
        return wait(&client, args, args.since.as_deref());
    }
    let since = cursor::now(&client)?;
    let listening = Signals::listen(false);
    let mut signals =
        listening.map_err(|error| Failed::Unable(format!("cannot listen to signals: {error}")))?;
    child::run(&args.command, &mut signals)?;
    // Signals are still caught, and have to end the wait as they would end any other.
    let args = args.clone();
    let waited = signals.wait_or_finish(move || wait(&client, &args, Some(&since)));
    waited.unwrap_or_else(|code| Err(Failed::Signalled(code)))
}

fn wait(client: &Client, args: &ExpectArgs, since: Option<&str>) -> Result<(), Failed> {
    let json = client.get(&args.resource(since), args.patience())?.text()?;
    let mut output = Output::new();
    args.print.print(&decoded::<Expected>(&json)?, &mut output)?;
    output.flush()
}

impl ExpectArgs {
    fn resource(&self, since: Option<&str>) -> Resource {
        let milliseconds = |duration: Duration| format!("{}ms", duration.as_millis());
        let resource = self.selection.of(Resource::new("/v1/expect"));
        resource
            .with("since", since)
            .with("within", self.within.map(milliseconds))
            .with("count", self.count)
            .with("exactly", self.exactly)
            .with("none", self.none.map(milliseconds))
            .with("settle", self.settle.map(milliseconds))
            .with("until", self.until.as_ref())
    }

    /// The server says nothing while it waits; after this it never will.
    fn patience(&self) -> Duration {
        let longest = [self.within, self.none].into_iter().flatten().max();
        let settle = self.settle.unwrap_or_default();
        longest.unwrap_or_default().saturating_add(settle).saturating_add(PATIENCE)
    }
}

const EXAMPLES: &str = "\
Exit codes:
  0    what was expected came true
  1    it did not, and standard error says why; no code or no link is in the mail that came, or the
       command failed: the test fails
  2    a flag or the query is wrong, the cursor is of an earlier run, or no server answers: nothing
       was tested
  130  Ctrl-C

Examples:
  CODE=$(restante expect 'to:bob@x.test subject:Welcome' --within 30s --print code)
  restante expect --to bob@x.test --print link -- npm run signup -- bob@x.test
  restante expect 'to:bob@x.test link~/reset/' --since \"$SINCE\" --exactly 1 --print link
  restante expect --to bob@x.test --since \"$SINCE\" --none 2s";
