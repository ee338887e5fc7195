//! A certificate authority of one's own, for clients that insist on knowing whom they talk to.

mod keeping;

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::path::Path;

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rcgen::PKCS_ECDSA_P256_SHA256;
use rcgen::SanType;
use rcgen::date_time_ymd;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::net::tls::TlsError;
use crate::net::tls::made;
use crate::net::tls::name::TlsName;

/// A certificate to trust, and the key to sign others with.
#[derive(Debug)]
pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate with those that lead to the authority, and its key.
type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Authority {
    /// One that ends with this process.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> Result<Self, TlsError> {
        Self::with_key(new_key().map_err(made)?).map_err(made)
    }

    /// The one that is kept in a folder, which is made when it is not there or is of no use.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn kept_in(folder: &Path) -> Result<Self, TlsError> {
        let wrong = |reason| TlsError::Folder(folder.to_owned(), reason);
        keeping::authority(folder).map_err(wrong)
    }

    /// The certificate to trust, as PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Signs a certificate for this machine, and for these names.
    pub(super) fn issue(&self, names: &[TlsName]) -> Result<Identity, TlsError> {
        let mut params = CertificateParams::default();
        params.subject_alt_names = alternatives(names)?;
        params.distinguished_name = distinguished("restante");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        be_valid(&mut params, LEAF_DAYS);
        let key = new_key().map_err(made)?;
        let certificate = params.signed_by(&key, &self.issuer).map_err(made)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok((vec![certificate.into()], key.into()))
    }

    /// One with this key, whose certificate is new. Whatever an earlier one has signed, it has
    /// signed too: their names and keys are the same.
    fn with_key(key: KeyPair) -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::default();
        // Whoever trusts several can tell them apart.
        let identifier = params.key_identifier(&key);
        let digits: String = identifier.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        params.distinguished_name = distinguished(&format!("restante CA {digits}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        be_valid(&mut params, AUTHORITY_DAYS);
        let pem = params.self_signed(&key)?.pem();
        Ok(Self { pem, issuer: Issuer::new(params, key) })
    }
}

fn new_key() -> Result<KeyPair, rcgen::Error> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)
}

fn distinguished(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// From yesterday on, for clients whose clock is late.
fn be_valid(params: &mut CertificateParams, days: i32) {
    let today = TimeZone::UTC.to_datetime(Timestamp::now()).date();
    let at_midnight = |date: Date| {
        let [month, day] = [date.month(), date.day()].map(i8::unsigned_abs);
        date_time_ymd(date.year().into(), month, day)
    };
    params.not_before = at_midnight(today.saturating_sub(Span::new().days(1)));
    params.not_after = at_midnight(today.saturating_add(Span::new().days(days)));
}

/// Every name by which this machine may be called, and those that were asked for.
fn alternatives(names: &[TlsName]) -> Result<Vec<SanType>, TlsError> {
    let here = ["localhost".to_owned()].into_iter().chain(host_name());
    let here = here.filter_map(|name| name.parse().ok());
    let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), Ipv6Addr::LOCALHOST.into()];
    let here = here.chain(loopback.map(TlsName::Ip));
    let mut all: Vec<TlsName> = Vec::new();
    for name in here.chain(names.iter().cloned()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.into_iter()
        .map(|name| match name {
            TlsName::Dns(name) => name.try_into().map(SanType::DnsName).map_err(made),
            TlsName::Ip(address) => Ok(SanType::IpAddress(address)),
        })
        .collect()
}

/// What this machine calls itself, where the system tells.
fn host_name() -> Option<String> {
    #[cfg(unix)]
    return rustix::system::uname().nodename().to_str().ok().map(str::to_owned);
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").ok();
}

/// Ten years: it is replaced by whoever keeps it, or ends with the process.
const AUTHORITY_DAYS: i32 = 3_650;

/// Clients refuse what is valid for longer than 398 days.
const LEAF_DAYS: i32 = 397;

#[cfg(test)]
mod tests;
