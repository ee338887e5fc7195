//! What every answer below `/v1` says of the moment it was true at.

use axum::body::Body;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::runtime;
use tokio::sync::watch;

use super::*;
use crate::dialogue::SessionFacts;
use crate::dialogue::record::Part;
use crate::http::context::ServerInfo;
use crate::message::envelope::EnvelopeBuilder;
use crate::store::StoreOptions;
use crate::store::entry::Arrival;
use crate::store::inboxes::InboxBy;

/// What handlers work on, around an empty store.
pub(crate) fn context() -> Context {
    let started_at = Timestamp::from_millisecond(1_000).unwrap();
    let options =
        StoreOptions { size_bytes_max: 1 << 20, log_weight_max: 100, started_at, seed: 1 };
    Context {
        store: Arc::new(Store::new(&options)),
        inbox_by: InboxBy::default(),
        info: Arc::new(ServerInfo::new(started_at, Vec::new(), Vec::new())),
        metrics: Arc::default(),
        shutdown: watch::channel(false).1,
    }
}

/// What a router answers at `/v1/x`.
pub(crate) fn answer(router: Router, method: Method) -> Response {
    let request = Request::builder().method(method).uri("/v1/x").header("host", "localhost");
    let request = request.body(Body::empty()).unwrap();
    let runtime = runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(TowerToHyperService::new(router).call(request)).unwrap()
}

fn hold(store: &Store) {
    let session = SessionFacts {
        peer: ([127, 0, 0, 1], 1).into(),
        listener: ([127, 0, 0, 1], 1).into(),
        helo: "x".into(),
        extended: true,
        tls: None,
        auth: None,
        forwarded: None,
        record: None,
    };
    let held = store.insert(Arrival {
        received_at: Timestamp::UNIX_EPOCH,
        envelope: EnvelopeBuilder::new("a@x.test", "").build(),
        raw: b"Subject: x\r\n\r\n".as_slice().into(),
        inboxes: crate::store::names::Names::from([]),
        session: Arc::new(session),
        said: Part::default(),
    });
    held.expect("the store has room");
}

#[test]
fn a_cursor_misses_no_mail_that_the_answer_does_not_know_of() {
    for (method, expected) in [(Method::GET, "3e8.0"), (Method::DELETE, "3e8.1")] {
        let store = context().store;
        let held_in = Arc::clone(&store);
        let mail_comes = move || async move { hold(&held_in) };
        let router = Router::new().route("/v1/x", get(mail_comes.clone()).delete(mail_comes));
        let response = answer(say_cursors(router, store, ""), method);
        assert_eq!(response.headers()[CURSOR], expected);
    }
}

#[test]
fn every_path_is_described_and_no_other() {
    let probes = ["/livez", "/readyz", "/metrics"];
    let mut answered: Vec<&str> =
        resources(0).into_iter().map(|(path, _)| path).chain(probes).collect();
    answered.sort_unstable();
    let document = openapi::document("");
    let mut described: Vec<&String> = document.paths.paths.keys().collect();
    described.sort_unstable();
    assert_eq!(described, answered);
}
