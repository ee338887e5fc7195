//! The signals that end a server: the first drains it, the second ends it at once.

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

/// Listens to SIGTERM and SIGINT from its making on; what comes before anybody waits is kept.
pub(crate) struct Signals {
    runtime: Runtime,
    source: Source,
}

impl Signals {
    /// From here on the signals no longer end the process by themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let source = runtime.block_on(async { Source::new() })?;
        Ok(Self { runtime, source })
    }

    /// Waits for one.
    pub(crate) fn wait(&mut self) {
        self.runtime.block_on(self.source.next());
    }

    /// Does `work`: 0 when it gets done, 128 and the signal's number when one comes first.
    pub(crate) fn wait_or_finish(&mut self, work: impl FnOnce() + Send + 'static) -> ExitCode {
        let (done, finished) = oneshot::channel();
        // The thread is left behind when a signal comes first: the process ends with it.
        thread::spawn(move || {
            work();
            let _ = done.send(());
        });
        self.runtime.block_on(async {
            tokio::select! {
                _ = finished => ExitCode::SUCCESS,
                code = self.source.next() => ExitCode::from(code),
            }
        })
    }
}

/// Where signals come from. `next` gives the exit code a shell expects of a process ended by it.
#[cfg(unix)]
struct Source {
    terminate: Signal,
    interrupt: Signal,
}

#[cfg(unix)]
impl Source {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.terminate.recv() => 128 + 15,
            _ = self.interrupt.recv() => 128 + 2,
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    #[expect(clippy::unnecessary_wraps, reason = "has the shape of the Unix one")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> u8 {
        // An error means that no such signal can come any more.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        128 + 2
    }
}
