//! What is to be in a mail, read from JSON.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use serde_json::Map;
use serde_json::Value;

use crate::http::api::json_object::JsonObject;
use crate::http::error::Kind;
use crate::http::error::Problem;
use crate::http::spelling;
use crate::message::Mailbox;
use crate::message::compose;
use crate::message::compose::Attachment;
use crate::message::compose::Draft;
use crate::message::compose::Field;
use crate::message::compose::MediaType;

/// What a body asks for, and who gets it without being named in it (Bcc).
///
/// # Errors
/// When it is no such JSON, or nobody is to get the mail.
pub(super) fn of_json(body: &[u8]) -> Result<(Draft, Vec<Mailbox>), Problem> {
    let JsonObject(fields) = JsonObject::parse(body)?;
    known(&fields, &KNOWN, "")?;
    let mut draft = Draft { subject: text(&fields, "subject")?, ..Draft::default() };
    draft.from = people(&fields, "from")?;
    draft.to = people(&fields, "to")?;
    draft.cc = people(&fields, "cc")?;
    draft.reply_to = people(&fields, "reply_to")?;
    let blind = people(&fields, "bcc")?;
    if draft.from.is_empty() {
        draft.from.extend(compose::mailboxes(SENDER));
    }
    if draft.to.is_empty() && draft.cc.is_empty() && blind.is_empty() {
        return Err(invalid("to", "Say whom the mail is to, such as \"to\":\"ada@example.test\"."));
    }
    draft.text = text(&fields, "text")?;
    draft.html = text(&fields, "html")?;
    draft.headers = headers(&fields)?;
    let files = list(fields.get("attachments"));
    draft.attachments = files.iter().map(attachment).collect::<Result<_, _>>()?;
    Ok((draft, blind))
}

fn attachment(value: &Value) -> Result<Attachment, Problem> {
    let Value::Object(fields) = value else {
        return Err(invalid("attachments", "An attachment is an object with name and content."));
    };
    known(fields, &["name", "content_type", "content_id", "content"], "attachments: ")?;
    let content = text(fields, "content")?.ok_or_else(|| {
        invalid("attachments", "An attachment has a \"content\": its bytes in base64.")
    })?;
    let content: String = content.split_ascii_whitespace().collect();
    let content = BASE64.decode(content).map_err(|error| {
        invalid("attachments", format!("The content of an attachment is not base64: {error}."))
    })?;
    let content_type = match text(fields, "content_type")? {
        None => MediaType::bytes(),
        Some(text) => MediaType::new(&text).ok_or_else(|| {
            let detail = format!("{text:?} is no media type of a file, such as application/pdf.");
            invalid("attachments", detail)
        })?,
    };
    let (name, content_id) = (text(fields, "name")?, text(fields, "content_id")?);
    Ok(Attachment { name, content_type, content_id, content })
}

/// `{"X-Name": "value"}`, or `[{"name": …, "value": …}]` as a message has it.
fn headers(fields: &Map<String, Value>) -> Result<Vec<Field>, Problem> {
    let pairs: Vec<(String, String)> = match fields.get("headers") {
        Some(Value::Object(map)) => {
            let pair = |(name, _): (&String, _)| {
                let value = text(map, name)?.unwrap_or_default();
                Ok((name.clone(), value))
            };
            map.iter().map(pair).collect::<Result<_, Problem>>()?
        }
        other => {
            let pair = |value: &Value| {
                let Value::Object(fields) = value else {
                    return Err(invalid("headers", HEADERS_TAKES));
                };
                known(fields, &["name", "value"], "headers: ")?;
                let pair = value["name"].as_str().zip(value["value"].as_str());
                let (name, value) = pair.ok_or_else(|| invalid("headers", HEADERS_TAKES))?;
                Ok((name.to_owned(), value.to_owned()))
            };
            list(other).iter().map(pair).collect::<Result<_, Problem>>()?
        }
    };
    let field = |(name, value): (String, String)| {
        Field::new(&name, &value).ok_or_else(|| {
            let why = "is no name of a header, or one that says how the body is written";
            invalid("headers", format!("{name:?} {why}."))
        })
    };
    pairs.into_iter().map(field).collect()
}

/// A text such as `Ada <ada@x.test>`, an object `{name, address}` as a message has it, or a list.
fn people(fields: &Map<String, Value>, name: &str) -> Result<Vec<Mailbox>, Problem> {
    let mut people = Vec::new();
    for value in list(fields.get(name)) {
        let found = match value {
            Value::String(text) => compose::mailboxes(text),
            Value::Object(person) => {
                known(person, &["name", "address"], &format!("{name}: "))?;
                let address = text(person, "address")?.unwrap_or_default();
                vec![Mailbox { name: text(person, "name")?, address }]
            }
            _ => Vec::new(),
        };
        let is_address = |mailbox: &Mailbox| {
            let odd = |c: char| c.is_control() || "<>,".contains(c);
            mailbox.address.contains('@') && !mailbox.address.contains(odd)
        };
        if found.is_empty() || !found.iter().all(is_address) {
            let detail = format!("\"{name}\" takes addresses such as \"Ada <ada@example.test>\".");
            return Err(invalid(name, detail));
        }
        people.extend(found);
    }
    Ok(people)
}

/// A list, or the one thing that stands in its place.
fn list(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(values)) => values,
        Some(one) => std::slice::from_ref(one),
    }
}

fn text(fields: &Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(name, format!("\"{name}\" takes a text."))),
    }
}

fn known(fields: &Map<String, Value>, known: &[&str], within: &str) -> Result<(), Problem> {
    let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let shown: String = name.chars().take(NAME_CHARS_SHOWN).collect();
    let hint = spelling::hint(name, known);
    Err(invalid(&shown, format!("{within}There is no field \"{shown}\" here.{hint}")))
}

fn invalid(field: &str, detail: impl Into<String>) -> Problem {
    Problem::new(Kind::InvalidBody, detail).with("field", field)
}

const KNOWN: [&str; 10] =
    ["from", "to", "cc", "bcc", "reply_to", "subject", "text", "html", "headers", "attachments"];

const HEADERS_TAKES: &str = "\"headers\" takes {\"X-Name\":\"value\"}, or a list of {name, value}.";

/// Who sends a mail that does not say.
const SENDER: &str = "restante@localhost";

const NAME_CHARS_SHOWN: usize = 100;

/// With padding or without, as programs write it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
