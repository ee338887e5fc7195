//! Queries and mails composed at random: every field, operator and kind of value.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::query::Query;
use crate::query::expression::Expression;
use crate::query::field::AddressField;
use crate::query::field::Field;
use crate::query::field::Flag;
use crate::query::field::NumberField;
use crate::query::field::TextField;
use crate::query::operand::Operand;
use crate::query::operand::Operator;
use crate::query::term::Comparison;
use crate::query::term::Term;
use crate::query::tests::mail::Mail;

/// A query of terms of every kind, put together in every way.
pub(super) fn query() -> impl Strategy<Value = Query> {
    let leaf = term().prop_map(|term| Expression::Term(Box::new(term)));
    let expression = leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::all),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::any),
            inner.prop_map(|inside| Expression::Not(Box::new(inside))),
        ]
    });
    expression
        .prop_map(|expression| Query { expression })
        .prop_filter("a query has at most 8 regular expressions", |query| {
            query.terms().iter().filter(|(term, _)| term.has_pattern()).count() <= 8
        })
}

/// A term of any field with what it takes.
pub(super) fn term() -> impl Strategy<Value = Term> {
    let field = prop::sample::select(Field::names().collect::<Vec<_>>());
    let foreign = prop::sample::select(&["addressed", "larger", "smaller"][..]);
    let named = prop_oneof![9 => field, 1 => foreign].prop_flat_map(|name| {
        let name = name.replace("NAME", "x-job");
        let field = Field::of_name(&name).expect("it is one of the names");
        operand(&field).prop_map(move |(operator, value)| Operand {
            field: Some(field.clone()),
            name: name.clone(),
            operator,
            ..Operand::bare(value, 0)
        })
    });
    let bare = value().prop_map(|value| Operand::bare(value, 0));
    prop_oneof![9 => named, 1 => bare]
        .prop_filter_map("it is a term", |operand| operand.term().ok())
}

/// An operator and a value that a field takes.
fn operand(field: &Field) -> BoxedStrategy<(Operator, String)> {
    let comparison = || prop::sample::select(&COMPARISONS[..]).prop_map(Operator::Comparison);
    let colon = Just(Operator::Colon);
    match field {
        Field::Text(_) | Field::Address(_) => {
            let equal = Just(Operator::Comparison(Comparison::Equal));
            prop_oneof![
                6 => (colon, value()),
                3 => (equal, prop_oneof![4 => value(), 1 => Just(String::new())]),
                1 => (Just(Operator::Tilde), pattern()),
            ]
            .boxed()
        }
        Field::Number(NumberField::Size) => (comparison(), size()).boxed(),
        Field::Number(NumberField::Attachments) => (comparison(), "[0-3]|[0-9]{1,19}").boxed(),
        Field::SizeBound(_) => (colon, size()).boxed(),
        Field::Date(_) => (colon, time()).boxed(),
        Field::Age(_) => (colon, "[0-9]{1,6}(ms|s|m|h|d|w)").boxed(),
        Field::Is => (colon, "read|unread|tagged").boxed(),
        Field::Has => (colon, "attachments?|inlines?|html|text|link|code|warning").boxed(),
    }
}

/// Texts as queries hold them, most of them awkward, some of them in the mails.
pub(super) fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&AWKWARD[..]).prop_map(str::to_owned),
        1 => "[a-z]{1,8}",
        1 => "[ -~]{1,12}",
        1 => "\\PC{1,6}",
        1 => "[\\x00-\\x7f\u{80}-\u{ff}\u{2000}-\u{2030}]{1,6}",
    ]
}

/// What stands between slashes: no slash but behind a backslash, and no backslash at the end.
fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(&WORDS[..]).prop_map(regex::escape),
        prop::sample::select(&PATTERNS[..]).prop_map(str::to_owned),
        "[a-z.*+?^$|]{1,5}",
        r#"(\\/|\\\\|["()\[\]:=~ é]|a){1,6}"#,
    ]
}

fn size() -> impl Strategy<Value = String> {
    "[0-9]{1,4}([kmgKMG][bB]?)?|[0-9]{1,19}"
}

fn time() -> impl Strategy<Value = String> {
    "[0-9]{4}-0[1-9]-[0-2][1-8](T[01][0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,9})?)?(Z|[+-]0[0-9]:00)?)?"
}

/// A mail that some of the queries match.
pub(super) fn mail() -> impl Strategy<Value = Mail> {
    let field = prop::sample::select(&TEXT_FIELDS[..]);
    let word = || prop::sample::select(&WORDS[..]);
    let texts = prop::collection::vec((field, word(), word()), 0..12);
    let address = (prop::sample::select(&AddressField::ALL[..]), prop::option::of(word()), word());
    let addresses = prop::collection::vec(address, 0..8);
    let flags: Vec<Flag> = Flag::IS.iter().chain(&Flag::HAS).map(|(_, flag)| *flag).collect();
    let flags = prop::sample::subsequence(flags.clone(), 0..=flags.len());
    (texts, addresses, flags, 0..3_u64, 0..20_000_u64, any::<u32>()).prop_map(
        |(texts, addresses, flags, attachments, size_bytes, second)| {
            let mail = Mail::new()
                .number(NumberField::Attachments, attachments)
                .number(NumberField::Size, size_bytes)
                .received_at(&Timestamp::new(second.into(), 0).expect("in range").to_string());
            let mail = flags.into_iter().fold(mail, Mail::flag);
            let mail = texts.into_iter().fold(mail, |mail, (field, one, other)| {
                mail.text(field, &format!("{one} {other}")).header("X-Job", other)
            });
            addresses
                .into_iter()
                .fold(mail, |mail, (field, name, text)| mail.address(field, name, text))
        },
    )
}

const COMPARISONS: [Comparison; 5] = [
    Comparison::Greater,
    Comparison::AtLeast,
    Comparison::Less,
    Comparison::AtMost,
    Comparison::Equal,
];

/// All but `body`, which stands for two of them, and headers, which come beside each.
const TEXT_FIELDS: [TextField; 13] = [
    TextField::Subject,
    TextField::Text,
    TextField::Html,
    TextField::MessageId,
    TextField::Attachment,
    TextField::Link,
    TextField::Code,
    TextField::Tag,
    TextField::Inbox,
    TextField::Auth,
    TextField::Helo,
    TextField::Peer,
    TextField::Id,
];

const WORDS: [&str; 12] = [
    "alpha",
    "ALPHA",
    "beta",
    "straße",
    "STRASSE",
    "bob@x.test",
    "BOB@x.test",
    "bob+tag@x.test",
    "@x.test",
    "eve@bücher.test",
    "eve@xn--bcher-kva.test",
    "a.b@x.test",
];

const AWKWARD: [&str; 24] = [
    "OR",
    "AND",
    "NOT",
    "-a",
    "!a",
    "--",
    "\"b c\"@x.test",
    "a\\\"b\\",
    "\\",
    "\"",
    "(",
    "a)b",
    " a  b ",
    "a\r\n\tb",
    "subject:a",
    "subjct:a",
    "subject~/a/",
    "~/a/",
    "http://x.test/(a)?b=c:d",
    "12:30",
    "token=abc",
    "<a@b.test>",
    "\0",
    "e\u{301}\u{202e}\u{200d}\u{feff}",
];

const PATTERNS: [&str; 8] = [
    r"^Order \d+$",
    r"reset\/(\w+)",
    r"(?i)ALPHA",
    r"(?m)^beta$",
    r"[a-z]{2,5}@",
    r"\\",
    "[\\/\"]",
    "a|b",
];
