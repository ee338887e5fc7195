//! Any bytes are a mail: reading all of it ends, and finds nothing outside of it.
//!
//! `cargo +nightly fuzz run parse -- -max_len=262144 -timeout=10`

#![no_main]

use libfuzzer_sys::fuzz_target;
use restante::message;
use restante::message::extract;

fuzz_target!(|raw: &[u8]| {
    let message = message::parse(raw);
    let _ = (message.subject(), message.date(), message.message_id(), message.list_unsubscribe());
    let _ = (message.from(), message.to(), message.cc(), message.bcc(), message.references());
    let _ = (message.text(), message.plain(), message.html());
    assert!(message.preview(200).chars().count() <= 200);
    let _ = (extract::links(&message), extract::codes(&message));
    for (index, part) in message.parts().iter().enumerate() {
        assert_eq!(part.decoded(raw).len(), part.size_bytes(raw));
        assert!(index == 0 || message.parent(part).is_some());
        if !part.is_multipart() {
            assert!(message.part(part.path()).is_some(), "a part is found by its path");
        }
    }
    assert_eq!(message.raw(), raw);
});
