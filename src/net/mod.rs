//! What the listening protocols share; knows none of them.
//!
//! In the order a connection meets them: `place` and `listener` (where), `accept`, `stream` (what
//! it is read from), `proxy` (who it really is), `networks`, `peers` and `access` (whether it may),
//! `tls`.

pub mod accept;
pub mod access;
pub mod listener;
pub mod networks;
pub mod peers;
pub mod place;
pub mod proxy;
pub mod stream;
pub mod tls;
#[cfg(unix)]
mod unix;
