//! The description of the API as OpenAPI 3.1, put together from what the handlers take and answer.
//!
//! The schemas stand where the wire types are, the parameters where the handlers take them from;
//! the files here say what people have to know about each operation. `docs/openapi.json` is a copy.

mod contents;
mod messages;
mod operation;
mod parameter;
pub(super) mod parameters;
mod problems;
mod sample;
mod sending;
mod server;
mod sessions;
mod unmet;
mod waits;

use utoipa::openapi::ComponentsBuilder;
use utoipa::openapi::Info;
use utoipa::openapi::InfoBuilder;
use utoipa::openapi::License;
use utoipa::openapi::OpenApi;
use utoipa::openapi::OpenApiBuilder;
use utoipa::openapi::PathsBuilder;
use utoipa::openapi::RefOr;
use utoipa::openapi::Schema;
use utoipa::openapi::Server;
use utoipa::openapi::Type;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::tag::Tag;
use utoipa::openapi::tag::TagBuilder;

/// The document of a server whose paths start with this.
pub(super) fn document(base_path: &str) -> OpenApi {
    let mut paths = PathsBuilder::new().build();
    let mut components = ComponentsBuilder::new()
        .schema("Problem", problems::schema())
        .header(operation::CURSOR_HEADER, operation::cursor_header());
    for (name, example) in problems::examples() {
        components = components.example(name, example);
    }
    let sections = [
        waits::operations(),
        messages::operations(),
        vec![sending::create()],
        contents::operations(),
        sessions::operations(),
        server::operations(),
    ];
    for mut operation in sections.into_iter().flatten() {
        let taken = std::mem::take(&mut operation.taken).into_iter();
        let answered = std::mem::take(&mut operation.answered).into_iter();
        let answered = answered.map(|(name, schema)| (name, with_all_keys(schema)));
        for (name, schema) in taken.chain(answered) {
            components = components.schema(name, schema);
        }
        let (path, method) = (operation.path, operation.method.clone());
        paths.add_path_operation(path, vec![method], operation.build(base_path));
    }
    let server = if base_path.is_empty() { "/" } else { base_path };
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([Server::new(server)]))
        .tags(Some(tags()))
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// Where a key of an answer may be null, it is there all the same: what has no value says so.
fn with_all_keys(schema: RefOr<Schema>) -> RefOr<Schema> {
    let RefOr::T(schema) = schema else { return schema };
    RefOr::T(match schema {
        Schema::Object(mut object) => {
            for (name, property) in &object.properties {
                if may_be_null(property) && !object.required.contains(name) {
                    object.required.push(name.clone());
                }
            }
            Schema::Object(object)
        }
        Schema::AllOf(mut all) => {
            all.items = all.items.into_iter().map(with_all_keys).collect();
            Schema::AllOf(all)
        }
        other => other,
    })
}

fn may_be_null(schema: &RefOr<Schema>) -> bool {
    let RefOr::T(schema) = schema else { return false };
    let is_null = |schema_type: &SchemaType| match schema_type {
        SchemaType::Type(one) => *one == Type::Null,
        SchemaType::Array(several) => several.contains(&Type::Null),
        SchemaType::AnyValue => false,
    };
    match schema {
        Schema::Object(object) => is_null(&object.schema_type),
        Schema::Array(list) => is_null(&list.schema_type),
        Schema::OneOf(one) => one.items.iter().any(may_be_null),
        _ => false,
    }
}

fn info() -> Info {
    InfoBuilder::new()
        .title("restante")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(License::new("MIT")))
        .build()
}

fn tags() -> Vec<Tag> {
    let tag =
        |name: &str, about: &str| TagBuilder::new().name(name).description(Some(about)).build();
    vec![
        tag(waits::TAG, "Tests wait for mail here, and are told why it did not come."),
        tag(messages::TAG, "The mails that are held: found, read, marked, deleted, or put there."),
        tag(contents::TAG, "What one mail consists of, each piece in its own media type."),
        tag(sessions::TAG, "Where mails are filed, and what was said over SMTP."),
        tag(server::TAG, "The server itself."),
    ]
}

const ABOUT: &str = include_str!("about.md");
