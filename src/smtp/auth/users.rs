//! Those whose credentials succeed, where that is not everybody.

use std::collections::BTreeMap;
use std::fmt;

use crate::smtp::auth::password::Password;
use crate::smtp::auth::secret::Secret;

/// Users by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    by_name: BTreeMap<Box<str>, Password>,
}

/// Why a user cannot be one. Says nothing of the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserError {
    /// There is no colon between name and password.
    NoColon,
    /// Nothing stands before the colon.
    NoName,
    /// Nothing stands behind it.
    NoPassword,
    /// A user of this name is there already.
    Twice(Box<str>),
}

impl Users {
    /// Adds a user given as `user:password`.
    ///
    /// # Errors
    /// When a part is missing, or the name is taken.
    pub fn add_plain(&mut self, user: &Secret) -> Result<(), UserError> {
        let (name, password) = user.expose().split_once(':').ok_or(UserError::NoColon)?;
        if password.is_empty() {
            return Err(UserError::NoPassword);
        }
        self.add(name, Password::plain(password))
    }

    /// Adds a user.
    ///
    /// # Errors
    /// When the name is empty or taken.
    pub fn add(&mut self, name: &str, password: Password) -> Result<(), UserError> {
        if name.is_empty() {
            return Err(UserError::NoName);
        }
        if self.by_name.contains_key(name) {
            return Err(UserError::Twice(name.into()));
        }
        self.by_name.insert(name.into(), password);
        Ok(())
    }

    /// Whether nobody is here.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether each password is known itself, and not only by its hash.
    pub(super) fn are_known_in_plain(&self) -> bool {
        self.by_name.values().all(|password| password.exposed().is_some())
    }

    /// Whether a user has this password.
    pub(super) fn are_right(&self, name: &str, password: &[u8]) -> bool {
        self.password(name).is_some_and(|known| known.is(password))
    }

    /// What is known of a user's password.
    pub(super) fn password(&self, name: &str) -> Option<&Password> {
        self.by_name.get(name)
    }

    /// The user whose password this is. Those known by a hash alone are passed over: trying each
    /// would take too long.
    pub(super) fn with_token(&self, token: &str) -> Option<&str> {
        let is_theirs = |password: &Password| {
            password.exposed().is_some_and(|secret| secret.is(token.as_bytes()))
        };
        let mut users = self.by_name.iter();
        users.find(|(_, password)| is_theirs(password)).map(|(name, _)| &**name)
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColon => f.write_str("a user is given as user:password; there is no colon"),
            Self::NoName => f.write_str("no user name before the colon"),
            Self::NoPassword => f.write_str("no password behind the colon"),
            Self::Twice(name) => write!(f, "the user {name:?} is given twice"),
        }
    }
}

impl std::error::Error for UserError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_a_name_a_colon_and_a_password() {
        let mut users = Users::default();
        for (text, expected) in [
            ("bob:secret", Ok(())),
            ("anna:a:b", Ok(())),
            ("secret", Err(UserError::NoColon)),
            (":secret", Err(UserError::NoName)),
            ("carl:", Err(UserError::NoPassword)),
            ("bob:secret", Err(UserError::Twice("bob".into()))),
        ] {
            let outcome = users.add_plain(&Secret::new(text));
            assert_eq!(outcome, expected);
            let said = outcome.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(!said.contains("secret"), "{said}");
        }
        assert_eq!(users.len(), 2);
        assert!(users.are_right("anna", b"a:b") && users.are_right("bob", b"secret"));
        assert!(!users.are_right("bob", b"a:b") && !users.are_right("Bob", b"secret"));
    }
}
