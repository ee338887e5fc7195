//! `restante ready`: asks a running server whether it is ready, once or until it is.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use clap::Args;
use ureq::http::StatusCode;

use crate::cli::client::Client;
use crate::cli::client::resource::Resource;
use crate::cli::complain;
use crate::cli::target::Target;
use crate::cli::values;

/// Exit with 0 when a running restante is ready, with 1 when it is not
///
/// Asks /readyz of the server that --url or --ready-file names; without them, of the one on this
/// machine, where RESTANTE_HTTP and RESTANTE_BASE_PATH say, or on port 8025.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadyArgs {
    #[command(flatten)]
    pub(crate) target: Target,

    /// Keep asking until it is ready, for at most so long
    #[arg(long, env = "RESTANTE_WAIT", value_name = "DURATION", value_parser = values::duration)]
    #[arg(num_args = 0..=1, default_missing_value = "30s")]
    wait: Option<Duration>,
}

/// Asks, and says on standard error why not when it is not ready.
pub(crate) fn run(args: &ReadyArgs) -> ExitCode {
    let deadline = Instant::now() + args.wait.unwrap_or_default();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let patience = args.wait.map_or(PATIENCE, |_| left.clamp(PATIENCE_MIN, PATIENCE));
        match ask(args, patience) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(_) if Instant::now() < deadline => thread::sleep(PAUSE),
            Err(reason) => {
                complain(&format!("not ready: {reason}"));
                return ExitCode::FAILURE;
            }
        }
    }
}

fn ask(args: &ReadyArgs, patience: Duration) -> Result<(), String> {
    let client = Client::new(args.target.locate()?);
    let naming = |reason: String| format!("{}/readyz: {reason}", client.server());
    match client.status(&Resource::new("/readyz"), patience).map_err(naming)? {
        StatusCode::OK => Ok(()),
        other => Err(naming(format!("the status is {}, not 200", other.as_u16()))),
    }
}

/// How long one question may take before it counts as unanswered.
const PATIENCE: Duration = Duration::from_secs(5);

/// A question is never given less, however little is left of the wait.
const PATIENCE_MIN: Duration = Duration::from_millis(100);

/// Short beside a start of about 10 ms and a container's health interval alike.
const PAUSE: Duration = Duration::from_millis(25);
