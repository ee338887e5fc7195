//! `restante ready`: asks a running server whether it is ready, once or until it is.
//!
//! HTTP by hand over a plain socket: one request, of which only the status is of interest.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::net::ToSocketAddrs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use clap::ArgMatches;
use clap::Args;
use clap::parser::ValueSource;

use crate::cli::announcement::reachable;
use crate::cli::complain;
use crate::cli::ready_file::ReadyFile;
use crate::cli::values;
use crate::cli::values::Listeners;
use crate::cli::values::Url;

/// Exit with 0 when a running restante is ready, with 1 when it is not
///
/// Asks /readyz of the server that --url or --ready-file names; without them, of the one on this
/// machine, where RESTANTE_HTTP and RESTANTE_BASE_PATH say, or on port 8025.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadyArgs {
    /// The server's address, such as http://127.0.0.1:8025
    #[arg(long, env = "RESTANTE_URL", value_name = "URL", value_parser = values::url)]
    url: Option<Url>,

    /// The file that the server writes, see `restante serve --ready-file`
    #[arg(long, env = "RESTANTE_READY_FILE", value_name = "PATH")]
    ready_file: Option<PathBuf>,

    /// Keep asking until it is ready, for at most so long
    #[arg(long, env = "RESTANTE_WAIT", value_name = "DURATION", value_parser = values::duration)]
    #[arg(num_args = 0..=1, default_missing_value = "30s")]
    wait: Option<Duration>,

    /// As given to the server
    #[arg(long, hide = true, env = "RESTANTE_HTTP", value_parser = values::listeners)]
    #[arg(default_value = "127.0.0.1:8025")]
    http: Listeners,

    /// As given to the server
    #[arg(long, hide = true, env = "RESTANTE_BASE_PATH", value_parser = values::base_path)]
    #[arg(default_value = "/")]
    base_path: String,
}

impl ReadyArgs {
    /// A flag is nearer than a variable: of the two ways to name a server, the one from a variable
    /// gives way to the one on the command line.
    pub(crate) fn prefer_flags(&mut self, matches: &ArgMatches) {
        let given = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        if given("ready_file") && !given("url") {
            self.url = None;
        }
    }
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

/// Finds the server anew each time: its file may only be about to appear.
fn ask(args: &ReadyArgs, patience: Duration) -> Result<(), String> {
    let (authority, path) = match (&args.url, &args.ready_file) {
        (Some(url), _) => (url.authority.clone(), url.path.as_str()),
        (None, Some(file)) => {
            let ready =
                ReadyFile::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let http = ready.http.first().ok_or("the ready file names no HTTP address")?;
            (reachable(*http).to_string(), args.base_path.as_str())
        }
        (None, None) => (reachable(args.http.first()).to_string(), args.base_path.as_str()),
    };
    let naming = |reason: String| format!("http://{authority}{path}/readyz: {reason}");
    let status = status(&authority, path, patience);
    match status.map_err(|error| naming(error.to_string()))?.as_str() {
        "200" => Ok(()),
        other => Err(naming(format!("the status is {other:?}, not 200"))),
    }
}

/// The status code of the answer to `GET {path}/readyz`, as text.
fn status(authority: &str, path: &str, patience: Duration) -> io::Result<String> {
    let mut stream = connect(authority, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let head = format!(
        "GET {path}/readyz HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: restante/{}\r\n\
         Accept: */*\r\nConnection: close\r\n\r\n",
        env!("CARGO_PKG_VERSION")
    );
    stream.write_all(head.as_bytes())?;
    // `HTTP/1.1 200` and whatever follows: RFC 9112 §4 puts the code at a fixed place.
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    let code = line.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(2..));
    let code = code.ok_or_else(|| io::Error::other("this is no HTTP server"))?;
    Ok(String::from_utf8_lossy(code).into_owned())
}

fn connect(authority: &str, patience: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses(authority)? {
        match TcpStream::connect_timeout(&address, patience) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// An address as it stands needs no resolver, which a container from scratch does not have.
fn addresses(authority: &str) -> io::Result<Vec<SocketAddr>> {
    match authority.parse() {
        Ok(address) => Ok(vec![address]),
        Err(_) => Ok(authority.to_socket_addrs()?.collect()),
    }
}

/// How long one question may take before it counts as unanswered.
const PATIENCE: Duration = Duration::from_secs(5);

/// A question is never given less, however little is left of the wait.
const PATIENCE_MIN: Duration = Duration::from_millis(100);

/// Short beside a start of about 10 ms and a container's health interval alike.
const PAUSE: Duration = Duration::from_millis(25);
