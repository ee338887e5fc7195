//! What mails cost that are made to be slow to read: time must grow with size, and no faster.
//!
//! Prints for each kind the time at one size, and how many times that eight times the size takes:
//! 8 is linear, 64 quadratic. Then the time of one round at the size of the largest mail that is
//! accepted. `cargo bench --bench hostile -- run`.

#[path = "../tests/it/mail/hostile.rs"]
mod kinds;

use std::time::Duration;
use std::time::Instant;

use restante::message::extract;
use restante::message::parse;

use crate::kinds::hostile;

fn main() {
    if !std::env::args().any(|argument| argument == "run") {
        println!("skipped: say `cargo bench --bench hostile -- run`");
        return;
    }
    println!("| kind | 64 KiB, µs | 512 KiB, times that |\n|---|---|---|");
    for ((kind, small), (_, large)) in hostile(64 << 10).iter().zip(&hostile(512 << 10)) {
        let [small, large] = [small, large].map(|mail| fastest(mail.as_bytes()).as_secs_f64());
        println!("| {kind} | {:.0} | {:.1} |", small * 1e6, large / small);
    }
    println!("\n| kind | 40 MiB, ms |\n|---|---|");
    for (kind, mail) in hostile(40 << 20) {
        println!("| {kind} | {:.0} |", time_of(mail.as_bytes()).as_secs_f64() * 1e3);
    }
}

/// The fastest of several rounds: a busy machine only ever adds to what the work takes.
fn fastest(raw: &[u8]) -> Duration {
    (0..5).map(|_| time_of(raw)).min().unwrap_or_default()
}

/// Asks a mail everything there is to ask.
fn time_of(raw: &[u8]) -> Duration {
    let start = Instant::now();
    let message = parse(raw);
    std::hint::black_box((message.subject(), message.text(), message.plain(), message.html()));
    std::hint::black_box((message.from(), message.to(), message.cc(), message.references()));
    std::hint::black_box((extract::links(&message), extract::codes(&message)));
    std::hint::black_box((message.warnings().len(), message.date(), message.preview(200)));
    start.elapsed()
}
