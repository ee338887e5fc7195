//! The integration tests: one binary, a module for each thing tested.

mod http;
