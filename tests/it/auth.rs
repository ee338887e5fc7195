//! AUTH against a running catcher: what needs a challenge that nobody knows beforehand.

use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use md5::Md5;

use restante::config::Config;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::secret::Secret;
use restante::smtp::auth::users::Users;
use restante::testing::Catcher;

use crate::support::Client;

/// A catcher that knows Bob and his secret.
fn catcher() -> Catcher {
    let mut users = Users::default();
    users.add_plain(&Secret::new("bob:secret")).unwrap();
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let policy = AuthPolicy { users: Some(users), ..AuthPolicy::default() };
    let config = Config {
        smtp: vec![any_port.into()],
        http: vec![any_port],
        auth: Arc::new(policy),
        ..Config::default()
    };
    Catcher::with(&config).unwrap()
}

fn client(catcher: &Catcher) -> Client {
    let mut client = Client::connect(catcher.smtp_address());
    client.say("EHLO app.test");
    client
}

/// Starts CRAM-MD5, and reads what is to be answered.
fn challenge(client: &mut Client) -> Vec<u8> {
    let reply = client.say("AUTH CRAM-MD5");
    STANDARD.decode(reply.strip_prefix("334 ").expect(&reply)).unwrap()
}

#[test]
fn a_digest_over_the_challenge_lets_bob_in() {
    let catcher = catcher();
    for (password, code) in [("secret", "235"), ("Secret", "535")] {
        let mut client = client(&catcher);
        let mut mac = Hmac::<Md5>::new_from_slice(password.as_bytes()).unwrap();
        mac.update(&challenge(&mut client));
        let digest: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let reply = client.say(&STANDARD.encode(format!("bob {digest}")));
        assert!(reply.starts_with(code), "{password}: {reply}");
    }
}

#[test]
fn no_challenge_comes_twice() {
    let catcher = catcher();
    let mut challenges = Vec::new();
    for _ in 0..4 {
        let mut client = client(&catcher);
        for _ in 0..3 {
            challenges.push(challenge(&mut client));
            assert!(client.say("*").starts_with("501"));
        }
    }
    challenges.sort();
    challenges.dedup();
    assert_eq!(challenges.len(), 12);
}
