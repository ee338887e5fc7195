//! How much CPU a mail costs and how many arrive a second, beside Postfix's smtp-sink, which throws
//! mail away. The client is Postfix's smtp-source (Debian package `postfix`).

use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::median;
use crate::server::Server;
use crate::server::installed;

struct Load {
    label: &'static str,
    arguments: &'static [&'static str],
    mails: u32,
}

const LOADS: &[Load] = &[
    Load { label: "1 KB, 1 session", arguments: &["-d", "-s1", "-l1024"], mails: 3_000 },
    Load { label: "1 KB, 10 sessions", arguments: &["-d", "-s10", "-l1024"], mails: 10_000 },
    Load { label: "1 KB, a connection each", arguments: &["-s10", "-l1024"], mails: 4_000 },
    Load { label: "12 KB, 10 sessions", arguments: &["-d", "-s10", "-l12288"], mails: 4_000 },
    Load { label: "1 MB, 4 sessions", arguments: &["-d", "-s4", "-l1000000"], mails: 100 },
];

/// What one round of one load cost one server.
#[derive(Clone, Copy)]
struct Cost {
    cpu_us: f64,
    mails_per_second: f64,
}

/// Prints a table of the medians of so many rounds.
pub(crate) fn measure(rounds: usize) -> Outcome<()> {
    let Some(source) = installed("smtp-source") else {
        return Err("smtp-source is not installed: it is in Debian's package postfix".into());
    };
    let run = |server: &Server, load: &Load| -> Outcome<Cost> {
        let (cpu, start) = (server.cpu()?, Instant::now());
        let status = Command::new(&source)
            .args(load.arguments)
            .args(["-m", &load.mails.to_string(), "-f", "a@example.com", "-t", "b@example.com"])
            .arg(server.smtp.to_string())
            .status()?;
        if !status.success() {
            return Err(format!("smtp-source failed on {}", load.label).into());
        }
        let mails = f64::from(load.mails);
        Ok(Cost {
            cpu_us: (server.cpu()? - cpu).as_secs_f64() * 1e6 / mails,
            mails_per_second: mails / start.elapsed().as_secs_f64(),
        })
    };
    let mut costs = vec![(Vec::new(), Vec::new()); LOADS.len()];
    for _ in 0..rounds {
        if let Some(sink) = Server::sink()? {
            for (load, costs) in LOADS.iter().zip(&mut costs) {
                costs.1.push(run(&sink, load)?);
            }
        }
        let restante = Server::restante()?;
        for (load, costs) in LOADS.iter().zip(&mut costs) {
            costs.0.push(run(&restante, load)?);
        }
    }
    println!("| load | CPU, µs a mail | of smtp-sink's | mails a second | of smtp-sink's |");
    println!("|---|---|---|---|---|");
    for (load, (ours, theirs)) in LOADS.iter().zip(&costs) {
        let figures = [|cost: &Cost| cost.cpu_us, |cost: &Cost| cost.mails_per_second];
        let [cpu, rate] = figures.map(|figure| {
            let own: Vec<f64> = ours.iter().map(figure).collect();
            // Each round is compared with itself: the machine may be busier in the next.
            let ratios: Vec<f64> =
                own.iter().zip(theirs).map(|(own, other)| own / figure(other)).collect();
            let ratio = if ratios.is_empty() {
                "–".to_owned()
            } else {
                format!("{:.2}", median(&ratios))
            };
            (median(&own), ratio)
        });
        println!("| {} | {:.0} | {} | {:.0} | {} |", load.label, cpu.0, cpu.1, rate.0, rate.1);
    }
    Ok(())
}
