//! What the listening protocols share; knows none of them.

pub mod accept;
pub mod listener;
