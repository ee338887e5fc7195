//! `restante watch`: every mail in the moment it comes.

use std::io;
use std::io::IsTerminal;
use std::thread;
use std::time::Duration;

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::decoded;
use crate::cli::client::events::Events;
use crate::cli::client::resource::Resource;
use crate::cli::complain;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::row;
use crate::cli::selection::Selection;
use crate::cli::target::Target;

/// Print a line for every mail that arrives, until Ctrl-C
///
/// When the connection is lost, connects again, and tells of the mail that came in between.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    selection: Selection,

    /// Print each mail's summary as the API has it
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Prints them; ends when nobody reads it any more.
pub(crate) fn run(args: &WatchArgs) -> Result<(), Failed> {
    let client = Client::of(&args.target)?;
    let mut events = Events::open(&client, args.selection.of(Resource::new("/v1/events")))?;
    let mut output = Output::new();
    if io::stderr().is_terminal() {
        complain(&format!("watching {}; Ctrl-C ends it", client.server()));
    }
    loop {
        while let Some(event) = events.next() {
            match event.name.as_str() {
                "message" if args.json => output.line(&event.data)?,
                "message" => {
                    let mail = decoded(&event.data)?;
                    output.line(&row::line(&mail, output.is_terminal()))?;
                }
                "reset" => complain("what came in between is not known: the server was restarted"),
                _ => continue,
            }
            output.flush()?;
        }
        reconnect(&mut events)?;
    }
}

/// Tries until the server is there again; one that refuses is not asked twice.
fn reconnect(events: &mut Events<'_>) -> Result<(), Failed> {
    let mut pause = PAUSE;
    let mut is_told = false;
    loop {
        match events.connect() {
            Ok(()) if is_told => {
                complain("connected again");
                return Ok(());
            }
            Ok(()) => return Ok(()),
            Err(Failed::Unable(reason)) if !is_told => {
                complain(&format!("the connection was lost: {reason} Trying again."));
                is_told = true;
            }
            Err(Failed::Unable(_)) => {}
            Err(other) => return Err(other),
        }
        thread::sleep(pause);
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

const EXAMPLES: &str = "\
Examples:
  restante watch
  restante watch 'to:@x.test -subject:digest'
  restante watch --json | jq -r '.to[].address'";

const PAUSE: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(2);
