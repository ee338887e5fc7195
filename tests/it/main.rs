//! The integration tests: one binary, a module for each thing tested.

#![expect(clippy::unwrap_used, reason = "what a test did not expect fails it, also in its helpers")]

mod cli;
mod dialogue;
mod house;
mod http;
mod layers;
mod mail;
mod query;
mod server;
mod support;
