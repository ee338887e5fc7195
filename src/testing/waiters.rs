//! The thread on which a catcher's waits go on: with a clock and a runtime of its own, so that any
//! test can wait, whatever executor it runs on, or none.

use std::io;
use std::thread;
use std::thread::JoinHandle;

use tokio::runtime::Builder;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// The thread. Dropping it ends every wait.
#[derive(Debug)]
pub(super) struct Waiters {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Waiters {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("expect".to_owned()).spawn(move || {
            // Also when the sender is gone: then the catcher is.
            let _ = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, stop: Some(stop), thread: Some(thread) })
    }

    /// Where a wait is spawned.
    pub(super) const fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Waiters {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic has been reported by the thread itself; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}
