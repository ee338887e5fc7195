//! What a mail is, as a pure function of its bytes. Never fails: damage becomes warnings.
//!
//! Knows neither sockets nor the store nor JSON.

pub mod envelope;
pub mod id;
