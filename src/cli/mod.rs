//! The command line: what can be said, and what is done about it.
//!
//! The only part that reads arguments, environment and signals. Client commands talk HTTP.

mod announcement;
mod ca;
mod clear;
mod client;
mod credentials;
mod cursor;
mod expect;
mod export;
mod failed;
mod list;
mod memory;
mod network;
mod output;
mod parse;
mod ready;
mod ready_file;
mod row;
mod running;
mod selection;
mod send;
mod serve;
mod shell;
mod show;
mod signals;
mod sizes;
mod target;
mod terminal;
mod values;
mod watch;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use clap::Subcommand;

use crate::cli::ca::CaArgs;
use crate::cli::clear::ClearArgs;
use crate::cli::cursor::CursorArgs;
use crate::cli::expect::ExpectArgs;
use crate::cli::export::ExportArgs;
use crate::cli::failed::exit_code;
use crate::cli::list::ListArgs;
use crate::cli::ready::ReadyArgs;
use crate::cli::send::SendArgs;
use crate::cli::serve::ServeArgs;
use crate::cli::shell::CompletionsArgs;
use crate::cli::shell::ManArgs;
use crate::cli::show::ShowArgs;
use crate::cli::target::Target;
use crate::cli::watch::WatchArgs;

/// Catches the mail that applications send, holds it in memory, and shows it
///
/// Point any application at port 1025 and open http://127.0.0.1:8025. Every mail is accepted, none
/// is delivered any further, and all are gone when this stops.
#[derive(Debug, Parser)]
#[command(name = "restante", version, args_conflicts_with_subcommands = true)]
#[command(max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    task: Option<Task>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Task {
    Serve(Box<ServeArgs>),
    Expect(Box<ExpectArgs>),
    Cursor(CursorArgs),
    List(ListArgs),
    Show(ShowArgs),
    Watch(WatchArgs),
    Clear(ClearArgs),
    Send(Box<SendArgs>),
    Export(Box<ExportArgs>),
    Ready(ReadyArgs),
    Ca(CaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

impl Task {
    /// Which server a client command talks to.
    const fn target(&mut self) -> Option<&mut Target> {
        Some(match self {
            Self::Serve(_) | Self::Completions(_) | Self::Man(_) => return None,
            Self::Expect(args) => &mut args.target,
            Self::Cursor(args) => &mut args.target,
            Self::List(args) => &mut args.target,
            Self::Show(args) => &mut args.target,
            Self::Watch(args) => &mut args.target,
            Self::Clear(args) => &mut args.target,
            Self::Send(args) => &mut args.target,
            Self::Export(args) => &mut args.target,
            Self::Ready(args) => &mut args.target,
            Self::Ca(args) => &mut args.target,
        })
    }
}

/// Does what the arguments of this process say.
pub(crate) fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = parse::parse(&arguments).unwrap_or_else(|error| error.exit());
    match cli.task.unwrap_or(Task::Serve(Box::new(cli.serve))) {
        Task::Serve(args) => match args.config(memory::limit_bytes(Path::new("/"))) {
            Ok(config) => running::run(&args, &config),
            Err(reason) => parse::wrong_use(reason).exit(),
        },
        Task::Ready(args) => ready::run(&args),
        Task::Expect(args) => exit_code(expect::run(&args)),
        Task::Cursor(args) => exit_code(cursor::run(&args)),
        Task::List(args) => exit_code(list::run(&args)),
        Task::Show(args) => exit_code(show::run(&args)),
        Task::Watch(args) => exit_code(watch::run(&args)),
        Task::Clear(args) => exit_code(clear::run(&args)),
        Task::Send(args) => exit_code(send::run(&args)),
        Task::Export(args) => exit_code(export::run(&args)),
        Task::Ca(args) => exit_code(ca::run(&args)),
        Task::Completions(args) => exit_code(shell::complete(&args)),
        Task::Man(args) => exit_code(shell::manual(&args)),
    }
}

/// Tells the person at the terminal; nothing more can be done when that fails.
fn complain(reason: &str) {
    let _ = writeln!(std::io::stderr(), "restante: {reason}");
}

const AFTER_HELP: &str = "\
SIZE is a number of bytes; k, m and g, alone or as in KiB or MB, are powers of 1,024.
DURATION is 500ms, 10s, 2m, 1h. Each flag has a variable; a flag on the command line wins.";
