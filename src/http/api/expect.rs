//! `GET` and `POST /v1/expect`: waits for mail, and says why it did not come.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequest;
use axum::extract::RawQuery;
use axum::extract::Request;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Outcome;
use crate::expect::Verdict;
use crate::expect::explain;
use crate::expect::waiting;
use crate::expect::waiting::HERE_BYTES_MAX;
use crate::expect::waiting::Reading;
use crate::http::api::Api;
use crate::http::api::json_object::JsonObject;
use crate::http::api::openapi::parameters as known;
use crate::http::api::selection;
use crate::http::api::types::expect::Expected;
use crate::http::api::types::expect::Failure;
use crate::http::api::with_cursor;
use crate::http::content;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::parameters::invalid;
use crate::http::parameters::takes;
use crate::http::work::Gone;
use crate::http::work::Work;
use crate::query;
use crate::query::Query;
use crate::store::search::GivenUp;

/// `GET /v1/expect`.
pub(super) async fn get(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::parse(query.as_deref(), &known::names(known::EXPECT))?;
    answer(&api, &parameters).await
}

/// `POST /v1/expect`: the same as JSON.
pub(super) async fn post(State(api): State<Api>, request: Request) -> Result<Response, Problem> {
    Parameters::parse(request.uri().query(), &[])?;
    let JsonObject(fields) = JsonObject::from_request(request, &api).await?;
    answer(&api, &Parameters::of_fields(fields, &known::names(known::EXPECT))?).await
}

async fn answer(api: &Api, parameters: &Parameters) -> Result<Response, Problem> {
    let expectation = expectation(api, parameters)?;
    let store = &api.context.store;
    let mut shutdown = api.context.shutdown.clone();
    let reading = OnWork(&api.work);
    let outcome = tokio::select! {
        outcome = waiting::wait(store, &expectation, &reading) => outcome,
        // Also when the sender is gone: then the server is.
        () = async { drop(shutdown.wait_for(|stops| *stops).await) } => {
            let detail = "The server stops, and with it this wait.";
            return Err(Problem::new(Kind::Stopping, detail));
        }
    };
    let cursor = store.cursor_at(outcome.number);
    if outcome.verdict == Verdict::Met {
        let bytes = outcome.held.iter().map(|held| held.entry.raw.len()).sum();
        let base_path = Arc::clone(&api.base_path);
        let write = move || Expected::of(&expectation, &outcome, cursor, &base_path).to_json();
        let json = api.work.on_bytes(bytes, write).await;
        return Ok(with_cursor(content::json_text(json), cursor));
    }
    let failed = failure(api, expectation, outcome).await;
    Ok(with_cursor(failed.into_response(), cursor))
}

async fn failure(api: &Api, expectation: Expectation, outcome: Outcome) -> Problem {
    let kind = match outcome.verdict {
        Verdict::TooMany => Kind::TooMany,
        Verdict::HistoryLost => Kind::HistoryLost,
        Verdict::TooFew | Verdict::Met => Kind::NoMatch,
    };
    let store = Arc::clone(&api.context.store);
    let explain = move |gone: &Gone| {
        let explanation = explain::explain(&store, &expectation, &outcome, &|| gone.is_gone());
        Failure::of(&store, &outcome, &explanation)
    };
    let Failure { detail, members } = api.work.aside(explain).await;
    members
        .into_iter()
        .fold(Problem::new(kind, detail), |problem, (name, value)| problem.with(name, value))
}

/// What is asked for, checked.
fn expectation(api: &Api, parameters: &Parameters) -> Result<Expectation, Problem> {
    let selection = selection::of(parameters)?;
    let until = match parameters.text("until") {
        None => None,
        Some(text) if text.trim().is_empty() => {
            return Err(takes("until", text, "the query of the mail that ends the wait"));
        }
        Some(text) => {
            Some(query::parse(text).map_err(|error| selection::refused("until", &error))?)
        }
    };
    for (name, query) in [("q", &selection.query), ("until", &until)] {
        if query.as_ref().is_some_and(Query::asks_time) {
            let detail = "A query of the clock (newer:, older:) cannot be waited for: the answer \
                          would depend on when it is asked. A cursor (since) says from when.";
            return Err(Problem::new(Kind::InvalidQuery, detail).with("parameter", name));
        }
    }
    let since = match parameters.text("since") {
        Some(_) => Some(selection::cursor(api, parameters, "since")?),
        None => None,
    };
    let goal = goal(parameters, until, api.limits.wait_max)?;
    Ok(Expectation { selection, since, goal })
}

fn goal(
    parameters: &Parameters,
    until: Option<Query>,
    wait_max: Duration,
) -> Result<Goal, Problem> {
    let given = |name: &&str| parameters.text(name).is_some();
    let goals: Vec<&str> = ["count", "exactly", "none"].into_iter().filter(given).collect();
    if let [first, second, ..] = goals[..] {
        let detail = format!("\"{first}\" and \"{second}\" are given: only one of them can be.");
        return Err(invalid(second, detail));
    }
    let goal = goals.first().copied().unwrap_or("count");
    let unfit = match goal {
        "count" => &["settle", "until"][..],
        "none" => &["settle", "within"],
        _ => &[],
    };
    if let Some(unfit) = unfit.iter().copied().find(|name| given(name)) {
        let detail = match unfit {
            "within" => "\"within\" does not go with \"none\", which says itself for how long.",
            "until" => {
                "\"until\" goes with \"exactly\" or \"none\": \"count\" ends with its last mail."
            }
            _ => "\"settle\" goes with \"exactly\": it is how long no further mail may come.",
        };
        return Err(invalid(unfit, detail));
    }
    let duration = |name| match parameters.duration(name)? {
        Some(duration) if duration > wait_max => Err(too_long(name, wait_max)),
        duration => Ok(duration),
    };
    let count = || match parameters.number::<usize>(goal, COUNT_TAKES)? {
        None => Ok(1),
        Some(0) if goal == "exactly" => Err(invalid(goal, EXACTLY_NONE)),
        Some(count) if (1..=COUNT_MAX).contains(&count) => Ok(count),
        Some(other) => Err(takes(goal, &other.to_string(), COUNT_TAKES)),
    };
    if let Some(during) = duration("none")? {
        return Ok(Goal::None { during, until });
    }
    let within = duration("within")?.unwrap_or(WITHIN_DEFAULT.min(wait_max));
    if goal == "count" {
        return Ok(Goal::AtLeast { count: count()?, within });
    }
    // Who looks once does not want to wait for more.
    let settle_default = if within.is_zero() { Duration::ZERO } else { SETTLE_DEFAULT };
    let settle = duration("settle")?.unwrap_or(settle_default);
    Ok(Goal::Exactly { count: count()?, within, settle, until })
}

fn too_long(name: &str, longest: Duration) -> Problem {
    let (ms, s) = (longest.as_millis(), longest.as_secs());
    let longest = if ms.is_multiple_of(1_000) { format!("{s}s") } else { format!("{ms}ms") };
    let detail = format!(
        "\"{name}\" is up to {longest} here: no wait is longer. The server's flag --wait-max \
         (RESTANTE_WAIT_MAX) allows more."
    );
    invalid(name, detail)
}

/// Mails are read where the other handlers read theirs.
struct OnWork<'a>(&'a Work);

impl Reading for OnWork<'_> {
    async fn read<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce(GivenUp<'_>) -> T + Send + 'static,
    ) -> T {
        if bytes <= HERE_BYTES_MAX {
            return work(&|| false);
        }
        self.0.aside(move |gone| work(&|| gone.is_gone())).await
    }
}

const WITHIN_DEFAULT: Duration = Duration::from_secs(10);
const SETTLE_DEFAULT: Duration = Duration::from_millis(500);

/// Mails a wait may be for: they are all in the answer.
pub(super) const COUNT_MAX: usize = 500;
const COUNT_TAKES: &str = "a number from 1 to 500";
const EXACTLY_NONE: &str =
    "No mail at all is \"none\", with how long that is to hold: none=2s in place of exactly=0.";
