//! Mails and queries composed at random: what is found is what a naive reading says.

use proptest::prelude::*;
use restante::store::entry::Held;
use restante::store::entry::Marks;

use super::hold;
use super::matches;
use super::store;

/// What a mail is made of, and all the oracle knows of it.
#[derive(Clone, Debug)]
struct Model {
    subject: Vec<&'static str>,
    body: Vec<&'static str>,
    from: &'static str,
    to: Vec<&'static str>,
    recipients: Vec<&'static str>,
    is_html: bool,
    is_read: bool,
}

/// A question put to both.
#[derive(Clone, Debug)]
enum Question {
    Subject(String),
    Text(String),
    Word(String),
    SubjectIs(String),
    To(&'static str),
    Rcpt(&'static str),
    ToDomain(&'static str),
    Read,
    HasHtml,
    LargerThan(usize),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Model {
    fn raw(&self) -> String {
        let kind = if self.is_html { "text/html" } else { "text/plain" };
        let body = match self.is_html {
            true => format!("<p class=\"alpha\">{}</p>", self.body.join("<br>")),
            false => self.body.join(" \r\n "),
        };
        format!(
            "From: Someone <{}>\r\nTo: {}\r\nSubject: {}\r\n\
             Content-Type: {kind}; charset=utf-8\r\n\r\n{body}",
            self.from,
            self.to.join(", "),
            self.subject.join("  \r\n "),
        )
    }

    fn hold(&self) -> Held {
        let store = store();
        let held = hold(&store, &self.recipients, &self.raw());
        let marks = Marks { read: self.is_read, tags: None };
        store.change(held.entry.id, |_| marks).expect("it is held").0
    }

    /// The answer, from what the mail was made of.
    fn answers(&self, question: &Question) -> bool {
        let has = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let (subject, body) = (self.subject.join(" "), self.body.join(" "));
        match question {
            Question::Subject(part) => has(&subject, part),
            Question::Text(part) => !self.is_html && has(&body, part),
            Question::Word(part) => {
                let addresses = [self.to.as_slice(), &self.recipients].concat();
                has(&subject, part)
                    || has(&body, part)
                    || has("Someone", part)
                    || has("sender@x.test", part)
                    || has(self.from, part)
                    || addresses.iter().any(|address| has(address, part))
            }
            Question::SubjectIs(whole) => subject == *whole,
            Question::To(address) => self.to.iter().any(|to| to.eq_ignore_ascii_case(address)),
            Question::Rcpt(address) => {
                self.recipients.iter().any(|to| to.eq_ignore_ascii_case(address))
            }
            Question::ToDomain(domain) => self.to.iter().any(|to| {
                to.rsplit('@').next().is_some_and(|behind| behind.eq_ignore_ascii_case(domain))
            }),
            Question::Read => self.is_read,
            Question::HasHtml => self.is_html,
            Question::LargerThan(size_bytes) => self.raw().len() > *size_bytes,
            Question::Not(inside) => !self.answers(inside),
            Question::All(inside) => inside.iter().all(|question| self.answers(question)),
            Question::Any(inside) => inside.iter().any(|question| self.answers(question)),
        }
    }
}

impl Question {
    /// The same question as a query.
    fn query(&self) -> String {
        let joined = |inside: &[Self], joint: &str| {
            let inside: Vec<_> = inside.iter().map(|q| format!("({})", q.query())).collect();
            inside.join(joint)
        };
        match self {
            Self::Subject(part) => format!("subject:\"{part}\""),
            Self::Text(part) => format!("text:\"{part}\""),
            Self::Word(part) => format!("\"{part}\""),
            Self::SubjectIs(whole) => format!("subject=\"{whole}\""),
            Self::To(address) => format!("to:{address}"),
            Self::Rcpt(address) => format!("rcpt:{address}"),
            Self::ToDomain(domain) => format!("to:@{domain}"),
            Self::Read => "is:read".to_owned(),
            Self::HasHtml => "has:html".to_owned(),
            Self::LargerThan(size_bytes) => format!("size>{size_bytes}"),
            Self::Not(inside) => format!("-({})", inside.query()),
            Self::All(inside) => joined(inside, " "),
            Self::Any(inside) => joined(inside, " OR "),
        }
    }
}

const WORDS: [&str; 8] = ["alpha", "Beta", "GAMMA", "ähre", "ÖL", "Привет", "a", "be-ta"];
const ADDRESSES: [&str; 6] = [
    "user1@x.test",
    "superuser1@x.test",
    "USER1@mail.x.test",
    "user1+tag@x.test",
    "alpha@y.test",
    "o@x.test",
];
const DOMAINS: [&str; 4] = ["x.test", "mail.x.test", "X.TEST", "test"];

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(&WORDS), count)
}

fn model() -> impl Strategy<Value = Model> {
    let address = || prop::sample::select(&ADDRESSES);
    let addresses = || prop::collection::vec(address(), 1..3);
    let flags = (any::<bool>(), any::<bool>());
    (words(1..4), words(1..5), address(), addresses(), addresses(), flags).prop_map(
        |(subject, body, from, to, recipients, (is_html, is_read))| Model {
            subject,
            body,
            from,
            to,
            recipients,
            is_html,
            is_read,
        },
    )
}

/// A piece of one or two words in any case.
fn piece() -> impl Strategy<Value = String> {
    (words(1..3), any::<bool>(), 0..2_usize).prop_map(|(words, is_upper, cut)| {
        let joined = words.join(" ");
        let piece: String = joined.chars().skip(cut).collect();
        let piece = if piece.trim().is_empty() { joined } else { piece };
        if is_upper { piece.to_uppercase() } else { piece }
    })
}

fn question() -> impl Strategy<Value = Question> {
    let leaf = prop_oneof![
        piece().prop_map(Question::Subject),
        piece().prop_map(Question::Text),
        piece().prop_map(Question::Word),
        words(1..3).prop_map(|words| Question::SubjectIs(words.join(" "))),
        prop::sample::select(&ADDRESSES).prop_map(Question::To),
        prop::sample::select(&ADDRESSES).prop_map(Question::Rcpt),
        prop::sample::select(&DOMAINS).prop_map(Question::ToDomain),
        Just(Question::Read),
        Just(Question::HasHtml),
        (100..300_usize).prop_map(Question::LargerThan),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inside| Question::Not(Box::new(inside))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Question::All),
            prop::collection::vec(inner, 1..4).prop_map(Question::Any),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_is_what_a_naive_reading_says(
        model in model(),
        questions in prop::collection::vec(question(), 1..12),
    ) {
        let held = model.hold();
        for question in &questions {
            let query = question.query();
            let expected = model.answers(question);
            prop_assert_eq!(matches(&held, &query), expected, "{} in {}", query, model.raw());
        }
    }
}
