//! A mail in one line, and several in a table.

use jiff::Timestamp;
use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use terminal_size::Width;

use crate::cli::client::wire::Address;
use crate::cli::client::wire::Summary;
use crate::cli::terminal::columns;
use crate::cli::terminal::cut;
use crate::cli::terminal::in_one_line;

/// A mail in one line that stands alone.
pub(crate) fn line(mail: &Summary, is_terminal: bool) -> String {
    let [id, time, from, to, subject] = cells(mail, is_terminal);
    let line = format!("{id}  {time}  {from} -> {to}  {subject}");
    match width(is_terminal) {
        Some(width) => cut(&line, width).into_owned(),
        None => line,
    }
}

/// Mails below each other; on a terminal with a head, and no wider than it.
pub(crate) fn table(mails: &[Summary], is_terminal: bool) -> Vec<String> {
    let mut rows: Vec<[String; 5]> = mails.iter().map(|mail| cells(mail, is_terminal)).collect();
    if is_terminal {
        rows.insert(0, ["ID", "RECEIVED", "FROM", "TO", "SUBJECT"].map(str::to_owned));
    }
    let mut widths: [usize; 5] = std::array::from_fn(|column| {
        rows.iter().map(|row| columns(&row[column])).max().unwrap_or_default()
    });
    let width = width(is_terminal);
    if let Some(width) = width {
        // Whom a mail is to tells tests apart, who sent it hardly does.
        let left = width.saturating_sub(widths[0] + widths[1] + 4 * GAP.len());
        widths[2] = widths[2].min(left / 5);
        widths[3] = widths[3].min(left * 2 / 5);
    }
    let one = |row: &[String; 5]| {
        let padded = row[..4].iter().zip(widths).map(|(cell, width)| pad(&cut(cell, width), width));
        let line = format!("{}{GAP}{}", padded.collect::<Vec<_>>().join(GAP), row[4]);
        match width {
            Some(width) => cut(&line, width).into_owned(),
            None => line.trim_end().to_owned(),
        }
    };
    rows.iter().map(one).collect()
}

/// Addresses as a reader of mail shows them.
pub(crate) fn addresses(all: &[Address]) -> String {
    let one = |address: &Address| match &address.name {
        Some(name) if !name.is_empty() => format!("{name} <{}>", address.address),
        _ => address.address.clone(),
    };
    in_one_line(&all.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// The time at this machine's place. What is no time stays as it is.
pub(crate) fn local_time(text: &str) -> String {
    match zoned(text) {
        Some(time) => time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        None => in_one_line(text),
    }
}

fn cells(mail: &Summary, is_terminal: bool) -> [String; 5] {
    let time =
        if is_terminal { short_time(&mail.received_at) } else { local_time(&mail.received_at) };
    let bare = |all: &[Address]| {
        in_one_line(&all.iter().map(|one| one.address.as_str()).collect::<Vec<_>>().join(", "))
    };
    // Whom the header does not name, the envelope does.
    let to = match bare(&mail.to) {
        to if to.is_empty() => in_one_line(&mail.recipients.join(", ")),
        to => to,
    };
    let subject = mail.subject.as_deref().map_or_else(String::new, in_one_line);
    [in_one_line(&mail.id), time, bare(&mail.from), to, subject]
}

/// The time of today, the date of other days.
fn short_time(text: &str) -> String {
    let Some(time) = zoned(text) else { return in_one_line(text) };
    let is_today = time.date() == ZonedDateTime::now().date();
    time.strftime(if is_today { "%H:%M:%S" } else { "%Y-%m-%d" }).to_string()
}

fn zoned(text: &str) -> Option<ZonedDateTime> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.to_zoned_datetime(TimeZone::system()))
}

/// How many columns there are; none where no terminal says.
fn width(is_terminal: bool) -> Option<usize> {
    let size = is_terminal.then(terminal_size::terminal_size).flatten();
    size.map(|(Width(columns), _)| usize::from(columns).max(COLUMNS_MIN))
}

fn pad(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(columns(cell))))
}

const GAP: &str = "  ";

/// Narrower terminals break lines.
const COLUMNS_MIN: usize = 60;
