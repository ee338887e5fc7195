//! The integration tests: one binary, a module for each thing tested.

mod cli;
mod dialogue;
mod house;
mod http;
mod layers;
mod mail;
mod query;
mod server;
mod support;
