//! Makes the structures for searching when there is nothing else to do, so that the first search
//! finds them made. While mail is pouring in, only when somebody has searched.

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
    loop {
        tokio::select! {
            is_open = calm(&mut head) => {
                if !is_open {
                    return;
                }
                let start = *head.borrow();
                let is_busy = || *head.borrow() - start > CALM_CHANGES_MAX;
                store.snapshot(None).0.index(&|| *stop.borrow() || is_busy());
            }
            () = store.index_wanted.notified() => {
                store.snapshot(None).0.index_full_chunks(&|| *stop.borrow());
            }
        }
    }
}

/// Waits for changes, and then until there are hardly any. False when there will be none.
async fn calm(head: &mut watch::Receiver<u64>) -> bool {
    if head.changed().await.is_err() {
        return false;
    }
    loop {
        let before = *head.borrow_and_update();
        time::sleep(PAUSE).await;
        if *head.borrow() - before <= CALM_CHANGES_MAX {
            return true;
        }
    }
}

/// How long it is looked whether mail comes.
const PAUSE: Duration = Duration::from_millis(250);

/// So few changes in a pause are none.
const CALM_CHANGES_MAX: u64 = 32;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::store::rows::ROWS_MAX;
    use crate::store::search::Counting;
    use crate::store::search::Wanted;
    use crate::store::search::selection::Selection;
    use crate::store::shelf::Page;
    use crate::store::tests::arrival;
    use crate::store::tests::store;

    #[tokio::test(start_paused = true)]
    async fn what_is_much_to_index_is_so_after_a_search() {
        let store = Arc::new(store(1 << 30));
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(index_when_idle(Arc::clone(&store), stopped));
        let large = format!("Subject: x\r\n\r\n{:20000}", "x");
        for _ in 0..3 * ROWS_MAX / 2 {
            store.insert(arrival(&large, 1)).unwrap();
        }
        let (snapshot, ..) = store.snapshot(None);
        let query = Some(crate::query::parse("subject:x").unwrap());
        let selection = Selection { query, inbox: None, now: Timestamp::UNIX_EPOCH };
        let wanted = Wanted { page: Page::Ascending(0, 9), limit: 1, counting: Counting::Nothing };
        tokio::task::yield_now().await;
        assert_eq!(snapshot.index_bytes(), 0, "nobody has searched yet");
        snapshot.search(&selection, wanted, &|| false);
        tokio::task::yield_now().await;
        let bytes = snapshot.index_bytes();
        assert!(bytes > 0);
        snapshot.index(&|| false);
        assert!(snapshot.index_bytes() > bytes, "the chunk that grows was left out");
    }

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
