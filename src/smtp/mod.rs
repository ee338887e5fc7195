//! SMTP (RFC 5321): a sans-IO engine, and the one async file that drives it over a socket.
//!
//! In the order bytes meet them: `input` (lines) → `command`, `path`, `parameters` (grammar) →
//! `conversation` (what each command does) → `addressing` (the envelope) → `data`, `body` (the
//! mail) → `transaction` (what is delivered); `session` holds them together, `in_flight` counts
//! what all of them are receiving, and `reply` has every word the server says.
//!
//! | extension | RFC | file |
//! |---|---|---|
//! | PIPELINING | 2920 | `session`: replies are flushed only when it wants input |
//! | SIZE | 1870 | `parameters`, `conversation` (at MAIL), `body` (at the end of DATA) |
//! | 8BITMIME | 6152 | `parameters` |
//! | SMTPUTF8 | 6531 | `parameters` |
//! | ENHANCEDSTATUSCODES | 2034 | `reply` |
//! | AUTH PLAIN, LOGIN | 4954, 4616 | `auth` |
//!
//! The engine knows no clock, no socket and no store; `connection` knows no grammar.

pub mod addressing;
pub mod auth;
pub mod body;
pub mod command;
pub mod connection;
pub mod conversation;
pub mod data;
pub mod in_flight;
pub mod input;
pub mod limits;
pub mod parameters;
pub mod path;
pub mod reply;
pub mod service;
pub mod session;
pub mod transaction;
