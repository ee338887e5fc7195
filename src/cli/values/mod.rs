//! Reads the values of flags. Each error says what would have been right; clap adds flag and value.

pub(crate) mod listener;
pub(crate) mod url;

use std::time::Duration;

use restante::http::security::host::HostPattern;
use restante::http::security::host::InvalidAuthority;
use restante::net::access::Rate;
use restante::net::networks::InvalidNetwork;
use restante::net::networks::Network;
use restante::net::tls::name::InvalidName;
use restante::net::tls::name::TlsName;
use restante::store::inboxes::InboxBy;
use restante::store::inboxes::InvalidInboxBy;
use tracing_subscriber::EnvFilter;

/// A number of bytes. `k`, `m`, `g` are powers of 1,024, alone or before `b` or `ib`, in any case.
pub(crate) fn size_bytes(text: &str) -> Result<usize, String> {
    let (number, unit) = number_and_unit(text);
    let unit = unit.to_ascii_lowercase();
    let shift = match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit) {
        "" if unit != "ib" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return Err(SIZE_FORM.to_owned()),
    };
    let bytes = number.and_then(|number| number.checked_mul(1 << shift));
    bytes.and_then(|bytes| usize::try_from(bytes).ok()).ok_or_else(|| SIZE_FORM.to_owned())
}

/// A size that holds something.
pub(crate) fn size_bytes_above_zero(text: &str) -> Result<usize, String> {
    match size_bytes(text)? {
        0 => Err("0 would hold nothing".to_owned()),
        bytes => Ok(bytes),
    }
}

/// A size of a command line: RFC 5321 §4.5.3.1.4 lets clients rely on 512 bytes.
pub(crate) fn command_line_bytes(text: &str) -> Result<usize, String> {
    match size_bytes(text)? {
        0..512 => Err("clients may rely on 512 bytes (RFC 5321)".to_owned()),
        bytes => Ok(bytes),
    }
}

/// How many of something, at least one.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    let count = whole_number(text).and_then(|count| usize::try_from(count).ok());
    count.filter(|count| *count > 0).ok_or_else(|| "a whole number from 1".to_owned())
}

/// `500ms`, `10s`, `2m`, `1h`: a number never stands without its unit.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = number_and_unit(text);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(DURATION_FORM.to_owned()),
    };
    let duration = number.and_then(|number| number.checked_mul(unit_ms)).map(Duration::from_millis);
    duration.filter(|duration| *duration <= DURATION_MAX).ok_or_else(|| DURATION_FORM.to_owned())
}

/// How long to wait: a duration, or a bare 0.
pub(crate) fn wait(text: &str) -> Result<Duration, String> {
    if text.trim() == "0" { Ok(Duration::ZERO) } else { duration(text) }
}

/// A duration in which something can happen.
pub(crate) fn duration_above_zero(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("0 is no time at all".to_owned()),
        duration => Ok(duration),
    }
}

/// So many within a time: `100/1s`.
pub(crate) fn rate(text: &str) -> Result<Rate, String> {
    let (count, within) = text.split_once('/').ok_or(RATE_FORM)?;
    let count = whole_number(count.trim()).and_then(|count| u32::try_from(count).ok());
    let count = count.filter(|count| *count > 0).ok_or(RATE_FORM)?;
    // `10/s` reads well, too.
    let within = within.trim();
    let one_of = |unit: &str| ["s", "m", "h", "d"].contains(&unit).then(|| format!("1{unit}"));
    let within = duration_above_zero(one_of(within).as_deref().unwrap_or(within));
    Ok(Rate { count, within: within.map_err(|_| RATE_FORM)? })
}

/// A header field: `Name: value`.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("right is 'X-Name: value'")?;
    Ok((name.trim_end().to_owned(), value.trim().to_owned()))
}

/// A network such as 10.0.0.0/8, or an address.
pub(crate) fn network(text: &str) -> Result<Network, String> {
    text.trim().parse().map_err(|error: InvalidNetwork| error.to_string())
}

/// A name for a certificate.
pub(crate) fn tls_name(text: &str) -> Result<TlsName, String> {
    text.trim().parse().map_err(|error: InvalidName| error.to_string())
}

/// A host that HTTP is to answer to.
pub(crate) fn host_pattern(text: &str) -> Result<HostPattern, String> {
    text.trim().parse().map_err(|error: InvalidAuthority| error.to_string())
}

/// What names a mail's inboxes.
pub(crate) fn inbox_by(text: &str) -> Result<InboxBy, String> {
    text.parse().map_err(|error: InvalidInboxBy| error.to_string())
}

/// A path in front of all others: `/mail` for `mail`, `/mail` and `/mail/`; empty for `/`.
pub(crate) fn base_path(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    if path.is_empty() {
        return Ok(String::new());
    }
    // RFC 3986 §2.3: these mean themselves, and need no escaping in HTML, CSP or headers.
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let whole = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(unreserved);
    if !path.split('/').all(whole) {
        return Err("a path such as /mail: letters, digits and -._~ between slashes".to_owned());
    }
    Ok(format!("/{path}"))
}

/// What to log: a level, or `target=level` pairs as `tracing` reads them.
pub(crate) fn log_filter(text: &str) -> Result<String, String> {
    // The filter's own parser takes a misspelt level for a target, and would log nothing.
    let level = |word: &str| LEVELS.iter().any(|level| word.eq_ignore_ascii_case(level));
    let mut directives = text.split(',').map(str::trim);
    if directives.any(|directive| !directive.contains('=') && !level(directive)) {
        return Err(format!("one of {}, or pairs such as restante::smtp=debug", LEVELS.join(", ")));
    }
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

fn number_and_unit(text: &str) -> (Option<u64>, &str) {
    let text = text.trim();
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (whole_number(number), unit.trim_start())
}

/// Digits alone: the standard library would take a sign, too.
fn whole_number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

const RATE_FORM: &str = "right are 10/1s, 100/m, 1000/1h: how many within which time";

const SIZE_FORM: &str =
    "right are 512MiB, 1GiB, 64k or 1048576: a whole number of bytes, k, m and g by 1,024";

const DURATION_FORM: &str =
    "right are 500ms, 10s, 2m, 1h, up to 365d: a whole number with its unit";

/// Above any use, and far below where adding it to a point in time could overflow.
const DURATION_MAX: Duration = Duration::from_secs(365 * 86_400);

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

#[cfg(test)]
mod tests;
