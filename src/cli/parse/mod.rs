//! Turns arguments and variables into what was meant, or into an error that blames the right one.

use std::error::Error as _;
use std::ffi::OsString;

use clap::Arg;
use clap::Command;
use clap::CommandFactory;
use clap::FromArgMatches;
use clap::error::ContextKind;
use clap::error::ContextValue;
use clap::error::ErrorKind;

use crate::cli::Cli;

/// Reads the arguments, the program's own name first, and the variables.
///
/// # Errors
/// For `--help` and `--version` too, as clap has it: its `exit` knows what to do.
pub(crate) fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = command(arguments);
    let matches = command
        .try_get_matches_from_mut(arguments)
        .map_err(|error| naming_the_variable(error, &command, arguments))?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    if let (Some(task), Some((_, matches))) = (&mut cli.task, matches.subcommand())
        && let Some(target) = task.target()
    {
        target.prefer_flags(matches);
    }
    Ok(cli)
}

/// An error about flags that do not go together.
pub(crate) fn wrong_use(reason: String) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, reason + "\n").with_cmd(&Cli::command())
}

/// The grammar, with the variables that count.
///
/// A variable that is set to nothing counts as not set: that is what `RESTANTE_LOG=${LOG}` in a
/// compose file becomes without `LOG`. And what only a server reads is no other command's business.
fn command(arguments: &[OsString]) -> Command {
    let root = Cli::command();
    let task = arguments.get(1).and_then(|argument| argument.to_str());
    let names_a_task = task.is_some_and(|task| root.find_subcommand(task).is_some());
    let root = root.mut_args(|argument| if names_a_task { unset(argument) } else { argument });
    prepare(root)
}

fn prepare(command: Command) -> Command {
    let prepared = command.mut_args(|argument| {
        let variable = argument.get_env().and_then(std::env::var_os);
        let argument = argument.hide_env_values(true);
        if variable.is_some_and(|value| value.is_empty()) { unset(argument) } else { argument }
    });
    prepared.mut_subcommands(prepare)
}

/// Those of these names that look like a variable of restante and are none: misspelt, most likely.
pub(crate) fn unknown_variables(names: impl Iterator<Item = OsString>) -> Vec<String> {
    let root = Cli::command();
    let commands = std::iter::once(&root).chain(root.get_subcommands());
    let known: Vec<_> =
        commands.flat_map(Command::get_arguments).filter_map(Arg::get_env).collect();
    let unknown = names.filter(|name| !known.contains(&name.as_os_str()));
    let named = unknown.filter_map(|name| name.into_string().ok());
    named.filter(|name| name.starts_with("RESTANTE_") && !is_made_by_others(name)).collect()
}

/// Kubernetes and Docker describe a service called `restante` to its neighbours, and to itself, by
/// variables such as `RESTANTE_SERVICE_HOST` and `RESTANTE_PORT_1025_TCP`.
fn is_made_by_others(name: &str) -> bool {
    ["_SERVICE_", "_PORT", "_ENV_", "_SKIP_UI"].iter().any(|part| name.contains(part))
}

fn unset(argument: Arg) -> Arg {
    argument.env(None::<&'static str>)
}

/// clap blames the flag, also when the wrong value came from its variable.
fn naming_the_variable(
    error: clap::Error,
    command: &Command,
    arguments: &[OsString],
) -> clap::Error {
    let Some(ContextValue::String(blamed)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let flag = blamed.split(' ').next().unwrap_or_default();
    let given = |argument: &OsString| {
        let rest = argument.to_str().and_then(|argument| argument.strip_prefix(flag));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    if error.kind() != ErrorKind::ValueValidation || arguments.iter().any(given) {
        return error;
    }
    let everywhere = std::iter::once(command).chain(command.get_subcommands());
    let mut arguments = everywhere.flat_map(Command::get_arguments);
    let argument = arguments.find(|argument| argument.get_long() == flag.strip_prefix("--"));
    let variable = argument.and_then(Arg::get_env).and_then(|variable| variable.to_str());
    let value = error.get(ContextKind::InvalidValue);
    match (variable, value, error.source()) {
        (Some(variable), Some(value), Some(reason)) => {
            let reason = format!("invalid value '{value}' in the variable {variable}: {reason}\n");
            clap::Error::raw(ErrorKind::ValueValidation, reason).with_cmd(command)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests;
