//! From the client's final dot to the answer of the test that waits, beside others that wait too.

use std::time::Duration;
use std::time::Instant;

use serde_json::Value;

use crate::Outcome;
use crate::server::Server;
use crate::wire::Client;
use crate::wire::Sender;

/// How all wait.
#[derive(Clone, Copy)]
enum Kind {
    /// For a recipient each: no other mail wakes them.
    Keyed,
    /// For a word of a subject: each mail wakes them all.
    Unkeyed,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Keyed => "for a recipient each",
            Self::Unkeyed => "for a word of a subject each",
        }
    }

    fn query(self, name: &str) -> String {
        match self {
            Self::Keyed => format!("to={name}@example.com"),
            Self::Unkeyed => format!("subject={name}"),
        }
    }
}

/// Prints a table of the time of so many mails in each case. Any wrong answer ends it.
pub(crate) fn measure(rounds: usize) -> Outcome<()> {
    println!(
        "| all wait | how many others | p50, ms | p99, ms | goal of p50, ms | CPU, ms a mail |"
    );
    println!("|---|---|---|---|---|---|");
    for kind in [Kind::Keyed, Kind::Unkeyed] {
        for count in OTHERS {
            let (times, cpu) = beside(kind, count, rounds.max(1))?;
            let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
            let ms = |time: Duration| time.as_secs_f64() * 1e3;
            let (p50, p99) = (ms(at(50)), ms(at(99)));
            let (name, cpu) = (kind.name(), ms(cpu));
            println!("| {name} | {count} | {p50:.2} | {p99:.2} | {GOAL_MS} | {cpu:.2} |");
        }
    }
    Ok(())
}

/// The times in ascending order, and what a mail and its wait cost the server.
fn beside(kind: Kind, count: usize, rounds: usize) -> Outcome<(Vec<Duration>, Duration)> {
    let server = Server::restante()?;
    let http = server.http.ok_or("restante speaks HTTP")?;
    let mut sender = Sender::connect(server.smtp)?;
    let mut client = Client::connect(http)?;
    let mut others = Vec::new();
    for number in 0..count {
        let mut other = Client::connect(http)?;
        other.ask("GET", &format!("/v1/expect?{}&within=5m", kind.query(&other_name(number))))?;
        others.push(other);
    }
    let mut times = Vec::new();
    let mut cpu_before = Duration::ZERO;
    for round in 0..WARM_UP + rounds {
        if round == WARM_UP {
            cpu_before = server.cpu()?;
        }
        let cursor: Value = serde_json::from_str(&client.call("GET", "/v1/cursor")?)?;
        let since = cursor["cursor"].as_str().ok_or("a cursor is a text")?;
        let name = format!("round{round}x");
        let query = kind.query(&name);
        client.ask("GET", &format!("/v1/expect?{query}&since={since}&within=1m"))?;
        sender.begin(&address(&name), &mail(&name))?;
        let dot = Instant::now();
        sender.finish()?;
        let answer = client.answer()?;
        let time = dot.elapsed();
        sender.reply()?;
        check(&answer, &name)?;
        if round >= WARM_UP {
            times.push(time);
        }
    }
    let cpu = (server.cpu()? - cpu_before) / u32::try_from(rounds)?;
    // The others have waited all the while, each for its own mail.
    for (number, other) in others.iter_mut().enumerate().take(CHECKED_MAX) {
        let name = other_name(number);
        sender.mail_to(&address(&name), &mail(&name))?;
        check(&other.answer()?, &name)?;
    }
    times.sort_unstable();
    Ok((times, cpu))
}

/// Only the mail that was waited for is the right answer.
fn check(answer: &str, subject: &str) -> Outcome<()> {
    let answer: Value = serde_json::from_str(answer)?;
    if answer["matched"] != 1 || answer["messages"][0]["subject"] != subject {
        return Err(format!("{subject} was waited for, and this came: {answer}").into());
    }
    Ok(())
}

fn other_name(number: usize) -> String {
    format!("other{number}x")
}

fn address(name: &str) -> String {
    format!("{name}@example.com")
}

/// A mail of about 1 KB, its last line end left to the sender.
fn mail(name: &str) -> Vec<u8> {
    let to = address(name);
    let mut mail = format!("From: a@example.com\r\nTo: {to}\r\nSubject: {name}\r\n\r\n");
    while mail.len() < 1_000 {
        mail.push_str("The quick brown fox jumps over the lazy dog, again and again.\r\n");
    }
    mail.push_str("The end");
    mail.into_bytes()
}

/// How many others wait.
const OTHERS: [usize; 4] = [0, 1, 100, 1_000];

/// Rounds before those that count.
const WARM_UP: usize = 10;

/// Of the others, those whose answer is looked at.
const CHECKED_MAX: usize = 20;

const GOAL_MS: usize = 1;
