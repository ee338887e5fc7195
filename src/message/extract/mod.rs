//! What tests look for in a mail: its links and the codes it brings.

mod candidates;
mod codes;
mod line;
mod links;
mod main_link;
mod visible;
mod words;

pub use crate::message::extract::codes::Code;
pub use crate::message::extract::codes::codes;
pub use crate::message::extract::links::Link;
pub use crate::message::extract::links::LinkKind;
pub use crate::message::extract::links::links;
pub use crate::message::extract::main_link::main_link;
