//! An expectation in the words of a person.

use std::time::Duration;

use crate::expect::Expectation;
use crate::query::Query;
use crate::query::expression::Expression;
use crate::query::field::AddressField;
use crate::query::field::TextField;
use crate::query::term::AddressTest;
use crate::query::term::Term;
use crate::query::term::TextTest;

/// Which mails are meant, to stand behind "mail": ` to bob@x.test with subject containing "x"`.
pub(super) fn mails(expectation: &Expectation) -> String {
    let selection = &expectation.selection;
    let mut words = selection.query.as_ref().map(query).unwrap_or_default();
    if let Some(inbox) = &selection.inbox {
        words.push_str(&format!(" in the inbox \"{}\"", shorten(inbox, VALUE_CHARS_MAX)));
    }
    shorten(&words, WORDS_CHARS_MAX)
}

/// A duration as people write it: `500 ms`, `10 s`, `2 min`.
pub(super) fn duration(duration: Duration) -> String {
    let ms = duration.as_millis();
    match ms {
        _ if ms > 0 && ms.is_multiple_of(60_000) => format!("{} min", ms / 60_000),
        _ if ms.is_multiple_of(1_000) => format!("{} s", ms / 1_000),
        _ => format!("{ms} ms"),
    }
}

/// ` within 10 s`
pub(super) fn within(time: Duration) -> String {
    if time.is_zero() {
        return ", looking once".to_owned();
    }
    format!(" within {}", duration(time))
}

/// `1 mail`, `3 mails`.
pub(super) fn count(count: usize) -> String {
    if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") }
}

/// The beginning of a text, on one line.
pub(super) fn shorten(text: &str, chars_max: usize) -> String {
    let mut kept: String = text.chars().take(chars_max).collect();
    if text.chars().nth(chars_max).is_some() {
        kept.push('…');
    }
    kept.replace(char::is_control, " ")
}

fn query(query: &Query) -> String {
    if query.is_everything() {
        return String::new();
    }
    let members = match query.expression() {
        Expression::All(group) => group.members(),
        other => std::slice::from_ref(other),
    };
    let phrases: Option<Vec<String>> = members.iter().map(member).collect();
    phrases.map_or_else(|| format!(" matching {query}"), |phrases| phrases.concat())
}

fn member(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Term(term) => Some(self::term(term)),
        Expression::Not(inside) => match inside.as_ref() {
            Expression::Term(term) => Some(format!(" not matching {term}")),
            _ => None,
        },
        Expression::All(_) | Expression::Any(_) => None,
    }
}

fn term(term: &Term) -> String {
    match term {
        Term::Anywhere(needle) => format!(" containing \"{}\"", needle.text()),
        Term::Address(field, test) => match address(*field) {
            Some(preposition) => format!(" {preposition} {}", address_test(test)),
            None => format!(" matching {term}"),
        },
        Term::Text(TextField::Subject, test) => format!(" with subject {}", text_test(test)),
        Term::Text(TextField::Text, test) => format!(" with text {}", text_test(test)),
        Term::Text(TextField::Html, test) => format!(" with HTML {}", text_test(test)),
        Term::Text(TextField::Link, test) => format!(" with a link {}", text_test(test)),
        Term::Text(TextField::Code, test) => format!(" with a code {}", text_test(test)),
        _ => format!(" matching {term}"),
    }
}

const fn address(field: AddressField) -> Option<&'static str> {
    match field {
        AddressField::To => Some("to"),
        AddressField::From => Some("from"),
        AddressField::Cc => Some("with a copy to"),
        AddressField::Rcpt => Some("with the recipient"),
        AddressField::MailFrom => Some("with the envelope sender"),
        _ => None,
    }
}

fn address_test(test: &AddressTest) -> String {
    match test {
        AddressTest::Mailbox(needle, _) => needle.text().to_owned(),
        AddressTest::Domain(needle, _) => format!("anybody {}", needle.text()),
        AddressTest::Contains(needle) => format!("somebody like \"{}\"", needle.text()),
        AddressTest::Equals(whole) => format!("exactly {}", whole.text()),
        AddressTest::Matches(pattern) => format!("somebody like /{}/", pattern.source()),
    }
}

fn text_test(test: &TextTest) -> String {
    match test {
        TextTest::Contains(needle) => format!("containing \"{}\"", needle.text()),
        TextTest::Equals(whole) => format!("exactly \"{}\"", whole.text()),
        TextTest::Matches(pattern) => format!("matching /{}/", pattern.source()),
    }
}

/// What the sentence may take of the 900 characters that test runners are sure to show.
const WORDS_CHARS_MAX: usize = 300;
const VALUE_CHARS_MAX: usize = 60;
