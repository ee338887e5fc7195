//! XOAUTH2 as Google describes it: the name and a bearer token.

use crate::smtp::auth::State;
use crate::smtp::auth::Turn;
use crate::smtp::auth::bearer;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::reply::Reply;

/// Where the exchange is.
#[derive(Debug)]
pub(super) enum Xoauth2 {
    /// Wants the one message.
    Message,
    /// Has said why it failed; the client's answer is of no interest.
    Refused,
}

impl Xoauth2 {
    /// `user=` name `^A auth=Bearer ` token `^A ^A`
    pub(super) fn respond(self, message: &[u8], policy: &AuthPolicy) -> Turn {
        if matches!(self, Self::Refused) {
            return Turn::Wrong;
        }
        let fields = bearer::without_end(message);
        let said = fields
            .and_then(|fields| Some((bearer::field(fields, "user")?, bearer::token(fields)?)));
        let Some((username, token)) = said else { return Turn::Malformed(Reply::NOT_XOAUTH2) };
        match policy.accepts_token(Some(username), token) {
            Some(username) => Turn::Right(username),
            None => Turn::Challenge(REFUSAL.to_vec(), State::Xoauth2(Self::Refused)),
        }
    }
}

/// Clients show it to people, or ask for a new token.
const REFUSAL: &[u8] = br#"{"status":"401","schemes":"Bearer","scope":"mail"}"#;
