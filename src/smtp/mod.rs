//! SMTP (RFC 5321): a sans-IO engine, and `connection`, the async part that drives it over sockets.
//!
//! In the order bytes meet them: `input` (lines) → `command`, `path`, `parameters` (grammar) →
//! `conversation` (what each command does), `client` (who says it) → `addressing` (the envelope) →
//! `data` or `chunk`, `body` (the mail) → `transaction` (what is delivered); `session` holds them
//! together, `in_flight` counts what all of them are receiving, and `offer` and `reply` have every
//! word the server says.
//!
//! | extension | RFC | file |
//! |---|---|---|
//! | PIPELINING | 2920 | `session`: replies are flushed only when it wants input |
//! | SIZE | 1870 | `parameters`, `conversation` (at MAIL), `body` (at the end of DATA) |
//! | 8BITMIME | 6152 | `parameters` |
//! | SMTPUTF8 | 6531 | `parameters` |
//! | ENHANCEDSTATUSCODES | 2034 | `reply` |
//! | CHUNKING, BINARYMIME | 3030 | `chunk`, `body` |
//! | STARTTLS | 3207 | `session`, `conversation` (what goes before it) |
//! | REQUIRETLS, LIMITS | 8689, 9422 | `conversation`, `offer` |
//! | DSN | 3461 | `parameters`, `xtext` |
//! | DELIVERBY, FUTURERELEASE, MT-PRIORITY | 2852, 4865, 6710 | `parameters` |
//! | LMTP | 2033 | `session` (a reply for each recipient), `conversation` (LHLO) |
//! | XCLIENT, XFORWARD | Postfix | `proxied`, `client` |
//! | AUTH | 4954; 4616, 2195, 5802, 7628 | `auth`, a file for each mechanism |
//!
//! The engine knows no clock, no socket and no store; `connection` knows no grammar.

pub mod addressing;
pub mod auth;
pub mod body;
pub mod chunk;
pub mod client;
pub mod command;
pub mod connection;
pub mod conversation;
pub mod data;
pub mod in_flight;
pub mod input;
pub mod limits;
pub mod offer;
pub mod parameters;
pub mod path;
pub mod proxied;
pub mod reply;
mod secrets;
pub mod service;
pub mod session;
pub mod transaction;
pub mod xtext;
