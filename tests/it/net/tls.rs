//! TLS from the first byte on, certificates, and who signs them.

use std::fs;
use std::io::Read;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::KeyPair;
use restante::config::Config;
use restante::config::Security;
use restante::net::tls::files::CertificateFiles;
use restante::testing::Catcher;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::ClientConnection;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::StreamOwned;
use tokio_rustls::rustls::SupportedProtocolVersion;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::version;

use crate::net::config;
use crate::net::facts;
use crate::net::secured;
use crate::support::Client;
use crate::support::Wire;
use crate::support::tcp;

/// How a client shakes hands with a server called localhost.
pub(crate) struct TlsClient(Arc<ClientConfig>);

impl TlsClient {
    /// Trusts whatever this certificate has signed.
    pub(crate) fn trusting(pem: &str) -> Self {
        Self::with(pem, &[&version::TLS12, &version::TLS13], None)
    }

    /// Trusts the catcher's own authority.
    pub(crate) fn of(catcher: &Catcher) -> Self {
        Self::trusting(catcher.server().ca_pem().unwrap())
    }

    fn with(
        pem: &str,
        versions: &[&'static SupportedProtocolVersion],
        identity: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match identity {
            Some((certificate, key)) => {
                config.with_client_auth_cert(vec![certificate], key).unwrap()
            }
            None => config.with_no_client_auth(),
        };
        Self(Arc::new(config))
    }

    /// Shakes hands when something is first sent or read.
    pub(crate) fn wrap<W: Wire>(&self, wire: W) -> StreamOwned<ClientConnection, W> {
        let name = "localhost".try_into().unwrap();
        StreamOwned::new(ClientConnection::new(Arc::clone(&self.0), name).unwrap(), wire)
    }

    fn connect(&self, catcher: &Catcher) -> Client {
        Client::greeted(self.wrap(tcp(catcher.smtp_address())))
    }

    /// Whether a handshake comes about.
    fn is_content_with(&self, catcher: &Catcher) -> bool {
        self.wrap(tcp(catcher.smtp_address())).read(&mut [0]).is_ok()
    }
}

#[test]
fn either_version_is_spoken_and_told() {
    let catcher = secured(Security::Tls);
    let pem = catcher.server().ca_pem().unwrap();
    for (version, name, cipher) in [
        (&version::TLS12, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_"),
        (&version::TLS13, "TLSv1.3", "TLS_AES_256_GCM_SHA384"),
    ] {
        let mut client = TlsClient::with(pem, &[version], None).connect(&catcher);
        let tls = facts(&catcher, &mut client).tls.unwrap();
        assert_eq!(&*tls.version, name);
        assert!(tls.cipher.starts_with(cipher), "{}", tls.cipher);
        assert_eq!(tls.server_name.as_deref(), Some("localhost"));
        assert_eq!(tls.client_subject, None);
        assert!(client.say("QUIT").starts_with("221"));
        // An end without TLS's own word for it would be an error here.
        assert_eq!(client.reply(), "");
    }
}

#[test]
fn a_large_mail_comes_through_whole() {
    let catcher = secured(Security::Tls);
    let mut client = TlsClient::of(&catcher).connect(&catcher);
    client.say("EHLO x.test");
    let mail = format!("Subject: x\r\n\r\n{}", "0123456789abcdef\r\n".repeat(200_000));
    client.deliver("a@x.test", &["b@x.test"], &mail);
    assert_eq!(catcher.mails()[0].raw(), format!("{mail}\r\n").as_bytes());
}

#[test]
fn a_clients_certificate_is_told_and_not_checked() {
    let catcher = secured(Security::Tls);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "app.test");
    let certificate = params.self_signed(&key).unwrap();
    let pem = catcher.server().ca_pem().unwrap();
    for version in [&version::TLS12, &version::TLS13] {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let identity = Some((certificate.der().clone(), key));
        let mut client = TlsClient::with(pem, &[version], identity).connect(&catcher);
        let tls = facts(&catcher, &mut client).tls.unwrap();
        assert_eq!(tls.client_subject.as_deref(), Some("CN=app.test"));
    }
}

#[test]
fn who_speaks_no_tls_is_let_go() {
    let catcher = secured(Security::Tls);
    let mut stream = tcp(catcher.smtp_address());
    stream.write_all(b"EHLO x.test\r\n").unwrap();
    let mut said = Vec::new();
    // The server may reset the connection, as it has not read everything.
    let _ = stream.read_to_end(&mut said);
    assert!(!said.starts_with(b"220"), "{said:?}");
    assert!(TlsClient::of(&catcher).is_content_with(&catcher));
}

#[test]
fn stopping_does_not_wait_for_a_handshake() {
    let catcher = secured(Security::Tls);
    let mut silent = tcp(catcher.smtp_address());
    // Accepted before this one, so it is waited for when this one is greeted.
    TlsClient::of(&catcher).connect(&catcher);
    let started_at = std::time::Instant::now();
    drop(catcher);
    assert!(started_at.elapsed().as_secs() < 5, "the grace period is 8 s");
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0);
}

#[test]
fn the_authority_is_handed_out() {
    let catcher = secured(Security::Tls);
    let (head, body) = get(&catcher, "/v1/ca.pem");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(head.contains("content-type: application/pem-certificate-chain"), "{head}");
    assert!(TlsClient::trusting(&body).is_content_with(&catcher));
    let other = secured(Security::Tls);
    assert!(!TlsClient::of(&other).is_content_with(&catcher));
}

#[test]
fn where_there_is_no_authority_it_is_said_why() {
    let catcher = secured(Security::Clear);
    let (head, body) = get(&catcher, "/v1/ca.pem");
    assert!(head.starts_with("HTTP/1.1 404 "), "{head}");
    assert!(body.contains("/problems/no-authority") && body.contains("--smtp 1465,tls"), "{body}");
    let files = Files::new("given");
    files.write(&["localhost"]);
    let catcher = Catcher::with(&files.config()).unwrap();
    let (head, body) = get(&catcher, "/v1/ca.pem");
    assert!(head.starts_with("HTTP/1.1 404 ") && body.contains("--tls-cert"), "{body}");
}

#[test]
fn a_given_certificate_is_read_again() {
    let files = Files::new("again");
    let first = TlsClient::trusting(&files.write(&["localhost"]));
    let catcher = Catcher::with(&files.config()).unwrap();
    let mut early = first.connect(&catcher);
    let second = TlsClient::trusting(&files.write(&["localhost"]));
    assert!(first.is_content_with(&catcher) && !second.is_content_with(&catcher));
    catcher.server().reload_certificates().unwrap();
    assert!(!first.is_content_with(&catcher) && second.is_content_with(&catcher));
    // What cannot be used changes nothing.
    fs::write(files.path("key.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    let error = catcher.server().reload_certificates().unwrap_err().to_string();
    assert!(error.contains("key.pem: this is not the key of"), "{error}");
    assert!(second.is_content_with(&catcher));
    assert!(early.say("NOOP").starts_with("250"), "a session goes on as it began");
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let files = Files::new("wrong");
    files.write(&["localhost"]);
    let key = fs::read(files.path("key.pem")).unwrap();
    for (file, content, said) in [
        ("cert.pem", &b"nonsense"[..], "cert.pem: there is no certificate in it"),
        ("cert.pem", &key[..], "cert.pem: there is no certificate in it"),
        ("key.pem", &b""[..], "key.pem: there is no key that is not encrypted in it"),
    ] {
        files.write(&["localhost"]);
        fs::write(files.path(file), content).unwrap();
        let error = Catcher::with(&files.config()).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    fs::remove_file(files.path("cert.pem")).unwrap();
    let error = Catcher::with(&files.config()).unwrap_err().to_string();
    assert!(error.contains("cert.pem: No such file"), "{error}");
}

/// A certificate and its key in files, removed in the end.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let name = format!("restante-tls-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// Writes a new certificate for these names, and says what is to be trusted.
    fn write(&self, names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let pair = rcgen::generate_simple_self_signed(names).unwrap();
        fs::write(self.path("cert.pem"), pair.cert.pem()).unwrap();
        fs::write(self.path("key.pem"), pair.signing_key.serialize_pem()).unwrap();
        pair.cert.pem()
    }

    fn config(&self) -> Config {
        let mut config = config(|listener| listener.security = Security::Tls);
        let (certificate, key) = (self.path("cert.pem"), self.path("key.pem"));
        config.tls.files = Some(CertificateFiles { certificate, key });
        config
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Head and body of the answer to a GET.
fn get(catcher: &Catcher, path: &str) -> (String, String) {
    let url = catcher.url();
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = tcp(host.parse().unwrap());
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
