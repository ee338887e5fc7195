//! Plays a scene against a peer and compares every word.

use restante::dialogue::ForwardedFacts;
use restante::message::envelope::Path;
use restante::smtp::transaction::Transaction;

use crate::dialogue::peer::Peer;
use crate::dialogue::script::Act;
use crate::dialogue::script::Mail;
use crate::dialogue::script::Scene;

/// How what a client sends arrives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pieces {
    /// What is sent in a row, at once.
    Whole,
    /// Byte by byte.
    Bytes,
    /// Cut at places that depend on this seed.
    Random(u64),
}

impl Pieces {
    /// The pieces of what is sent.
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<&[u8]> {
        let mut seed = match self {
            Self::Whole => return vec![bytes],
            Self::Bytes => return bytes.chunks(1).collect(),
            Self::Random(seed) => seed,
        };
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let length_max = 1 << ((seed >> 40) % 8);
            let length = 1 + (seed >> 33) as usize % length_max;
            let (piece, behind) = rest.split_at(length.min(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        pieces
    }
}

/// Plays a scene to its end.
///
/// # Errors
/// Where and how the peer said or held something else.
pub(crate) fn play(scene: &Scene, peer: &mut dyn Peer, pieces: Pieces) -> Result<(), String> {
    let mut last_line = 0;
    outcome(scene, peer, pieces, &mut last_line).map_err(|difference| {
        format!("{}, line {last_line}, {pieces:?}:\n{difference}", scene.name)
    })
}

fn outcome(
    scene: &Scene,
    peer: &mut dyn Peer,
    pieces: Pieces,
    line: &mut usize,
) -> Result<(), String> {
    expect_reply(peer, &[], "220 *")?;
    let mut closed = false;
    for (number, act) in &scene.acts {
        *line = *number;
        match act {
            Act::Send(bytes) => pieces.of(bytes).into_iter().for_each(|piece| peer.send(piece)),
            Act::Reply(lines, last) => expect_reply(peer, lines, last)?,
            Act::Mail(mail) => expect_mail(peer, mail)?,
            Act::Event(event) => peer.event(*event),
            Act::Closed => {
                same("", &shown(&peer.receive_close()))?;
                closed = true;
            }
        }
    }
    if !closed {
        same("", &shown(&peer.close()))?;
    }
    match peer.next_mail() {
        Some(mail) => Err(format!("a mail that is not in the scene was held: {mail:?}")),
        None => Ok(()),
    }
}

fn expect_reply(peer: &mut dyn Peer, lines: &[String], last: &str) -> Result<(), String> {
    let reply = peer.receive_reply().ok_or_else(|| format!("no reply, but expected\n  {last}"))?;
    let reply = String::from_utf8(reply).map_err(|_| "a reply is not UTF-8".to_owned())?;
    let said: Vec<_> = reply.split_terminator("\r\n").collect();
    let (said_last, said_before) = said.split_last().ok_or("an empty reply")?;
    if lines.iter().any(|line| line == "...") {
        let missing = lines.iter().find(|line| *line != "..." && !said_before.contains(&&***line));
        missing.map_or(Ok(()), |missing| same(missing, &said_before.join("\n  ")))?;
    } else if !lines.is_empty() {
        same(&lines.join("\n  "), &said_before.join("\n  "))?;
    }
    match last.strip_suffix('*') {
        Some(front) if said_last.starts_with(front) => Ok(()),
        _ => same(last, said_last),
    }
}

fn expect_mail(peer: &mut dyn Peer, expected: &Mail) -> Result<(), String> {
    let mail = peer.next_mail().ok_or("no mail was held")?;
    same(&expected.sender, &path(mail.envelope.sender()))?;
    let recipients: Vec<_> = mail.envelope.recipients().map(path).collect();
    same(&expected.recipients.join("\n  "), &recipients.join("\n  "))?;
    same(&shown(&expected.raw), &shown(&mail.raw))?;
    expected.facts.iter().try_for_each(|fact| expect_fact(&mail, fact))
}

fn expect_fact(mail: &Transaction, fact: &str) -> Result<(), String> {
    let session = &mail.session;
    let (name, value) = fact.split_once(' ').unwrap_or((fact, ""));
    match name {
        "HELO" | "EHLO" => {
            let said = if session.extended { "EHLO" } else { "HELO" };
            same(fact, &format!("{said} {}", session.helo))
        }
        "auth" => {
            let auth = session.auth.as_deref();
            let said = auth.map(|auth| format!("{} {}", auth.mechanism, auth.username));
            same(value, said.as_deref().unwrap_or("none"))
        }
        "peer" => same(value, &session.peer.to_string()),
        "listener" => same(value, &session.listener.to_string()),
        "tls" => same(value, session.tls.as_ref().map_or("none", |tls| &tls.version)),
        "forwarded" => {
            let said = session.forwarded.as_deref().map_or("none".to_owned(), forwarded);
            same(value, &said)
        }
        _ => Err(format!("no fact `{name}`")),
    }
}

/// What XFORWARD said, in one line.
fn forwarded(facts: &ForwardedFacts) -> String {
    let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
    let said = [
        ("NAME", text(&facts.name)),
        ("ADDR", facts.address.map(|address| address.to_string())),
        ("PORT", facts.port.map(|port| port.to_string())),
        ("PROTO", text(&facts.protocol)),
        ("HELO", text(&facts.helo)),
        ("IDENT", text(&facts.identity)),
        ("SOURCE", text(&facts.source)),
    ];
    let words = said.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
    words.collect::<Vec<_>>().join(" ")
}

fn path(path: Path<'_>) -> String {
    format!("<{}> {}", path.address, path.parameters).trim_end().to_owned()
}

fn same(expected: &str, got: &str) -> Result<(), String> {
    if expected == got {
        return Ok(());
    }
    Err(format!("expected\n  {expected}\ngot\n  {got}"))
}

/// Bytes as text in which every byte can be seen; long texts by their ends.
fn shown(bytes: &[u8]) -> String {
    let text = bytes.escape_ascii().to_string();
    if text.len() <= 4_000 {
        return text;
    }
    format!("{} bytes: {} ... {}", bytes.len(), &text[..1_000], &text[text.len() - 1_000..])
}
