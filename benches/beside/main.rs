//! Measures a release build of restante from outside, beside what people compare it with.
//!
//! `cargo bench --bench beside -- ingest [ROUNDS]` · `… life [MAILS]` · `… search [PART [MAILS]]` ·
//! `… search-beside-mailpit PROGRAM` · `… wait [ROUNDS]`; `RESTANTE_BIN` names another build of
//! restante.

mod ingest;
mod life;
mod search;
mod server;
mod wait;
mod wire;

use std::path::Path;

/// Anything may go wrong in a measurement; then it ends with a sentence.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let number = |default| match arguments.get(1) {
        Some(number) => number.parse::<usize>(),
        None => Ok(default),
    };
    match arguments.first().map(String::as_str) {
        Some("ingest") => ingest::measure(number(5)?),
        Some("life") => life::measure(number(100_000)?),
        Some("search") => {
            let mails = arguments.get(2).map(|mails| mails.parse()).transpose()?;
            search::measure(arguments.get(1).map(String::as_str), mails)
        }
        Some("search-beside-mailpit") => {
            let program = arguments.get(1).ok_or("name the program of Mailpit")?;
            search::peer::measure(Path::new(program))
        }
        Some("wait") => wait::measure(number(1_000)?),
        _ => {
            println!(
                "skipped: name what to measure: ingest [ROUNDS], life [MAILS], search [PART], \
                 search-beside-mailpit PROGRAM or wait [ROUNDS]"
            );
            Ok(())
        }
    }
}

/// The middle value.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
