//! The same mails and the same searches, side by side with a Mailpit whose program is named.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::Outcome;
use crate::median;
use crate::search::ask;
use crate::search::fill;
use crate::search::load;
use crate::search::load::Load;
use crate::search::settle;
use crate::server::Server;
use crate::wire::Client;

/// One search in both languages; in theirs it may be empty, where they have nothing like it.
struct Pair {
    what: &'static str,
    ours: String,
    theirs: String,
}

/// Prints a table of what both find and how fast.
pub(crate) fn measure(program: &Path) -> Outcome<()> {
    let load = Load::mime(2_000);
    let mails = load.all();
    let (restante, mailpit) = (Server::restante()?, Server::mailpit(program)?);
    for server in [&restante, &mailpit] {
        let start = Instant::now();
        fill(server, &mails)?;
        println!("- {} mails sent in {:.1} s", load.mails, start.elapsed().as_secs_f64());
    }
    settle();
    let mut clients = Vec::new();
    for server in [&restante, &mailpit] {
        clients.push(Client::connect(server.http.ok_or("it speaks HTTP")?)?);
    }
    println!("\n| search | restante | found | p50, ms | Mailpit | found | p50, ms |");
    println!("|---|---|---|---|---|---|---|");
    for pair in pairs(&load) {
        let [ours, theirs] = [&pair.ours, &pair.theirs].map(|query| ask::encoded(query));
        let paths = [
            format!("/v1/messages?limit={}&q={ours}", ask::LIMIT),
            format!("/api/v1/search?limit={}&query={theirs}", ask::LIMIT),
        ];
        let mut cells = Vec::new();
        for ((client, path), member) in
            clients.iter_mut().zip(&paths).zip(["matched", "messages_count"])
        {
            if path.ends_with("query=") {
                cells.push("– | –".to_owned());
                continue;
            }
            let answer: Value = serde_json::from_str(&client.call("GET", path)?)?;
            let mut times = Vec::new();
            for _ in 0..TIMES {
                let start = Instant::now();
                client.call("GET", path)?;
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            cells.push(format!("{} | {:.1}", answer[member], median(&times)));
        }
        let Pair { what, ours, theirs } = pair;
        let theirs = if theirs.is_empty() { theirs } else { format!("`{theirs}`") };
        println!("| {what} | `{ours}` | {} | {theirs} | {} |", cells[0], cells[1]);
    }
    Ok(())
}

fn pairs(load: &Load) -> Vec<Pair> {
    let pair = |what, ours: &str, theirs: &str| Pair {
        what,
        ours: ours.to_owned(),
        theirs: theirs.to_owned(),
    };
    let both = |what, query: &str| pair(what, query, query);
    let words = &load.words;
    let foreign = &words.foreign[2];
    let phrase = format!("\"{} {}\"", load::token(777), load.group(777));
    vec![
        both("a word of one mail", &load::token(1_234)),
        both("3 letters of few mails", &words.short[4]),
        both("a word of a quarter", load.group(2)),
        both("a middling word", &words.common[1_000]),
        both("a frequent word", &words.common[0]),
        both("2 letters", "zo"),
        both("a phrase across the end of a line", &phrase),
        both("a word outside ASCII", foreign),
        both("the same in capitals", &foreign.to_uppercase()),
        both("a recipient", &format!("to:{}", load::recipient(12))),
        both("a domain", "to:@d7.test"),
        both("the end of a recipient", "to:ser12@x.test"),
        both("a word of all addresses in JSON", "from:name"),
        both("part of a sender", &format!("from:{}", &load.sender_name(5).1[..5])),
        both("a word of subjects", &format!("subject:{}", words.common[3])),
        both("an encoded subject", "subject:für"),
        both("the same in capitals", "subject:FÜR"),
        both("a message id", &format!("message-id:{}", load::message_id(1_500))),
        both("unread", "is:unread"),
        both("with an attachment", "has:attachment"),
        pair("the name of an attachment", "attachment:invoice-300.pdf", "invoice-300.pdf"),
        pair("the address of a link", "link:o1500q", "o1500q"),
        pair("a header", &format!("header.x-job:{}", load::job(1_500)), ""),
        both("without a word", &format!("-{}", words.common[0])),
        pair("either", &format!("{} OR {}", load::token(7), load::token(8)), ""),
        pair("a pattern", r"body~/tok12\dx/", ""),
    ]
}

const TIMES: usize = 40;
