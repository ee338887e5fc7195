//! The kinds of searches, each with as many different operands as it has, and what each finds.

use regex::Regex;

use crate::search::load;
use crate::search::load::Known;
use crate::search::load::Load;
use crate::search::words::Random;

/// Searches of one kind.
pub(crate) struct Kind {
    /// What they look for.
    pub(crate) name: &'static str,
    /// What the issue that asked for search wants of each.
    pub(crate) goal_ms: u32,
    /// Which page is asked for, from 1.
    pub(crate) page: usize,
    /// The searches.
    pub(crate) probes: Vec<Probe>,
}

/// One search.
pub(crate) struct Probe {
    /// In the query language.
    pub(crate) query: String,
    /// The inbox it is in.
    pub(crate) inbox: Option<String>,
    /// Whether it finds a mail.
    pub(crate) finds: Box<dyn Fn(&Known) -> bool>,
}

/// A word nobody has seen, for the first search.
pub(crate) fn first(load: &Load) -> Probe {
    only(load.mails / 3, load::token(load.mails / 3))
}

/// All kinds.
pub(crate) fn all(load: &Load) -> Vec<Kind> {
    [addresses(load), headers(load), unique(load), words(load), patterns(), combined(load)]
        .into_iter()
        .flatten()
        .filter(|kind| !kind.probes.is_empty())
        .collect()
}

fn addresses(load: &Load) -> Vec<Kind> {
    let domains = (0..OPERANDS).map(|domain| {
        let at = format!("@d{domain}.test");
        probe(format!("to:{at}"), move |known| {
            load::addressees(known.number).iter().any(|address| address.ends_with(&at))
        })
    });
    let parts = (0..OPERANDS).map(|sender| {
        let part: String = load.sender_name(sender).1.chars().take(5).collect();
        probe(format!("from:{part}"), move |known| known.from.contains(&part))
    });
    let all = probe("to:@x.test".to_owned(), |_| true);
    vec![
        Kind::new("`to:exact@address`", HEADER_MS, each(load, "to:", load::recipient)),
        Kind::new("`rcpt:exact@address`", HEADER_MS, each(load, "rcpt:", load::recipient)),
        Kind::new("`to:@domain`, that of all", HEADER_MS, vec![all]),
        Kind::new("`to:@domain`, of few", HEADER_MS, domains.collect()),
        Kind::new("`from:part`", HEADER_MS, parts.collect()),
    ]
}

fn headers(load: &Load) -> Vec<Kind> {
    let frequent = load.words.common.iter().take(20).map(|word| in_subject(word.clone()));
    let rare = spread(load).map(|number| in_subject(format!("{number}x")));
    vec![
        Kind::new("`subject:word`, frequent", HEADER_MS, frequent.collect()),
        Kind::new("`subject:word`, rare", HEADER_MS, rare.collect()),
        Kind::new("`message-id:`", HEADER_MS, each(load, "message-id:", load::message_id)),
        Kind::new("`header.NAME:`", HEADER_MS, each(load, "header.x-job:", load::job)),
    ]
}

/// What is in one mail only.
fn unique(load: &Load) -> Vec<Kind> {
    let names = spread(load).map(|number| {
        let name = format!("invoice-{}.pdf", number / 3 * 3);
        probe(format!("attachment:{name}"), move |known| known.attachment.as_ref() == Some(&name))
    });
    let phrases = spread(load).map(|number| {
        let phrase = format!("{} {}", load::token(number), load.group(number));
        Probe { query: format!("\"{phrase}\""), ..bare(&phrase) }
    });
    let either = spread(load).map(|number| {
        let other = (number + 77) % load.mails;
        let query = format!("{} OR {}", load::token(number), load::token(other));
        probe(query, move |known| known.number == number || known.number == other)
    });
    vec![
        Kind::new("a word of one mail", RARE_MS, each(load, "", load::token)),
        Kind::new("`text:` of one mail", RARE_MS, each(load, "text:", load::token)),
        Kind::new("`body:` of one mail", RARE_MS, each(load, "body:", load::token)),
        Kind::new("`a OR b` of one mail each", RARE_MS, either.collect()),
        Kind::new("a phrase across the end of a line", RARE_MS, phrases.collect()),
        Kind::new("`attachment:name`", RARE_MS, names.collect()),
        Kind::new("`link:`", RARE_MS, each(load, "link:", load::link_end)),
        Kind::new("`code:`", RARE_MS, each(load, "code:", load::code)),
    ]
}

fn words(load: &Load) -> Vec<Kind> {
    let all = |words: &[String]| words.iter().take(OPERANDS).map(|word| bare(word)).collect();
    let words = &load.words;
    let none = (0..OPERANDS).map(|number| bare(&format!("nix{number}y")));
    let foreign = words.foreign.iter().take(OPERANDS);
    let foreign = foreign.map(|word| Probe { query: word.to_uppercase(), ..bare(word) });
    let mut random = Random::of(7);
    let mut letter = || char::from(b'a' + random.below(26) as u8);
    let pairs = (0..OPERANDS).map(|_| bare(&String::from_iter([letter(), letter()])));
    let page_20 = all(&words.common[..20]);
    // A vocabulary of 20 has none of these; short words would stand in many others.
    let of_rank = |rank| {
        let words = words.common.iter().skip(rank).filter(|word| word.len() > 6);
        words.take(OPERANDS).map(|word| bare(word)).collect()
    };
    vec![
        Kind::new("3 letters of few mails", RARE_MS, all(&words.short)),
        Kind::new("a word of some 500 mails", RARE_MS, all(&words.groups)),
        Kind::new("a word outside ASCII, in capitals", RARE_MS, foreign.collect()),
        Kind::new("a word of no mail", RARE_MS, none.collect()),
        Kind::new("a word of every hundredth mail", RARE_MS, of_rank(1_400)),
        Kind::new("the rarest words of a language", RARE_MS, of_rank(1_850)),
        Kind::new("a frequent word", PAGE_MS, all(&words.common)),
        Kind::new("2 letters", PAGE_MS, pairs.collect()),
        Kind { page: 20, ..Kind::new("a frequent word, page 20", PAGE_MS, page_20) },
    ]
}

fn patterns() -> Vec<Kind> {
    let digits = (0..10).flat_map(|low| (low + 1..10).map(move |high| format!("[{low}-{high}]")));
    let literal = (100..100 + OPERANDS).map(|number| pattern(&format!("tok{number}\\dx")));
    let rare = digits.clone().map(|digit| pattern(&format!("[0-9]{{8}}{digit}")));
    let frequent = digits.map(|digit| pattern(&format!("{digit}[0-9][a-z]")));
    vec![
        Kind::new("a pattern with a literal", PAGE_MS, literal.collect()),
        Kind::new("a pattern without one, rare", PAGE_MS, rare.collect()),
        Kind::new("a pattern without one, frequent", PAGE_MS, frequent.collect()),
    ]
}

fn combined(load: &Load) -> Vec<Kind> {
    let without = load.words.groups.iter().take(OPERANDS).map(|word| {
        let found = bare(word).finds;
        probe(format!("-{word}"), move |known| !found(known))
    });
    let in_inboxes = (0..OPERANDS).map(|index| {
        let word = &load.words.common[index / 10];
        let (inbox, found) = (Some(format!("team{}", index % 10)), bare(word).finds);
        let wanted = inbox.clone();
        let finds = move |known: &Known| load::inbox(known.number) == wanted && found(known);
        Probe { inbox, ..probe(word.clone(), finds) }
    });
    let unread = probe("is:unread".to_owned(), |_| true);
    let attached = probe("has:attachment".to_owned(), |known| known.attachment.is_some());
    vec![
        Kind::new("`-word`", PAGE_MS, without.collect()),
        Kind::new("`inbox=` and a frequent word", PAGE_MS, in_inboxes.collect()),
        Kind::new("`is:unread`", PAGE_MS, vec![unread]),
        Kind::new("`has:attachment`", PAGE_MS, vec![attached]),
    ]
}

impl Kind {
    fn new(name: &'static str, goal_ms: u32, probes: Vec<Probe>) -> Self {
        Self { name, goal_ms, page: 1, probes }
    }
}

fn probe(query: String, finds: impl Fn(&Known) -> bool + 'static) -> Probe {
    Probe { query, inbox: None, finds: Box::new(finds) }
}

/// A word or a phrase wherever bare words look.
fn bare(word: &str) -> Probe {
    let wanted = word.to_owned();
    probe(word.to_owned(), move |known| known.says(&wanted))
}

/// For mails of all ages, what only each of them has.
fn each(load: &Load, field: &str, value: fn(usize) -> String) -> Vec<Probe> {
    spread(load).map(|number| only(number, format!("{field}{}", value(number)))).collect()
}

fn only(number: usize, query: String) -> Probe {
    probe(query, move |known| known.number == number)
}

fn in_subject(word: String) -> Probe {
    probe(format!("subject:{word}"), move |known| known.subject.contains(&word))
}

fn pattern(pattern: &str) -> Probe {
    let expression = Regex::new(pattern).expect("the patterns above are valid");
    probe(format!("body~/{pattern}/"), move |known| expression.is_match(&known.text))
}

/// Mails of all ages.
fn spread(load: &Load) -> impl Iterator<Item = usize> {
    let mails = load.mails;
    (0..OPERANDS).map(move |index| (index * mails + mails / 2) / OPERANDS)
}

/// How many searches a kind has, if it has as many.
pub(crate) const OPERANDS: usize = 64;

/// Terms that look at headers.
const HEADER_MS: u32 = 5;
/// Words of three letters or more in few mails.
const RARE_MS: u32 = 25;
/// The first page of what is short, frequent or a pattern.
const PAGE_MS: u32 = 50;
