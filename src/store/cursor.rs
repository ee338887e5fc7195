//! A moment in the life of a store, as text that clients hand back.

use std::fmt;
use std::str::FromStr;

/// A position in the log of one run of the server: `<start of this server>.<number>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the server started, in milliseconds since the Unix epoch.
    pub run: u64,
    /// The number of the newest change the cursor's taker could see.
    pub number: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.run, self.number)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (run, number) = text.split_once('.').ok_or(CursorError::Malformed)?;
        let digits = |text: &str| !text.starts_with('+');
        if !digits(run) || !digits(number) {
            return Err(CursorError::Malformed);
        }
        Ok(Self {
            run: u64::from_str_radix(run, 16).map_err(|_| CursorError::Malformed)?,
            number: number.parse().map_err(|_| CursorError::Malformed)?,
        })
    }
}

/// Why a cursor leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorError {
    /// It is not the text of a cursor.
    Malformed,
    /// It is of another run of the server.
    Expired,
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => {
                "this is no cursor: take one from GET /v1/cursor or from the Restante-Cursor header"
            }
            Self::Expired => {
                "this cursor is of another run of the server: take a new one from GET /v1/cursor"
            }
        })
    }
}

impl std::error::Error for CursorError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        let cursor = Cursor { run: 0x0019_3ab0, number: 42 };
        assert_eq!(cursor.to_string(), "193ab0.42");
        assert_eq!("193ab0.42".parse(), Ok(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "42", ".", "1.", ".1", "x.1", "1.-1", "+1.1", "1.+1", "1.2.3"] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError::Malformed), "{text:?}");
        }
    }
}
