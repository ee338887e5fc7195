//! Server-sent events (HTML §9.2), resumed behind the last one when the connection is lost.

use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::time::Duration;

use ureq::http::Method;
use ureq::http::header;

use crate::cli::client::Client;
use crate::cli::client::resource::Resource;
use crate::cli::failed::Failed;

/// One event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// What happened.
    pub(crate) name: String,
    /// More about it, as JSON.
    pub(crate) data: String,
}

/// A stream while it is connected, and where it is.
pub(crate) struct Events<'a> {
    client: &'a Client,
    resource: Resource,
    /// The id of the last event, empty at first.
    last_id: String,
    lines: Box<dyn BufRead>,
}

impl<'a> Events<'a> {
    /// Connects for the first time.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub(crate) fn open(client: &'a Client, resource: Resource) -> Result<Self, Failed> {
        let lines = Box::new(io::empty());
        let mut events = Self { client, resource, last_id: String::new(), lines };
        events.connect()?;
        Ok(events)
    }

    /// Connects, behind the last event if there was one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn connect(&mut self) -> Result<(), Failed> {
        let client = self.client;
        let request = client.request(Method::GET, &self.resource, ());
        let mut request = request.map_err(|error| super::unfit(&error))?;
        if let Ok(id) = self.last_id.parse()
            && !self.last_id.is_empty()
        {
            request.headers_mut().insert("last-event-id", id);
        }
        let accept = header::HeaderValue::from_static("text/event-stream");
        request.headers_mut().insert(header::ACCEPT, accept);
        let answer = client.granted(client.ask(request, SILENCE))?;
        self.lines = Box::new(BufReader::new(answer.reader()));
        Ok(())
    }

    /// The next event; none once the connection is lost.
    pub(crate) fn next(&mut self) -> Option<Event> {
        let mut event = Event::default();
        loop {
            let mut line = Vec::new();
            let read = self.lines.read_until(b'\n', &mut line).ok()?;
            // What was not ended by an empty line is no event (HTML §9.2.6).
            if read == 0 || line.pop() != Some(b'\n') {
                return None;
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches('\r');
            if line.is_empty() {
                if !event.data.is_empty() {
                    return Some(event);
                }
                event = Event::default();
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "id" => value.clone_into(&mut self.last_id),
                "event" => value.clone_into(&mut event.name),
                "data" if event.data.is_empty() => value.clone_into(&mut event.data),
                "data" => event.data.push_str(&format!("\n{value}")),
                _ => {}
            }
        }
    }
}

/// The server says something every 15 seconds.
const SILENCE: Duration = Duration::from_secs(60);
