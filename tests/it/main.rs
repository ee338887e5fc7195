//! The integration tests: one binary, a module for each thing tested.

#![expect(clippy::unwrap_used, reason = "what a test did not expect fails it, also in its helpers")]

mod auth;
mod cli;
mod dialogue;
mod house;
mod http;
mod inboxes;
mod layers;
mod mail;
mod net;
mod query;
mod readme;
mod secrets;
mod server;
mod support;
mod testing;
