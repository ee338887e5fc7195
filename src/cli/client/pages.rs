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

/// The mails of a selection, asked for when they are needed.
pub(crate) struct Pages<'a> {
    client: &'a Client,
    selection: &'a Selection,
    order: Order,
    /// The seqs that the mails still to come lie between, neither of them included.
    after: Option<u64>,
    before: Option<u64>,
    is_over: bool,
}

#[derive(Clone, Copy, Debug)]
enum Order {
    NewestFirst,
    OldestFirst,
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
    /// In the order they were asked for.
    pub(crate) mails: Vec<Listed>,
    /// How many mails match in all, whatever the page; none where counting would be slow.
    pub(crate) matched: Option<u64>,
}

impl<'a> Pages<'a> {
    /// Of a selection, the newest first.
    pub(crate) const fn newest_first(client: &'a Client, selection: &'a Selection) -> Self {
        let order = Order::NewestFirst;
        Self { client, selection, order, after: None, before: None, is_over: false }
    }

    /// Of a selection, the oldest first, but for what is yet to come: under load it might not end.
    ///
    /// # Errors
    /// When the server refuses or does not answer.
    pub(crate) fn oldest_first(
        client: &'a Client,
        selection: &'a Selection,
    ) -> Result<Self, Failed> {
        let mut pages = Self::newest_first(client, selection);
        let newest = pages.next(1)?.and_then(|page| page.mails.into_iter().next());
        let (order, after) = (Order::OldestFirst, None);
        let is_over = newest.is_none();
        let before = newest.map(|newest| newest.summary.seq + 1);
        Ok(Self { order, after, before, is_over, ..pages })
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
        let order = match self.order {
            Order::NewestFirst => "desc",
            Order::OldestFirst => "asc",
        };
        let resource = resource
            .with("order", Some(order))
            .with("after", self.after)
            .with("before", self.before)
            .with("limit", Some(limit.min(PAGE_MAX)));
        let json = self.client.get(&resource, PATIENCE)?.text()?;
        let List { messages, matched, next } = decoded(&json)?;
        let listed =
            |json: Box<RawValue>| decoded(json.get()).map(|summary| Listed { summary, json });
        let mails: Vec<Listed> = messages.into_iter().map(listed).collect::<Result<_, _>>()?;
        let last = mails.last().map(|mail| mail.summary.seq);
        match self.order {
            Order::NewestFirst => self.before = last,
            Order::OldestFirst => self.after = last,
        }
        self.is_over = next.is_none() || mails.is_empty();
        Ok(Some(Page { mails, matched }))
    }
}

/// As many as the server puts into one answer.
pub(crate) const PAGE_MAX: usize = 500;
