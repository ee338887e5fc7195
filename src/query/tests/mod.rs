//! The language as its page describes it: each line a table, right and wrong.

mod compose;
mod errors;
mod mail;
mod matching;
mod odd;
mod properties;
mod stages;
mod syntax;
