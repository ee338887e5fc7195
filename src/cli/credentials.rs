//! The flags about AUTH, and the policy they make. What they say of a password is never shown.

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use restante::smtp::auth::htpasswd;
use restante::smtp::auth::policy::AuthPolicy;
use restante::smtp::auth::secret::Secret;
use restante::smtp::auth::users::Users;

#[derive(Args, Clone, Debug)]
pub(crate) struct AuthArgs {
    /// Let AUTH succeed for this user and not for everybody; may be repeated, or several
    /// separated by blanks
    #[arg(long, env = "RESTANTE_AUTH", value_name = "USER:PASSWORD")]
    #[arg(value_parser = secret, help_heading = AUTHENTICATION)]
    auth: Vec<Secret>,

    /// The same for the users of this file, as htpasswd writes it; may be repeated
    #[arg(long, env = "RESTANTE_AUTH_FILE", value_name = "PATH", help_heading = AUTHENTICATION)]
    auth_file: Vec<PathBuf>,

    /// Refuse MAIL before AUTH
    #[arg(long, env = "RESTANTE_AUTH_REQUIRED", help_heading = AUTHENTICATION)]
    #[arg(value_parser = BoolishValueParser::new())]
    auth_required: bool,

    /// Offer AUTH only within TLS
    #[arg(long, env = "RESTANTE_AUTH_TLS_ONLY", help_heading = AUTHENTICATION)]
    #[arg(value_parser = BoolishValueParser::new())]
    auth_tls_only: bool,
}

impl AuthArgs {
    /// What these flags ask for. Reads the files.
    ///
    /// # Errors
    /// When a user is wrong or a file cannot be read, in words that name the flag.
    pub(crate) fn policy(&self) -> Result<AuthPolicy, String> {
        let mut users = Users::default();
        for secret in &self.auth {
            for user in secret.expose().split_ascii_whitespace() {
                let added = users.add_plain(&Secret::new(user));
                added.map_err(|error| format!("--auth (RESTANTE_AUTH): {error}"))?;
            }
        }
        for path in &self.auth_file {
            let read = add_file(path, &mut users);
            read.map_err(|reason| format!("--auth-file {}: {reason}", path.display()))?;
        }
        let is_open = self.auth.is_empty() && self.auth_file.is_empty();
        Ok(AuthPolicy {
            is_required: self.auth_required,
            needs_tls: self.auth_tls_only,
            users: (!is_open).then_some(users),
        })
    }
}

fn add_file(path: &Path, users: &mut Users) -> Result<(), String> {
    let size_bytes = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size_bytes > FILE_BYTES_MAX {
        return Err(format!("{size_bytes} bytes are no file of htpasswd"));
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let before = users.len();
    htpasswd::add_users(&text, users).map_err(|error| error.to_string())?;
    if users.len() == before { Err("there is no user in it".to_owned()) } else { Ok(()) }
}

/// Takes anything, so that clap has no reason to repeat it.
fn secret(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text))
}

const AUTHENTICATION: &str = "Authentication";

/// Ten thousands of users, and no disk.
const FILE_BYTES_MAX: u64 = 4 * 1_024 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    fn args(users: &[&str]) -> AuthArgs {
        AuthArgs {
            auth: users.iter().map(|user| Secret::new(user)).collect(),
            auth_file: Vec::new(),
            auth_required: false,
            auth_tls_only: false,
        }
    }

    #[test]
    fn without_users_anybody_gets_in() {
        assert_eq!(args(&[]).policy(), Ok(AuthPolicy::default()));
        let users = args(&["bob:a anna:b", "carl:c"]).policy().unwrap().users.unwrap();
        assert_eq!(users.len(), 3);
    }

    #[test]
    fn what_is_wrong_names_the_flag_and_no_password() {
        for (user, reason) in [
            ("hunter2", "no colon"),
            (":hunter2", "no user name"),
            ("bob:", "no password"),
            ("bob:hunter2 bob:hunter2", "twice"),
        ] {
            let error = args(&[user]).policy().unwrap_err();
            assert!(error.starts_with("--auth (RESTANTE_AUTH): "), "{error}");
            assert!(error.contains(reason) && !error.contains("hunter2"), "{error}");
        }
        assert!(!format!("{:?}", args(&["bob:hunter2"])).contains("hunter2"));
    }
}
