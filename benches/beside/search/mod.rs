//! Search seen from outside: how long each kind of search takes, whether it finds what it should,
//! what finding costs in memory and takes from ingest.

mod ask;
mod ingest;
mod kinds;
mod load;
mod mime;
pub(crate) mod peer;
mod words;

use std::time::Duration;
use std::time::Instant;

use crate::Outcome;
use crate::search::ask::Asked;
use crate::search::kinds::Kind;
use crate::search::load::Load;
use crate::search::load::Mail;
use crate::server::Server;
use crate::wire::Client;
use crate::wire::Sender;

/// Prints the tables: of one part when it is named, with so many mails when that is said, else of
/// all.
pub(crate) fn measure(part: Option<&str>, mails: Option<usize>) -> Outcome<()> {
    let plain = || searches(&Load::plain(mails.unwrap_or(100_000)));
    let mime = || searches(&Load::mime(mails.unwrap_or(20_000)));
    let arriving = || ingest::measure(mails.unwrap_or(100_000));
    match part {
        None => plain().and_then(|()| mime()).and_then(|()| arriving()),
        Some("plain") => plain(),
        Some("mime") => mime(),
        Some("ingest") => arriving(),
        Some(other) => Err(format!("{other}? There are plain, mime and ingest").into()),
    }
}

/// Two servers with the same mails: one is asked at once, one after it had time to itself.
fn searches(load: &Load) -> Outcome<()> {
    let mails = load.all();
    let raw_bytes: usize = mails.iter().map(|mail| mail.raw.len() + 2).sum();
    println!("\n{}, of {} B in the mean\n", load.name, raw_bytes / load.mails);
    let mut wrong = Vec::new();
    {
        let server = Server::restante()?;
        fill(&server, &mails)?;
        first(&server, load, &mails, Duration::ZERO, &mut wrong)?;
    }
    let server = Server::restante()?;
    settle();
    let memory = Memory { empty: server.memory("VmRSS")?, raw_bytes, mails: load.mails };
    fill(&server, &mails)?;
    memory.print("before any search", &server)?;
    std::thread::sleep(IDLE);
    memory.print("10 s later, nothing asked", &server)?;
    first(&server, load, &mails, IDLE, &mut wrong)?;

    println!("\n| search | for instance | asked | found | p50, ms | p99, ms | goal, ms |");
    println!("|---|---|---|---|---|---|---|");
    for kind in kinds::all(load) {
        print_row(&kind, &ask::all(&server, &kind, &mails, &mut wrong)?);
    }
    println!();
    memory.print("after all searches", &server)?;
    let mut client = Client::connect(server.http.ok_or("restante speaks HTTP")?)?;
    client.call("DELETE", "/v1/messages?all=true")?;
    settle();
    let left = server.memory("VmRSS")? as f64 - memory.empty as f64;
    println!("- memory after everything was deleted: {:.1} MB more than at first", left / 1e6);
    for fault in &wrong {
        eprintln!("{fault}");
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{} answers are wrong", wrong.len()).into()) }
}

/// Sends all mails over one session, so that they are held in their order.
fn fill(server: &Server, mails: &[Mail]) -> Outcome<()> {
    let mut sender = Sender::connect(server.smtp)?;
    for mail in mails {
        sender.mail_to(&load::recipient(mail.known.number), &mail.raw)?;
    }
    Ok(())
}

/// Asks for a word of one mail, which no search asked for before.
fn first(
    server: &Server,
    load: &Load,
    mails: &[Mail],
    waited: Duration,
    wrong: &mut Vec<String>,
) -> Outcome<()> {
    let probe = kinds::first(load);
    let mut client = Client::connect(server.http.ok_or("restante speaks HTTP")?)?;
    let start = Instant::now();
    let answer = client.call("GET", &ask::path(&probe))?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "- the first search, {} s after the load: {:.0} ms (goal: 1000 ms)",
        waited.as_secs(),
        seconds * 1e3
    );
    wrong.extend(ask::fault(&probe, 1, &answer, mails)?);
    Ok(())
}

fn print_row(kind: &Kind, asked: &Asked) {
    println!(
        "| {} | `{}` | {} | {} | {:.1} | {:.1} | {} |",
        kind.name,
        kind.probes.first().map_or("", |probe| &probe.query).replace('|', "\\|"),
        asked.times_ms.len(),
        asked.found,
        ask::percentile(&asked.times_ms, 50),
        ask::percentile(&asked.times_ms, 99),
        kind.goal_ms,
    );
}

/// What memory is compared with.
struct Memory {
    empty: u64,
    raw_bytes: usize,
    mails: usize,
}

impl Memory {
    fn print(&self, when: &str, server: &Server) -> Outcome<()> {
        let beside = server.memory("VmRSS")? as f64 - self.empty as f64 - self.raw_bytes as f64;
        println!(
            "- memory beside the raw bytes, {when}: {:.0} B a mail",
            beside / self.mails as f64
        );
        Ok(())
    }
}

/// Lets the allocator and the kernel come to rest.
fn settle() {
    std::thread::sleep(Duration::from_secs(1));
}

/// How long a server is left alone to prepare for searches.
const IDLE: Duration = Duration::from_secs(10);
