//! What one method of one path takes and answers, described in few words.
//!
//! What follows from what an operation takes is not said again for each: whoever takes a query may
//! be told that it does not parse, whoever reads a cursor that it is of an earlier run.

use serde_json::Value;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::Array;
use utoipa::openapi::Content;
use utoipa::openapi::ContentBuilder;
use utoipa::openapi::Header;
use utoipa::openapi::HeaderBuilder;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::Object;
use utoipa::openapi::ObjectBuilder;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::Required;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::Schema;
use utoipa::openapi::Type;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::link::Link;
use utoipa::openapi::path;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::path::ParameterBuilder;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::AdditionalProperties;

use crate::http::api::openapi::parameter::Parameter;
use crate::http::api::openapi::parameter::Takes;
use crate::http::api::openapi::problems;
use crate::http::error::Kind;

/// One method of one path, and the schemas that it refers to.
pub(super) struct Operation {
    pub(super) path: &'static str,
    pub(super) method: HttpMethod,
    /// Of what it takes.
    pub(super) taken: Vec<(String, RefOr<Schema>)>,
    /// Of what it answers.
    pub(super) answered: Vec<(String, RefOr<Schema>)>,
    builder: OperationBuilder,
    body: Option<RequestBodyBuilder>,
    kinds: Vec<Kind>,
    /// How it is tried from a shell.
    sample: Sample,
}

/// What stands in a call of curl beside the path.
#[derive(Default)]
struct Sample {
    flags: &'static str,
    query: &'static str,
    body: Option<Value>,
    /// A file that may be sent instead of it, and its media type.
    file: Option<(&'static str, &'static str)>,
}

/// An answer that is no refusal.
pub(super) struct Answer {
    builder: ResponseBuilder,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Operation {
    /// An operation with the name that generated clients give it.
    pub(super) fn new(
        method: HttpMethod,
        path: &'static str,
        id: &'static str,
        tag: &'static str,
    ) -> Self {
        // Asked without a Host header and with any parameters by machines that check for life.
        let is_probe = matches!(path, "/livez" | "/readyz");
        let always = [
            Kind::UnknownParameter,
            Kind::InvalidParameter,
            Kind::InvalidHost,
            Kind::HostNotAllowed,
            Kind::Internal,
        ];
        let mut kinds = if is_probe { vec![Kind::Internal] } else { always.to_vec() };
        let reads = matches!(method, HttpMethod::Get);
        if !reads || matches!(path, "/v1/events" | "/v1/expect") {
            kinds.push(Kind::OriginNotAllowed);
        }
        let builder = OperationBuilder::new().operation_id(Some(id)).tag(tag);
        let sample = Sample::default();
        let (taken, answered) = (Vec::new(), Vec::new());
        Self { path, method, taken, answered, builder, body: None, kinds, sample }
    }

    /// One line, and what a reader of this operation has to know.
    pub(super) fn about(mut self, summary: &str, description: &str) -> Self {
        self.builder = self.builder.summary(Some(summary)).description(Some(description));
        self
    }

    /// The query parameters it knows.
    pub(super) fn query(mut self, groups: &[&'static [Parameter]]) -> Self {
        for parameter in groups.iter().copied().flatten() {
            self.note(parameter.takes);
            self.builder = self.builder.parameter(parameter.in_query());
        }
        self
    }

    /// A body that is a JSON object with these fields.
    pub(super) fn json_fields(mut self, groups: &[&'static [Parameter]], example: Value) -> Self {
        let mut object = ObjectBuilder::new().schema_type(Type::Object);
        for parameter in groups.iter().copied().flatten() {
            self.note(parameter.takes);
            object = object.property(parameter.name, parameter.in_json());
        }
        object = object.additional_properties(Some(AdditionalProperties::FreeForm(false)));
        self.body(object.into(), example)
    }

    /// A JSON body.
    pub(super) fn json_body<T: ToSchema>(mut self, example: Value) -> Self {
        add_schema::<T>(&mut self.taken);
        self.body(Ref::from_schema_name(T::name()).into(), example)
    }

    fn body(mut self, schema: RefOr<Schema>, example: Value) -> Self {
        self.sample.body = Some(example.clone());
        let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
        self.content("application/json", content).refuses(&[
            Kind::InvalidBody,
            Kind::BodyTooSlow,
            Kind::BodyTooLarge,
            Kind::UnsupportedMediaType,
        ])
    }

    /// A body that may as well be a file of this media type, taken as it is.
    pub(super) fn or_file(
        mut self,
        media_type: &'static str,
        name: &'static str,
        example: &str,
    ) -> Self {
        self.sample.file = Some((name, media_type));
        let content = ContentBuilder::new().example(Some(example.into())).build();
        self.content(media_type, content)
    }

    fn content(mut self, media_type: &str, content: Content) -> Self {
        let body = self.body.unwrap_or_default().required(Some(Required::True));
        self.body = Some(body.content(media_type, content));
        self
    }

    /// A part of the path.
    pub(super) fn in_path(self, name: &str, about: &str, schema: Object, example: &str) -> Self {
        self.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(about))
                .example(Some(example.into()))
                .schema(Some(schema))
                .build(),
        )
    }

    /// A header of the request.
    pub(super) fn header(self, name: &str, about: &str, schema: Object) -> Self {
        self.parameter(
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some(about))
                .schema(Some(schema))
                .build(),
        )
    }

    fn parameter(mut self, parameter: path::Parameter) -> Self {
        self.builder = self.builder.parameter(parameter);
        self
    }

    /// What it answers when all is well.
    pub(super) fn answers(mut self, status: u16, answer: Answer) -> Self {
        let Answer { mut builder, schemas } = answer;
        if self.path.starts_with("/v1/") {
            builder = builder.header_ref(CURSOR_HEADER, cursor_ref());
        }
        self.builder = self.builder.response(status.to_string(), builder.build());
        self.answered.extend(schemas);
        self
    }

    /// Refusals beside those that follow from what it takes.
    pub(super) fn refuses(mut self, kinds: &[Kind]) -> Self {
        self.kinds.extend(kinds);
        self
    }

    /// How it is tried with curl: flags, and a query string from its `?` on.
    pub(super) fn tried(mut self, flags: &'static str, query: &'static str) -> Self {
        (self.sample.flags, self.sample.query) = (flags, query);
        self
    }

    /// The calls of curl, of a server whose paths start with this.
    fn curl(&self, base_path: &str) -> Vec<Value> {
        let id = if self.path.contains("/sessions/") { "381" } else { "latest" };
        let path = self.path.replace("{id}", id).replace("{path}", "1");
        let Sample { flags, query, body, file } = &self.sample;
        let method = match (&self.method, body) {
            (HttpMethod::Get, _) | (HttpMethod::Post, Some(_)) => "",
            (HttpMethod::Patch, _) => " -X PATCH",
            (HttpMethod::Delete, _) => " -X DELETE",
            _ => " -X POST",
        };
        let body = body.as_ref().map(|body| format!(" --json '{body}'")).unwrap_or_default();
        let file =
            file.map(|(name, kind)| format!(" --data-binary @{name} -H 'Content-Type: {kind}'"));
        let call = |body: &str| {
            let call = format!(
                "curl{flags}{method}{body} 'http://localhost:8025{base_path}{path}{query}'"
            );
            json!({"lang": "Shell", "label": "curl", "source": call})
        };
        [Some(body), file].iter().flatten().map(|body| call(body)).collect()
    }

    /// What the document says of it, of a server whose paths start with this.
    pub(super) fn build(self, base_path: &str) -> path::Operation {
        let sample = self.curl(base_path);
        let samples = Extensions::from_iter([("x-codeSamples", Value::from(sample))]);
        let mut kinds: Vec<Kind> = Vec::new();
        for kind in Kind::ALL {
            if self.kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        let body = self.body.map(RequestBodyBuilder::build);
        let mut builder = self.builder.request_body(body).extensions(Some(samples));
        for (status, mut response) in problems::answers(&kinds) {
            if self.path.starts_with("/v1/") {
                response.headers.insert(CURSOR_HEADER.into(), RefOr::Ref(cursor_ref()));
            }
            builder = builder.response(status, response);
        }
        builder.build()
    }

    fn note(&mut self, takes: Takes) {
        match takes {
            Takes::Query { .. } => self.kinds.push(Kind::InvalidQuery),
            Takes::Text { chars_max: Some(_) } => self.kinds.push(Kind::InvalidQuery),
            Takes::Cursor => self.kinds.push(Kind::CursorExpired),
            _ => {}
        }
    }
}

impl Answer {
    /// An answer without a body.
    pub(super) fn empty(description: &str) -> Self {
        let builder = ResponseBuilder::new().description(description);
        Self { builder, schemas: Vec::new() }
    }

    /// An answer in JSON.
    pub(super) fn json<T: ToSchema>(description: &str, example: Value) -> Self {
        let schema = Ref::from_schema_name(T::name());
        Self::empty(description).with_json::<T>(schema.into(), example)
    }

    /// A list of these in JSON.
    pub(super) fn json_list<T: ToSchema>(description: &str, example: Value) -> Self {
        let list = Array::new(Ref::from_schema_name(T::name()));
        Self::empty(description).with_json::<T>(Schema::from(list).into(), example)
    }

    fn with_json<T: ToSchema>(mut self, schema: RefOr<Schema>, example: Value) -> Self {
        add_schema::<T>(&mut self.schemas);
        let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
        self.builder = self.builder.content("application/json", content);
        self
    }

    /// A text of this media type.
    pub(super) fn text(description: &str, media_type: &str, example: &str) -> Self {
        Self::empty(description).or_text(media_type, example)
    }

    /// The same as a text of this media type.
    pub(super) fn or_text(mut self, media_type: &str, example: &str) -> Self {
        let content =
            ContentBuilder::new().schema(Some(text())).example(Some(example.into())).build();
        self.builder = self.builder.content(media_type, content);
        self
    }

    /// Bytes of this media type.
    pub(super) fn bytes(description: &str, media_type: &str) -> Self {
        let mut answer = Self::empty(description);
        answer.builder = answer.builder.content(media_type, Content::default());
        answer
    }

    /// With a header.
    pub(super) fn header(mut self, name: &str, about: &str) -> Self {
        self.builder = self.builder.header(name, header(about));
        self
    }

    /// With a schema that the description names.
    pub(super) fn naming<T: ToSchema>(mut self) -> Self {
        add_schema::<T>(&mut self.schemas);
        self
    }

    /// With what can be asked with a value out of the answer: the operation, its parameter, and
    /// where in the body its value stands.
    pub(super) fn leads_to(mut self, operations: &[&str], parameter: &str, value: &str) -> Self {
        for operation in operations {
            let link = Link::builder().operation_id(*operation).parameter(parameter, value);
            self.builder = self.builder.link(*operation, link.build());
        }
        self
    }
}

/// A text without further limits.
pub(super) fn text() -> Object {
    Object::with_type(Type::String)
}

/// The header that every answer below `/v1` has.
pub(super) fn cursor_header() -> Header {
    header("The moment this was true at. A wait with `since` from here misses nothing.")
}

fn cursor_ref() -> Ref {
    Ref::new(format!("#/components/headers/{CURSOR_HEADER}"))
}

fn header(about: &str) -> Header {
    HeaderBuilder::new().schema(Some(text())).description(Some(about)).build()
}

fn add_schema<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
}

pub(super) const CURSOR_HEADER: &str = "Restante-Cursor";
