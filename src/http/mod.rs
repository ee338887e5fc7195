//! draft

pub mod error;
pub mod parameters;
pub mod render;
pub mod security;
pub mod spelling;
