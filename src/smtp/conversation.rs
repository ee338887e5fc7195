//! What each command does: parsed, checked against what went before, then carried out.
//!
//! Knows lines and replies; neither bytes nor the body of a mail.

use std::sync::Arc;

use crate::dialogue::ForwardedFacts;
use crate::dialogue::Protocol;
use crate::dialogue::SessionFacts;
use crate::dialogue::TlsFacts;
use crate::dialogue::record::Record;
use crate::dialogue::recorder::Recorder;
use crate::smtp::addressing::Addressing;
use crate::smtp::auth::Exchange;
use crate::smtp::auth::Progress;
use crate::smtp::auth::nonce::Nonce;
use crate::smtp::auth::response::Response;
use crate::smtp::chunk::Fate;
use crate::smtp::client::Client;
use crate::smtp::command::Chunk;
use crate::smtp::command::Command;
use crate::smtp::command::Path;
use crate::smtp::in_flight::InFlight;
use crate::smtp::offer;
use crate::smtp::offer::Offer;
use crate::smtp::proxied;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;
use crate::smtp::service::StartTls;
use crate::smtp::session::SessionOptions;

/// What was agreed so far, and the envelope under way.
#[derive(Debug)]
pub(super) struct Conversation {
    service: Arc<Service>,
    in_flight: Arc<InFlight>,
    client: Client,
    /// Whether the client may say whom it speaks for.
    is_trusted: bool,
    /// Of the last exchange of AUTH.
    nonce: Nonce,
    /// What XFORWARD said of the next mail.
    forwarded: Option<Box<ForwardedFacts>>,
    /// The mail under way. MAIL makes it; RSET, HELO, EHLO and a chunk that fails drop it; DATA
    /// and the last chunk take it away.
    envelope: Option<Addressing>,
}

/// What the client's next bytes are.
#[derive(Debug)]
pub(super) enum Next {
    Command,
    /// A response of AUTH.
    Response(Exchange),
    /// The mail of this envelope.
    Mail(Addressing),
    /// A chunk of so many bytes. The reply is due behind them.
    Chunk(u64, Fate),
    /// A TLS handshake. What was sent ahead of it was said in clear and does not count.
    Handshake,
    /// Of no interest: the session is over.
    Nothing,
}

impl Conversation {
    pub(super) fn new(options: SessionOptions) -> Self {
        let SessionOptions { service, in_flight, peer, tls, is_trusted, nonce, .. } = options;
        Self {
            client: Client::new(service.listener.clone(), peer, tls),
            service,
            in_flight,
            is_trusted,
            nonce: Nonce::new(nonce),
            forwarded: None,
            envelope: None,
        }
    }

    /// Begins anew in TLS: nothing that was said in clear counts (RFC 3207 §4.2).
    pub(super) fn tls_started(&mut self, tls: TlsFacts) {
        self.drop_mail();
        self.client.tls_started(tls);
    }

    /// Whether a mail is coming in chunks.
    pub(super) fn in_chunks(&self) -> bool {
        self.envelope.as_ref().is_some_and(|envelope| envelope.in_chunks)
    }

    /// Whether a mail is under way that DATA has not taken away yet.
    pub(super) const fn in_transaction(&self) -> bool {
        self.envelope.is_some()
    }

    /// Answers a command line.
    pub(super) fn command(&mut self, line: &str) -> (Reply, Next) {
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(reply) => return (reply, Next::Command),
        };
        match self.check(&command) {
            Ok(()) => self.carry_out(command),
            Err(reply) => match command {
                Command::Bdat(chunk) => self.refuse_chunk(chunk, reply),
                _ => (reply, Next::Command),
            },
        }
    }

    /// Answers a line of an AUTH exchange.
    pub(super) fn response(&mut self, exchange: Exchange, line: &str) -> (Reply, Next) {
        let response = Response(line.trim_end_matches([' ', '\t']));
        self.progress(exchange.respond(response, &self.service.auth))
    }

    /// The facts of the session as they are now, for a mail.
    pub(super) fn facts(
        &mut self,
        forwarded: Option<Box<ForwardedFacts>>,
        record: &Arc<Record>,
    ) -> Arc<SessionFacts> {
        self.client.facts(forwarded, record)
    }

    /// Writes down what was agreed, when that changed since the last time.
    pub(super) fn record(&mut self, recorder: &mut Recorder) {
        self.client.record(recorder);
    }

    /// Whether a command may come now (RFC 5321 §4.1.4) and is within the limits. Changes nothing.
    fn check(&self, command: &Command<'_>) -> Result<(), Reply> {
        if self.wants_tls() && !goes_before_tls(command) {
            return Err(Reply::WANTS_STARTTLS);
        }
        match command {
            // RFC 2033 §4.1: LHLO takes the place of both.
            Command::Helo(_) | Command::Ehlo(_) if self.is_lmtp() => Err(Reply::UNKNOWN_COMMAND),
            Command::Lhlo(_) if !self.is_lmtp() => Err(Reply::UNKNOWN_COMMAND),
            Command::StartTls if self.client.in_tls() => Err(Reply::ALREADY_IN_TLS),
            Command::StartTls if self.service.starttls == StartTls::Absent => {
                Err(Reply::NOT_IMPLEMENTED)
            }
            Command::Mail(path) => self.check_mail(path),
            Command::Rcpt(_) => self.check_recipient(),
            Command::Data => {
                let envelope = self.check_addressed()?;
                // RFC 3030 §2 and §3.
                match envelope {
                    envelope if envelope.in_chunks => Err(Reply::IN_CHUNKS),
                    envelope if envelope.is_binary => Err(Reply::WANTS_BDAT),
                    _ => Ok(()),
                }
            }
            Command::Bdat(Chunk { is_last: None, .. }) => Err(Reply::BAD_CHUNK),
            Command::Bdat(_) => self.check_addressed().map(|_| ()),
            Command::Xclient(_) | Command::Xforward(_) if !self.is_trusted => {
                Err(Reply::NOT_TRUSTED)
            }
            Command::Xclient(_) | Command::Xforward(_) if self.envelope.is_some() => {
                Err(Reply::IN_TRANSACTION)
            }
            // RFC 4954 §4: not twice in a session, not during a mail.
            Command::Auth { .. } if self.client.is_authenticated() => {
                Err(Reply::ALREADY_AUTHENTICATED)
            }
            Command::Auth { .. } if self.envelope.is_some() => Err(Reply::IN_TRANSACTION),
            Command::Auth { .. } if !self.client.has_greeted() => Err(self.wants_hello()),
            Command::Auth { .. } if !self.may_authenticate() => Err(Reply::AUTH_WANTS_TLS),
            Command::NotImplemented => Err(Reply::NOT_IMPLEMENTED),
            _ => Ok(()),
        }
    }

    fn check_mail(&self, path: &Path<'_>) -> Result<(), Reply> {
        if !self.client.has_greeted() {
            return Err(self.wants_hello());
        }
        if self.envelope.is_some() {
            return Err(Reply::IN_TRANSACTION);
        }
        if self.service.auth.is_required && !self.client.is_authenticated() {
            return Err(Reply::WANTS_AUTH);
        }
        // RFC 1870 §6.1.
        let too_large = |size: u64| size > self.service.limits.message_bytes_max as u64;
        if path.parameters.size_bytes.is_some_and(too_large) {
            return Err(Reply::TOO_LARGE);
        }
        // RFC 8689 §2: it is for sessions in TLS.
        if path.parameters.requires_tls && !self.client.in_tls() {
            return Err(Reply::NO_TLS_TO_REQUIRE);
        }
        Ok(())
    }

    fn check_recipient(&self) -> Result<(), Reply> {
        match &self.envelope {
            None => Err(Reply::WANTS_MAIL),
            Some(envelope) if envelope.in_chunks => Err(Reply::IN_CHUNKS),
            Some(envelope) if envelope.recipient_count() >= self.service.limits.recipients_max => {
                Err(Reply::TOO_MANY_RECIPIENTS)
            }
            Some(_) => Ok(()),
        }
    }

    /// Whether the mail may follow: RFC 5321 §3.3 has 503 or 554 when there is no recipient,
    /// RFC 2033 §4.2 only 503.
    fn check_addressed(&self) -> Result<&Addressing, Reply> {
        match &self.envelope {
            None => Err(Reply::WANTS_MAIL),
            Some(envelope) if envelope.recipient_count() > 0 => Ok(envelope),
            Some(_) if self.is_lmtp() => Err(Reply::WANTS_RCPT),
            Some(_) => Err(Reply::NO_RECIPIENTS),
        }
    }

    fn carry_out(&mut self, command: Command<'_>) -> (Reply, Next) {
        let reply = match command {
            Command::Helo(name) => {
                self.greet(name, false);
                Reply::hello(Arc::clone(&self.service.host_name))
            }
            Command::Ehlo(name) | Command::Lhlo(name) => {
                self.greet(name, true);
                Reply::extended(Arc::clone(&self.service.host_name), self.offer())
            }
            Command::StartTls => return (Reply::READY_FOR_TLS, Next::Handshake),
            Command::Mail(path) => self.begin(&path),
            Command::Rcpt(path) => self.recipient(&path),
            Command::Data => match self.envelope.take() {
                Some(envelope) => return (Reply::SEND_MAIL, Next::Mail(envelope)),
                None => Reply::WANTS_MAIL,
            },
            Command::Bdat(chunk) => return self.chunk(chunk),
            Command::BdatUnsized => return (Reply::UNSIZED_CHUNK, Next::Nothing),
            Command::Rset => {
                self.drop_mail();
                Reply::OK
            }
            Command::Auth { mechanism, initial_response } => {
                let nonce = self.nonce.next();
                let started = Exchange::start(mechanism, initial_response, &self.service, nonce);
                return self.progress(started);
            }
            Command::Noop => Reply::OK,
            Command::Help(None) => Reply::help(self.offer()),
            Command::Help(Some(verb)) => offer::syntax(verb).map_or(Reply::NO_HELP, Reply::syntax),
            Command::Vrfy => Reply::NOT_VERIFIED,
            Command::Xclient(attributes) => self.speak_for(attributes),
            Command::Xforward(attributes) => self.forward_for(attributes),
            Command::NotImplemented => Reply::NOT_IMPLEMENTED,
            Command::Quit => return (Reply::BYE, Next::Nothing),
            Command::Http => return (Reply::NOT_HTTP, Next::Nothing),
        };
        (reply, Next::Command)
    }

    fn begin(&mut self, path: &Path<'_>) -> Reply {
        let mut envelope = Addressing::new(path);
        envelope.forwarded = self.forwarded.take();
        self.envelope = Some(envelope);
        Reply::SENDER_OK
    }

    fn recipient(&mut self, path: &Path<'_>) -> Reply {
        let Some(envelope) = &mut self.envelope else { return Reply::WANTS_MAIL };
        match envelope.recipient(path, &self.in_flight, &self.service.limits) {
            Ok(()) => Reply::RECIPIENT_OK,
            Err(reply) => reply,
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> (Reply, Next) {
        let Some(mut envelope) = self.envelope.take() else {
            return self.refuse_chunk(chunk, Reply::WANTS_MAIL);
        };
        envelope.in_chunks = true;
        let fate = if chunk.is_last == Some(true) {
            Fate::Last(envelope)
        } else {
            self.envelope = Some(envelope);
            Fate::Part
        };
        (Reply::CHUNK_OK, Next::Chunk(chunk.size_bytes, fate))
    }

    /// The bytes of a chunk come whether it is taken or not (RFC 3030 §2). A mail without one of
    /// its chunks is none, so what was said of it goes too.
    fn refuse_chunk(&mut self, chunk: Chunk, reply: Reply) -> (Reply, Next) {
        self.drop_mail();
        (reply.clone(), Next::Chunk(chunk.size_bytes, Fate::Refused(reply)))
    }

    /// HELO and EHLO drop the mail under way (RFC 5321 §4.1.4).
    fn greet(&mut self, name: &str, extended: bool) {
        self.drop_mail();
        self.client.greeted(name, extended);
    }

    /// XCLIENT: back to the greeting, with somebody else as the client.
    fn speak_for(&mut self, attributes: &str) -> Reply {
        if let Err(reply) = self.client.speaks_for(attributes) {
            return reply;
        }
        self.drop_mail();
        Reply::greeting(Arc::clone(&self.service.host_name), self.service.protocol)
    }

    /// XFORWARD: whom the next mail is from, and only that one.
    fn forward_for(&mut self, attributes: &str) -> Reply {
        match proxied::forwarded(self.forwarded.as_deref(), attributes) {
            Ok(forwarded) => {
                self.forwarded = Some(Box::new(forwarded));
                Reply::OK
            }
            Err(reply) => reply,
        }
    }

    /// Drops the mail under way, and what was said of it.
    pub(super) fn drop_mail(&mut self) {
        self.envelope = None;
        self.forwarded = None;
    }

    fn offer(&self) -> Offer {
        Offer {
            protocol: self.service.protocol,
            message_bytes_max: self.service.limits.message_bytes_max,
            recipients_max: self.service.limits.recipients_max,
            starts_tls: self.service.starttls != StartTls::Absent && !self.client.in_tls(),
            in_tls: self.client.in_tls(),
            is_trusted: self.is_trusted,
            auth: if self.may_authenticate() { self.service.auth.mechanisms() } else { &[] },
        }
    }

    /// Whether AUTH is there: not in clear where it needs TLS.
    fn may_authenticate(&self) -> bool {
        !self.service.auth.needs_tls || self.client.in_tls()
    }

    fn is_lmtp(&self) -> bool {
        self.service.protocol == Protocol::Lmtp
    }

    fn wants_tls(&self) -> bool {
        self.service.starttls == StartTls::Required && !self.client.in_tls()
    }

    fn wants_hello(&self) -> Reply {
        if self.is_lmtp() { Reply::WANTS_LHLO } else { Reply::WANTS_HELLO }
    }

    fn progress(&mut self, progress: Progress) -> (Reply, Next) {
        match progress {
            Progress::Challenge(reply, exchange) => (reply, Next::Response(exchange)),
            Progress::Failed(reply) => (reply, Next::Command),
            Progress::Done(auth) => {
                self.client.authenticated(auth);
                (Reply::AUTHENTICATED, Next::Command)
            }
        }
    }
}

/// What a server that insists on TLS answers without it (RFC 3207 §4), and what ends the session
/// anyway.
const fn goes_before_tls(command: &Command<'_>) -> bool {
    matches!(
        command,
        Command::Ehlo(_)
            | Command::Helo(_)
            | Command::Lhlo(_)
            | Command::StartTls
            | Command::Noop
            | Command::Help(_)
            | Command::Quit
            | Command::Http
            | Command::BdatUnsized
    )
}
