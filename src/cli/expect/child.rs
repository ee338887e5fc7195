//! The command whose mail is waited for.

use std::ffi::OsString;
use std::io;
use std::process::Command;
use std::process::ExitStatus;
use std::process::Stdio;

use crate::cli::failed::Failed;
use crate::cli::signals::Signals;

/// Runs a command to its end. What it writes goes to standard error; signals reach it, too.
///
/// # Errors
/// When it cannot be run, fails, or a signal came.
pub(crate) fn run(command: &[OsString], signals: &mut Signals) -> Result<(), Failed> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let shown: Vec<_> = command.iter().map(|word| word.to_string_lossy()).collect();
    let shown = shown.join(" ");
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::from(io::stderr()));
    let (status, signal) = signals.run(command).map_err(|error| {
        Failed::Unable(format!("the command cannot be run: {}: {error}", program.display()))
    })?;
    match signal {
        Some(code) => Err(Failed::Signalled(code)),
        None if status.success() => Ok(()),
        None => {
            let how = how_it_ended(status);
            Err(Failed::Absent(format!("the command {how}, so no mail was waited for: {shown}")))
        }
    }
}

fn how_it_ended(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("failed with exit code {code}"),
        // "signal: 9 (SIGKILL)"
        None => format!("was ended by a {status}"),
    }
}
