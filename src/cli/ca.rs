//! `restante ca`: the certificate that makes clients trust a running server.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::cli::client;
use crate::cli::complain;
use crate::cli::target::Target;

/// Print the certificate authority of a running restante, as PEM
///
/// Asks /v1/ca.pem of the server that --url or --ready-file names; without them, of the one on this
/// machine, where RESTANTE_HTTP and RESTANTE_BASE_PATH say, or on port 8025.
#[derive(Args, Clone, Debug)]
pub(crate) struct CaArgs {
    #[command(flatten)]
    pub(crate) target: Target,
}

/// Prints it, or says on standard error why there is none.
pub(crate) fn run(args: &CaArgs) -> ExitCode {
    let written = pem(args).and_then(|pem| {
        std::io::stdout().write_all(pem.as_bytes()).map_err(|error| error.to_string())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            complain(&reason);
            ExitCode::FAILURE
        }
    }
}

fn pem(args: &CaArgs) -> Result<String, String> {
    let server = args.target.locate()?;
    let naming =
        |reason: String| format!("http://{}{}{PATH}: {reason}", server.authority, server.path);
    let answer = client::get(&server, PATH, PATIENCE).map_err(|error| naming(error.to_string()))?;
    if answer.status == "200" {
        return Ok(answer.body);
    }
    let problem: Option<Value> = serde_json::from_str(&answer.body).ok();
    let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str());
    Err(naming(detail.map_or_else(|| format!("the status is {}", answer.status), str::to_owned)))
}

const PATH: &str = "/v1/ca.pem";

const PATIENCE: Duration = Duration::from_secs(5);
