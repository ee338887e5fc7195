//! Which mails a client command is about: a query, and whole values beside it.

use clap::Args;

use crate::cli::client::resource::Resource;

/// Which mails are meant; together they narrow each other down.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Selection {
    /// What the mail must be, such as 'to:bob@x.test subject:Welcome': one argument, in quotes
    #[arg(value_name = "QUERY")]
    query: Option<String>,

    #[command(flatten)]
    fields: Fields,
}

/// What is taken whole, without query syntax.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Fields {
    /// Mail in this inbox
    #[arg(long, value_name = "NAME", help_heading = MAILS)]
    inbox: Option<String>,

    /// Mail with this in its To header: an address, @domain, or a part of a name or address
    #[arg(long, value_name = "TEXT", help_heading = MAILS)]
    to: Option<String>,

    /// Mail with this in its From header
    #[arg(long, value_name = "TEXT", help_heading = MAILS)]
    from: Option<String>,

    /// Mail to this recipient of the envelope
    #[arg(long, value_name = "TEXT", help_heading = MAILS)]
    rcpt: Option<String>,

    /// Mail whose subject contains this
    #[arg(long, value_name = "TEXT", help_heading = MAILS)]
    subject: Option<String>,

    /// Mail whose plain text contains this
    #[arg(long, value_name = "TEXT", help_heading = MAILS)]
    text: Option<String>,
}

impl Selection {
    /// A resource of these mails.
    pub(crate) fn of(&self, resource: Resource) -> Resource {
        self.fields.of(resource.with("q", self.query.as_ref()))
    }

    /// Whether nothing narrows it down.
    pub(crate) fn is_everything(&self) -> bool {
        let Fields { inbox, to, from, rcpt, subject, text } = &self.fields;
        [&self.query, inbox, to, from, rcpt, subject, text].iter().all(|value| value.is_none())
    }
}

impl Fields {
    fn of(&self, resource: Resource) -> Resource {
        resource
            .with("inbox", self.inbox.as_ref())
            .with("to", self.to.as_ref())
            .with("from", self.from.as_ref())
            .with("rcpt", self.rcpt.as_ref())
            .with("subject", self.subject.as_ref())
            .with("text", self.text.as_ref())
    }
}

const MAILS: &str = "Which mails";
