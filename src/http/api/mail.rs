//! Finds the mail that a path names: by its id, or the `latest` of a selection.

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::Method;
use axum::http::request::Parts;

use crate::http::api::Api;
use crate::http::api::openapi::parameters as known;
use crate::http::api::selection;
use crate::http::content::Asked;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::parameters::Parameters;
use crate::http::spelling;
use crate::http::work::Gone;
use crate::message::id::MessageId;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::search::Counting;
use crate::store::search::Wanted;
use crate::store::search::selection::Selection;
use crate::store::shelf::Page;

/// A request about one mail.
#[derive(Debug)]
pub(super) struct Mail {
    /// The mail that is meant.
    pub(super) held: Held,
    /// Whether it was named by its id: what is said of it stays true.
    pub(super) is_named: bool,
    /// Whether it came later than the `until` of a deletion.
    pub(super) is_spared: bool,
    /// The part of the path behind `/parts/`; empty elsewhere.
    pub(super) part: String,
    /// Whether content from elsewhere may be loaded; only `/html` asks.
    pub(super) remote: bool,
    /// Which of the bytes are asked for.
    pub(super) asked: Asked,
}

impl FromRequestParts<Api> for Mail {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, api).await;
        let Ok(Path(path)) = path else {
            return Err(Problem::new(Kind::NotFound, "The path is not UTF-8."));
        };
        let piece = |name: &str| {
            let found = path.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let id = piece("id");
        let named = if id == LATEST { None } else { Some(parse_id(&id)?) };
        let is_named = named.is_some();
        let shows_html = piece("path").is_empty() && parts.uri.path().ends_with("/html");
        let known = known::names(&[
            if is_named { &[] } else { known::SELECTION },
            if shows_html { known::HTML } else { &[] },
            if parts.method == Method::DELETE { known::DELETE_ONE } else { &[] },
        ]);
        let parameters = Parameters::parse(parts.uri.query(), &known)?;
        let until = selection::until(api, &parameters)?;
        let held = match named {
            Some(id) => by_id(api, id)?,
            None => latest(api, selection::of(&parameters)?, until).await?,
        };
        let remote = parameters.flag("remote")?;
        let asked = Asked::new(parts.method.clone(), parts.headers.clone());
        let is_spared = parameters.text("until").is_some() && held.entry.seq > until;
        Ok(Self { held, is_named, is_spared, part: piece("path"), remote, asked })
    }
}

fn parse_id(text: &str) -> Result<MessageId, Problem> {
    text.parse().map_err(|error| {
        let hint = match spelling::nearest(text, &[LATEST]) {
            Some(latest) => format!(" Did you mean \"{latest}\"?"),
            None => String::new(),
        };
        Problem::new(Kind::NoMessage, format!("There is no such mail: {error}.{hint}"))
    })
}

fn by_id(api: &Api, id: MessageId) -> Result<Held, Problem> {
    api.context.store.by_id(id).ok_or_else(|| {
        let detail = format!(
            "No mail {id} is held here. It was deleted, made room for newer ones, or never was."
        );
        Problem::new(Kind::NoMessage, detail)
    })
}

async fn latest(api: &Api, selection: Selection, until: Seq) -> Result<Held, Problem> {
    let all = Page::Descending(0, until.saturating_add(1));
    let (counts, _) = api.context.store.counts(selection.inbox.as_deref());
    let place = selection.inbox.as_ref().map(|name| format!(" in the inbox \"{name}\""));
    let place = place.unwrap_or_default();
    let found = if selection.is_everything() {
        api.context.store.page(all, 1).pop()
    } else {
        let (snapshot, ..) = api.context.store.snapshot(None);
        let one = Wanted { page: all, limit: 1, counting: Counting::Nothing };
        let look = move |gone: &Gone| snapshot.search(&selection, one, &|| gone.is_gone());
        api.work.aside(look).await.held.pop()
    };
    found.ok_or_else(|| {
        let detail = match counts.total {
            0 => format!("There is no latest mail: none is held{place}."),
            1 => format!("No mail matches: the only one held{place} is another."),
            total => format!("No mail matches: {total} are held{place}, and none of them does."),
        };
        Problem::new(Kind::NoMessage, detail)
    })
}

/// Stands for the id of the newest mail of a selection.
const LATEST: &str = "latest";
