//! `POST /v1/messages`, described: a mail as it is, or what is to be in one.

use serde_json::json;
use utoipa::PartialSchema;
use utoipa::ToSchema;
use utoipa::openapi::Array;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::Object;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::OneOfBuilder;
use utoipa::openapi::Ref;

use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::SchemaFormat;
use utoipa::openapi::Type;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::schema::RefBuilder;
use utoipa::openapi::schema::SchemaType;

use crate::http::api::openapi::messages;
use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::operation::text;
use crate::http::api::openapi::parameter::MAILBOXES;
use crate::http::api::openapi::parameters;
use crate::http::api::openapi::sample;
use crate::http::api::types::Summary;
use crate::http::error::Kind;

pub(super) fn create() -> Operation {
    let example = json!({
        "to": "Ada <ada@example.test>",
        "subject": "Welcome",
        "text": "Your confirmation code is 482913.",
    });
    Operation::new(HttpMethod::Post, "/v1/messages", "createMessage", messages::TAG)
        .about(
            "Put a mail there",
            "Holds a mail that did not come over SMTP, as if it had: when the answer is there, \
             every reader sees it. Nothing is sent anywhere. As `message/rfc822` the body is the \
             mail, and is kept byte for byte; as JSON it says what is to be in the mail. A mail \
             may be as large as over SMTP, its body half as large again.",
        )
        .query(parameters::CREATE)
        .json_body::<Draft>(example)
        .or_file("message/rfc822", "mail.eml", FILE)
        .answers(
            201,
            Answer::json::<Summary>("The mail as it is held.", sample::summary())
                .header("Location", "The path of the mail.")
                .leads_to(messages::OF_ONE, "id", "$response.body#/id"),
        )
        .refuses(&[Kind::TooBusy])
}

/// What is to be in a mail.
#[derive(Debug)]
struct Draft;

impl PartialSchema for Draft {
    fn schema() -> RefOr<Schema> {
        strict()
            .description(Some(
                "What is to be in a mail. It is for somebody: one of `to`, `cc` and `bcc` names \
                 an address.",
            ))
            .property("from", header_field("The From header. `restante@localhost` without it."))
            .property("to", header_field("The To header."))
            .property("cc", header_field("The Cc header."))
            .property("bcc", header_field("Who gets it too, by the envelope alone."))
            .property("reply_to", header_field("The Reply-To header."))
            .property("subject", optional("The subject."))
            .property("text", optional("The plain text."))
            .property("html", optional("The HTML; with `text`, an alternative of it."))
            .property("headers", headers())
            .property("attachments", one_or_several("DraftAttachment", "Its files."))
            .into()
    }
}

impl ToSchema for Draft {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push(("DraftAddresses".to_owned(), mailboxes()));
        schemas.push(("DraftAddress".to_owned(), address()));
        schemas.push(("DraftHeader".to_owned(), header()));
        schemas.push(("DraftAttachment".to_owned(), attachment()));
    }
}

fn address() -> RefOr<Schema> {
    let address = ObjectBuilder::new().schema_type(Type::String).pattern(Some(ADDRESS_PATTERN));
    strict()
        .description(Some("Whom a mail is from or to."))
        .property("name", optional("The name beside the address."))
        .property("address", address.description(Some("The address.")))
        .required("address")
        .into()
}

fn header() -> RefOr<Schema> {
    strict()
        .description(Some("A header field that a mail is to have."))
        .property("name", header_name().description(Some(HEADER_ABOUT)))
        .property("value", text())
        .required("name")
        .required("value")
        .into()
}

fn attachment() -> RefOr<Schema> {
    let content_type = ObjectBuilder::new()
        .schema_type(optional_type())
        .pattern(Some(MEDIA_TYPE_PATTERN))
        .max_length(Some(500))
        .description(Some("Its media type, `application/octet-stream` without one."));
    let content = ObjectBuilder::new()
        .schema_type(Type::String)
        .content_encoding("base64")
        .pattern(Some(BASE64_PATTERN))
        .description(Some("Its bytes in base64."));
    strict()
        .description(Some("A file that is to be in a mail."))
        .property("name", optional("Its name."))
        .property("content_type", content_type)
        .property("content_id", optional("The HTML shows it by this, as `cid:`."))
        .property("content", content)
        .required("content")
        .into()
}

/// Addresses as a text, as objects, or a list of either.
fn mailboxes() -> RefOr<Schema> {
    let named = || {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom(MAILBOXES.to_owned())))
            .pattern(Some("@"))
    };
    let address = || Ref::from_schema_name("DraftAddress");
    let either = OneOfBuilder::new().item(named()).item(address());
    OneOfBuilder::new()
        .description(Some("`Ada <ada@x.test>, bob@x.test`, an object, or a list of either."))
        .item(named())
        .item(address())
        .item(Array::new(either))
        .item(null())
        .into()
}

fn header_field(about: &str) -> Ref {
    RefBuilder::new()
        .ref_location_from_schema_name("DraftAddresses")
        .description(Some(about))
        .build()
}

/// A map of names to values, or a list that keeps order and repeats.
fn headers() -> OneOfBuilder {
    let value = ObjectBuilder::new().schema_type(optional_type());
    let map = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(header_name().build()))
        .additional_properties(Some(Schema::from(value.build())));
    OneOfBuilder::new()
        .description(Some(HEADERS_ABOUT))
        .item(map)
        .item(Array::new(Ref::from_schema_name("DraftHeader")))
        .item(null())
}

fn one_or_several(schema: &str, about: &str) -> OneOfBuilder {
    OneOfBuilder::new()
        .description(Some(about))
        .item(Array::new(Ref::from_schema_name(schema)))
        .item(Ref::from_schema_name(schema))
        .item(null())
}

fn header_name() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(HEADER_NAME_PATTERN))
}

/// A text that may be null, which is as if it were not given.
fn optional(about: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(optional_type()).description(Some(about))
}

fn optional_type() -> SchemaType {
    SchemaType::Array(vec![Type::String, Type::Null])
}

fn null() -> Object {
    Object::with_type(Type::Null)
}

/// An object that has no other fields than those named.
fn strict() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

const FILE: &str = "From: shop@acme.test\r\nTo: ada@example.test\r\nSubject: Welcome\r\n\r\n\
                    Your confirmation code is 482913.\r\n";

const HEADER_ABOUT: &str = "Its name: neither MIME-Version nor one that begins with Content-.";
const HEADERS_ABOUT: &str = "Further header fields. One of the fields above, Date or Message-ID \
                             is put in the place of the made one. MIME-Version and `Content-*` \
                             are the composer's.";

const ADDRESS_PATTERN: &str =
    r"^[^<>,\u0000-\u001f\u007f-\u009f]*@[^<>,\u0000-\u001f\u007f-\u009f]*$";
const HEADER_NAME_PATTERN: &str = "^(?![Cc][Oo][Nn][Tt][Ee][Nn][Tt]-|[Mm][Ii][Mm][Ee]-[Vv][Ee][Rr]\
                                   [Ss][Ii][Oo][Nn]$)[!-9;-~]+$";
/// One type, no multipart, with or without parameters.
const MEDIA_TYPE_PATTERN: &str = "^(?![Mm][Uu][Ll][Tt][Ii][Pp][Aa][Rr][Tt]/)\
                                  [!#$%&'*+.0-9A-Z^_`a-z{|}~-]+/[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+ *\
                                  (;[ -~]*)?$";
/// With or without padding.
const BASE64_PATTERN: &str = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]={0,2}|\
                              [A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=?)?$";
