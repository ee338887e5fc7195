//! A server's life as a process: start, say where it is, wait for a signal, drain, end.

use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use restante::config::Config;
use restante::net::tls::TlsError;
use restante::server::Server;
use restante::server::StartError;

use crate::cli::announcement;
use crate::cli::complain;
use crate::cli::parse;
use crate::cli::ready_file::Ready;
use crate::cli::ready_file::ReadyFile;
use crate::cli::serve::ServeArgs;
use crate::cli::signals::Signalled;
use crate::cli::signals::Signals;

/// Serves until told to stop. 0 after draining, 1 when it cannot start, else the second signal's.
pub(crate) fn run(args: &ServeArgs, config: &Config) -> ExitCode {
    match start(args, config) {
        Ok(running) => running.until_stopped(),
        Err(reason) => {
            complain(&reason);
            ExitCode::FAILURE
        }
    }
}

struct Running {
    server: Server,
    ready_file: Option<ReadyFile>,
    signals: Signals,
}

fn start(args: &ServeArgs, config: &Config) -> Result<Running, String> {
    log_to_stderr(&args.log);
    tracing::debug!(?config, "starting");
    for name in parse::unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
        tracing::warn!("the variable {name} is set, and no flag has it: is it misspelt?");
    }
    // Before anything can be seen as ready, so that no signal finds nobody listening.
    let reloads = config.tls.files.is_some();
    let signals =
        Signals::listen(reloads).map_err(|error| format!("cannot listen to signals: {error}"))?;
    if let Some(path) = &args.ready_file {
        ReadyFile::remove_stale(path).map_err(|error| naming_ready_file(path, &error))?;
    }
    let server = Server::start(config).map_err(|error| naming_the_flag(&error))?;
    let addresses = server.addresses();
    let ready = Ready {
        smtp: addresses.smtp.iter().map(ToString::to_string).collect(),
        http: addresses.http.clone(),
        pid: std::process::id(),
    };
    let ready_file = match &args.ready_file {
        Some(path) => {
            let file = ReadyFile::write(path, &ready);
            Some(file.map_err(|error| naming_ready_file(path, &error))?)
        }
        None => None,
    };
    let text = announcement::text(config, addresses, server.ca_pem().is_some());
    // Nobody may be there to read it, and that must not end the server.
    let _ = io::stdout().write_all(text.as_bytes());
    Ok(Running { server, ready_file, signals })
}

impl Running {
    fn until_stopped(mut self) -> ExitCode {
        while let Signalled::Reload = self.signals.wait() {
            match self.server.reload_certificates() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => {
                    let flag = tls_flag(&error);
                    tracing::error!("the old certificate stays: {flag} {error}");
                }
            }
        }
        drop(self.ready_file.take());
        tracing::info!("stopping: finishing what is in flight; a second signal ends it at once");
        let server = self.server;
        match self.signals.wait_or_finish(move || server.shutdown()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(code) => ExitCode::from(code),
        }
    }
}

fn log_to_stderr(filter: &str) {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}

fn naming_the_flag(error: &StartError) -> String {
    match error {
        StartError::Smtp(_) => format!("--smtp: {error}"),
        StartError::Http(_) => format!("--http: {error}"),
        StartError::Tls(error) => format!("{} {error}", tls_flag(error)),
        StartError::System(_) => error.to_string(),
    }
}

const fn tls_flag(error: &TlsError) -> &'static str {
    match error {
        TlsError::Certificate(..) => "--tls-cert",
        TlsError::Key(..) => "--tls-key",
        TlsError::Folder(..) => "--ca-dir",
        TlsError::Made(_) => "TLS:",
    }
}

fn naming_ready_file(path: &Path, error: &io::Error) -> String {
    format!("--ready-file {}: {error}", path.display())
}
