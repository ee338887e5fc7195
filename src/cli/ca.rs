//! `restante ca`: the certificate that makes clients trust a running server.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::resource::Resource;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
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
pub(crate) fn run(args: &CaArgs) -> Result<(), Failed> {
    let answer = Client::of(&args.target)?.get(&Resource::new("/v1/ca.pem"), PATIENCE)?;
    let mut output = Output::new();
    output.line(&answer.text()?)?;
    output.flush()
}
