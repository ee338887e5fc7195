//! Cuts the text of a query into brackets, operators and terms.

use crate::query::error::QueryError;
use crate::query::error::excerpt;
use crate::query::field::Field;
use crate::query::operand::Operand;
use crate::query::operand::Operator;
use crate::query::suggest;
use crate::query::term::Comparison;
use crate::query::term::Term;

/// A piece of a query and the index of its first character.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) index: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Open,
    Close,
    /// `-`, `!` or `NOT`.
    Not,
    And,
    Or,
    Term(Box<Term>),
}

/// How the front of a word is understood.
enum Front {
    /// The name of a field.
    Field(Field),
    /// No field is meant: the whole word is text.
    Text,
    /// A field is meant, but there is none of this name.
    Unknown,
}

/// Cuts a query into its tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { characters: text.chars().take(CHARS_MAX + 1).collect(), at: 0 };
    if lexer.characters.len() > CHARS_MAX {
        return Err(QueryError::at(CHARS_MAX, TOO_LONG));
    }
    let mut tokens = Vec::new();
    let mut term_count = 0;
    let mut pattern_count = 0;
    while let Some(token) = lexer.token()? {
        if let Kind::Term(term) = &token.kind {
            term_count += 1;
            pattern_count += usize::from(term.has_pattern());
        }
        if term_count > TERMS_MAX {
            return Err(QueryError::at(token.index, "A query has at most 256 terms."));
        }
        if pattern_count > PATTERNS_MAX {
            let detail = "A query has at most 8 regular expressions.";
            return Err(QueryError::at(token.index, detail));
        }
        tokens.push(token);
    }
    Ok(tokens)
}

/// Whether a text, written without quotes, is a bare word of its own.
pub(super) fn is_bare_word(text: &str) -> bool {
    let starts_plainly = !text.starts_with(['-', '!']) && keyword(text).is_none();
    let front = text.split_once(is_operator).map(|(front, _)| front);
    is_bare_value(text)
        && starts_plainly
        && front.is_none_or(|front| matches!(understood(front, &text[front.len()..]), Front::Text))
}

/// Whether a text, written without quotes, is the value behind a field's operator.
pub(super) fn is_bare_value(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn token(&mut self) -> Result<Option<Token>, QueryError> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let index = self.at;
        let Some(first) = self.peek() else { return Ok(None) };
        let kind = match first {
            '(' => self.single(Kind::Open),
            ')' => self.single(Kind::Close),
            '-' | '!' => self.negation(first)?,
            '"' => {
                let value = self.quoted()?;
                self.expect_end_of_term()?;
                Kind::Term(Box::new(Operand::bare(value, index).term()?))
            }
            _ => self.word()?,
        };
        Ok(Some(Token { index, kind }))
    }

    fn single(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    /// `-` and `!` stand directly before what they negate.
    fn negation(&mut self, sign: char) -> Result<Kind, QueryError> {
        let index = self.at;
        self.at += 1;
        match self.peek() {
            Some('-' | '!') => Err(QueryError::at(
                self.at,
                format!("A term was expected after \"{sign}\": two of them say nothing."),
            )),
            Some(next) if !next.is_whitespace() && next != ')' => Ok(Kind::Not),
            _ => Err(QueryError::at(
                index,
                format!(
                    "A term was expected directly after \"{sign}\", which means not. To search \
                     for the sign itself, put it in quotes."
                ),
            )),
        }
    }

    /// A bare word, AND, OR or NOT, or a field with its operator and value.
    fn word(&mut self) -> Result<Kind, QueryError> {
        let index = self.at;
        let front = self.take_while(|c| !ends_word(c) && !is_operator(c));
        let rest: String = self.characters[self.at..].iter().take(2).collect();
        let at_operator = rest.starts_with(is_operator);
        match if at_operator { understood(&front, &rest) } else { Front::Text } {
            Front::Field(field) => self.field(field, &front),
            Front::Unknown => Err(unknown_field(&front, index)),
            Front::Text => {
                let value = front.clone() + &self.take_while(|c| !ends_word(c));
                if let Some(keyword) = keyword(&value) {
                    return Ok(keyword);
                }
                let meant = if at_operator { suggest::field(&front) } else { None };
                self.expect_end_of_word(index, meant)?;
                Ok(Kind::Term(Box::new(Operand::bare(value, index).term()?)))
            }
        }
    }

    fn field(&mut self, field: Field, name: &str) -> Result<Kind, QueryError> {
        let operator_index = self.at;
        let operator = self.operator();
        let name = name.to_ascii_lowercase();
        if operator == Operator::Tilde && self.peek() != Some('/') {
            let detail = format!("A regular expression was expected: {name}~/…/.");
            return Err(QueryError::at(self.at, detail));
        }
        let mut value_index = self.at;
        let value = match self.peek() {
            Some('/') if operator == Operator::Tilde => {
                value_index += 1;
                self.slashed()?
            }
            Some('"') => {
                let value = self.quoted()?;
                self.local_part_continued(&field, value)
            }
            Some('(') => {
                let detail = format!(
                    "\"{name}\" takes one value and no group: put brackets around whole terms, or \
                     quotes around the value."
                );
                return Err(QueryError::at(self.at, detail));
            }
            Some(next) if !next.is_whitespace() && next != ')' => {
                let value = self.take_while(|c| !ends_word(c));
                self.expect_end_of_word(value_index, None)?;
                value
            }
            _ => return Err(QueryError::at(self.at, no_value(&name))),
        };
        self.expect_end_of_term()?;
        let field = Some(field);
        let operand = Operand { field, name, operator, operator_index, value, value_index };
        Ok(Kind::Term(Box::new(operand.term()?)))
    }

    fn operator(&mut self) -> Operator {
        let first = self.peek();
        self.at += 1;
        let with_equal = self.peek() == Some('=') && matches!(first, Some('<' | '>'));
        self.at += usize::from(with_equal);
        match (first, with_equal) {
            (Some('='), _) => Operator::Comparison(Comparison::Equal),
            (Some('~'), _) => Operator::Tilde,
            (Some('>'), false) => Operator::Comparison(Comparison::Greater),
            (Some('>'), true) => Operator::Comparison(Comparison::AtLeast),
            (Some('<'), false) => Operator::Comparison(Comparison::Less),
            (Some('<'), true) => Operator::Comparison(Comparison::AtMost),
            _ => Operator::Colon,
        }
    }

    /// What stands in quotes; in there only `\"` and `\\` are escapes.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let index = self.at;
        self.at += 1;
        let mut value = String::new();
        while let Some(character) = self.peek() {
            self.at += 1;
            match (character, self.peek()) {
                ('"', _) => return Ok(value),
                ('\\', Some(next @ ('"' | '\\'))) => {
                    value.push(next);
                    self.at += 1;
                }
                _ => value.push(character),
            }
        }
        Err(QueryError::at(index, "This quotation mark is never closed: another one was expected."))
    }

    /// What stands between slashes; a backslash keeps the next character, slash or not.
    fn slashed(&mut self) -> Result<String, QueryError> {
        let index = self.at;
        self.at += 1;
        let mut source = String::new();
        while let Some(character) = self.peek() {
            self.at += 1;
            match character {
                '/' if source.is_empty() => {
                    let detail = "A regular expression was expected between the slashes.";
                    return Err(QueryError::at(index, detail));
                }
                '/' => return Ok(source),
                _ => source.push(character),
            }
            if character == '\\' {
                source.extend(self.peek());
                self.at += 1;
            }
        }
        let detail = "This regular expression is never closed: another / was expected.";
        Err(QueryError::at(index, detail))
    }

    /// `to:"b c"@x.test` is an address with a quoted local part (RFC 5321 §4.1.2).
    fn local_part_continued(&mut self, field: &Field, value: String) -> String {
        if self.peek() != Some('@') || !matches!(field, Field::Address(_)) {
            return value;
        }
        let escaped = value.replace('\\', r"\\").replace('"', r#"\""#);
        format!("\"{escaped}\"{}", self.take_while(|c| !ends_word(c)))
    }

    /// Behind closing quotes and slashes, a term is over.
    fn expect_end_of_term(&self) -> Result<(), QueryError> {
        match self.peek() {
            Some(next) if !next.is_whitespace() && next != ')' => {
                let last = self.characters[self.at - 1];
                let flags =
                    if last == '/' { "; flags go to the front, as in ~/(?i)…/" } else { "" };
                let detail = format!("A blank was expected after the closing {last}{flags}.");
                Err(QueryError::at(self.at, detail))
            }
            _ => Ok(()),
        }
    }

    /// Quotes and brackets inside a word are more often a slip than meant.
    fn expect_end_of_word(&self, index: usize, meant: Option<String>) -> Result<(), QueryError> {
        let Some(next @ ('"' | '(')) = self.peek() else { return Ok(()) };
        let word = excerpt(&self.characters[index..self.at].iter().collect::<String>());
        let mut detail = match meant {
            Some(field) => format!("Did you mean the field \"{field}\"? "),
            None => String::new(),
        };
        detail += &format!(
            "A blank was expected after \"{word}\". If the {next} belongs to it, put the whole \
             in quotes, with \\\" for a quotation mark."
        );
        Err(QueryError::at(self.at, detail))
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.characters[start..self.at].iter().collect()
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }
}

/// What the front of a word is, `rest` starting with the operator behind it.
fn understood(front: &str, rest: &str) -> Front {
    if let Some(field) = Field::of_name(front) {
        return Front::Field(field);
    }
    let is_url = front.eq_ignore_ascii_case("http") || front.eq_ignore_ascii_case("https");
    let is_text = is_url || front.starts_with(|c: char| c.is_ascii_digit());
    // `a=b` and `a>5` are text, but nobody writes `subjct~/…/` meaning text.
    let names_a_field = rest.starts_with(':') || (rest.starts_with("~/") && !front.is_empty());
    if names_a_field && !is_text { Front::Unknown } else { Front::Text }
}

fn unknown_field(front: &str, index: usize) -> QueryError {
    let hint = match suggest::field(front) {
        Some(meant) => format!("Did you mean \"{meant}\"?"),
        None => format!("The fields are {}.", Field::names().collect::<Vec<_>>().join(", ")),
    };
    let subject = if front.is_empty() {
        "A field was expected before the colon.".to_owned()
    } else {
        format!("There is no field \"{}\".", excerpt(front))
    };
    let detail = format!("{subject} {hint} To search for the word as it is, put it in quotes.");
    QueryError::at(index, detail)
}

fn no_value(name: &str) -> String {
    format!(
        "A value was expected directly after \"{name}\", without a blank. To search for the word, \
         put it in quotes."
    )
}

fn keyword(word: &str) -> Option<Kind> {
    match word {
        "AND" => Some(Kind::And),
        "OR" => Some(Kind::Or),
        "NOT" => Some(Kind::Not),
        _ => None,
    }
}

fn is_operator(character: char) -> bool {
    matches!(character, ':' | '=' | '~' | '<' | '>')
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')' | '"')
}

/// The characters of a query: room for hundreds of addresses, and a URL still fits.
pub(super) const CHARS_MAX: usize = 8_192;

pub(super) const TOO_LONG: &str = "A query or value ends after 8,192 characters.";

/// The terms of a query.
const TERMS_MAX: usize = 256;

/// The regular expressions of a query, each of which may take some MiB.
const PATTERNS_MAX: usize = 8;
