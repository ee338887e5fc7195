//! What mail a test expects, said step by step.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::query;
use crate::query::Query;
use crate::query::WholeField;
use crate::store::Store;
use crate::store::cursor::Cursor;
use crate::store::search::selection::Selection;
use crate::testing::error::ExpectError;
use crate::testing::error::Reason;
use crate::testing::wait::Exactly;
use crate::testing::wait::Many;
use crate::testing::wait::Nothing;
use crate::testing::wait::One;
use crate::testing::wait::Request;
use crate::testing::wait::Wait;

/// The mail a test expects, made by [`Catcher::expect`](crate::testing::Catcher::expect). First
/// comes which mail is meant, then how many of it: that gives a [`Wait`].
///
/// ```
/// # let catcher = restante::testing::Catcher::start()?;
/// # fn send(catcher: &restante::testing::Catcher, mail: &str) -> std::io::Result<usize> {
/// #     use std::io::{Read, Write};
/// #     let mut smtp = std::net::TcpStream::connect(catcher.smtp_address())?;
/// #     let head = "HELO app\r\nMAIL FROM:<app@x.test>\r\nRCPT TO:<ada@x.test>\r\nDATA\r\n";
/// #     write!(smtp, "{head}{mail}\r\n.\r\nQUIT\r\n")?;
/// #     smtp.read_to_string(&mut String::new())
/// # }
/// # let sign_up = |_: &str| send(&catcher, "To: ada@x.test\r\nSubject: Welcome\r\n\r\nhi");
/// use std::time::Duration;
///
/// let cursor = catcher.cursor();
/// sign_up("ada@x.test")?;
/// let mail = catcher
///     .expect("subject:welcome -has:attachment")
///     .to("ada@x.test")
///     .since(cursor)
///     .within(Duration::from_secs(30))
///     .one()
///     .wait()?;
/// assert_eq!(mail.subject(), "Welcome");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "say how many are expected, and wait for them: .one().await, or .one().wait()"]
#[derive(Debug)]
pub struct Expect {
    store: Arc<Store>,
    handle: Handle,
    selection: Result<Selection, ExpectError>,
    since: Option<Cursor>,
    within: Option<Duration>,
}

impl Expect {
    pub(super) fn new(store: &Arc<Store>, handle: &Handle, text: &str) -> Self {
        let selection = parse("query", text).map(|query| Selection {
            query: Some(query),
            inbox: None,
            now: Timestamp::now(),
        });
        let (store, handle) = (Arc::clone(store), handle.clone());
        Self { store, handle, selection, since: None, within: None }
    }

    /// And whose To header has this address. No part of it is syntax, as with all that is given
    /// apart from the query.
    pub fn to(self, address: &str) -> Self {
        self.and(WholeField::To, address)
    }

    /// And whose From header has this address.
    pub fn from(self, address: &str) -> Self {
        self.and(WholeField::From, address)
    }

    /// And whose envelope has this recipient, Bcc among them.
    pub fn rcpt(self, address: &str) -> Self {
        self.and(WholeField::Rcpt, address)
    }

    /// And whose subject has these words in it.
    pub fn subject(self, words: &str) -> Self {
        self.and(WholeField::Subject, words)
    }

    /// And whose plain text has these words in it.
    pub fn text(self, words: &str) -> Self {
        self.and(WholeField::Text, words)
    }

    /// And that is filed in this inbox.
    pub fn inbox(mut self, name: &str) -> Self {
        if let Ok(selection) = &mut self.selection {
            selection.inbox = Some(name.to_owned());
        }
        self
    }

    /// And that arrived after this moment. Without it, mail that is held already counts too.
    pub const fn since(mut self, cursor: Cursor) -> Self {
        self.since = Some(cursor);
        self
    }

    /// How long it may take to come; 10 seconds when it is not said. Zero looks once.
    pub const fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// One mail at least; of several, the newest.
    pub fn one(self) -> Wait<One> {
        self.at_least(1)
    }

    /// So many at least, 1 or more. The newest of them come, oldest first.
    pub fn count(self, count: usize) -> Wait<Many> {
        self.at_least(count)
    }

    /// So many and no more, 1 or more: none may follow the last for
    /// [half a second](Wait::settle). They come oldest first.
    pub fn exactly(self, count: usize) -> Wait<Exactly> {
        let within = self.within.unwrap_or(WITHIN_DEFAULT);
        // Who looks once does not want to wait for more.
        let settle = if within.is_zero() { Duration::ZERO } else { SETTLE_DEFAULT };
        self.wait(Goal::Exactly { count, within, settle, until: None })
    }

    /// None at all for so long.
    pub fn none(self, during: Duration) -> Wait<Nothing> {
        let is_said_twice = self.within.is_some();
        let mut wait = self.wait(Goal::None { during, until: None });
        if is_said_twice {
            wait.refuse(Reason::Misuse("none() says itself for how long: leave within() out"));
        }
        wait
    }

    fn at_least<G>(self, count: usize) -> Wait<G> {
        let within = self.within.unwrap_or(WITHIN_DEFAULT);
        self.wait(Goal::AtLeast { count, within })
    }

    fn and(mut self, field: WholeField, value: &str) -> Self {
        let term = Query::term(field, value).map_err(|error| {
            let (name, text) = (field.name(), value.to_owned());
            ExpectError::from(Reason::Query { name, text, error })
        });
        self.selection = self.selection.and_then(|selection| {
            let query = selection.query.unwrap_or_else(Query::everything).and(term?);
            Ok(Selection { query: Some(query), ..selection })
        });
        self
    }

    fn wait<G>(self, goal: Goal) -> Wait<G> {
        let is_none = matches!(goal, Goal::None { .. });
        let request = self.selection.and_then(|selection| {
            if goal.count() == 0 && !is_none {
                return Err(Reason::Misuse("for no mail at all there is none(duration)").into());
            }
            let number = |cursor: Cursor| self.store.number_of(&cursor.to_string());
            let since = self.since.map(number).transpose().map_err(Reason::Cursor)?;
            let expectation = Expectation { selection, since, goal };
            Ok(Request { store: self.store, handle: self.handle, expectation })
        });
        Wait { request: Some(request), running: None, goal: PhantomData }
    }
}

/// Reads a query that can be waited for.
pub(super) fn parse(name: &'static str, text: &str) -> Result<Query, ExpectError> {
    let query = query::parse(text).map_err(|error| {
        let text = text.to_owned();
        Reason::Query { name, text, error }
    })?;
    if query.asks_time() {
        let reason = "a query of the clock (newer:, older:) cannot be waited for: the answer would \
                      depend on when it is asked; since(cursor) says from when";
        return Err(Reason::Misuse(reason).into());
    }
    Ok(query)
}

const WITHIN_DEFAULT: Duration = Duration::from_secs(10);
const SETTLE_DEFAULT: Duration = Duration::from_millis(500);
