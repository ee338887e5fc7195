//! What searches take from ingest: the same mails arrive with and without them, in turns.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::Outcome;
use crate::median;
use crate::search::ask;
use crate::search::kinds;
use crate::search::load;
use crate::search::load::Load;
use crate::search::load::Mail;
use crate::search::settle;
use crate::server::Server;
use crate::wire::Client;
use crate::wire::Sender;

/// What one round showed.
struct Round {
    mails_per_second: f64,
    cpu_us: f64,
    searches_per_second: f64,
}

/// Prints the medians of rounds in which mails arrive at a server that holds so many already.
pub(crate) fn measure(held: usize) -> Outcome<()> {
    let load = Load::plain(held);
    let mails = load.all();
    let paths: Vec<String> =
        kinds::all(&load).iter().filter_map(|kind| Some(ask::path(kind.probes.first()?))).collect();
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (paths, rounds) in [&[][..], &paths].into_iter().zip(&mut rounds) {
            rounds.push(round(&mails, paths)?);
        }
    }
    println!(
        "\n{} mails of 1 KB over {SESSIONS} sessions, {held} held, {ROUNDS} rounds\n",
        ARRIVING.min(held)
    );
    println!("| searches a second | mails a second | CPU, µs a mail | answered a second |");
    println!("|---|---|---|---|");
    let of = |rounds: &[Round], figure: fn(&Round) -> f64| {
        median(&rounds.iter().map(figure).collect::<Vec<_>>())
    };
    for (asked, rounds) in [0, SEARCHERS].into_iter().zip(&rounds) {
        println!(
            "| {asked} | {:.0} | {:.0} | {:.1} |",
            of(rounds, |round| round.mails_per_second),
            of(rounds, |round| round.cpu_us),
            of(rounds, |round| round.searches_per_second)
        );
    }
    let [without, with] = rounds.map(|rounds| of(&rounds, |round| round.mails_per_second));
    println!("\n- with searches, of the rate without: {:.2} (goal: 0.8)", with / without);
    Ok(())
}

fn round(mails: &[Mail], paths: &[String]) -> Outcome<Round> {
    let server = Server::restante()?;
    send(&server, mails)?;
    settle();
    let (is_over, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (cpu, start) = (server.cpu()?, Instant::now());
    let arriving = &mails[..ARRIVING.min(mails.len())];
    let (seconds, searched) = thread::scope(|scope| {
        let searchers: Vec<_> = (0..if paths.is_empty() { 0 } else { SEARCHERS })
            .map(|index| {
                let (server, is_over, answered) = (&server, &is_over, &answered);
                scope.spawn(move || {
                    search(server, paths, index, is_over, answered)
                        .map_err(|error| error.to_string())
                })
            })
            .collect();
        let sent = send(&server, arriving);
        let seconds = start.elapsed().as_secs_f64();
        is_over.store(true, Ordering::Relaxed);
        let searched: Vec<_> = searchers.into_iter().map(|searcher| searcher.join()).collect();
        sent.map(|()| (seconds, searched))
    })?;
    for searched in searched {
        searched.map_err(|_| "a searcher panicked")??;
    }
    Ok(Round {
        mails_per_second: arriving.len() as f64 / seconds,
        cpu_us: (server.cpu()? - cpu).as_secs_f64() * 1e6 / arriving.len() as f64,
        searches_per_second: answered.load(Ordering::Relaxed) as f64 / seconds,
    })
}

/// Sends the mails over ten sessions at once.
fn send(server: &Server, mails: &[Mail]) -> Outcome<()> {
    let send = |mails: &[Mail]| -> Outcome<()> {
        let mut sender = Sender::connect(server.smtp)?;
        for mail in mails {
            sender.mail_to(&load::recipient(mail.known.number), &mail.raw)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let sessions: Vec<_> = mails
            .chunks(mails.len().div_ceil(SESSIONS))
            .map(|mails| scope.spawn(move || send(mails).map_err(|error| error.to_string())))
            .collect();
        for session in sessions {
            session.join().map_err(|_| "a session panicked")??;
        }
        Ok(())
    })
}

/// Asks once a second, each time for another kind, until the mails are in.
fn search(
    server: &Server,
    paths: &[String],
    index: usize,
    is_over: &AtomicBool,
    answered: &AtomicUsize,
) -> Outcome<()> {
    let mut client = Client::connect(server.http.ok_or("restante speaks HTTP")?)?;
    let begin = Instant::now() + PAUSE * index as u32 / SEARCHERS as u32;
    for (turn, path) in paths.iter().cycle().skip(index * 3).enumerate() {
        thread::sleep((begin + PAUSE * turn as u32).saturating_duration_since(Instant::now()));
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        client.call("GET", path)?;
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

const ROUNDS: usize = 3;
const SESSIONS: usize = 10;
const ARRIVING: usize = 60_000;
/// Each asks once in a pause.
const SEARCHERS: usize = 10;
const PAUSE: Duration = Duration::from_secs(1);
