//! Where long work is done: beside the thread that answers requests, a few pieces at a time.

use std::num::NonZero;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;

use tokio::sync::Semaphore;
use tokio::task;

/// Runs what would keep other requests waiting.
#[derive(Clone, Debug)]
pub struct Work {
    permits: Arc<Semaphore>,
}

impl Default for Work {
    fn default() -> Self {
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        Self { permits: Arc::new(Semaphore::new(processors.clamp(AT_A_TIME_MIN, AT_A_TIME_MAX))) }
    }
}

impl Work {
    /// Does work on that many bytes of mail: here and now when they are few.
    pub async fn on_bytes<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        if bytes <= HERE_BYTES_MAX { work() } else { self.aside(|_| work()).await }
    }

    /// Does long work beside the thread that answers. It is told when its client has gone.
    pub async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Gone) -> T + Send + 'static,
    ) -> T {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let gone = Gone::default();
        let leaving = Leaving(gone.clone());
        let outcome = task::spawn_blocking(move || {
            let outcome = work(&gone);
            drop(permit);
            outcome
        })
        .await;
        drop(leaving);
        match outcome {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                Ok(reason) => panic::resume_unwind(reason),
                Err(error) => panic!("work was given up, which nothing here asks for: {error}"),
            },
        }
    }
}

/// Tells work whether anybody still waits for it.
#[derive(Clone, Debug, Default)]
pub struct Gone(Arc<AtomicBool>);

impl Gone {
    /// Whether nobody waits any more.
    pub fn is_gone(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

struct Leaving(Gone);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Reading this much takes about a millisecond.
const HERE_BYTES_MAX: usize = 256 * 1_024;

/// Threads that work at a time, one for each processor: more would only fight over them, and with
/// SMTP. Even where there is one, long work does not wait for longer.
const AT_A_TIME_MIN: usize = 2;
const AT_A_TIME_MAX: usize = 4;
