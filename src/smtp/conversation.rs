//! What each command does: parsed, checked against what went before, then carried out.
//!
//! Knows lines and replies; neither bytes nor the body of a mail.

use std::sync::Arc;

use crate::dialogue::AuthFacts;
use crate::dialogue::Endpoint;
use crate::dialogue::SessionFacts;
use crate::smtp::addressing::Addressing;
use crate::smtp::auth::Exchange;
use crate::smtp::auth::Progress;
use crate::smtp::command::Command;
use crate::smtp::command::Path;
use crate::smtp::in_flight::InFlight;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;

/// What was agreed so far, and the envelope under way.
#[derive(Debug)]
pub(super) struct Conversation {
    service: Arc<Service>,
    in_flight: Arc<InFlight>,
    peer: Endpoint,
    hello: Option<Hello>,
    auth: Option<AuthFacts>,
    /// The mail under way. MAIL makes it; RSET, HELO and EHLO drop it; DATA takes it away.
    envelope: Option<Addressing>,
    /// The facts as last handed out, until HELO or AUTH changes them.
    facts: Option<Arc<SessionFacts>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Hello {
    name: Box<str>,
    extended: bool,
}

/// What the client's next bytes are.
#[derive(Debug)]
pub(super) enum Next {
    Command,
    /// A response of AUTH.
    Response(Exchange),
    /// The mail of this envelope.
    Mail(Addressing),
    /// Of no interest: the session is over.
    Nothing,
}

impl Conversation {
    pub(super) const fn new(
        service: Arc<Service>,
        in_flight: Arc<InFlight>,
        peer: Endpoint,
    ) -> Self {
        Self { service, in_flight, peer, hello: None, auth: None, envelope: None, facts: None }
    }

    /// Whether a mail is under way that DATA has not taken away yet.
    pub(super) const fn in_transaction(&self) -> bool {
        self.envelope.is_some()
    }

    /// Drops the mail under way.
    pub(super) fn abandon(&mut self) {
        self.envelope = None;
    }

    /// Answers a command line.
    pub(super) fn command(&mut self, line: &str) -> (Reply, Next) {
        let command = match Command::parse(line) {
            Ok(command) => command,
            Err(reply) => return (reply, Next::Command),
        };
        match self.check(&command) {
            Ok(()) => self.carry_out(command),
            Err(reply) => (reply, Next::Command),
        }
    }

    /// Answers a line of an AUTH exchange.
    pub(super) fn response(&mut self, exchange: Exchange, line: &str) -> (Reply, Next) {
        self.progress(exchange.respond(line.trim_end_matches([' ', '\t'])))
    }

    /// The facts of the session as they are now; one allocation for all mails they hold for.
    pub(super) fn facts(&mut self) -> Arc<SessionFacts> {
        if let Some(facts) = &self.facts {
            return Arc::clone(facts);
        }
        let (helo, extended) = match &self.hello {
            Some(hello) => (hello.name.clone(), hello.extended),
            None => (Box::default(), false),
        };
        let facts = Arc::new(SessionFacts {
            peer: self.peer.clone(),
            listener: self.service.listener.clone(),
            helo,
            extended,
            tls: None,
            auth: self.auth.clone().map(Box::new),
        });
        self.facts = Some(Arc::clone(&facts));
        facts
    }

    /// Whether a command may come now (RFC 5321 §4.1.4) and is within the limits. Changes nothing.
    fn check(&self, command: &Command<'_>) -> Result<(), Reply> {
        match command {
            Command::Mail(path) => self.check_mail(path),
            Command::Rcpt(_) => match &self.envelope {
                None => Err(Reply::WANTS_MAIL),
                Some(envelope)
                    if envelope.recipient_count() >= self.service.limits.recipients_max =>
                {
                    Err(Reply::TOO_MANY_RECIPIENTS)
                }
                Some(_) => Ok(()),
            },
            // §3.3: with no valid recipient, 503 or 554.
            Command::Data => match &self.envelope {
                None => Err(Reply::WANTS_MAIL),
                Some(envelope) if envelope.recipient_count() == 0 => Err(Reply::NO_RECIPIENTS),
                Some(_) => Ok(()),
            },
            // RFC 4954 §4: not twice in a session, not during a mail.
            Command::Auth { .. } if self.auth.is_some() => Err(Reply::ALREADY_AUTHENTICATED),
            Command::Auth { .. } if self.envelope.is_some() => Err(Reply::IN_TRANSACTION),
            Command::Auth { .. } if self.hello.is_none() => Err(Reply::WANTS_HELLO),
            Command::NotImplemented => Err(Reply::NOT_IMPLEMENTED),
            _ => Ok(()),
        }
    }

    fn check_mail(&self, path: &Path<'_>) -> Result<(), Reply> {
        if self.hello.is_none() {
            return Err(Reply::WANTS_HELLO);
        }
        if self.envelope.is_some() {
            return Err(Reply::IN_TRANSACTION);
        }
        // RFC 1870 §6.1.
        let too_large = |size: u64| size > self.service.limits.message_bytes_max as u64;
        if path.parameters.size_bytes.is_some_and(too_large) {
            return Err(Reply::TOO_LARGE);
        }
        Ok(())
    }

    fn carry_out(&mut self, command: Command<'_>) -> (Reply, Next) {
        let reply = match command {
            Command::Helo(name) => {
                self.greet(name, false);
                Reply::hello(Arc::clone(&self.service.host_name))
            }
            Command::Ehlo(name) => {
                self.greet(name, true);
                Reply::extended(
                    Arc::clone(&self.service.host_name),
                    self.service.limits.message_bytes_max,
                )
            }
            Command::Mail(path) => {
                self.envelope = Some(Addressing::new(&path));
                Reply::SENDER_OK
            }
            Command::Rcpt(path) => match &mut self.envelope {
                Some(envelope) => {
                    match envelope.recipient(&path, &self.in_flight, &self.service.limits) {
                        Ok(()) => Reply::RECIPIENT_OK,
                        Err(reply) => reply,
                    }
                }
                None => Reply::WANTS_MAIL,
            },
            Command::Data => match self.envelope.take() {
                Some(envelope) => return (Reply::SEND_MAIL, Next::Mail(envelope)),
                None => Reply::WANTS_MAIL,
            },
            Command::Rset => {
                self.envelope = None;
                Reply::OK
            }
            Command::Auth { mechanism, initial_response } => {
                return self.progress(Exchange::start(mechanism, initial_response));
            }
            Command::Noop => Reply::OK,
            Command::Help => Reply::HELP,
            Command::Vrfy => Reply::NOT_VERIFIED,
            Command::NotImplemented => Reply::NOT_IMPLEMENTED,
            Command::Quit => return (Reply::BYE, Next::Nothing),
            Command::Http => return (Reply::NOT_HTTP, Next::Nothing),
        };
        (reply, Next::Command)
    }

    /// HELO and EHLO drop the mail under way (RFC 5321 §4.1.4) and keep AUTH.
    fn greet(&mut self, name: &str, extended: bool) {
        self.envelope = None;
        let same = |hello: &Hello| &*hello.name == name && hello.extended == extended;
        if !self.hello.as_ref().is_some_and(same) {
            self.hello = Some(Hello { name: name.into(), extended });
            self.facts = None;
        }
    }

    fn progress(&mut self, progress: Progress) -> (Reply, Next) {
        match progress {
            Progress::Challenge(reply, exchange) => (reply, Next::Response(exchange)),
            Progress::Failed(reply) => (reply, Next::Command),
            Progress::Done(auth) => {
                self.auth = Some(auth);
                self.facts = None;
                (Reply::AUTHENTICATED, Next::Command)
            }
        }
    }
}
