//! Keeps the minutes of a session: what is written down when, and what is not.
//!
//! Decides nothing: whatever it is told has happened already.

use std::sync::Arc;
use std::time::Instant;

use crate::dialogue::TlsFacts;
use crate::dialogue::record::Record;
use crate::dialogue::recorder::Recorder;
use crate::dialogue::verb::Verb;
use crate::message::id::MessageId;
use crate::smtp::conversation::Conversation;
use crate::smtp::reply::Reply;
use crate::smtp::secrets::Secrets;
use crate::smtp::session::Step;

/// What is said of a session, on its way to the record.
#[derive(Debug)]
pub(super) struct Minutes {
    recorder: Recorder,
    secrets: Secrets,
    verb: Verb,
}

impl Minutes {
    pub(super) fn new(record: Arc<Record>, tls: Option<&TlsFacts>, now: Instant) -> Self {
        let recorder = Recorder::new(record, now);
        let mut minutes = Self { recorder, secrets: Secrets::default(), verb: Verb::Connect };
        if let Some(tls) = tls {
            minutes.tls_started(tls);
        }
        minutes
    }

    pub(super) const fn record(&self) -> &Arc<Record> {
        self.recorder.record()
    }

    /// What the client said last, as far as it is a command.
    pub(super) const fn verb(&self) -> Verb {
        self.verb
    }

    pub(super) fn set_now(&mut self, now: Instant) {
        self.recorder.set_now(now);
    }

    /// The client said a line: a command, or a response of AUTH.
    pub(super) fn heard(&mut self, line: &str, is_response: bool) {
        self.verb = if is_response { Verb::Auth } else { Verb::of(line) };
        self.recorder.client(&self.secrets.masked(line, is_response));
    }

    /// The client said a line too long to be kept.
    pub(super) fn unkept_line(&mut self) {
        self.verb = Verb::Other;
        self.recorder.note("a line was too long to be kept");
    }

    /// The client began with TLS.
    pub(super) fn stray_handshake(&mut self) {
        self.verb = Verb::Other;
        self.recorder.note("a TLS handshake came where a command belongs");
    }

    /// What the line that was heard led to.
    pub(super) fn answered(&mut self, reply: &Reply, conversation: &mut Conversation) {
        if self.verb == Verb::Mail && !reply.is_refusal() {
            self.recorder.mail_begins();
        }
        if reply.code() == AUTHENTICATED {
            self.secrets.told();
        }
        conversation.record(&mut self.recorder);
    }

    /// A mail was received whole.
    pub(super) fn received(&mut self, size_bytes: usize) {
        self.recorder.body(size_bytes);
    }

    /// A mail is held.
    pub(super) fn held(&mut self, id: MessageId) {
        self.recorder.mail_held(id.bits());
    }

    /// The handshake is done.
    pub(super) fn tls_started(&mut self, tls: &TlsFacts) {
        self.secrets.told();
        self.recorder.agreed("", Some(tls), None);
        self.recorder.note_text(&format!("TLS started: {}, {}", tls.version, tls.cipher));
    }

    /// The handshake came to nothing.
    pub(super) fn tls_failed(&mut self, reason: &str) {
        self.recorder.note_text(&format!("TLS did not start: {reason}"));
    }

    /// What the driver is told to do. It may be a while until the next step: somebody may look.
    pub(super) fn step(&mut self, step: Option<&Step>) {
        match step {
            Some(Step::Reply(reply)) => reply.record(&mut self.recorder),
            Some(Step::Close) => self.recorder.close("restante closed the connection", false),
            Some(_) | None => self.recorder.flush(),
        }
    }

    /// The client closed its side, maybe in the middle of something.
    pub(super) fn client_left(&mut self, is_broken_off: bool) {
        self.recorder.close("the client closed the connection", is_broken_off);
    }

    /// The connection broke, maybe in the middle of something.
    pub(super) fn broke(&mut self, is_broken_off: bool) {
        self.recorder.close("the connection broke", is_broken_off);
    }
}

/// RFC 4954 §6.
const AUTHENTICATED: u16 = 235;
