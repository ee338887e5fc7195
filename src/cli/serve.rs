//! The flags of the server, and the configuration they make.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use restante::config::Config;
use restante::http::security::host::HostPattern;
use restante::net::place::Place;
use restante::store::inboxes::InboxBy;

use crate::cli::credentials::AuthArgs;
use crate::cli::network::NetworkArgs;
use crate::cli::sizes::Wishes;
use crate::cli::values;
use crate::cli::values::listener::Listeners;
use crate::cli::values::listener::SmtpListeners;
use crate::cli::values::listener::listeners;
use crate::cli::values::listener::smtp_listeners;

/// Catch mail until stopped; this is what restante does without a command
#[derive(Args, Clone, Debug)]
pub(crate) struct ServeArgs {
    /// Speak SMTP here; port 0 takes any free port; may be repeated. A Unix socket is unix:PATH.
    /// OPTION is starttls, starttls=required or tls; lmtp; proxy, for a PROXY header before all
    /// else; several are separated by commas
    #[arg(long, env = "RESTANTE_SMTP", value_name = "[ADDR:]PORT[,OPTION]")]
    #[arg(value_parser = smtp_listeners, default_value = "127.0.0.1:1025")]
    #[arg(help_heading = LISTENING)]
    smtp: Vec<SmtpListeners>,

    /// Serve the web UI and the API here; port 0 takes any free port; may be repeated
    #[arg(long, env = "RESTANTE_HTTP", value_name = "[ADDR:]PORT")]
    #[arg(value_parser = listeners, default_value = "127.0.0.1:8025", help_heading = LISTENING)]
    http: Vec<Listeners>,

    /// Answer HTTP under this host name too; may be repeated, or several separated by commas
    #[arg(long, env = "RESTANTE_ALLOW_HOST", value_name = "NAME")]
    #[arg(value_parser = values::host_pattern, value_delimiter = ',', help_heading = LISTENING)]
    allow_host: Vec<HostPattern>,

    /// Serve HTTP under this path, such as /mail behind a proxy
    #[arg(long, env = "RESTANTE_BASE_PATH", value_name = "PATH")]
    #[arg(value_parser = values::base_path, default_value = "/", help_heading = LISTENING)]
    base_path: String,

    #[command(flatten)]
    auth: AuthArgs,

    /// Name a mail's inboxes by the first of these that gives a name: header, header:NAME, auth,
    /// rcpt, rcpt-tag, rcpt-domain, helo, peer, listener
    #[arg(long, env = "RESTANTE_INBOX_BY", value_name = "SOURCES")]
    #[arg(value_parser = values::inbox_by, default_value = "header,auth", help_heading = FILING)]
    inbox_by: InboxBy,

    /// Memory for all held mail; when it is full the oldest go
    /// [default: 512MiB, or half the container's memory limit when that is less]
    #[arg(long, env = "RESTANTE_STORE_SIZE", value_name = "SIZE")]
    #[arg(value_parser = values::size_bytes_above_zero, help_heading = LIMITS)]
    store_size: Option<usize>,

    /// Refuse a mail larger than this
    /// [default: 50MiB, or what a smaller store holds]
    #[arg(long, env = "RESTANTE_MAX_MESSAGE_SIZE", value_name = "SIZE")]
    #[arg(value_parser = values::size_bytes_above_zero, help_heading = LIMITS)]
    max_message_size: Option<usize>,

    /// Refuse for now what would take mails being received above this
    /// [default: 512MiB, or a quarter of the container's memory limit when that is less]
    #[arg(long, env = "RESTANTE_MAX_IN_FLIGHT", value_name = "SIZE")]
    #[arg(value_parser = values::size_bytes_above_zero, help_heading = LIMITS)]
    max_in_flight: Option<usize>,

    /// Refuse further recipients of a mail
    #[arg(long, env = "RESTANTE_MAX_RECIPIENTS", value_name = "COUNT")]
    #[arg(value_parser = values::count, default_value = "10000", help_heading = LIMITS)]
    max_recipients: usize,

    /// Turn away further SMTP sessions
    #[arg(long, env = "RESTANTE_MAX_SESSIONS", value_name = "COUNT")]
    #[arg(value_parser = values::count, default_value = "1000", help_heading = LIMITS)]
    max_sessions: usize,

    /// Close an SMTP session after so many refused commands
    #[arg(long, env = "RESTANTE_MAX_ERRORS", value_name = "COUNT")]
    #[arg(value_parser = values::count, default_value = "100", help_heading = LIMITS)]
    max_errors: usize,

    /// Refuse a longer SMTP command line
    #[arg(long, env = "RESTANTE_MAX_COMMAND_LINE", value_name = "SIZE")]
    #[arg(value_parser = values::command_line_bytes, default_value = "4KiB", help_heading = LIMITS)]
    max_command_line: usize,

    /// Close an SMTP session that says nothing for so long
    #[arg(long, env = "RESTANTE_IDLE_TIMEOUT", value_name = "DURATION")]
    #[arg(value_parser = values::duration_above_zero, default_value = "5m", help_heading = LIMITS)]
    idle_timeout: Duration,

    /// Close an SMTP session that lasts for so long, however busy it is
    #[arg(long, env = "RESTANTE_SESSION_TIMEOUT", value_name = "DURATION")]
    #[arg(value_parser = values::duration_above_zero, default_value = "24h", help_heading = LIMITS)]
    session_timeout: Duration,

    /// Refuse to wait for mail longer than this
    #[arg(long, env = "RESTANTE_WAIT_MAX", value_name = "DURATION")]
    #[arg(value_parser = values::duration_above_zero, default_value = "5m", help_heading = LIMITS)]
    wait_max: Duration,

    /// Once everything is bound, write the addresses and the process id to this file, as JSON;
    /// it is removed at the end
    #[arg(long, env = "RESTANTE_READY_FILE", value_name = "PATH", help_heading = RUNNING)]
    pub(crate) ready_file: Option<PathBuf>,

    /// After SIGTERM or SIGINT, let mail in flight finish for so long
    #[arg(long, env = "RESTANTE_SHUTDOWN_GRACE", value_name = "DURATION")]
    #[arg(value_parser = values::duration, default_value = "8s", help_heading = RUNNING)]
    shutdown_grace: Duration,

    /// What to log on standard error: off, error, warn, info, debug, trace,
    /// or pairs such as restante::smtp=debug
    #[arg(long, env = "RESTANTE_LOG", value_name = "LEVEL")]
    #[arg(value_parser = values::log_filter, default_value = "info", help_heading = RUNNING)]
    pub(crate) log: String,

    #[command(flatten)]
    network: NetworkArgs,
}

impl ServeArgs {
    /// The configuration these flags ask for. `memory_bytes` is what this process may use at most.
    ///
    /// # Errors
    /// When flags exclude each other, in words that name them.
    pub(crate) fn config(&self, memory_bytes: Option<usize>) -> Result<Config, String> {
        let sizes = Wishes {
            store: self.store_size,
            message: self.max_message_size,
            in_flight: self.max_in_flight,
            memory: memory_bytes,
        }
        .settle()?;
        let mut config = Config {
            smtp: self.smtp.iter().flat_map(|listeners| &listeners.0).cloned().collect(),
            http: self.http.iter().flat_map(|listeners| &listeners.0).copied().collect(),
            store_size_bytes: sizes.store,
            auth: Arc::new(self.auth.policy()?),
            inbox_by: self.inbox_by.clone(),
            allow_hosts: self.allow_host.clone(),
            base_path: self.base_path.clone(),
            shutdown_grace: self.shutdown_grace,
            ..Config::default()
        };
        config.limits.message_bytes_max = sizes.message;
        config.limits.in_flight_bytes_max = sizes.in_flight;
        config.limits.recipients_max = self.max_recipients;
        config.limits.sessions_max = self.max_sessions;
        config.limits.errors_max = self.max_errors;
        config.limits.command_line_bytes_max = self.max_command_line;
        config.limits.idle_timeout = self.idle_timeout;
        config.limits.session_timeout = self.session_timeout;
        config.http_limits.wait_max = self.wait_max;
        self.network.add_to(&mut config)?;
        refuse_overlaps(&config)?;
        Ok(config)
    }
}

/// Binding would fail too, but would blame another program.
fn refuse_overlaps(config: &Config) -> Result<(), String> {
    let smtp = config.smtp.iter().map(|listener| ("--smtp", listener.place.clone()));
    let http = config.http.iter().map(|address| ("--http", Place::Ip(*address)));
    let all: Vec<_> = smtp.chain(http).collect();
    for (index, (flag, place)) in all.iter().enumerate() {
        let earlier = all[..index].iter().find(|(_, earlier)| overlap(earlier, place));
        if let Some((other, earlier)) = earlier {
            return Err(format!("{other} {earlier} and {flag} {place} overlap"));
        }
    }
    Ok(())
}

/// Whether binding one makes binding the other fail: "all interfaces" covers each of its family.
fn overlap(one: &Place, other: &Place) -> bool {
    let (Place::Ip(one), Place::Ip(other)) = (one, other) else { return one == other };
    let covers = one.ip().is_unspecified() || other.ip().is_unspecified();
    let same_family = one.is_ipv4() == other.is_ipv4();
    let same_port = one.port() == other.port() && one.port() != 0;
    same_port && (one.ip() == other.ip() || same_family && covers)
}

const LISTENING: &str = "Listening";
const FILING: &str = "Inboxes";
const LIMITS: &str = "Limits";
const RUNNING: &str = "Running";
