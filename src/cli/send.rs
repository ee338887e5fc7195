//! `restante send`: puts a mail into a running server.

use std::fs;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::client::Client;
use crate::cli::client::decoded;
use crate::cli::client::resource::Resource;
use crate::cli::client::wire::Summary;
use crate::cli::failed::Failed;
use crate::cli::output::Output;
use crate::cli::target::Target;
use crate::cli::values;

/// Put a mail into a running restante: a file as it is, or one composed of flags
///
/// It is held as if it had come over SMTP, and sent nowhere. Prints its id.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SendArgs {
    /// A mail as it is, such as an .eml file; - is standard input
    #[arg(value_name = "FILE", conflicts_with_all = COMPOSED)]
    file: Option<PathBuf>,

    /// Who sends it; of a FILE the sender of the envelope, may be empty
    #[arg(long, value_name = "ADDRESS", help_heading = MAIL)]
    from: Option<String>,

    /// Whom it is to; of a FILE the recipients of the envelope. May be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = MAIL)]
    to: Vec<String>,

    /// Who gets a copy. May be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = MAIL)]
    cc: Vec<String>,

    /// Who gets a copy unseen. May be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = MAIL)]
    bcc: Vec<String>,

    /// Its subject
    #[arg(long, value_name = "TEXT", help_heading = MAIL)]
    subject: Option<String>,

    /// Its plain text
    #[arg(long, value_name = "TEXT", help_heading = MAIL)]
    text: Option<String>,

    /// Its HTML
    #[arg(long, value_name = "HTML", help_heading = MAIL)]
    html: Option<String>,

    /// A file to attach. May be repeated
    #[arg(long, value_name = "PATH", help_heading = MAIL)]
    attach: Vec<PathBuf>,

    /// A further header. May be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = values::header, help_heading = MAIL)]
    header: Vec<(String, String)>,

    #[command(flatten)]
    pub(crate) target: Target,
}

/// Puts it there, and prints its id.
pub(crate) fn run(args: &SendArgs) -> Result<(), Failed> {
    let messages = Resource::new("/v1/messages");
    let (resource, media_type, body) = match &args.file {
        Some(file) => {
            let to = (!args.to.is_empty()).then(|| args.to.join(", "));
            let resource = messages.with("from", args.from.as_ref()).with("to", to);
            (resource, "message/rfc822", read(file)?)
        }
        None if args.to.is_empty() && args.cc.is_empty() && args.bcc.is_empty() => {
            let reason = "say whom the mail is to with --to, or name a FILE; - is standard input";
            return Err(Failed::Unable(reason.to_owned()));
        }
        None => (messages, "application/json", args.draft()?.to_string().into_bytes()),
    };
    let answer = Client::of(&args.target)?.post(&resource, media_type, &body)?.text()?;
    let mut output = Output::new();
    output.line(&decoded::<Summary>(&answer)?.id)?;
    output.flush()
}

impl SendArgs {
    /// What is to be in the mail, as the API takes it.
    fn draft(&self) -> Result<Value, Failed> {
        let files: Vec<Value> =
            self.attach.iter().map(|path| attachment(path)).collect::<Result<_, _>>()?;
        let header = |(name, value): &(String, String)| json!({"name": name, "value": value});
        Ok(json!({
            "from": self.from,
            "to": self.to,
            "cc": self.cc,
            "bcc": self.bcc,
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "headers": self.header.iter().map(header).collect::<Vec<_>>(),
            "attachments": files,
        }))
    }
}

fn attachment(path: &Path) -> Result<Value, Failed> {
    let content = STANDARD.encode(read(path)?);
    let name = path.file_name().map(|name| name.to_string_lossy());
    let content_type = mime_guess::from_path(path).first_raw();
    Ok(json!({"name": name, "content_type": content_type, "content": content}))
}

fn read(path: &Path) -> Result<Vec<u8>, Failed> {
    let naming = |error: io::Error| Failed::Unable(format!("{}: {error}", path.display()));
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(naming)?;
        return Ok(bytes);
    }
    fs::read(path).map_err(naming)
}

/// What does not go with a mail that is sent as it is.
const COMPOSED: [&str; 7] = ["cc", "bcc", "subject", "text", "html", "attach", "header"];

const MAIL: &str = "The mail";

const EXAMPLES: &str = "\
Examples:
  restante send --to ada@x.test --subject Hello --text 'It works.' --attach report.pdf
  restante send mail.eml
  restante send - --from '' --to ada@x.test < bounce.eml
  restante show \"$(restante send --to ada@x.test --html \"$(cat page.html)\")\"";
