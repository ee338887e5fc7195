//! SMTP (RFC 5321): a sans-IO engine, and the one async file that drives it over a socket.
//!
//! | extension | RFC | file |
//! |---|---|---|
//! | PIPELINING | 2920 | `session`: replies are flushed only when it wants input |
//! | SIZE | 1870 | `command`, `session` |
//! | 8BITMIME | 6152 | `command` |
//! | SMTPUTF8 | 6531 | `command` |
//! | ENHANCEDSTATUSCODES | 2034 | `reply` |
//! | AUTH PLAIN, LOGIN | 4954, 4616 | `auth` |
//!
//! The engine knows no clock, no socket and no store; `connection` knows no grammar.

pub mod limits;
