//! How a session ends: what a driver says when there is nothing more to hear.

use crate::smtp::reply::Reply;
use crate::smtp::session::Session;
use crate::smtp::session::state::State;

impl Session {
    /// The client closed its side. A mail that is not whole is dropped; the next step is to close.
    pub fn end_of_input(&mut self) {
        self.minutes.client_left(self.is_amid());
        self.close();
    }

    /// The connection broke: nothing can be said any more.
    pub fn broke(&mut self) {
        self.minutes.broke(self.is_amid());
        self.close();
    }

    /// Whether the client is in the middle of a mail, of AUTH or of a handshake.
    const fn is_amid(&self) -> bool {
        let amid =
            matches!(self.state, State::Response(_) | State::HandshakeDue | State::Handshake);
        amid || self.in_transaction()
    }

    /// Answers [`Step::StartTls`](crate::smtp::session::Step::StartTls): no TLS came about.
    pub fn tls_failed(&mut self, reason: &str) {
        self.minutes.tls_failed(reason);
        self.broke();
    }

    /// The deadline passed: says so with 421 and closes. A mail that is not whole is dropped.
    pub fn timed_out(&mut self) {
        let was_silent = self.silent_at() <= self.over_at();
        let reply = if was_silent { Reply::TIMED_OUT } else { Reply::TOO_LONG_A_SESSION };
        self.farewell = Some(reply);
    }

    /// The server stops: says so with 421 and closes. A mail that is not whole is dropped.
    pub fn shut_down(&mut self) {
        self.farewell = Some(Reply::SHUTTING_DOWN);
    }

    /// Ends the session. What was sent ahead is dropped unread.
    pub(super) fn close(&mut self) {
        self.state = State::Closed;
        self.owed = None;
        self.conversation.drop_mail();
        self.body.abandon();
        self.input.clear();
    }
}
