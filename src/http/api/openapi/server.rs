//! What the server says about itself, described.

use serde_json::json;
use utoipa::openapi::HttpMethod;

use crate::http::api::openapi::contents::HTML;
use crate::http::api::openapi::contents::TEXT;
use crate::http::api::openapi::messages::ETAG;
use crate::http::api::openapi::messages::IF_NONE_MATCH;
use crate::http::api::openapi::messages::NOT_MODIFIED;
use crate::http::api::openapi::operation::Answer;
use crate::http::api::openapi::operation::Operation;
use crate::http::api::openapi::operation::text;
use crate::http::api::types::info::Info;
use crate::http::error::Kind;

/// The tag of these operations.
pub(super) const TAG: &str = "Server";

pub(super) fn operations() -> Vec<Operation> {
    vec![info(), ca(), description(), docs(), live(), ready(), metrics()]
}

fn info() -> Operation {
    let example = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "smtp": ["127.0.0.1:1025"],
        "http": ["127.0.0.1:8025"],
        "listeners": [
            {"address": "127.0.0.1:1025", "protocol": "smtp", "tls": "none", "proxy": false},
        ],
        "started_at": "2026-11-22T13:02:12.000000Z",
        "uptime": "75s",
        "messages": {"total": 1_146, "unread": 4, "size": 9_120_331, "evicted": 0},
        "sessions": {"open": 1, "opened": 1_150, "refused": 0, "mails": 1_146},
        "limits": {"store_bytes": 536_870_912, "message_bytes": 41_943_040},
    });
    get("/v1/info", "getInfo")
        .about(
            "Ask what runs where",
            "Its version, the addresses it is really bound to, its limits, and what it counted.",
        )
        .answers(200, Answer::json::<Info>("About this server.", example))
}

fn ca() -> Operation {
    let example = "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n";
    get("/v1/ca.pem", "getCertificateAuthority")
        .about(
            "Get the certificate authority",
            "The certificate that makes clients trust the server's TLS listeners.",
        )
        .answers(
            200,
            Answer::text("The certificate.", "application/pem-certificate-chain", example),
        )
        .refuses(&[Kind::NoAuthority])
}

fn description() -> Operation {
    get("/v1/openapi.json", "getDescription")
        .about("Get this description", "The API as OpenAPI 3.1 describes it.")
        .header("If-None-Match", IF_NONE_MATCH, text())
        .answers(200, Answer::bytes("This document.", "application/json").header("ETag", ETAG))
        .answers(304, Answer::empty(NOT_MODIFIED))
}

fn docs() -> Operation {
    get("/v1/docs", "getDocs")
        .about("Read this description", "The same as a page to read, without scripts.")
        .header("If-None-Match", IF_NONE_MATCH, text())
        .answers(200, Answer::text("The page.", HTML, "<!doctype html>…").header("ETag", ETAG))
        .answers(304, Answer::empty(NOT_MODIFIED))
}

fn live() -> Operation {
    get("/livez", "isLive")
        .about("Is it alive?", "At the root, and below the base path when there is one.")
        .answers(200, Answer::text("It is.", TEXT, "alive\n"))
}

fn ready() -> Operation {
    get("/readyz", "isReady")
        .about(
            "Is it ready?",
            "Whether every listener is bound and accepting. At the root, and below the base path \
             when there is one.",
        )
        .answers(200, Answer::text("It is.", TEXT, "ready\n"))
        .refuses(&[Kind::NotReady])
}

fn metrics() -> Operation {
    get("/metrics", "getMetrics")
        .about(
            "Read what was counted",
            "For Prometheus, in its text format. At the root, and below the base path when there \
             is one.",
        )
        .answers(
            200,
            Answer::text(
                "The counters.",
                "text/plain; version=0.0.4; charset=utf-8",
                "# TYPE restante_mails gauge\nrestante_mails 1146\n",
            ),
        )
}

fn get(path: &'static str, id: &'static str) -> Operation {
    Operation::new(HttpMethod::Get, path, id, TAG)
}
