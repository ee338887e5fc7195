//! The signals to a server: the first that ends it drains it, the second ends it at once, and
//! SIGHUP has it read its certificate again.

use std::io;
use std::process::Command;
use std::process::ExitStatus;
use std::thread;

#[cfg(unix)]
use rustix::process;
#[cfg(unix)]
use rustix::process::Pid;
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

    /// Does `work`: what came of it, or 128 and the signal's number when one comes first.
    pub(crate) fn wait_or_finish<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, u8> {
        let (done, finished) = oneshot::channel();
        // The thread is left behind when a signal comes first: the process ends with it.
        let worker = thread::spawn(move || {
            let _ = done.send(work());
        });
        let source = &mut self.source;
        let outcome = self.runtime.block_on(async {
            tokio::select! {
                finished = finished => Ok(finished),
                code = source.stop() => Err(code),
            }
        })?;
        outcome.or_else(|_| match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("it says that it is done unless it panics"),
        })
    }

    /// Runs a command to its end. A signal to this process reaches the command, which is to end by
    /// it; 128 and its number come back with the command's status.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) fn run(&mut self, command: Command) -> io::Result<(ExitStatus, Option<u8>)> {
        let source = &mut self.source;
        self.runtime.block_on(async {
            let mut child = tokio::process::Command::from(command).spawn()?;
            let mut last = None;
            loop {
                tokio::select! {
                    status = child.wait() => return Ok((status?, last)),
                    code = source.stop() => {
                        last = Some(code);
                        pass_on(code, child.id());
                    }
                }
            }
        })
    }
}

/// Ctrl-C in a terminal reaches everything that runs in its foreground by itself, and twice is not
/// the same as once: many programs take the second for impatience.
#[cfg(unix)]
fn pass_on(code: u8, child: Option<u32>) {
    let from_terminal = code == INTERRUPTED && is_in_foreground();
    let child = child.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let signal = if code == INTERRUPTED { process::Signal::INT } else { process::Signal::TERM };
    if let Some(child) = child.filter(|_| !from_terminal) {
        // It may have ended in this moment.
        let _ = process::kill_process(child, signal);
    }
}

/// Consoles of Windows tell every program in them.
#[cfg(not(unix))]
const fn pass_on(_: u8, _: Option<u32>) {}

#[cfg(unix)]
fn is_in_foreground() -> bool {
    let terminal = std::fs::File::open("/dev/tty");
    let foreground = terminal.and_then(|file| Ok(rustix::termios::tcgetpgrp(&file)?));
    foreground.is_ok_and(|foreground| foreground == process::getpgrp())
}

/// As a shell says that SIGINT ended a program.
const INTERRUPTED: u8 = 128 + 2;

impl Source {
    /// The next signal that is to end something.
    async fn stop(&mut self) -> u8 {
        loop {
            if let Signalled::Stop(code) = self.next().await {
                return code;
            }
        }
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
            _ = self.interrupt.recv() => Signalled::Stop(INTERRUPTED),
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
        Signalled::Stop(INTERRUPTED)
    }
}
