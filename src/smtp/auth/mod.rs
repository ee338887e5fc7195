//! AUTH (RFC 4954): an exchange of challenges and responses, a file for each mechanism.
//!
//! By default any credentials are taken. Passwords are dropped where they are checked, and what is
//! kept of a user's is shown by nothing.

mod apr1;
mod bearer;
mod cram_md5;
mod gs2;
pub mod htpasswd;
mod login;
pub(super) mod mechanism;
pub(super) mod nonce;
mod oauthbearer;
pub mod password;
mod plain;
pub mod policy;
pub(super) mod response;
mod scram_sha_256;
pub mod secret;
pub mod users;
mod xoauth2;

use crate::dialogue::AuthFacts;
use crate::smtp::auth::cram_md5::CramMd5;
use crate::smtp::auth::login::Login;
use crate::smtp::auth::mechanism::Mechanism;
use crate::smtp::auth::nonce::Nonce;
use crate::smtp::auth::oauthbearer::Oauthbearer;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::response::Response;
use crate::smtp::auth::scram_sha_256::ScramSha256;
use crate::smtp::auth::xoauth2::Xoauth2;
use crate::smtp::reply::Reply;
use crate::smtp::service::Service;

/// An exchange that waits for the client's next response.
#[derive(Debug)]
pub(super) struct Exchange {
    mechanism: Mechanism,
    state: State,
}

/// What a mechanism waits for.
#[derive(Debug)]
enum State {
    Plain,
    Login(Login),
    CramMd5(CramMd5),
    ScramSha256(ScramSha256),
    Xoauth2(Xoauth2),
    Oauthbearer(Oauthbearer),
}

/// What a mechanism makes of a response.
#[derive(Debug)]
enum Turn {
    Challenge(Vec<u8>, State),
    /// The credentials of this user are right.
    Right(Box<str>),
    Wrong,
    /// The response is not what the mechanism has there.
    Malformed(Reply),
}

/// What a response led to.
#[derive(Debug)]
pub(super) enum Progress {
    /// Say this, then wait for the next response.
    Challenge(Reply, Exchange),
    Done(AuthFacts),
    Failed(Reply),
}

impl Exchange {
    /// Starts a mechanism, with the initial response if it came along.
    pub(super) fn start(
        mechanism: &str,
        initial_response: Option<Response<'_>>,
        service: &Service,
        nonce: Nonce,
    ) -> Progress {
        let Some(mechanism) = Mechanism::named(mechanism, service.auth.mechanisms()) else {
            return Progress::Failed(Reply::UNKNOWN_MECHANISM);
        };
        let exchange = Self { mechanism, state: State::new(mechanism, service, nonce) };
        match initial_response {
            None => Progress::Challenge(exchange.state.first_challenge(), exchange),
            // §4: where the server speaks first, there is nothing to respond to.
            Some(_) if mechanism == Mechanism::CramMd5 => Progress::Failed(Reply::SERVER_FIRST),
            // §4: a response of no length is sent as `=`.
            Some(Response("=")) => exchange.respond(Response(""), &service.auth),
            Some(response) => exchange.respond(response, &service.auth),
        }
    }

    /// Takes a response, or that the client gives up (§4).
    pub(super) fn respond(self, response: Response<'_>, policy: &AuthPolicy) -> Progress {
        if response.is_cancel() {
            return Progress::Failed(Reply::CANCELLED);
        }
        let Some(message) = response.decoded() else {
            return Progress::Failed(Reply::BAD_BASE64);
        };
        let turn = match self.state {
            State::Plain => plain::respond(&message, policy),
            State::Login(login) => login.respond(&message, policy),
            State::CramMd5(cram) => cram.respond(&message, policy),
            State::ScramSha256(scram) => scram.respond(&message, policy),
            State::Xoauth2(xoauth2) => xoauth2.respond(&message, policy),
            State::Oauthbearer(oauthbearer) => oauthbearer.respond(&message, policy),
        };
        let mechanism = self.mechanism;
        match turn {
            Turn::Challenge(challenge, state) => {
                Progress::Challenge(Reply::challenge(&challenge), Self { mechanism, state })
            }
            Turn::Right(username) => {
                Progress::Done(AuthFacts { mechanism: mechanism.name(), username })
            }
            Turn::Wrong => Progress::Failed(Reply::WRONG_CREDENTIALS),
            Turn::Malformed(reply) => Progress::Failed(reply),
        }
    }
}

impl State {
    fn new(mechanism: Mechanism, service: &Service, nonce: Nonce) -> Self {
        match mechanism {
            Mechanism::Plain => Self::Plain,
            Mechanism::Login => Self::Login(Login::Username),
            Mechanism::CramMd5 => Self::CramMd5(CramMd5::new(nonce, &service.host_name)),
            Mechanism::ScramSha256 => {
                Self::ScramSha256(ScramSha256::First { nonce: nonce.text(), salt: nonce.salt() })
            }
            Mechanism::Xoauth2 => Self::Xoauth2(Xoauth2::Message),
            Mechanism::Oauthbearer => Self::Oauthbearer(Oauthbearer::Message),
        }
    }

    /// Empty where the client speaks first (§4).
    fn first_challenge(&self) -> Reply {
        match self {
            Self::Login(_) => Reply::challenge(Login::FIRST_CHALLENGE),
            Self::CramMd5(cram) => Reply::challenge(cram.challenge().as_bytes()),
            _ => Reply::challenge(b""),
        }
    }
}

impl Turn {
    fn judged(username: String, is_right: impl FnOnce(&str) -> bool) -> Self {
        if is_right(&username) { Self::Right(username.into()) } else { Self::Wrong }
    }
}
