//! Which running server a client command talks to.

use std::path::PathBuf;

use clap::ArgMatches;
use clap::Args;
use clap::parser::ValueSource;

use crate::cli::announcement::reachable;
use crate::cli::ready_file::ReadyFile;
use crate::cli::values;
use crate::cli::values::listener::Listeners;
use crate::cli::values::listener::listeners;
use crate::cli::values::url::Url;
use crate::cli::values::url::url;

/// The server that is named, or the one on this machine.
#[derive(Args, Clone, Debug)]
pub(crate) struct Target {
    /// The server's address, such as http://127.0.0.1:8025
    #[arg(long, env = "RESTANTE_URL", value_name = "URL", value_parser = url)]
    #[arg(help_heading = SERVER)]
    url: Option<Url>,

    /// The file that the server writes, see `restante serve --ready-file`
    #[arg(long, env = "RESTANTE_READY_FILE", value_name = "PATH", help_heading = SERVER)]
    ready_file: Option<PathBuf>,

    /// As given to the server
    #[arg(long, hide = true, env = "RESTANTE_HTTP", value_parser = listeners)]
    #[arg(default_value = "127.0.0.1:8025")]
    http: Listeners,

    /// As given to the server
    #[arg(long, hide = true, env = "RESTANTE_BASE_PATH", value_parser = values::base_path)]
    #[arg(default_value = "/")]
    base_path: String,
}

impl Target {
    /// A flag is nearer than a variable: of the two ways to name a server, the one from a variable
    /// gives way to the one on the command line.
    pub(crate) fn prefer_flags(&mut self, matches: &ArgMatches) {
        let given = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        if given("ready_file") && !given("url") {
            self.url = None;
        }
    }

    /// Where it is at this moment: its file may only be about to appear.
    ///
    /// # Errors
    /// When the ready file does not say, in words that name it.
    pub(crate) fn locate(&self) -> Result<Url, String> {
        let path = self.base_path.clone();
        match (&self.url, &self.ready_file) {
            (Some(url), _) => Ok(url.clone()),
            (None, Some(file)) => {
                let ready = ReadyFile::read(file)
                    .map_err(|error| format!("{}: {error}", file.display()))?;
                let http = ready.http.first().ok_or("the ready file names no HTTP address")?;
                Ok(Url::http(reachable(*http).to_string(), path))
            }
            (None, None) => Ok(Url::http(reachable(self.http.first()).to_string(), path)),
        }
    }
}

const SERVER: &str = "Which server";
