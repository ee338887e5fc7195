//! `restante show`: one mail, to be read in a terminal.

use clap::Args;

use crate::cli::client::Client;
use crate::cli::client::PATIENCE;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::resource::piece;
use crate::cli::client::wire::Address;
use crate::cli::client::wire::Message;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::row;
use crate::cli::selection::Selection;
use crate::cli::target::Target;
use crate::cli::terminal::in_one_line;
use crate::cli::terminal::visible;

/// Show a mail: header, text, attachments, codes, links and warnings
///
/// Control characters of a mail are shown as pictures of themselves, so that it cannot do anything
/// to a terminal. A pipe gets what --raw, --html and --json print as it is.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ShowArgs {
    /// The mail's id; `latest` is the newest, or the newest that the query and flags mean
    #[arg(value_name = "ID", default_value = "latest")]
    id: String,

    #[command(flatten)]
    selection: Selection,

    /// Print its exact bytes
    #[arg(long, conflicts_with_all = ["html", "json"])]
    raw: bool,

    /// Print its HTML as it came
    #[arg(long, conflicts_with = "json")]
    html: bool,

    /// Print all of it as the API has it
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Prints it.
pub(crate) fn run(args: &ShowArgs) -> Result<(), Failed> {
    if args.id != "latest" && !args.selection.is_everything() {
        let reason = "a mail that is named by its id needs no query: say `restante show latest` \
                      with one";
        return Err(Failed::Unable(reason.to_owned()));
    }
    let client = Client::of(&args.target)?;
    let path = format!("/v1/messages/{}", piece(&args.id));
    let mut output = Output::new();
    if args.raw {
        let raw = args.selection.of(Resource::new(format!("{path}/raw")));
        output.copy(client.get(&raw, PATIENCE)?.reader())?;
        return output.flush();
    }
    let json = client.get(&args.selection.of(Resource::new(path)), PATIENCE)?.text()?;
    if args.json {
        output.line(&json)?;
        return output.flush();
    }
    let mail: Message = decoded(&json)?;
    if args.html {
        let id = &mail.summary.id;
        let html = mail.html.ok_or_else(|| Failed::Absent(format!("{id} has no HTML")))?;
        output.line(&html)?;
        return output.flush();
    }
    output.line(&text(&mail))?;
    output.flush()
}

/// All of a mail that a person wants to see.
fn text(mail: &Message) -> String {
    let mut blocks = vec![header(mail)];
    blocks.push(match (&mail.text, &mail.html) {
        (Some(text), _) => visible(text).trim_end().to_owned(),
        (None, Some(_)) => format!("(HTML alone: restante show {} --html)", mail.summary.id),
        (None, None) => "(neither text nor HTML)".to_owned(),
    });
    if mail.truncated {
        blocks.push("(cut after 1 MiB)".to_owned());
    }
    blocks.extend(section("Attachments", &mail.attachments, |file| {
        let name = file.name.as_deref().map_or_else(|| "without a name".to_owned(), in_one_line);
        format!("{}  {name}  {}  {}", file.path, in_one_line(&file.content_type), file.size)
    }));
    blocks.extend(section("Codes", &mail.codes, |code| {
        format!("{}  in: {}", in_one_line(&code.value), in_one_line(&code.context))
    }));
    blocks.extend(section("Links", &mail.links, |link| {
        let is_main = mail.main_link.as_ref() == Some(&link.url);
        let kind = if is_main { "main" } else { link.kind.as_str() };
        format!("{kind}  {}  {}", in_one_line(&link.url), in_one_line(&link.text))
    }));
    blocks.extend(section("Warnings", &mail.warnings, |warning| {
        format!("{}  {}", in_one_line(&warning.code), in_one_line(&warning.detail))
    }));
    blocks.join("\n\n")
}

fn header(mail: &Message) -> String {
    let Message { summary, envelope, .. } = mail;
    let mut lines = Vec::new();
    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{:<12}{value}", format!("{name}:")));
        }
    };
    let addresses = |all: &[Address]| row::addresses(all);
    field("From", addresses(&summary.from));
    field("To", addresses(&summary.to));
    field("Cc", addresses(&summary.cc));
    field("Bcc", addresses(&mail.bcc));
    field("Reply-To", addresses(&mail.reply_to));
    field("Subject", summary.subject.as_deref().map_or_else(String::new, in_one_line));
    field("Date", mail.date.as_deref().map_or_else(String::new, row::local_time));
    let sender = match in_one_line(&envelope.from) {
        sender if sender.is_empty() => "<>".to_owned(),
        sender => sender,
    };
    let recipients = in_one_line(&envelope.to.join(", "));
    field("Envelope", format!("{sender} -> {recipients}, by {}", in_one_line(&envelope.peer)));
    field("Received", row::local_time(&summary.received_at));
    field("Inboxes", in_one_line(&summary.inboxes.join(", ")));
    field("Tags", in_one_line(&summary.tags.join(", ")));
    field("Size", format!("{} bytes", summary.size));
    field("Id", in_one_line(&summary.id));
    lines.join("\n")
}

/// A heading with a line for each, where there is one.
fn section<T>(heading: &str, all: &[T], line: impl Fn(&T) -> String) -> Option<String> {
    let lines: Vec<String> =
        all.iter().map(|one| format!("  {}", line(one)).trim_end().to_owned()).collect();
    (!lines.is_empty()).then(|| format!("{heading}:\n{}", lines.join("\n")))
}

const EXAMPLES: &str = "\
Examples:
  restante show
  restante show latest 'to:bob@x.test subject:Welcome'
  restante show 01JD9Z3V0M8Q4T7W2X5Y6A7B8C --raw > mail.eml
  restante show --html > page.html";
