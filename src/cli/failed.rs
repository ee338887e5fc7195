//! Why a command did not do what it was told, and the exit code that says so.

use std::io;
use std::process::ExitCode;

use crate::cli::complain;

/// What ended a client command before its time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// What was asked for is not there. 1
    Absent(String),
    /// The command was used wrongly, or no server answers. 2
    Unable(String),
    /// Nobody reads standard output any more (`| head -1`): all that was wanted was said. 0
    Unread,
    /// A signal came. 128 and its number
    Signalled(u8),
}

impl Failed {
    /// What standard output, or a file of another name, did not take.
    pub(crate) fn writing(name: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Unable(format!("{name}: {error}")),
        }
    }
}

/// The exit code of a client command; what went wrong is said on standard error.
pub(crate) fn exit_code(outcome: Result<(), Failed>) -> ExitCode {
    match outcome {
        Ok(()) | Err(Failed::Unread) => ExitCode::SUCCESS,
        Err(Failed::Absent(reason)) => {
            complain(&reason);
            ExitCode::from(1)
        }
        Err(Failed::Unable(reason)) => {
            complain(&reason);
            ExitCode::from(2)
        }
        Err(Failed::Signalled(code)) => ExitCode::from(code),
    }
}
