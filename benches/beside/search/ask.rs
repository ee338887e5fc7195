//! Asks the searches of a kind one after the other and holds the answers to what is known.

use std::time::Duration;
use std::time::Instant;

use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use crate::Outcome;
use crate::search::kinds::Kind;
use crate::search::kinds::OPERANDS;
use crate::search::kinds::Probe;
use crate::search::load;
use crate::search::load::Mail;
use crate::server::Server;
use crate::wire::Client;

/// What the searches of a kind took, and what the first of them found.
pub(crate) struct Asked {
    /// Each time.
    pub(crate) times_ms: Vec<f64>,
    /// The count, as a reader is told it.
    pub(crate) found: String,
}

/// Asks them all over one connection, for a while. Faults of the first few are added to `wrong`.
pub(crate) fn all(
    server: &Server,
    kind: &Kind,
    mails: &[Mail],
    wrong: &mut Vec<String>,
) -> Outcome<Asked> {
    let mut client = Client::connect(server.http.ok_or("restante speaks HTTP")?)?;
    let mut asked = Asked { times_ms: Vec::new(), found: String::new() };
    let begin = Instant::now();
    for (index, probe) in kind.probes.iter().cycle().take(OPERANDS).enumerate() {
        if begin.elapsed() > KIND_TIME_MAX && index >= TIMES_MIN {
            break;
        }
        let Some(path) = page_path(&mut client, probe, kind.page)? else {
            wrong.push(format!("wrong: {} has no page {}", probe.query, kind.page));
            break;
        };
        let start = Instant::now();
        let answer = client.call("GET", &path)?;
        asked.times_ms.push(start.elapsed().as_secs_f64() * 1e3);
        if index == 0 {
            asked.found = count(&serde_json::from_str(&answer)?);
        }
        if index < CHECKED.min(kind.probes.len()) {
            wrong.extend(fault(probe, kind.page, &answer, mails)?);
        }
    }
    Ok(asked)
}

/// The path of a page, found by following each page to the next.
fn page_path(client: &mut Client, probe: &Probe, page: usize) -> Outcome<Option<String>> {
    let mut path = path(probe);
    for _ in 1..page {
        let answer: Value = serde_json::from_str(&client.call("GET", &path)?)?;
        let Some(next) = answer["next"].as_str() else { return Ok(None) };
        next.clone_into(&mut path);
    }
    Ok(Some(path))
}

/// The path of the first page.
pub(crate) fn path(probe: &Probe) -> String {
    let query = encoded(&probe.query);
    let inbox = probe.inbox.as_ref().map(|inbox| format!("&inbox={inbox}")).unwrap_or_default();
    format!("/v1/messages?limit={LIMIT}&q={query}{inbox}")
}

/// Text as it stands in a URL.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// What is wrong with an answer: the count, or which mails the page has, in which order.
pub(crate) fn fault(
    probe: &Probe,
    page: usize,
    answer: &str,
    mails: &[Mail],
) -> Outcome<Option<String>> {
    let answer: Value = serde_json::from_str(answer)?;
    let newest_first = mails.iter().rev().map(|mail| &mail.known);
    let expected: Vec<String> = newest_first
        .filter(|known| (probe.finds)(known))
        .map(|known| load::recipient(known.number))
        .collect();
    let is_counted = match (answer["matched"].as_u64(), answer["matched_at_least"].as_u64()) {
        (Some(matched), None) => matched == expected.len() as u64,
        (None, Some(least)) => least <= expected.len() as u64,
        _ => false,
    };
    let listed: Vec<&str> = answer["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|mail| mail["recipients"][0].as_str())
        .collect();
    let wanted = expected.iter().skip((page - 1) * LIMIT).take(LIMIT);
    if is_counted && wanted.eq(&listed) {
        return Ok(None);
    }
    let (found, expected) = (count(&answer), expected.len());
    let listed = listed.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    let query = &probe.query;
    Ok(Some(format!("wrong: {query} found {found} of {expected}, page {page} is {listed} …")))
}

/// The time below which so many of a hundred stay.
pub(crate) fn percentile(times_ms: &[f64], percent: usize) -> f64 {
    let mut sorted = times_ms.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default()
}

fn count(answer: &Value) -> String {
    match (&answer["matched"], &answer["matched_at_least"]) {
        (Value::Null, least) => format!("≥ {least}"),
        (matched, _) => matched.to_string(),
    }
}

/// Mails on a page.
pub(crate) const LIMIT: usize = 50;
/// How many of a kind are held to what is known.
const CHECKED: usize = 4;
/// A slow kind is asked for so long, and as often as this at least.
const KIND_TIME_MAX: Duration = Duration::from_secs(8);
const TIMES_MIN: usize = 3;
