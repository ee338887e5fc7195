//! Measures a release build of restante from outside, beside what people compare it with.
//!
//! `cargo bench --bench beside -- ingest [ROUNDS]` · `cargo bench --bench beside -- life [MAILS]`;
//! `RESTANTE_BIN` names another build of restante.

mod ingest;
mod life;
mod server;
mod wire;

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
        _ => {
            println!("skipped: name what to measure: ingest [ROUNDS] or life [MAILS]");
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
