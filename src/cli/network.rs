//! The flags that say who may connect, and with which certificate TLS is spoken.

use std::path::PathBuf;

use clap::Args;

use restante::config::Config;
use restante::config::SmtpListener;
use restante::net::access::AccessOptions;
use restante::net::access::Rate;
use restante::net::networks::Network;
use restante::net::tls::TlsOptions;
use restante::net::tls::files::CertificateFiles;
use restante::net::tls::name::TlsName;

use crate::cli::values;

/// Who may connect, and TLS.
#[derive(Args, Clone, Debug)]
pub(crate) struct NetworkArgs {
    /// Let only these networks speak SMTP; may be repeated, or several separated by commas
    #[arg(long, env = "RESTANTE_ALLOW", value_name = "NET")]
    #[arg(value_parser = values::network, value_delimiter = ',', help_heading = ACCESS)]
    allow: Vec<Network>,

    /// Let these networks say whom they speak for: by XCLIENT, XFORWARD, and the PROXY header;
    /// may be repeated, or several separated by commas
    #[arg(long, env = "RESTANTE_TRUST", value_name = "NET")]
    #[arg(value_parser = values::network, value_delimiter = ',', help_heading = ACCESS)]
    trust: Vec<Network>,

    /// Turn away further SMTP sessions of the same address
    #[arg(long, env = "RESTANTE_MAX_SESSIONS_PER_PEER", value_name = "COUNT")]
    #[arg(value_parser = values::count, help_heading = ACCESS)]
    max_sessions_per_peer: Option<usize>,

    /// Turn away an address that begins more SMTP sessions, such as 10/1s
    #[arg(long, env = "RESTANTE_MAX_RATE_PER_PEER", value_name = "COUNT/DURATION")]
    #[arg(value_parser = values::rate, help_heading = ACCESS)]
    max_rate_per_peer: Option<Rate>,

    /// Turn away whoever comes when more SMTP sessions begin, such as 100/1s
    #[arg(long, env = "RESTANTE_MAX_RATE", value_name = "COUNT/DURATION")]
    #[arg(value_parser = values::rate, help_heading = ACCESS)]
    max_rate: Option<Rate>,

    /// A name or an address that the certificate is for, beside localhost and this machine's;
    /// may be repeated, or several separated by commas
    #[arg(long, env = "RESTANTE_TLS_NAME", value_name = "NAME")]
    #[arg(value_parser = values::tls_name, value_delimiter = ',', help_heading = TLS)]
    tls_name: Vec<TlsName>,

    /// Keep the certificate authority in this folder, so that it is the same the next time
    #[arg(long, env = "RESTANTE_CA_DIR", value_name = "PATH", help_heading = TLS)]
    ca_dir: Option<PathBuf>,

    /// The server's certificate, and those between it and its authority, as PEM; read again on
    /// SIGHUP
    #[arg(long, env = "RESTANTE_TLS_CERT", value_name = "PATH", help_heading = TLS)]
    tls_cert: Option<PathBuf>,

    /// The key of --tls-cert, as PEM
    /// [default: in the file of --tls-cert]
    #[arg(long, env = "RESTANTE_TLS_KEY", value_name = "PATH", help_heading = TLS)]
    tls_key: Option<PathBuf>,
}

impl NetworkArgs {
    /// Adds what these flags ask for.
    ///
    /// # Errors
    /// When flags exclude each other, in words that name them.
    pub(crate) fn add_to(&self, config: &mut Config) -> Result<(), String> {
        config.access = AccessOptions {
            allow: self.allow.iter().copied().collect(),
            trust: self.trust.iter().copied().collect(),
            sessions_per_peer_max: self.max_sessions_per_peer,
            rate_per_peer_max: self.max_rate_per_peer,
            rate_max: self.max_rate,
        };
        let files = self.files(config)?;
        let (names, ca_dir) = (self.tls_name.clone(), self.ca_dir.clone());
        config.tls = TlsOptions { names, ca_dir, files };
        Ok(())
    }

    fn files(&self, config: &Config) -> Result<Option<CertificateFiles>, String> {
        let Some(certificate) = &self.tls_cert else {
            return match &self.tls_key {
                Some(_) => Err("--tls-key is the key of a --tls-cert, which is missing".to_owned()),
                None => Ok(None),
            };
        };
        if !self.tls_name.is_empty() {
            return Err("--tls-name is for a certificate made here, and --tls-cert brings one: \
                        leave out one of them"
                .to_owned());
        }
        if self.ca_dir.is_some() {
            return Err(
                "--ca-dir keeps what signs a certificate made here, and --tls-cert brings \
                        one: leave out one of them"
                    .to_owned(),
            );
        }
        if !config.smtp.iter().any(SmtpListener::speaks_tls) {
            return Err("--tls-cert is of no use while no listener speaks TLS: \
                        --smtp 1465,tls or --smtp 1587,starttls"
                .to_owned());
        }
        let key = self.tls_key.as_ref().unwrap_or(certificate).clone();
        Ok(Some(CertificateFiles { certificate: certificate.clone(), key }))
    }
}

const ACCESS: &str = "Access";
const TLS: &str = "TLS";
