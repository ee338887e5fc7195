//! Files of Apache's `htpasswd`: a user a line, `name:hash`. Knows the text, not the file.

use std::fmt;

use crate::smtp::auth::password::BCRYPT_COST_MAX;
use crate::smtp::auth::password::HashError;
use crate::smtp::auth::password::Password;
use crate::smtp::auth::users::UserError;
use crate::smtp::auth::users::Users;

/// What is wrong with a line. Says nothing of what stands in it but the user's name.
#[derive(Debug, PartialEq, Eq)]
pub struct LineError {
    /// Counted from 1.
    pub line: usize,
    reason: Reason,
}

#[derive(Debug, PartialEq, Eq)]
enum Reason {
    User(UserError),
    Hash(HashError),
}

/// Adds the users of a file. Empty lines and those that begin with `#` are passed over.
///
/// # Errors
/// At the first line that gives no user.
pub fn add_users(text: &str, users: &mut Users) -> Result<(), LineError> {
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        add_user(line, users).map_err(|reason| LineError { line: index + 1, reason })?;
    }
    Ok(())
}

fn add_user(line: &str, users: &mut Users) -> Result<(), Reason> {
    let (name, hash) = line.split_once(':').ok_or(Reason::User(UserError::NoColon))?;
    if hash.is_empty() {
        return Err(Reason::User(UserError::NoPassword));
    }
    let password = Password::from_htpasswd(hash).map_err(Reason::Hash)?;
    users.add(name, password).map_err(Reason::User)
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.reason {
            Reason::User(error) => error.fmt(f),
            Reason::Hash(HashError::Unknown) => f.write_str(
                "this kind of hash is not read; right are bcrypt (htpasswd -B), $apr1$, {SHA}, \
                 and the password itself behind {PLAIN}",
            ),
            Reason::Hash(HashError::Damaged) => f.write_str("the hash is not whole"),
            Reason::Hash(HashError::TooCostly(cost)) => write!(
                f,
                "bcrypt of cost {cost} would hold up all sessions; the most is {BCRYPT_COST_MAX}"
            ),
        }
    }
}

impl std::error::Error for LineError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_user() {
        let mut users = Users::default();
        let text = "# who may\r\n\r\nbob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\r\nanna:geheim\n\
                    carl:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\n  \ndora:{PLAIN}sEcREt1234567";
        add_users(text, &mut users).unwrap();
        assert_eq!(users.len(), 4);
        for (name, password) in
            [("bob", "secret"), ("anna", "geheim"), ("carl", "secret"), ("dora", "sEcREt1234567")]
        {
            assert!(users.are_right(name, password.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_wrong_line_is_named_and_not_repeated() {
        let costly = format!("bob:$2y$13${}", ".".repeat(53));
        for (line, reason) in [
            ("hunter2", "no colon"),
            ("bob:", "no password"),
            (":hunter2", "no user name"),
            ("bob:$6$hunter2$x", "htpasswd -B"),
            ("bob:{SSHA}hunter2", "htpasswd -B"),
            ("bob:rqXexS6ZhobKA", "{PLAIN}"),
            ("bob:{SHA}hunter2", "not whole"),
            ("bob:$apr1$hunter2", "not whole"),
            ("bob:$2y$05$hunter2", "not whole"),
            (&costly, "cost 13"),
        ] {
            let text = format!("anna:x\n{line}\n");
            let error = add_users(&text, &mut Users::default()).unwrap_err();
            let said = error.to_string();
            assert!(said.starts_with("line 2: ") && said.contains(reason), "{line}: {said}");
            assert!(!said.contains("hunter2") && !format!("{error:?}").contains("hunter2"));
        }
    }
}
