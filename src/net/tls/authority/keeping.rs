//! Keeps an authority in a folder. The key is what counts: a certificate can be made anew from it,
//! and several servers that start at once end up with the same one.

use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::PublicKeyData;
use x509_parser::pem::parse_x509_pem;

use crate::net::tls::authority::Authority;
use crate::net::tls::authority::new_key;

/// The authority of a folder, which is made when it is not there.
///
/// # Errors
/// In words, with the file that cannot be used.
pub(super) fn authority(folder: &Path) -> Result<Authority, String> {
    make_folder(folder).map_err(|error| error.to_string())?;
    let key = key(&folder.join(KEY_FILE))?;
    let file = folder.join(CERTIFICATE_FILE);
    let pem = match fs::read_to_string(&file) {
        Ok(pem) => Some(pem).filter(|pem| is_usable(pem, &key)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(naming(&file, error)),
    };
    if let Some(pem) = pem {
        let issuer = Issuer::from_ca_cert_pem(&pem, key).map_err(|error| naming(&file, error))?;
        return Ok(Authority { pem, issuer });
    }
    if file.exists() {
        tracing::warn!("{}: expired, or not of this key: made anew", file.display());
    }
    let authority = Authority::with_key(key).map_err(|error| naming(&file, error))?;
    replace(&file, &authority.pem, 0o644).map_err(|error| naming(&file, error))?;
    Ok(authority)
}

/// The key in a file. Of two servers that find none, the first to put its own there wins.
fn key(file: &Path) -> Result<KeyPair, String> {
    match fs::read_to_string(file) {
        Ok(pem) => {
            if let Ok(key) = KeyPair::from_pem(&pem) {
                return Ok(key);
            }
            tracing::warn!("{}: this is no key: made anew", file.display());
            let key = new_key().map_err(|error| naming(file, error))?;
            replace(file, &key.serialize_pem(), 0o600).map_err(|error| naming(file, error))?;
            Ok(key)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = new_key().map_err(|error| naming(file, error))?;
            let unfinished = unfinished(file, &key.serialize_pem(), 0o600);
            let unfinished = unfinished.map_err(|error| naming(file, error))?;
            let linked = fs::hard_link(&unfinished, file);
            let _ = fs::remove_file(&unfinished);
            match linked {
                Ok(()) => Ok(key),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let pem = fs::read_to_string(file).map_err(|error| naming(file, error))?;
                    KeyPair::from_pem(&pem).map_err(|error| naming(file, error))
                }
                Err(error) => Err(naming(file, error)),
            }
        }
        Err(error) => Err(naming(file, error)),
    }
}

/// Whether a certificate is one of this key that may sign others for a while.
fn is_usable(pem: &str, key: &KeyPair) -> bool {
    let Ok((_, pem)) = parse_x509_pem(pem.as_bytes()) else { return false };
    let Ok(certificate) = pem.parse_x509() else { return false };
    certificate.public_key().subject_public_key.data.as_ref() == key.der_bytes()
        && certificate.is_ca()
        && certificate.validity().is_valid()
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o755);
    builder.create(folder)
}

/// Writes a file whole: it appears by a rename, so that nobody reads half of it.
fn replace(file: &Path, content: &str, mode: u32) -> io::Result<()> {
    let unfinished = unfinished(file, content, mode)?;
    let renamed = fs::rename(&unfinished, file);
    if renamed.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    renamed
}

/// The content, in a file beside the one it is for.
fn unfinished(file: &Path, content: &str, mode: u32) -> io::Result<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}-{}", std::process::id(), ulid::Ulid::generate()));
    let unfinished = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    options.open(&unfinished)?.write_all(content.as_bytes())?;
    Ok(unfinished)
}

fn naming(file: &Path, error: impl std::fmt::Display) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}: {error}")
}

/// What clients are to trust; no secret.
const CERTIFICATE_FILE: &str = "ca.pem";

/// Whoever reads it can be anybody to them.
const KEY_FILE: &str = "ca-key.pem";
