//! What is known of the client, and the facts of it that mails share. Knows neither commands nor
//! their order.

use std::sync::Arc;

use crate::dialogue::AuthFacts;
use crate::dialogue::Endpoint;
use crate::dialogue::ForwardedFacts;
use crate::dialogue::SessionFacts;
use crate::dialogue::TlsFacts;
use crate::dialogue::record::Record;
use crate::dialogue::recorder::Recorder;
use crate::smtp::proxied::Proxied;
use crate::smtp::reply::Reply;

/// The other side of a session.
#[derive(Debug)]
pub(super) struct Client {
    listener: Endpoint,
    peer: Endpoint,
    tls: Option<Box<TlsFacts>>,
    /// What XCLIENT said in place of the connection.
    proxied: Option<Box<Proxied>>,
    hello: Option<Hello>,
    auth: Option<AuthFacts>,
    /// The facts as last handed out, until something changes them.
    facts: Option<Arc<SessionFacts>>,
    /// Whether something changed since it was written down.
    has_news: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Hello {
    name: Box<str>,
    extended: bool,
}

impl Client {
    pub(super) fn new(listener: Endpoint, peer: Endpoint, tls: Option<TlsFacts>) -> Self {
        let tls = tls.map(Box::new);
        Self {
            listener,
            peer,
            tls,
            proxied: None,
            hello: None,
            auth: None,
            facts: None,
            has_news: false,
        }
    }

    pub(super) const fn in_tls(&self) -> bool {
        self.tls.is_some()
    }

    pub(super) const fn has_greeted(&self) -> bool {
        self.hello.is_some()
    }

    pub(super) const fn is_authenticated(&self) -> bool {
        self.auth.is_some()
    }

    /// HELO or EHLO, which keep AUTH (RFC 5321 §4.1.4).
    pub(super) fn greeted(&mut self, name: &str, extended: bool) {
        let same = |hello: &Hello| &*hello.name == name && hello.extended == extended;
        if !self.hello.as_ref().is_some_and(same) {
            self.hello = Some(Hello { name: name.into(), extended });
            self.changed();
        }
    }

    pub(super) fn authenticated(&mut self, auth: AuthFacts) {
        self.auth = Some(auth);
        self.changed();
    }

    /// Nothing that was said in clear counts (RFC 3207 §4.2).
    pub(super) fn tls_started(&mut self, tls: TlsFacts) {
        self.tls = Some(Box::new(tls));
        (self.proxied, self.hello, self.auth) = (None, None, None);
        self.changed();
    }

    /// XCLIENT: back to the greeting, with somebody else as the client. What this and earlier
    /// ones say of HELO and of the login stays.
    ///
    /// # Errors
    /// 501 when it makes no sense. Nothing changes then.
    pub(super) fn speaks_for(&mut self, attributes: &str) -> Result<(), Reply> {
        let before = self.proxied.as_deref();
        let proxied = before.unwrap_or(&Proxied::default()).with(attributes)?;
        let extended = !proxied.is_plain;
        self.hello = proxied.helo.clone().map(|name| Hello { name, extended });
        let login = proxied.login.clone();
        self.auth = login.map(|username| AuthFacts { mechanism: "XCLIENT", username });
        self.proxied = Some(Box::new(proxied));
        self.changed();
        Ok(())
    }

    /// Writes down what was agreed, when that changed since the last time.
    pub(super) fn record(&mut self, recorder: &mut Recorder) {
        if std::mem::take(&mut self.has_news) {
            let helo = self.hello.as_ref().map_or("", |hello| &*hello.name);
            recorder.agreed(helo, self.tls.as_deref(), self.auth.as_ref());
        }
    }

    fn changed(&mut self) {
        self.facts = None;
        self.has_news = true;
    }

    /// The facts as they are now, for a mail: one allocation for all mails that they hold for.
    pub(super) fn facts(
        &mut self,
        forwarded: Option<Box<ForwardedFacts>>,
        record: &Arc<Record>,
    ) -> Arc<SessionFacts> {
        let facts = match &self.facts {
            Some(facts) => Arc::clone(facts),
            None => self.make_facts(record),
        };
        match forwarded {
            None => facts,
            forwarded => Arc::new(SessionFacts { forwarded, ..SessionFacts::clone(&facts) }),
        }
    }

    fn make_facts(&mut self, record: &Arc<Record>) -> Arc<SessionFacts> {
        let (helo, extended) = match &self.hello {
            Some(hello) => (hello.name.clone(), hello.extended),
            None => (Box::default(), false),
        };
        let proxied = self.proxied.as_deref();
        let facts = Arc::new(SessionFacts {
            peer: proxied.and_then(Proxied::peer).unwrap_or_else(|| self.peer.clone()),
            listener: proxied.and_then(Proxied::listener).unwrap_or_else(|| self.listener.clone()),
            helo,
            extended,
            tls: self.tls.clone(),
            auth: self.auth.clone().map(Box::new),
            forwarded: None,
            record: Some(Arc::clone(record)),
        });
        self.facts = Some(Arc::clone(&facts));
        facts
    }
}
