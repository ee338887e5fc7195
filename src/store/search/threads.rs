//! Work of many pieces, spread over the processors that are free of such work while somebody waits
//! for all of it.

use std::num::NonZero;
use std::sync::LazyLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;

/// What `work` makes of each number below `count`, in their order. A thread takes `group` of them
/// at a time; less than that is done here and now.
pub(super) fn each<T: Send>(
    count: usize,
    group: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let helpers = Helpers::up_to(count.div_ceil(group.max(1)).saturating_sub(1));
    if helpers.0 == 0 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let start = next.fetch_add(group, Ordering::Relaxed);
        (start < count).then(|| start..count.min(start + group))
    };
    let take_all = || {
        let mut done = Vec::new();
        while let Some(range) = take() {
            done.push((range.start, range.map(&work).collect::<Vec<T>>()));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let spawn =
            |_| thread::Builder::new().name("search".to_owned()).spawn_scoped(scope, take_all);
        // Without threads the work is done all the same.
        let others: Vec<_> = (0..helpers.0).filter_map(|index| spawn(index).ok()).collect();
        let mut done = take_all();
        for other in others {
            match other.join() {
                Ok(theirs) => done.extend(theirs),
                Err(reason) => std::panic::resume_unwind(reason),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, pieces)| pieces).collect()
}

/// Threads that help. All searches together have as many as there are other processors: each
/// thread has a share of its own, and many would keep mail waiting however nice they are.
struct Helpers(usize);

impl Helpers {
    fn up_to(wanted: usize) -> Self {
        let mut taken = 0;
        let take = |helping: usize| {
            taken = wanted.min((*THREADS - 1).saturating_sub(helping));
            Some(helping + taken)
        };
        let _always_takes = HELPING.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        Self(taken)
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        HELPING.fetch_sub(self.0, Ordering::Relaxed);
    }
}

static HELPING: AtomicUsize = AtomicUsize::new(0);

/// More would only wait for the same memory.
const THREADS_MAX: usize = 8;

static THREADS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcomes_come_in_order() {
        for count in [0, 1, 2, 7, 1_000] {
            for group in [1, 3, 2_000] {
                let outcomes = each(count, group, |number| number * 2);
                assert_eq!(outcomes, (0..count).map(|number| number * 2).collect::<Vec<_>>());
            }
        }
    }
}
