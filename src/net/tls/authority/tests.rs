//! What an authority signs, for whom, and how it is kept.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::ClientConnection;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::ServerConnection;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::*;
use crate::net::tls::server_config;

/// Whether a client that trusts this PEM takes what the authority signed for that name.
fn is_taken(trusted_pem: &str, authority: &Authority, names: &[TlsName], asked: &str) -> bool {
    let (chain, key) = authority.issue(names).unwrap();
    let server = Arc::new(server_config(chain, key).unwrap());
    let mut server = ServerConnection::new(server).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusted_pem.as_bytes()).unwrap()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = asked.to_owned().try_into().unwrap();
    let mut client = ClientConnection::new(Arc::new(client), name).unwrap();
    while client.is_handshaking() || server.is_handshaking() {
        let mut bytes = Vec::new();
        client.write_tls(&mut bytes).unwrap();
        server.read_tls(&mut &*bytes).unwrap();
        if server.process_new_packets().is_err() {
            return false;
        }
        bytes.clear();
        while server.wants_write() {
            server.write_tls(&mut bytes).unwrap();
        }
        client.read_tls(&mut &*bytes).unwrap();
        if client.process_new_packets().is_err() {
            return false;
        }
    }
    true
}

/// A folder that nothing else uses, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("restante-authority-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn kept(&self) -> Authority {
        Authority::kept_in(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_certificate_is_for_this_machine_and_for_the_names_asked_for() {
    let authority = Authority::new().unwrap();
    let names: Vec<TlsName> =
        ["mail.test", "*.dev.test", "192.0.2.1"].map(|name| name.parse().unwrap()).into();
    let here = host_name().filter(|name| name.parse::<TlsName>().is_ok());
    for asked in ["localhost", "127.0.0.1", "::1", "mail.test", "x.dev.test", "192.0.2.1"]
        .into_iter()
        .map(str::to_owned)
        .chain(here)
    {
        assert!(is_taken(authority.pem(), &authority, &names, &asked), "{asked}");
    }
    for asked in ["other.test", "a.b.dev.test", "127.0.0.2"] {
        assert!(!is_taken(authority.pem(), &authority, &names, asked), "{asked}");
    }
}

#[test]
fn another_authority_does_not_count() {
    let (one, other) = (Authority::new().unwrap(), Authority::new().unwrap());
    assert!(!is_taken(one.pem(), &other, &[], "localhost"));
}

#[test]
fn a_kept_authority_is_the_same_the_next_time() {
    let folder = Folder::new("same");
    let first = folder.kept();
    let second = folder.kept();
    assert_eq!(first.pem(), second.pem());
    assert!(is_taken(first.pem(), &second, &[], "localhost"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2, "nothing unfinished is left");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_key() {
    use std::os::unix::fs::MetadataExt;
    let folder = Folder::new("mode");
    folder.kept();
    assert_eq!(fs::metadata(folder.0.join("ca-key.pem")).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn several_that_start_at_once_agree() {
    let folder = Folder::new("race");
    let all: Vec<Authority> = std::thread::scope(|scope| {
        let starting: Vec<_> = (0..4).map(|_| scope.spawn(|| folder.kept())).collect();
        starting.into_iter().map(|started| started.join().unwrap()).collect()
    });
    for authority in &all {
        assert!(is_taken(all[0].pem(), authority, &[], "localhost"));
    }
}

#[test]
fn what_is_of_no_use_is_made_anew() {
    let folder = Folder::new("anew");
    let first = folder.kept();
    for (file, content) in [
        ("ca.pem", "nonsense".to_owned()),
        ("ca.pem", Authority::new().unwrap().pem().to_owned()),
        ("ca.pem", expired(&folder)),
    ] {
        fs::write(folder.0.join(file), content).unwrap();
        let again = folder.kept();
        // The key is the old one, so whoever trusts the old certificate need not notice.
        assert!(is_taken(first.pem(), &again, &[], "localhost"));
        assert!(is_taken(again.pem(), &again, &[], "localhost"));
    }
    fs::write(folder.0.join("ca-key.pem"), "nonsense").unwrap();
    let other = folder.kept();
    assert!(!is_taken(first.pem(), &other, &[], "localhost"));
    assert!(is_taken(other.pem(), &folder.kept(), &[], "localhost"));
}

/// A certificate of the folder's key that was valid once.
fn expired(folder: &Folder) -> String {
    let key = fs::read_to_string(folder.0.join("ca-key.pem")).unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = date_time_ymd(2020, 1, 1);
    params.self_signed(&KeyPair::from_pem(&key).unwrap()).unwrap().pem()
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = Folder::new("file");
    fs::write(&folder.0, "in the way").unwrap();
    let error = Authority::kept_in(&folder.0).unwrap_err();
    assert!(error.to_string().contains("restante-authority-file"), "{error}");
    fs::remove_file(&folder.0).unwrap();
}
