//! The server as a value: binds everything first, then serves, and owns every thread and task.
//!
//! SMTP runs on a thread of its own, so that a slow search never delays a 250.

use std::fmt;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::runtime::Builder;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::Config;
use crate::config::Security;
use crate::config::SmtpListener;
use crate::dialogue::Endpoint;
use crate::http;
use crate::http::context::Authority;
use crate::http::context::Context;
use crate::http::context::HttpLimits;
use crate::http::context::HttpOptions;
use crate::http::context::ListenerInfo;
use crate::http::context::ServerInfo;
use crate::metrics::Metrics;
use crate::net::accept::Listener;
use crate::net::access::Access;
use crate::net::listener;
use crate::net::listener::BindError;
use crate::net::listener::Bound;
use crate::net::place::Place;
use crate::net::tls::Tls;
use crate::net::tls::TlsError;
use crate::smtp::connection;
use crate::smtp::connection::Opening;
use crate::smtp::in_flight::InFlight;
use crate::smtp::service::Service;
use crate::smtp::service::StartTls;
use crate::store::Store;
use crate::store::StoreOptions;
use crate::store::idle;

/// A running catcher. Dropping it drains and stops it, as [`Server::shutdown`] does.
#[derive(Debug)]
pub struct Server {
    addresses: Addresses,
    store: Arc<Store>,
    info: Arc<ServerInfo>,
    tls: Option<Arc<Tls>>,
    // Dropped in this order: SMTP drains while its mails can still be read.
    _smtp: Stage,
    _http: Stage,
    _index: Stage,
}

/// The addresses actually bound, a port for each port 0 asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Where SMTP is spoken, in the order of the configuration.
    pub smtp: Vec<Endpoint>,
    /// Where the API and the web UI are.
    pub http: Vec<SocketAddr>,
}

impl Server {
    /// Binds every address, then serves them all.
    ///
    /// # Errors
    /// When an address cannot be bound, a certificate not be used, or the system gives no thread;
    /// then nothing is served.
    pub fn start(config: &Config) -> Result<Self, StartError> {
        let needs_tls = config.smtp.iter().any(SmtpListener::speaks_tls);
        let tls = needs_tls.then(|| Tls::new(&config.tls).map(Arc::new)).transpose();
        let tls = tls.map_err(StartError::Tls)?;
        let places = config.smtp.iter().map(|listener| listener::bind(&listener.place));
        let smtp: Vec<Bound> = places.collect::<Result<_, _>>().map_err(StartError::Smtp)?;
        let http = config.http.iter().map(|address| listener::bind_tcp(*address));
        let http: Vec<TcpListener> = http.collect::<Result<_, _>>().map_err(StartError::Http)?;
        let addresses = Addresses::of(&smtp, &http).map_err(StartError::System)?;
        let started_at = Timestamp::now();
        let store = Arc::new(Store::new(&StoreOptions {
            size_bytes_max: config.store_size_bytes,
            log_weight_max: LOG_WEIGHT_MAX,
            started_at,
            seed: RandomState::new().hash_one(started_at.as_nanosecond()),
        }));
        let metrics = Arc::new(Metrics::default());
        let shared = connection::Shared {
            store: Arc::clone(&store),
            in_flight: Arc::new(InFlight::default()),
            metrics: Arc::clone(&metrics),
            inbox_by: config.inbox_by.clone(),
            access: Arc::new(Access::new(config.access.clone())),
            grace: config.shutdown_grace,
        };
        let info = Arc::new(info(config, &addresses, tls.as_deref(), started_at));
        let openings = openings(config, &addresses, tls.as_ref());
        let smtp = smtp.into_iter().zip(openings).collect();
        let smtp = Stage::spawn("smtp", with_sockets(), smtp, move |(bound, opening), stop| {
            let listener = Listener::new(bound)?;
            Ok(connection::serve(listener, opening, shared.clone(), stop))
        })?;
        let options = HttpOptions {
            allow_hosts: config.allow_hosts.clone(),
            base_path: config.base_path.clone(),
            // A mail may be as large however it comes.
            limits: HttpLimits {
                mail_bytes_max: config.limits.message_bytes_max,
                mail_in_flight_bytes_max: config.limits.in_flight_bytes_max,
                ..config.http_limits.clone()
            },
        };
        let (held, told) = (Arc::clone(&store), Arc::clone(&info));
        let inbox_by = config.inbox_by.clone();
        let http = Stage::spawn("http", with_sockets(), http, move |listener, stop| {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let (store, info) = (Arc::clone(&held), Arc::clone(&told));
            let metrics = Arc::clone(&metrics);
            let (inbox_by, shutdown) = (inbox_by.clone(), stop.clone());
            let context = Context { store, inbox_by, info, metrics, shutdown };
            Ok(http::serve::serve(listener, http::router(context, &options), stop))
        })?;
        let index =
            Stage::spawn("index", without_sockets(), vec![Arc::clone(&store)], |store, stop| {
                Ok(async move {
                    make_way();
                    idle::index_when_idle(store, stop).await;
                })
            })?;
        info.set_ready(true);
        Ok(Self { addresses, store, info, tls, _smtp: smtp, _http: http, _index: index })
    }

    /// The addresses actually bound.
    pub const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// What it holds.
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The certificate that clients are to trust, as PEM; none where no listener speaks TLS or the
    /// server's certificate was given.
    pub fn ca_pem(&self) -> Option<&str> {
        self.tls.as_ref()?.authority_pem()
    }

    /// Reads the files of the server's certificate again; connections from now on get what they
    /// say.
    ///
    /// # Errors
    /// When they cannot be used; then the old certificate stays.
    pub fn reload_certificates(&self) -> Result<(), TlsError> {
        self.tls.as_ref().map_or(Ok(()), |tls| tls.reload())
    }

    /// Stops accepting, lets mail in flight be finished or refused within the grace period, then
    /// ends. Dropping the server does the same.
    pub fn shutdown(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.info.set_ready(false);
    }
}

/// A protocol's thread, with a runtime of its own.
#[derive(Debug)]
struct Stage {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Stage {
    /// Serves each listener by a task of one thread, until all tasks have ended after the stop.
    fn spawn<L, S, F>(
        name: &'static str,
        runtime: io::Result<Runtime>,
        listeners: Vec<L>,
        serve: S,
    ) -> Result<Self, StartError>
    where
        S: Fn(L, watch::Receiver<bool>) -> io::Result<F>,
        F: Future<Output = ()> + Send + 'static,
    {
        let runtime = runtime.map_err(StartError::System)?;
        let stop = watch::Sender::new(false);
        let mut tasks = JoinSet::new();
        for listener in listeners {
            let _entered = runtime.enter();
            let serving = serve(listener, stop.subscribe()).map_err(StartError::System)?;
            tasks.spawn_on(serving, runtime.handle());
        }
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                runtime.block_on(async { while tasks.join_next().await.is_some() {} });
                // A search that is still running must not keep the process from ending.
                runtime.shutdown_background();
            })
            .map_err(StartError::System)?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic has been reported by the thread itself; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

/// Why the server did not start.
#[derive(Debug)]
pub enum StartError {
    /// An address for SMTP cannot be bound.
    Smtp(BindError),
    /// An address for the API and the web UI cannot be bound.
    Http(BindError),
    /// There is no certificate to speak TLS with.
    Tls(TlsError),
    /// The system gave no runtime or thread.
    System(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp(error) => write!(f, "SMTP {error}"),
            Self::Http(error) => write!(f, "HTTP {error}"),
            Self::Tls(error) => write!(f, "TLS: {error}"),
            Self::System(error) => write!(f, "the system gave no thread or runtime: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Smtp(error) | Self::Http(error) => Some(error),
            Self::Tls(error) => Some(error),
            Self::System(error) => Some(error),
        }
    }
}

impl Addresses {
    fn of(smtp: &[Bound], http: &[TcpListener]) -> io::Result<Self> {
        let endpoint = |bound: &Bound| match bound.place()? {
            Place::Ip(address) => Ok(Endpoint::Ip(address)),
            Place::Unix(path) => Ok(Endpoint::Unix(path.to_string_lossy().into())),
        };
        Ok(Self {
            smtp: smtp.iter().map(endpoint).collect::<io::Result<_>>()?,
            http: http.iter().map(TcpListener::local_addr).collect::<io::Result<_>>()?,
        })
    }
}

/// How each listener's connections begin.
fn openings(config: &Config, addresses: &Addresses, tls: Option<&Arc<Tls>>) -> Vec<Opening> {
    let limits = Arc::new(config.limits.clone());
    let host_name: Arc<str> = HOST_NAME.into();
    let listeners = config.smtp.iter().zip(&addresses.smtp);
    let opening = |(listener, address): (&SmtpListener, &Endpoint)| {
        let service = Service::new(address.clone(), Arc::clone(&host_name), Arc::clone(&limits));
        let starttls = match listener.security {
            Security::Clear | Security::Tls => StartTls::Absent,
            Security::StartTlsOffered => StartTls::Offered,
            Security::StartTlsRequired => StartTls::Required,
        };
        Opening {
            service: Arc::new(Service {
                protocol: listener.protocol,
                starttls,
                auth: Arc::clone(&config.auth),
                ..service
            }),
            behind_proxy: listener.behind_proxy,
            is_implicit_tls: listener.security == Security::Tls,
            tls: tls.cloned(),
        }
    };
    listeners.map(opening).collect()
}

fn info(
    config: &Config,
    addresses: &Addresses,
    tls: Option<&Tls>,
    started_at: Timestamp,
) -> ServerInfo {
    let http = addresses.http.iter().map(ToString::to_string).collect();
    let listeners = config.smtp.iter().zip(&addresses.smtp);
    let smtp = listeners.map(|(listener, address)| ListenerInfo {
        address: address.to_string(),
        protocol: listener.protocol.name(),
        tls: listener.security.name(),
        behind_proxy: listener.behind_proxy,
    });
    let mut info = ServerInfo::new(started_at, smtp.collect(), http);
    info.authority = match tls {
        None => Authority::Unused,
        Some(tls) => {
            tls.authority_pem().map_or(Authority::Elsewhere, |pem| Authority::Here(pem.to_owned()))
        }
    };
    let limits = &config.limits;
    info.limits = vec![
        ("store_bytes", config.store_size_bytes as u64),
        ("message_bytes", limits.message_bytes_max as u64),
        ("recipients", limits.recipients_max as u64),
        ("sessions", limits.sessions_max as u64),
        ("command_line_bytes", limits.command_line_bytes_max as u64),
        ("in_flight_bytes", limits.in_flight_bytes_max as u64),
        ("errors", limits.errors_max as u64),
        ("idle_seconds", limits.idle_timeout.as_secs()),
        ("session_seconds", limits.session_timeout.as_secs()),
        ("wait_seconds", config.http_limits.wait_max.as_secs()),
    ];
    info
}

/// The threads beside the one that serves are those of long work: searches, large mails.
fn with_sockets() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().on_thread_start(make_way).build()
}

/// Takes no descriptors.
fn without_sockets() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_time().build()
}

/// Lets other threads go first where processors are scarce: what this one does must not keep mail
/// waiting. Elsewhere a thread cannot be told apart from its process.
fn make_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!("a thread for long work has the priority of all others: {error}");
    }
}

/// A tenth of the share of a thread that is not so nice (sched(7)).
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// The log keeps about as many changes as a listener may miss while it reconnects.
const LOG_WEIGHT_MAX: usize = 65_536;

/// What the server calls itself in SMTP.
const HOST_NAME: &str = "restante";
