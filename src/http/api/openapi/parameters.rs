//! The query parameters: which resource knows which, and what each of them takes.
//!
//! The handlers take their names from here, so that what is accepted is what is described.

use crate::http::api::expect;
use crate::http::api::list;
use crate::http::api::openapi::parameter::Parameter;
use crate::http::api::openapi::parameter::Takes;
use crate::query;

/// Query parameters that belong together.
type Group = &'static [Parameter];

/// The parameters that select, wherever several mails are meant.
pub(in crate::http::api) const SELECTION: Group = &[
    Parameter {
        name: "q",
        about: "A query in the language of docs/query.md, such as `to:bob@x.test subject:Welcome \
                -is:read`. A blank one is none.",
        takes: Takes::Query { may_be_blank: true },
        example: Some("to:bob@x.test subject:Welcome"),
    },
    Parameter {
        name: "inbox",
        about: "Only mails in this inbox. Without it, all inboxes are covered.",
        takes: Takes::Text { chars_max: None },
        example: Some("default"),
    },
    Parameter {
        name: "to",
        about: "An address, a domain such as `@x.test`, or a part of a name or address in the To \
                header. Taken whole: no query syntax in it.",
        takes: WHOLE,
        example: Some("bob@x.test"),
    },
    Parameter {
        name: "from",
        about: "The same of the From header.",
        takes: WHOLE,
        example: Some("shop@x.test"),
    },
    Parameter {
        name: "rcpt",
        about: "The same of the recipients of the envelope, which also has Bcc.",
        takes: WHOLE,
        example: Some("bob@x.test"),
    },
    Parameter {
        name: "subject",
        about: "Words that the subject contains. Case is ignored.",
        takes: WHOLE,
        example: Some("Welcome"),
    },
    Parameter {
        name: "text",
        about: "Words that the plain text contains. Case is ignored.",
        takes: WHOLE,
        example: Some("your code"),
    },
];

/// Which page of a list of mails.
const PAGE: Group = &[
    LIMIT,
    Parameter {
        name: "order",
        about: "The newest first (`desc`) or the oldest first (`asc`).",
        takes: Takes::Choice(&["desc", "asc"]),
        example: Some("asc"),
    },
    Parameter {
        name: "before",
        about: "Only mails with a smaller `seq`.",
        takes: SEQ,
        example: Some("1042"),
    },
    Parameter {
        name: "after",
        about: "Only mails with a larger `seq`.",
        takes: SEQ,
        example: Some("0"),
    },
];

/// The number of a mail or a session.
const SEQ: Takes = Takes::Number { minimum: 0, maximum: usize::MAX, default: None };

const LIMIT: Parameter = Parameter {
    name: "limit",
    about: "How many are answered at the most.",
    takes: Takes::Number {
        minimum: 0,
        maximum: list::LIMIT_MAX,
        default: Some(list::LIMIT_DEFAULT),
    },
    example: Some("20"),
};

const UNTIL_CURSOR: Parameter = Parameter {
    name: "until",
    about: "A cursor, such as `193ab0.42`: mail that came later than it is spared.",
    takes: Takes::Cursor,
    example: None,
};

/// `GET /v1/messages`.
pub(in crate::http::api) const LIST: &[Group] = &[SELECTION, PAGE];

/// `POST /v1/messages`.
pub(in crate::http::api) const CREATE: &[Group] = &[&[
    Parameter {
        name: "from",
        about: "Who sends it by the envelope: one address, or nothing for the null sender. Without \
                it, whom its Sender header names, or else the first of From.",
        takes: Takes::Mailbox,
        example: Some("bounces@acme.test"),
    },
    Parameter {
        name: "to",
        about: "Who gets it by the envelope: addresses, separated by commas. Without it, all whom \
                To, Cc and Bcc name.",
        takes: Takes::Mailboxes,
        example: Some("ada@example.test"),
    },
]];

/// PATCH and DELETE of `/v1/messages`.
pub(in crate::http::api) const BULK: &[Group] = &[
    SELECTION,
    &[
        Parameter {
            name: "all",
            about: "`true` means every mail, and stands without a selection.",
            takes: Takes::Flag,
            example: Some("true"),
        },
        UNTIL_CURSOR,
    ],
];

/// What `/v1/messages/{id}/html` takes beside what all below `{id}` take.
pub(in crate::http::api) const HTML: Group = &[Parameter {
    name: "remote",
    about: "`true` lets the page load pictures, fonts and style sheets from elsewhere.",
    takes: Takes::Flag,
    example: Some("false"),
}];

/// What DELETE of `/v1/messages/{id}` takes beside.
pub(in crate::http::api) const DELETE_ONE: Group = &[UNTIL_CURSOR];

/// `GET /v1/sessions`.
pub(in crate::http::api) const SESSIONS: &[Group] = &[&[
    Parameter {
        name: "failed",
        about: "Only sessions that failed. Bare, or `true`.",
        takes: Takes::BareFlag,
        example: Some("true"),
    },
    Parameter {
        name: "since",
        about: "A cursor, such as `193ab0.42`: only sessions that ended after it, and those that \
                are still open.",
        takes: Takes::Cursor,
        example: None,
    },
    LIMIT,
    Parameter {
        name: "before",
        about: "The id of a session: only those before it.",
        takes: SEQ,
        example: Some("381"),
    },
]];

/// `/v1/expect`.
pub(in crate::http::api) const EXPECT: &[Group] = &[SELECTION, WAIT];

const WAIT: Group = &[
    Parameter {
        name: "since",
        about: "A cursor, such as `193ab0.42`: only mail that arrived after it counts. Without \
                it, mail that is held counts too.",
        takes: Takes::Cursor,
        example: None,
    },
    Parameter {
        name: "count",
        about: "At least so many mails. This is meant when none of `count`, `exactly` and `none` \
                is given; only one of them can be.",
        takes: Takes::Number { minimum: 1, maximum: expect::COUNT_MAX, default: Some(1) },
        example: Some("1"),
    },
    Parameter {
        name: "exactly",
        about: "So many mails, and no more during `settle`.",
        takes: Takes::Number { minimum: 1, maximum: expect::COUNT_MAX, default: None },
        example: Some("1"),
    },
    Parameter {
        name: "none",
        about: "No mail for that long. Goes with neither `settle` nor `within`.",
        takes: Takes::Duration { default: None },
        example: Some("2s"),
    },
    Parameter {
        name: "settle",
        about: "With `exactly`: how long no further mail may come. It starts at the last mail \
                that was expected, and may run past `within`. 500 ms unless given, nothing with \
                `within=0`.",
        takes: Takes::Duration { default: None },
        example: Some("500ms"),
    },
    Parameter {
        name: "within",
        about: "How long to wait for `count` or `exactly`; 0 looks once. No wait is longer than 5 \
                minutes, unless the server was started with another `--wait-max`.",
        takes: Takes::Duration { default: Some("10s") },
        example: Some("10s"),
    },
    Parameter {
        name: "until",
        about: "With `exactly` or `none`, a query: the wait ends when a mail that matches it comes \
                in the same inbox. All before it has come by then, so that what was expected is \
                decided at once.",
        takes: Takes::Query { may_be_blank: false },
        example: Some("subject:\"Job done\""),
    },
];

/// The names of the parameters in some groups.
pub(in crate::http::api) fn names(groups: &[Group]) -> Vec<&'static str> {
    groups.iter().copied().flatten().map(|parameter| parameter.name).collect()
}

const WHOLE: Takes = Takes::Text { chars_max: Some(query::CHARS_MAX) };
