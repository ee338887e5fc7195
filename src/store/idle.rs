//! Makes the structures for searching when there is nothing else to do, so that the first search
//! finds them made. Never while mail is pouring in.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time;

use crate::store::Store;

/// Goes on until it is told to stop. Works for as long as a chunk takes without yielding: it wants
/// a thread of its own.
pub async fn index_when_idle(store: Arc<Store>, stop: watch::Receiver<bool>) {
    let mut stopped = stop.clone();
    tokio::select! {
        () = index(&store, &stop) => {}
        // Also when the sender is gone: then the server is.
        _ = stopped.wait_for(|stops| *stops) => {}
    }
}

async fn index(store: &Store, stop: &watch::Receiver<bool>) {
    let mut head = store.watch();
    while head.changed().await.is_ok() {
        loop {
            let before = *head.borrow_and_update();
            time::sleep(PAUSE).await;
            if *head.borrow() - before <= CALM_CHANGES_MAX {
                break;
            }
        }
        let start = *head.borrow();
        let is_busy = || *head.borrow() - start > CALM_CHANGES_MAX;
        let (snapshot, ..) = store.snapshot(None);
        snapshot.index(&|| *stop.borrow() || is_busy());
    }
}

/// How long it is looked whether mail comes.
const PAUSE: Duration = Duration::from_millis(250);

/// So few changes in a pause are none.
const CALM_CHANGES_MAX: u64 = 32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::arrival;
    use crate::store::tests::store;

    #[tokio::test(start_paused = true)]
    async fn what_arrived_is_indexed_in_the_next_pause() {
        let store = Arc::new(store(1 << 20));
        let (stop, stopped) = watch::channel(false);
        let working = tokio::spawn(index_when_idle(Arc::clone(&store), stopped));
        tokio::task::yield_now().await;
        for _ in 0..100 {
            store.insert(arrival("Subject: x\r\n\r\nx", 1)).unwrap();
        }
        assert_eq!(store.snapshot(None).0.index_bytes(), 0);
        for _ in 0..4 {
            time::advance(PAUSE).await;
            tokio::task::yield_now().await;
        }
        assert!(store.snapshot(None).0.index_bytes() > 0);
        stop.send_replace(true);
        working.await.unwrap();
    }
}
