//! The mail of the examples. What they show is made from it as any answer is, so that no example
//! says what the server would not.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::http::api::types::Header;
use crate::http::api::types::List;
use crate::http::api::types::Summary;
use crate::http::api::types::event::MailEvent;
use crate::http::api::types::expect::Expected;
use crate::http::api::types::expect::Match;
use crate::http::api::types::message::Message;
use crate::http::content;
use crate::message;
use crate::message::envelope::EnvelopeBuilder;
use crate::message::id::MessageId;
use crate::store::entry::Arrival;
use crate::store::entry::Entry;
use crate::store::entry::Held;
use crate::store::entry::Marks;
use crate::store::names::Names;

/// The id of the mail.
pub(super) const ID: &str = "01M81NNEPFHDQNZ1S0N6GXRV2K";
/// A moment after it arrived.
pub(super) const CURSOR: &str = "193ab0.42";
/// Its bytes.
pub(super) const RAW: &str = include_str!("sample.eml");

/// The mail as it is held.
fn held() -> Held {
    let session = SessionFacts {
        peer: ([127, 0, 0, 1], 53_114).into(),
        listener: ([127, 0, 0, 1], 1025).into(),
        helo: "app.test".into(),
        extended: true,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    let mut envelope = EnvelopeBuilder::new("bounces@acme.test", "SIZE=1034 BODY=8BITMIME");
    envelope.recipient("ada@example.test", "");
    let entry = Entry::new(
        SEQ,
        ID.parse().unwrap_or(MessageId::from_parts(0, 0)),
        Arrival {
            received_at: Timestamp::from_microsecond(RECEIVED_AT_US).unwrap_or_default(),
            envelope: envelope.build(),
            raw: RAW.replace('\n', "\r\n").into_bytes().into(),
            inboxes: Names::from(["default".into()]),
            session: Arc::new(session),
            said: Part::default(),
        },
    );
    Held { entry: Arc::new(entry), marks: Marks::default() }
}

/// It in a list.
pub(super) fn summary() -> Value {
    value(&Summary::from(&held()))
}

/// It whole.
pub(super) fn message() -> Value {
    value(&Message::of(&held(), ""))
}

/// A page of it alone.
pub(super) fn list() -> Value {
    value(&List {
        messages: vec![Summary::from(&held())],
        matched: Some(31),
        matched_at_least: None,
        total: 1_146,
        unread: 4,
        cursor: CURSOR.to_owned(),
        next: Some(format!("/v1/messages?limit=1&before={SEQ}")),
    })
}

/// Its header.
pub(super) fn headers() -> Value {
    let held = held();
    let headers = message::parse_headers(&held.entry.raw);
    value(&headers.iter().map(Into::into).collect::<Vec<Header>>())
}

/// A wait for it that came true.
pub(super) fn expected() -> Value {
    let message = Message::of(&held(), "");
    let found = Match {
        id: ID.to_owned(),
        link: None,
        code: message.codes.first().map(|code| code.value.clone()),
        groups: Vec::new(),
    };
    value(&Expected {
        messages: vec![message],
        matches: vec![found],
        matched: Some(1),
        matched_at_least: None,
        cursor: CURSOR.to_owned(),
    })
}

/// Its arrival as an event.
pub(super) fn event() -> String {
    let event = MailEvent { summary: Summary::from(&held()), matches: None };
    String::from_utf8_lossy(&content::to_json(&event)).into_owned()
}

fn value(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect("wire types have text for keys and no fallible parts")
}

const SEQ: u64 = 42;
/// 2026-11-22T13:03:27.439125Z.
const RECEIVED_AT_US: i64 = 1_795_352_607_439_125;
