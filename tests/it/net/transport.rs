//! Over IPv6 and Unix sockets.

use std::net::SocketAddr;
use std::net::TcpListener;

use restante::config::Config;
use restante::config::SmtpListener;
use restante::testing::Catcher;

use crate::net::config;
use crate::net::facts;
use crate::support::Client;

#[test]
fn ipv6_is_spoken() {
    let any_port: SocketAddr = "[::1]:0".parse().unwrap();
    if let Err(error) = TcpListener::bind(any_port) {
        eprintln!("skipped: this machine has no IPv6: {error}");
        return;
    }
    let config = Config { smtp: vec![any_port.into()], ..config(|_| {}) };
    let catcher = Catcher::with(&config).unwrap();
    let mut client = Client::connect(catcher.smtp_address());
    let facts = facts(&catcher, &mut client);
    assert!(facts.peer.to_string().starts_with("[::1]:"), "{}", facts.peer);
}

#[cfg(unix)]
#[test]
fn a_unix_socket_is_a_listener_like_any_other() {
    use std::os::unix::net::UnixStream;

    use restante::config::Security;
    use restante::net::place::Place;

    use crate::net::tls::TlsClient;

    let name = format!("restante-transport-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let listener = SmtpListener {
        security: Security::StartTlsOffered,
        ..SmtpListener::from(Place::Unix(path.clone()))
    };
    let mut config = config(|_| {});
    config.smtp.push(listener);
    // Limits and lists are for addresses.
    config.access.allow = ["192.0.2.1".parse().unwrap()].into_iter().collect();
    config.access.sessions_per_peer_max = Some(1);
    let catcher = Catcher::with(&config).unwrap();
    let listening = format!("unix:{}", path.display());
    assert_eq!(catcher.server().addresses().smtp[1].to_string(), listening);
    let mut first = Client::greeted(UnixStream::connect(&path).unwrap());
    let mut second = Client::greeted(UnixStream::connect(&path).unwrap());
    let in_clear = facts(&catcher, &mut first);
    assert_eq!((in_clear.peer.to_string().as_str(), in_clear.tls), ("unix:", None));
    assert_eq!(in_clear.listener.to_string(), listening);
    assert!(second.say("STARTTLS").starts_with("220"));
    let mut second = second.in_tls(&TlsClient::of(&catcher));
    assert!(facts(&catcher, &mut second).tls.is_some());
    drop(catcher);
    assert!(!path.exists());
}
