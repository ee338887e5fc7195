//! TLS 1.2 and 1.3 for what listens: with a certificate made here, or with one that was given.
//!
//! A client's certificate is asked for and never checked: who shows one is told apart, not let in.

pub mod authority;
mod client;
pub mod files;
pub mod name;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::ServerConnection;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::version;

use crate::net::stream::Socket;
use crate::net::stream::Stream;
use crate::net::tls::authority::Authority;
use crate::net::tls::client::AnyClient;
use crate::net::tls::files::CertificateFiles;
use crate::net::tls::name::TlsName;

/// Where the server's certificate comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Names that a certificate made here is for, beside those of this machine.
    pub names: Vec<TlsName>,
    /// Where an authority made here is kept; in memory when nowhere.
    pub ca_dir: Option<PathBuf>,
    /// A certificate that is given; then none is made.
    pub files: Option<CertificateFiles>,
}

/// A server's side of TLS.
#[derive(Debug)]
pub struct Tls {
    files: Option<CertificateFiles>,
    authority_pem: Option<String>,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads the certificate that is given, or makes one and, where none is kept, an authority.
    ///
    /// # Errors
    /// When files cannot be used, in words that name them.
    pub fn new(options: &TlsOptions) -> Result<Self, TlsError> {
        let (authority_pem, config) = match &options.files {
            Some(files) => (None, files.config()?),
            None => {
                let authority = match &options.ca_dir {
                    Some(folder) => Authority::kept_in(folder)?,
                    None => Authority::new()?,
                };
                let (chain, key) = authority.issue(&options.names)?;
                let config = server_config(chain, key).map_err(made)?;
                (Some(authority.pem().to_owned()), config)
            }
        };
        let config = RwLock::new(Arc::new(config));
        Ok(Self { files: options.files.clone(), authority_pem, config })
    }

    /// The certificate to trust, as PEM; none where the server's own was given.
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority_pem.as_deref()
    }

    /// Reads the files again that were given; connections from now on get what they say. One made
    /// here stays.
    ///
    /// # Errors
    /// When they cannot be used; then everything stays as it was.
    pub fn reload(&self) -> Result<(), TlsError> {
        let Some(files) = &self.files else { return Ok(()) };
        let config = Arc::new(files.config()?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// Shakes hands.
    ///
    /// # Errors
    /// When client and server do not agree, or the connection breaks.
    pub async fn accept(&self, socket: Socket) -> io::Result<Stream> {
        let config = Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner));
        let stream = TlsAcceptor::from(config).accept(socket).await?;
        Ok(Stream::Tls(Box::new(stream)))
    }
}

/// What client and server agreed on (RFC 8446).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The version, such as `TLSv1.3`.
    pub version: String,
    /// The cipher suite by its IANA name.
    pub cipher: String,
    /// The name that the client asked for (RFC 6066 §3).
    pub server_name: Option<String>,
    /// The subject of the certificate that the client showed.
    pub client_subject: Option<String>,
}

impl Agreement {
    /// What was agreed on for a connection; none on one in clear.
    pub fn of(stream: &Stream) -> Option<Self> {
        match stream {
            Stream::Clear(_) => None,
            Stream::Tls(stream) => Some(Self::new(stream.get_ref().1)),
        }
    }

    fn new(connection: &ServerConnection) -> Self {
        let version = connection.protocol_version().and_then(|version| version.as_str());
        let cipher = connection.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str());
        let certificates = connection.peer_certificates();
        Self {
            // The library writes `TLSv1_3` and `TLS13_AES_…`; IANA and OpenSSL write it like this.
            version: version.unwrap_or_default().replace('_', "."),
            cipher: cipher.unwrap_or_default().replacen("TLS13_", "TLS_", 1),
            server_name: connection.server_name().map(str::to_owned),
            client_subject: certificates.and_then(<[_]>::first).map(client::subject),
        }
    }
}

fn server_config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
        .with_client_cert_verifier(Arc::new(AnyClient::new()))
        .with_single_cert(chain, key)
}

/// Why there is no TLS.
#[derive(Debug, PartialEq, Eq)]
pub enum TlsError {
    /// The file of the certificate cannot be used.
    Certificate(PathBuf, String),
    /// The file of the key cannot be used.
    Key(PathBuf, String),
    /// The folder of the authority cannot be used.
    Folder(PathBuf, String),
    /// None could be made.
    Made(String),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(path, reason)
            | Self::Key(path, reason)
            | Self::Folder(path, reason) => write!(f, "{}: {reason}", path.display()),
            Self::Made(reason) => write!(f, "no certificate could be made: {reason}"),
        }
    }
}

impl std::error::Error for TlsError {}

fn made(error: impl fmt::Display) -> TlsError {
    TlsError::Made(error.to_string())
}
