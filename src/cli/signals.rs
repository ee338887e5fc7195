//! The signals to a server: the first that ends it drains it, the second ends it at once, and
//! SIGHUP has it read its certificate again.

use std::io;
use std::process::ExitCode;
use std::thread;

use tokio::runtime::Builder;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

#[cfg(unix)]
use tokio::signal::unix::Signal;
#[cfg(unix)]
use tokio::signal::unix::SignalKind;
#[cfg(unix)]
use tokio::signal::unix::signal;

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signalled {
    /// To come to an end; the exit code that a shell expects of a process ended by it.
    Stop(u8),
    /// To read the certificate again.
    Reload,
}

/// Listens to SIGTERM and SIGINT from its making on; what comes before anybody waits is kept.
pub(crate) struct Signals {
    runtime: Runtime,
    source: Source,
}

impl Signals {
    /// From here on the signals no longer end the process by themselves. SIGHUP does, unless
    /// there is something to read again: a server started in a terminal ends with it.
    pub(crate) fn listen(reloads: bool) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let source = runtime.block_on(async { Source::new(reloads) })?;
        Ok(Self { runtime, source })
    }

    /// Waits for one.
    pub(crate) fn wait(&mut self) -> Signalled {
        self.runtime.block_on(self.source.next())
    }

    /// Does `work`: 0 when it gets done, 128 and the signal's number when one comes first.
    pub(crate) fn wait_or_finish(&mut self, work: impl FnOnce() + Send + 'static) -> ExitCode {
        let (done, finished) = oneshot::channel();
        // The thread is left behind when a signal comes first: the process ends with it.
        thread::spawn(move || {
            work();
            let _ = done.send(());
        });
        let source = &mut self.source;
        self.runtime.block_on(async {
            let stopped = async {
                loop {
                    if let Signalled::Stop(code) = source.next().await {
                        return code;
                    }
                }
            };
            tokio::select! {
                _ = finished => ExitCode::SUCCESS,
                code = stopped => ExitCode::from(code),
            }
        })
    }
}

/// Where signals come from.
#[cfg(unix)]
struct Source {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Option<Signal>,
}

#[cfg(unix)]
impl Source {
    fn new(reloads: bool) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: reloads.then(|| signal(SignalKind::hangup())).transpose()?,
        })
    }

    async fn next(&mut self) -> Signalled {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Signalled::Stop(128 + 15),
            _ = self.interrupt.recv() => Signalled::Stop(128 + 2),
            _ = hang_up => Signalled::Reload,
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    #[expect(clippy::unnecessary_wraps, reason = "has the shape of the Unix one")]
    fn new(_: bool) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signalled {
        // An error means that no such signal can come any more.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Signalled::Stop(128 + 2)
    }
}
