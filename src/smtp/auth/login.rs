//! LOGIN (draft-murchison-sasl-login): asks for the name, then for the password.

use crate::smtp::auth::State;
use crate::smtp::auth::Turn;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::response::text;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Login {
    Username,
    Password { username: String },
}

impl Login {
    pub(super) const FIRST_CHALLENGE: &'static [u8] = b"Username:";

    pub(super) fn respond(self, message: &[u8], policy: &AuthPolicy) -> Turn {
        match self {
            Self::Username => {
                let next = Self::Password { username: text(message) };
                Turn::Challenge(b"Password:".to_vec(), State::Login(next))
            }
            Self::Password { username } => {
                Turn::judged(username, |username| policy.accepts(username, message))
            }
        }
    }
}
