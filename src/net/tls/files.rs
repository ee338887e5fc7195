//! A certificate and its key that somebody else made, in files.

use std::path::PathBuf;

use tokio_rustls::rustls;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::net::tls::TlsError;
use crate::net::tls::server_config;

/// Two files of PEM; they may be the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The server's certificate, then those between it and the authority.
    pub certificate: PathBuf,
    /// The key: PKCS #8, PKCS #1 or SEC 1, not encrypted.
    pub key: PathBuf,
}

impl CertificateFiles {
    /// What the files say at this moment.
    ///
    /// # Errors
    /// When one of them cannot be read, or they do not belong together.
    pub(super) fn config(&self) -> Result<ServerConfig, TlsError> {
        let wrong_certificate = |reason| TlsError::Certificate(self.certificate.clone(), reason);
        let wrong_key = |reason| TlsError::Key(self.key.clone(), reason);
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| wrong_certificate(in_words(&error, "no certificate")))?;
        if chain.is_empty() {
            return Err(wrong_certificate(in_words(&pem::Error::NoItemsFound, "no certificate")));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key)
            .map_err(|error| wrong_key(in_words(&error, "no key that is not encrypted")))?;
        server_config(chain, key).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                let certificate = self.certificate.display();
                wrong_key(format!("this is not the key of {certificate}"))
            }
            rustls::Error::InvalidCertificate(_) => wrong_certificate(error.to_string()),
            _ => wrong_key(error.to_string()),
        })
    }
}

fn in_words(error: &pem::Error, missing: &str) -> String {
    match error {
        pem::Error::NoItemsFound => format!("there is {missing} in it, as PEM"),
        pem::Error::Io(error) => error.to_string(),
        error => format!("this is no PEM: {error}"),
    }
}
