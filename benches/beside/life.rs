//! A catcher's life beside ingest: start, memory, look-ups with a full store, one huge mail.

use std::time::Duration;
use std::time::Instant;

use crate::Outcome;
use crate::median;
use crate::server::Server;
use crate::wire::Client;
use crate::wire::Sender;

/// Prints a table of the figures with so many mails held.
pub(crate) fn measure(mails: usize) -> Outcome<()> {
    println!("| what | figure |\n|---|---|");
    let mut starts = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        drop(Server::restante()?);
        starts.push(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("| from start to the first greeting | {:.1} ms |", median(&starts));
    let server = Server::restante()?;
    settle();
    println!("| memory, idle | {:.1} MB |", mb(server.memory("VmRSS")?));
    fill(&server, mails)?;
    look_up(&server, mails)?;
    huge_mail()
}

fn fill(server: &Server, mails: usize) -> Outcome<()> {
    let before = server.memory("VmRSS")?;
    let mut sender = Sender::connect(server.smtp)?;
    let mut raw_bytes = 0;
    for number in 0..mails {
        let mail = mail(number, 1_024);
        raw_bytes += mail.len() + 2;
        sender.mail(&mail)?;
    }
    settle();
    let beside = (server.memory("VmRSS")? - before) as f64 - raw_bytes as f64;
    println!(
        "| memory beside the raw bytes, {mails} mails of 1 KB | {:.0} B a mail |",
        beside / mails as f64
    );
    Ok(())
}

fn look_up(server: &Server, mails: usize) -> Outcome<()> {
    let mut client = Client::connect(server.http.ok_or("restante speaks HTTP")?)?;
    let list = "/v1/messages?limit=50";
    let page = client.call("GET", list)?;
    let page: serde_json::Value = serde_json::from_str(&page)?;
    if page["total"] != mails {
        return Err(format!("{} of {mails} mails are held", page["total"]).into());
    }
    let id = page["messages"][0]["id"].as_str().ok_or("a mail has an id")?.to_owned();
    for (what, path) in
        [("a page of 50", list.to_owned()), ("a mail", format!("/v1/messages/{id}"))]
    {
        let mut times = Vec::new();
        for _ in 0..200 {
            let start = Instant::now();
            client.call("GET", &path)?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        println!("| {what}, with {mails} held | {:.2} ms |", median(&times));
    }
    let start = Instant::now();
    client.call("DELETE", "/v1/messages?all=true")?;
    println!("| clearing them | {:.1} ms |", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}

fn huge_mail() -> Outcome<()> {
    let server = Server::restante()?;
    let mut sender = Sender::connect(server.smtp)?;
    let before = server.memory("VmRSS")?;
    let mail = mail(1, 40_000_000);
    sender.mail(&mail)?;
    settle();
    let times = |bytes: u64| (bytes - before) as f64 / mail.len() as f64;
    let (peak, settled) = (times(server.memory("VmHWM")?), times(server.memory("VmRSS")?));
    println!("| a mail of 40 MB, at its peak and afterwards | {peak:.2} ×, {settled:.2} × |");
    Ok(())
}

/// A mail of about this size, its last line end left to the sender.
fn mail(number: usize, size_bytes: usize) -> Vec<u8> {
    let mut mail = format!(
        "From: App <app{}@example.com>\r\nTo: b@example.com\r\nSubject: Number {number}\r\n\
         Date: Sun, 22 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{number}@bench.test>\r\n\r\n",
        number % 97
    );
    while mail.len() + 80 < size_bytes {
        mail.push_str(
            "The quick brown fox jumps over the lazy dog, again and again and again.\r\n",
        );
    }
    mail.push_str("The end");
    mail.into_bytes()
}

/// Lets the allocator and the kernel come to rest.
fn settle() {
    std::thread::sleep(Duration::from_secs(1));
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
