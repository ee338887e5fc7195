//! Queries about real mails: parsed from their bytes, held in a store.

mod held;
mod oracle;
mod page;

use std::sync::Arc;

use jiff::Timestamp;
use restante::dialogue::AuthFacts;
use restante::dialogue::SessionFacts;
use restante::dialogue::record::Part;
use restante::message::envelope::EnvelopeBuilder;
use restante::query;
use restante::store::Store;
use restante::store::StoreOptions;
use restante::store::entry::Arrival;
use restante::store::entry::Held;
use restante::store::facts::HeldFacts;
use restante::store::inboxes::InboxBy;

/// A store that holds nothing yet.
fn store() -> Store {
    Store::new(&StoreOptions {
        size_bytes_max: 64 << 20,
        log_weight_max: 1_000,
        started_at: Timestamp::UNIX_EPOCH,
        seed: 1,
    })
}

/// Holds a mail from `sender@x.test` to these recipients, received at the start of 2026.
fn hold(store: &Store, recipients: &[&str], raw: &str) -> Held {
    let session = SessionFacts {
        peer: ([127, 0, 0, 1], 40_000).into(),
        listener: ([127, 0, 0, 1], 1025).into(),
        helo: "client.local".into(),
        extended: true,
        tls: None,
        auth: Some(Box::new(AuthFacts { mechanism: "PLAIN", username: "ci-user".into() })),
        forwarded: None,
        record: None,
    };
    let mut envelope = EnvelopeBuilder::new("sender@x.test", "");
    for recipient in recipients {
        envelope.recipient(recipient, "");
    }
    let envelope = envelope.build();
    let entry = store.insert(Arrival {
        received_at: "2026-01-01T00:00:00Z".parse().expect("RFC 3339"),
        inboxes: InboxBy::default().inboxes(raw.as_bytes(), &envelope, &session),
        envelope,
        raw: raw.as_bytes().into(),
        session: Arc::new(session),
        said: Part::default(),
    });
    let entry = entry.expect("the store has room");
    store.by_id(entry.id).expect("it was just held")
}

/// Whether a query finds a mail, noon after it came.
fn matches(held: &Held, text: &str) -> bool {
    let query = query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let now = "2026-01-01T12:00:00Z".parse().expect("RFC 3339");
    query.matches(&HeldFacts::new(held), now)
}
