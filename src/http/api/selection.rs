//! Which mails a request is about: `q` and the fields taken whole, and `inbox`.

use jiff::Timestamp;

use crate::http::api::Api;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::parameters::takes;
use crate::query;
use crate::query::Query;
use crate::query::WholeField;
use crate::query::error::QueryError;
use crate::store::cursor::CursorError;
use crate::store::entry::Seq;
use crate::store::search::selection::Selection;

/// Reads the parameters that select. A blank `q` is no query.
pub(super) fn of(parameters: &Parameters) -> Result<Selection, Problem> {
    let mut query: Option<Query> = None;
    let mut add = |part: Query| {
        query = Some(match query.take() {
            Some(query) => query.and(part),
            None => part,
        });
    };
    let words = parameters.text("q").unwrap_or_default();
    if !words.trim().is_empty() {
        add(query::parse(words).map_err(|error| refused("q", &error))?);
    }
    for field in WholeField::ALL {
        if let Some(value) = parameters.text(field.name()) {
            let term = Query::term(field, value);
            add(term.map_err(|error| refused(field.name(), &error))?);
        }
    }
    let inbox = parameters.text("inbox").map(str::to_owned);
    if inbox.as_deref() == Some("") {
        return Err(takes("inbox", "", "the name of an inbox"));
    }
    Ok(Selection { query, inbox, now: Timestamp::now() })
}

/// The newest mail that a change may touch by `until`; without it, the newest there is now.
pub(super) fn until(api: &Api, parameters: &Parameters) -> Result<Seq, Problem> {
    match parameters.text("until") {
        Some(_) => cursor(api, parameters, "until"),
        None => Ok(api.context.store.cursor().number),
    }
}

/// The number of the cursor that this parameter, which was given, names.
pub(super) fn cursor(api: &Api, parameters: &Parameters, name: &str) -> Result<Seq, Problem> {
    let text = parameters.text(name).unwrap_or_default();
    api.context.store.number_of(text).map_err(|error| {
        let kind = match error {
            CursorError::Malformed => Kind::InvalidParameter,
            CursorError::Expired => Kind::CursorExpired,
        };
        Problem::new(kind, format!("{name}: {error}.")).with("parameter", name)
    })
}

pub(super) fn refused(parameter: &str, error: &QueryError) -> Problem {
    Problem::new(Kind::InvalidQuery, format!("{parameter}, {error}"))
        .with("parameter", parameter)
        .with("column", error.column)
}
