//! SCRAM-SHA-256 (RFC 5802, RFC 7677): both sides show that they know the password, and neither
//! sends it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use icu_normalizer::ComposingNormalizerBorrowed;
use sha2::Sha256;

use crate::smtp::auth::State;
use crate::smtp::auth::Turn;
use crate::smtp::auth::gs2;
use crate::smtp::auth::policy::AuthPolicy;
use crate::smtp::auth::secret::Secret;
use crate::smtp::auth::secret::digest;
use crate::smtp::auth::secret::same;
use crate::smtp::reply::Reply;

/// Where the exchange is.
pub(super) enum ScramSha256 {
    /// Wants the client's first message.
    First { nonce: String, salt: [u8; 16] },
    /// Wants the proof.
    Final(Box<Challenged>),
    /// Has shown its own; the client agrees with an empty response (RFC 4954 §4).
    Proven { username: Box<str> },
}

/// A client that was told its salt.
pub(super) struct Challenged {
    username: String,
    keys: Keys,
    /// Both nonces in a row.
    nonce: String,
    /// What the client must repeat: that it bound to no channel.
    header: String,
    /// What both sides have said so far.
    said: String,
}

impl ScramSha256 {
    pub(super) fn respond(self, message: &[u8], policy: &AuthPolicy) -> Turn {
        let malformed = Turn::Malformed(Reply::NOT_SCRAM);
        let Ok(message) = str::from_utf8(message) else { return malformed };
        match self {
            Self::First { nonce, salt } => {
                let Some(first) = First::parse(message) else { return malformed };
                first.challenge(&nonce, salt, policy)
            }
            Self::Final(challenged) => match Last::parse(message) {
                Some(last) => challenged.judge(&last),
                None => malformed,
            },
            Self::Proven { username } if message.is_empty() => Turn::Right(username),
            Self::Proven { .. } => malformed,
        }
    }
}

/// The client's first message.
struct First<'a> {
    header: gs2::Header<'a>,
    bare: &'a str,
    username: String,
    nonce: &'a str,
}

impl<'a> First<'a> {
    /// `client-first-message = gs2-header [reserved-mext ","] username "," nonce ["," extensions]`
    /// (RFC 5802 §7). A mandatory extension (`m=`) is one nobody knows.
    fn parse(message: &'a str) -> Option<Self> {
        let (header, bare) = gs2::split(message)?;
        let mut fields = bare.split(',');
        let username = gs2::name(fields.next()?.strip_prefix("n=")?)?;
        let nonce = fields.next()?.strip_prefix("r=")?;
        (!nonce.is_empty()).then_some(Self { header, bare, username, nonce })
    }

    fn challenge(&self, nonce: &str, salt: [u8; 16], policy: &AuthPolicy) -> Turn {
        let password = policy.users.as_ref().and_then(|users| users.password(&self.username));
        let Some(keys) = password.and_then(|password| password.keys(salt)) else {
            return Turn::Wrong;
        };
        let nonce = format!("{}{nonce}", self.nonce);
        let challenge = format!("r={nonce},s={},i={ITERATIONS}", STANDARD.encode(keys.salt));
        let challenged = Challenged {
            username: self.username.clone(),
            keys: *keys,
            nonce,
            header: STANDARD.encode(self.header.text),
            said: format!("{},{challenge}", self.bare),
        };
        let state = ScramSha256::Final(Box::new(challenged));
        Turn::Challenge(challenge.into_bytes(), State::ScramSha256(state))
    }
}

/// The client's last message.
struct Last<'a> {
    /// All but the proof.
    front: &'a str,
    header: &'a str,
    nonce: &'a str,
    proof: [u8; 32],
}

impl<'a> Last<'a> {
    /// `client-final-message = channel-binding "," nonce ["," extensions] "," proof`
    fn parse(message: &'a str) -> Option<Self> {
        let (front, proof) = message.rsplit_once(",p=")?;
        let mut fields = front.split(',');
        let header = fields.next()?.strip_prefix("c=")?;
        let nonce = fields.next()?.strip_prefix("r=")?;
        let proof = STANDARD.decode(proof).ok()?.try_into().ok()?;
        Some(Self { front, header, nonce, proof })
    }
}

impl Challenged {
    fn judge(self, last: &Last<'_>) -> Turn {
        let said = format!("{},{}", self.said, last.front);
        if last.header != self.header || last.nonce != self.nonce {
            return Turn::Wrong;
        }
        // The proof is the client's key, hidden by a signature that the stored key makes (§3).
        let signature = hmac(&self.keys.stored, said.as_bytes());
        let mut client_key = last.proof;
        client_key.iter_mut().zip(signature).for_each(|(byte, mask)| *byte ^= mask);
        if !same(&digest(&client_key), &self.keys.stored) {
            return Turn::Wrong;
        }
        let proof = format!("v={}", STANDARD.encode(hmac(&self.keys.server, said.as_bytes())));
        let state = ScramSha256::Proven { username: self.username.into() };
        Turn::Challenge(proof.into_bytes(), State::ScramSha256(state))
    }
}

/// What SCRAM makes of a password.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    salt: [u8; 16],
    stored: [u8; 32],
    server: [u8; 32],
}

impl Keys {
    /// Takes a millisecond or two, as it should.
    pub(super) fn new(secret: &Secret, salt: [u8; 16]) -> Self {
        let secret = ComposingNormalizerBorrowed::new_nfkc().normalize(secret.expose());
        let mut salted = [0; 32];
        pbkdf2::pbkdf2_hmac::<Sha256>(secret.as_bytes(), &salt, ITERATIONS, &mut salted);
        let stored = digest(&hmac(&salted, b"Client Key"));
        Self { salt, stored, server: hmac(&salted, b"Server Key") }
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for ScramSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScramSha256")
    }
}

/// The least that RFC 7677 §4 lets a server ask for.
const ITERATIONS: u32 = 4_096;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::auth::users::Users;

    const SALT: &str = "W22ZaJ0SNY7soEsUEjb6gQ==";
    const FIRST: &str = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    const LAST: &str = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                        p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    fn policy() -> AuthPolicy {
        let mut users = Users::default();
        users.add_plain(&Secret::new("user:pencil")).unwrap();
        AuthPolicy { users: Some(users), ..AuthPolicy::default() }
    }

    /// Both messages of a client, up to what became of them.
    fn said(first: &str, last: &str) -> Result<(String, ScramSha256), Turn> {
        let scram = ScramSha256::First {
            nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0".to_owned(),
            salt: STANDARD.decode(SALT).unwrap().try_into().unwrap(),
        };
        let challenged = match scram.respond(first.as_bytes(), &policy()) {
            Turn::Challenge(challenge, State::ScramSha256(state)) => {
                let nonces = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
                assert_eq!(challenge, format!("{nonces},s={SALT},i=4096").as_bytes());
                state
            }
            turn => return Err(turn),
        };
        match challenged.respond(last.as_bytes(), &policy()) {
            Turn::Challenge(proof, State::ScramSha256(state)) => {
                Ok((String::from_utf8(proof).unwrap(), state))
            }
            turn => Err(turn),
        }
    }

    /// The example of RFC 7677 §3.
    #[test]
    fn user_and_server_prove_each_other_the_pencil() {
        let (proof, state) = said(FIRST, LAST).unwrap();
        assert_eq!(proof, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assert!(matches!(state.respond(b"", &policy()), Turn::Right(name) if &*name == "user"));
    }

    #[test]
    fn a_proof_of_something_else_is_wrong() {
        let wrong = |first: &str, last: &str| matches!(said(first, last), Err(Turn::Wrong));
        assert!(wrong(FIRST, &LAST.replace("p=dH", "p=dI")));
        assert!(wrong(FIRST, &LAST.replace("%hv", "%hw")));
        assert!(wrong(FIRST, &LAST.replace("c=biws", "c=eSws")));
        assert!(wrong(&FIRST.replace("n=user", "n=nobody"), LAST));
    }

    #[test]
    fn what_is_no_message_is_malformed() {
        let malformed =
            |first: &str, last: &str| matches!(said(first, last), Err(Turn::Malformed(_)));
        for first in [
            "",
            "n,,",
            "n,,n=user",
            "n,,n=user,r=",
            "p=tls-unique,,n=user,r=x",
            "n,,m=x,n=user,r=x",
            "n,,n==,r=x",
        ] {
            assert!(malformed(first, LAST), "{first}");
        }
        for last in ["", "c=biws", "c=biws,r=x", "c=biws,r=x,p=", "c=biws,r=x,p=AAAA"] {
            assert!(malformed(FIRST, last), "{last}");
        }
    }
}
