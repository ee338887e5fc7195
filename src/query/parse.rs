//! Reads the tokens of a query into an expression.
//!
//! ```text
//! query    = [ either ]
//! either   = both *( "OR" both )
//! both     = factor *( [ "AND" ] factor )
//! factor   = [ "-" / "!" / "NOT" ] operand
//! operand  = "(" either ")" / term
//! ```

use crate::query::error::QueryError;
use crate::query::expression::Expression;
use crate::query::lex;
use crate::query::lex::Kind;
use crate::query::lex::Token;

/// Reads a query; one without any term matches every mail.
pub(super) fn expression(text: &str) -> Result<Expression, QueryError> {
    let tokens = lex::tokens(text)?;
    if tokens.is_empty() {
        return Ok(Expression::everything());
    }
    let end = text.chars().count();
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), last: None, depth: 0, end };
    let expression = parser.either()?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some(token) => {
            Err(QueryError::at(token.index, "This \")\" closes nothing: no \"(\" is open."))
        }
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// What was taken last.
    last: Option<Kind>,
    depth: usize,
    /// The index behind the last character.
    end: usize,
}

impl Parser {
    fn either(&mut self) -> Result<Expression, QueryError> {
        let mut members = vec![self.both()?];
        while self.take_if(&Kind::Or) {
            members.push(self.both()?);
        }
        Ok(Expression::any(members))
    }

    fn both(&mut self) -> Result<Expression, QueryError> {
        let mut members = vec![self.factor()?];
        while !matches!(self.peek(), None | Some(Kind::Or | Kind::Close)) {
            self.take_if(&Kind::And);
            members.push(self.factor()?);
        }
        Ok(Expression::all(members))
    }

    fn factor(&mut self) -> Result<Expression, QueryError> {
        if self.take_if(&Kind::Not) {
            return Ok(Expression::Not(Box::new(self.operand()?)));
        }
        self.operand()
    }

    fn operand(&mut self) -> Result<Expression, QueryError> {
        match self.tokens.next() {
            Some(Token { kind: Kind::Term(term), .. }) => {
                self.last = None;
                Ok(Expression::Term(term))
            }
            Some(Token { kind: Kind::Open, index }) => self.group(index),
            other => Err(self.expected_a_term(other)),
        }
    }

    fn group(&mut self, index: usize) -> Result<Expression, QueryError> {
        if self.depth == DEPTH_MAX {
            return Err(QueryError::at(index, "Brackets go at most 32 deep."));
        }
        self.depth += 1;
        self.last = Some(Kind::Open);
        let inside = self.either()?;
        self.depth -= 1;
        if self.take_if(&Kind::Close) {
            return Ok(inside);
        }
        Err(QueryError::at(index, "This \"(\" is never closed: a \")\" was expected."))
    }

    fn take_if(&mut self, kind: &Kind) -> bool {
        let taken = self.tokens.next_if(|token| token.kind == *kind);
        if let Some(token) = &taken {
            self.last = Some(token.kind.clone());
        }
        taken.is_some()
    }

    fn peek(&mut self) -> Option<&Kind> {
        self.tokens.peek().map(|token| &token.kind)
    }

    fn expected_a_term(&self, found: Option<Token>) -> QueryError {
        let place = match &self.last {
            None => "",
            Some(Kind::Or) => " after OR",
            Some(Kind::And) => " after AND",
            Some(Kind::Open) => " after the bracket",
            Some(_) => " after the sign for not",
        };
        let what = match found.as_ref().map(|token| &token.kind) {
            Some(Kind::Or) => ", not OR. To search for the word, put it in quotes",
            Some(Kind::And) => ", not AND. To search for the word, put it in quotes",
            Some(Kind::Close) => " before \")\"",
            Some(Kind::Not) => ", not another sign for not",
            _ => "",
        };
        let index = found.map_or(self.end, |token| token.index);
        QueryError::at(index, format!("A term was expected{place}{what}."))
    }
}

/// The brackets within brackets.
const DEPTH_MAX: usize = 32;
