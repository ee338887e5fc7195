//! Many mails, a page at a time.

use serde_json::value::RawValue;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::wire::List;
use crate::cli::client::wire::Summary;
use crate::cli::failed::Failed;
use crate::cli::selection::Selection;

/// The mails of a selection, the newest first, asked for when they are needed.
pub(crate) struct Pages<'a> {
    client: &'a Client,
    selection: &'a Selection,
    /// The seq of the last mail; none before the first page.
    last: Option<u64>,
    is_over: bool,
}

/// A mail, and how it stands in the answer.
pub(crate) struct Listed {
    /// What commands show of it.
    pub(crate) summary: Summary,
    /// All of it.
    pub(crate) json: Box<RawValue>,
}

/// Some of the mails.
pub(crate) struct Page {
    /// The newest first.
    pub(crate) mails: Vec<Listed>,
    /// How many mails match in all, whatever the page; none where counting would be slow.
    pub(crate) matched: Option<u64>,
}

impl<'a> Pages<'a> {
    /// Of a selection, from its beginning.
    pub(crate) const fn new(client: &'a Client, selection: &'a Selection) -> Self {
        Self { client, selection, last: None, is_over: false }
    }

    /// The next page, of at most so many mails; none behind the last.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub(crate) fn next(&mut self, limit: usize) -> Result<Option<Page>, Failed> {
        if self.is_over || limit == 0 {
            return Ok(None);
        }
        let resource = self.selection.of(Resource::new("/v1/messages"));
        let resource = resource.with("before", self.last).with("limit", Some(limit.min(PAGE_MAX)));
        let json = self.client.get(&resource, PATIENCE)?.text()?;
        let List { messages, matched, next } = decoded(&json)?;
        let listed =
            |json: Box<RawValue>| decoded(json.get()).map(|summary| Listed { summary, json });
        let mails: Vec<Listed> = messages.into_iter().map(listed).collect::<Result<_, _>>()?;
        self.last = mails.last().map(|mail| mail.summary.seq);
        self.is_over = next.is_none() || mails.is_empty();
        Ok(Some(Page { mails, matched }))
    }
}

/// As many as the server puts into one answer.
const PAGE_MAX: usize = 500;
