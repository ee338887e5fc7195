//! `restante completions` and `restante man`: what a shell and a manual know of the commands.

use clap::Args;
use clap::Command;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::Cli;
use crate::cli::failed::Failed;
use crate::cli::output;
use crate::cli::output::Output;

/// Print what a shell completes the commands with
#[derive(Args, Clone, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print a manual page
///
/// Of restante itself, or of one of its commands.
#[derive(Args, Clone, Debug)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct ManArgs {
    /// Which command
    command: Option<String>,
}

/// Prints them.
pub(crate) fn complete(args: &CompletionsArgs) -> Result<(), Failed> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), NAME, &mut script);
    let mut output = Output::new();
    output.bytes(&script)?;
    output.flush()
}

/// Prints it.
pub(crate) fn manual(args: &ManArgs) -> Result<(), Failed> {
    let mut output = Output::new();
    let source = concat!("restante ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(page_of(args.command.as_deref())?).source(source).manual("restante");
    page.render(&mut output).map_err(|error| Failed::writing(output::NAME, &error))?;
    output.flush()
}

/// The command that a page is about, by its whole name.
fn page_of(name: Option<&str>) -> Result<Command, Failed> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let Some(name) = name else { return Ok(root) };
    let commands: Vec<&str> = root.get_subcommands().map(Command::get_name).collect();
    let found = root.find_subcommand(name).cloned().ok_or_else(|| {
        Failed::Unable(format!("there is no command {name:?}; there are {}", commands.join(", ")))
    })?;
    Ok(found.version(env!("CARGO_PKG_VERSION")))
}

const NAME: &str = "restante";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  bash        source <(restante completions bash)           in ~/.bashrc
  zsh         source <(restante completions zsh)            in ~/.zshrc, behind compinit
  fish        restante completions fish | source            in ~/.config/fish/config.fish
  powershell  restante completions powershell | Out-String | Invoke-Expression
  elvish      eval (restante completions elvish | slurp)    in ~/.config/elvish/rc.elv";

const MAN_EXAMPLES: &str = "\
Examples:
  restante man | man -l -
  restante man expect > /usr/local/share/man/man1/restante-expect.1";
