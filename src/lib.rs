//! restante catches the mail that local applications send, holds it in memory, and shows it.
//!
//! The modules, in the order a mail meets them:
//!
//! * [`net`], [`smtp`]: accept it. [`dialogue`]: what was said.
//! * [`store`]: holds it, and numbers every change.
//! * [`message`]: what it is, read from its bytes when somebody looks.
//! * [`metrics`]: counts what happened.
//! * [`query`]: the one language to search, wait and assert in.

pub mod config;
pub mod dialogue;
pub mod message;
pub mod metrics;
pub mod net;
pub mod query;
pub mod smtp;
pub mod store;
