//! The integration tests: one binary, a module for each thing tested.

mod cli;
mod dialogue;
mod house;
mod http;
mod layers;
mod query;
mod mail;
mod server;
mod support;
mod mail;
mod query;
