//! `GET /v1/events`: every change as it happens, as server-sent events (HTML §9.2).
//!
//! The law of this channel: the changes come in order and without gaps, each with the cursor after
//! it as its id; a stream that can no longer be continued says `reset` and goes on from now.
//! Nothing is pushed here: a stream holds its position and pulls from the log, so that a slow
//! client costs no memory.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse;
use axum::response::sse::Sse;
use serde::Serialize;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc;
use tokio::time;
use tokio_stream::wrappers::ReceiverStream;

use crate::http::api::Api;
use crate::http::api::openapi::parameters as known;
use crate::http::api::selection;
use crate::http::api::types::event::ClearedEvent;
use crate::http::api::types::event::GoneEvent;
use crate::http::api::types::event::MailEvent;
use crate::http::api::types::event::ResetEvent;
use crate::http::api::types::event::SessionEvent;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::query::Query;
use crate::store::cursor::CursorError;
use crate::store::entry::Held;
use crate::store::log::Event;
use crate::store::search::selection::Selection;

/// The stream of changes.
pub(super) async fn events(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let known = known::names(&[known::SELECTION]);
    let parameters = Parameters::parse(query.as_deref(), &known)?;
    let selection = selection::of(&parameters)?;
    if selection.query.as_ref().is_some_and(|query| query.asks_time()) {
        let detail = "A query of the clock (newer:, older:) cannot be asked of events: the answer \
                      would change without any.";
        return Err(Problem::new(Kind::InvalidQuery, detail).with("parameter", "q"));
    }
    let start = Start::of(&api, &headers)?;
    let permit = Arc::clone(&api.event_streams).try_acquire_owned().map_err(|_| {
        Problem::new(
            Kind::TooBusy,
            "Too many event streams are open. Close one, or try again later.",
        )
    })?;
    let (frames, received) = mpsc::channel(FRAMES_AHEAD_MAX);
    let cursor = api.context.store.cursor_at(start.position);
    let stream = Stream { api, selection, frames, position: start.position, _permit: permit };
    tokio::spawn(stream.run(start.is_reset));
    let mut response = Sse::new(ReceiverStream::new(received)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather answers before they pass them on are told not to (nginx).
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(with_cursor(response, cursor))
}

/// Where a stream begins.
struct Start {
    position: u64,
    is_reset: bool,
}

impl Start {
    /// Behind the event that the client saw last, or now.
    fn of(api: &Api, headers: &HeaderMap) -> Result<Self, Problem> {
        let store = &api.context.store;
        // An empty one is that of a client that has seen none yet (HTML §9.2.4).
        let last = headers.get("last-event-id").filter(|last| !last.is_empty());
        let last = last.map(HeaderValue::to_str);
        let now = || store.cursor().number;
        match last {
            None => Ok(Self { position: now(), is_reset: false }),
            Some(text) => match store.number_of(text.unwrap_or_default()) {
                Ok(position) => Ok(Self { position, is_reset: false }),
                // The client's server was started anew: whatever it knows is gone.
                Err(CursorError::Expired) => Ok(Self { position: now(), is_reset: true }),
                Err(error @ CursorError::Malformed) => {
                    let detail = format!("Last-Event-ID: {error}.");
                    Err(Problem::new(Kind::InvalidParameter, detail))
                }
            },
        }
    }
}

/// A stream while it is open.
struct Stream {
    api: Api,
    selection: Selection,
    frames: mpsc::Sender<Result<sse::Event, Infallible>>,
    /// The number of the last change that was looked at.
    position: u64,
    _permit: OwnedSemaphorePermit,
}

/// The client is gone.
struct Closed;

impl Stream {
    async fn run(mut self, is_reset: bool) {
        // Subscribed before the first look: what comes in between wakes the first wait.
        let mut head = self.api.context.store.watch();
        let mut shutdown = self.api.context.shutdown.clone();
        let first = if is_reset { self.reset().await } else { self.here().await };
        if first.is_err() {
            return;
        }
        loop {
            head.mark_unchanged();
            if self.catch_up().await.is_err() {
                return;
            }
            tokio::select! {
                changed = head.changed() => if changed.is_err() { return },
                // Also when the sender is gone: then the server is.
                () = async { drop(shutdown.wait_for(|stops| *stops).await) } => return,
                () = self.frames.closed() => return,
                () = time::sleep(self.api.limits.keep_alive_interval) => {
                    if self.here().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Sends what happened since the position.
    async fn catch_up(&mut self) -> Result<(), Closed> {
        loop {
            let Some(events) = self.api.context.store.events_after(self.position, PIECE) else {
                return self.reset().await;
            };
            for (number, event) in events.events {
                self.position = number;
                self.event(event).await?;
            }
            self.position = events.last;
            if events.last >= events.head {
                return Ok(());
            }
        }
    }

    async fn event(&mut self, event: Event) -> Result<(), Closed> {
        match event {
            Event::Message(held) => self.mail("message", held).await,
            Event::Changed(held) => self.mail("changed", held).await,
            // Sent whatever the query: what left cannot be asked any more.
            Event::Deleted(ids) => self.send("deleted", &GoneEvent::of(&ids)).await,
            Event::Evicted(ids) => self.send("evicted", &GoneEvent::of(&ids)).await,
            Event::Cleared(until) => self.send("cleared", &ClearedEvent { until }).await,
            Event::SessionEnded(number) => self.session(number).await,
        }
    }

    async fn mail(&mut self, name: &str, held: Held) -> Result<(), Closed> {
        let bytes = if self.selection.is_everything() { 0 } else { held.entry.raw.len() };
        let selection = self.selection.clone();
        let look = move || (selection.covers(&held), held);
        let (is_meant, held) = self.api.work.on_bytes(bytes, look).await;
        // A query of marks may have held before this change: whoever shows the mail must hear of
        // it.
        let may_have_been = name == "changed"
            && self.selection.covers_inbox(&held)
            && self.selection.query.as_ref().is_some_and(Query::asks_marks);
        if !is_meant && !may_have_been {
            return Ok(());
        }
        let summaries = Arc::clone(&self.api.digests).of(&self.api.work, vec![held]).await;
        let Some(summary) = summaries.into_iter().next() else { return Ok(()) };
        let matches = may_have_been.then_some(is_meant);
        self.send(name, &MailEvent { summary, matches }).await
    }

    /// Whether it failed is told with it: who counts failures need not ask.
    async fn session(&mut self, number: u64) -> Result<(), Closed> {
        let record = self.api.context.store.sessions().by_number(number);
        let failed = record.is_some_and(|record| record.has_failed());
        self.send("session", &SessionEvent { id: number.to_string(), failed }).await
    }

    /// Tells the client to forget what it knows, and goes on from now.
    async fn reset(&mut self) -> Result<(), Closed> {
        self.position = self.api.context.store.cursor().number;
        self.send("reset", &ResetEvent {}).await
    }

    async fn send(&mut self, name: &str, data: &impl Serialize) -> Result<(), Closed> {
        let json = content::to_json(data);
        let data = String::from_utf8_lossy(&json);
        let frame = sse::Event::default().event(name).id(self.id()).data(data);
        self.frames.send(Ok(frame)).await.map_err(|_| Closed)
    }

    /// Says where the stream is, which no client takes for an event.
    async fn here(&mut self) -> Result<(), Closed> {
        let frame = sse::Event::default().id(self.id());
        self.frames.send(Ok(frame)).await.map_err(|_| Closed)
    }

    fn id(&self) -> String {
        self.api.context.store.cursor_at(self.position).to_string()
    }
}

/// Changes looked at under one lock.
const PIECE: usize = 64;

/// Frames written ahead of the client.
const FRAMES_AHEAD_MAX: usize = 16;
