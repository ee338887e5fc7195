//! The three sizes that depend on each other: the store, one mail, all mails being received.
//!
//! What was asked for is kept or refused; what was not follows from the rest and from the memory
//! at hand.

use restante::config::Config;

/// What was asked for, and what the machine has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wishes {
    /// `--store-size`
    pub(crate) store: Option<usize>,
    /// `--max-message-size`
    pub(crate) message: Option<usize>,
    /// `--max-in-flight`
    pub(crate) in_flight: Option<usize>,
    /// The memory this process may use, where something limits it.
    pub(crate) memory: Option<usize>,
}

/// Sizes in bytes that fit together: a mail fits the store, and fits while it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) store: usize,
    pub(crate) message: usize,
    pub(crate) in_flight: usize,
}

impl Wishes {
    /// The sizes to run with.
    ///
    /// # Errors
    /// When two wishes exclude each other, in words that name both flags.
    pub(crate) fn settle(self) -> Result<Sizes, String> {
        let default = Config::default();
        let share =
            |divisor: usize| self.memory.map_or(usize::MAX, |memory| (memory / divisor).max(1));
        let store = self.store.unwrap_or_else(|| default.store_size_bytes.min(share(2)));
        let in_flight = self.in_flight.unwrap_or_else(|| {
            let usual = default.limits.in_flight_bytes_max.min(share(4));
            usual.max(self.message.unwrap_or(0))
        });
        let message = self
            .message
            .unwrap_or_else(|| default.limits.message_bytes_max.min(store).min(in_flight));
        for (flag, bytes) in [("--store-size", store), ("--max-in-flight", in_flight)] {
            if message > bytes {
                return Err(format!(
                    "--max-message-size ({}) is more than {flag} ({}): such a mail could never be \
                     held; lower the one or raise the other",
                    in_words(message),
                    in_words(bytes)
                ));
            }
        }
        Ok(Sizes { store, message, in_flight })
    }
}

/// A number of bytes as a person would write it, exactly.
pub(crate) fn in_words(bytes: usize) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let whole = units
        .into_iter()
        .find(|(shift, _)| bytes >= 1 << shift && bytes.is_multiple_of(1 << shift));
    match whole {
        Some((shift, unit)) => format!("{} {unit}", bytes >> shift),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1_024 * 1_024;

    fn settled(wishes: Wishes) -> (usize, usize, usize) {
        let sizes = wishes.settle().unwrap();
        (sizes.store / MIB, sizes.message / MIB, sizes.in_flight / MIB)
    }

    #[test]
    fn sizes_are_said_in_the_largest_unit_that_fits() {
        let rows = [(1, "1 bytes"), (1_024, "1 KiB"), (1_536, "1536 bytes"), (50 * MIB, "50 MiB")];
        for (bytes, words) in rows {
            assert_eq!(in_words(bytes), words);
        }
    }

    #[test]
    fn nothing_asked_for_gives_the_defaults() {
        assert_eq!(settled(Wishes::default()), (512, 50, 512));
        let memory = Some(64 * 1_024 * MIB);
        assert_eq!(settled(Wishes { memory, ..Wishes::default() }), (512, 50, 512));
    }

    #[test]
    fn little_memory_lowers_all_three() {
        let memory = Some(256 * MIB);
        assert_eq!(settled(Wishes { memory, ..Wishes::default() }), (128, 50, 64));
        let memory = Some(64 * MIB);
        assert_eq!(settled(Wishes { memory, ..Wishes::default() }), (32, 16, 16));
    }

    #[test]
    fn a_small_store_takes_small_mails() {
        let store = Some(10 * MIB);
        assert_eq!(settled(Wishes { store, ..Wishes::default() }), (10, 10, 512));
    }

    #[test]
    fn a_large_mail_may_arrive_where_it_was_asked_for() {
        let (memory, message) = (Some(256 * MIB), Some(100 * MIB));
        assert_eq!(settled(Wishes { message, memory, ..Wishes::default() }), (128, 100, 100));
    }

    #[test]
    fn wishes_that_exclude_each_other_name_both_flags() {
        let message = Some(11 * MIB);
        for (wishes, flag) in [
            (Wishes { message, store: Some(10 * MIB), ..Wishes::default() }, "--store-size"),
            (Wishes { message, in_flight: Some(10 * MIB), ..Wishes::default() }, "--max-in-flight"),
            (Wishes { message, memory: Some(20 * MIB), ..Wishes::default() }, "--store-size"),
        ] {
            let error = wishes.settle().unwrap_err();
            assert!(error.contains(flag) && error.contains("--max-message-size"), "{error}");
        }
        let equal = Wishes { message, store: message, in_flight: message, memory: None };
        assert_eq!(settled(equal), (11, 11, 11));
    }
}
