//! A wait for mail, awaited by any executor or by a blocked thread.

use std::marker::PhantomData;
use std::pin::Pin;
use std::pin::pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::Wake;
use std::task::Waker;
use std::task::ready;
use std::thread;
use std::thread::Thread;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::task::coop;

use crate::expect::Expectation;
use crate::expect::Goal;
use crate::expect::Verdict;
use crate::expect::explain;
use crate::expect::matches::Match;
use crate::expect::waiting;
use crate::expect::waiting::Aside;
use crate::expect::waiting::Reading;
use crate::store::Store;
use crate::store::search::GivenUp;
use crate::testing::error::ExpectError;
use crate::testing::error::Reason;
use crate::testing::expect;
use crate::testing::mail::Mail;

/// A wait for mail: `.await` it, or block the thread with [`Wait::wait`]. It begins then, and ends
/// when it is dropped.
///
/// It needs no runtime and no timer of the caller's: the catcher has a thread with a clock of its
/// own. So it can be awaited on any executor, and in a tokio test whose time is paused it waits by
/// the real clock.
///
/// ```
/// # let catcher = restante::testing::Catcher::start()?;
/// # let unsubscribe = |_: &str| ();
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// use std::time::Duration;
///
/// let cursor = catcher.cursor();
/// unsubscribe("ada@x.test");
/// catcher.expect("to:ada@x.test").since(cursor).none(Duration::from_millis(100)).await?;
/// # Ok::<(), restante::testing::ExpectError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a wait begins when it is awaited, or by .wait()"]
#[derive(Debug)]
pub struct Wait<G> {
    /// Until it begins.
    pub(super) request: Option<Result<Request, ExpectError>>,
    /// From then on.
    pub(super) running: Option<Running>,
    pub(super) goal: PhantomData<fn() -> G>,
}

/// What is to be waited for, and where.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) store: Arc<Store>,
    pub(super) handle: Handle,
    pub(super) expectation: Expectation,
}

/// The mails that came, oldest first.
type Answer = Result<Vec<Mail>, ExpectError>;

/// Dropping it ends the wait.
#[derive(Debug)]
pub(super) struct Running {
    answer: oneshot::Receiver<Answer>,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a wait brings. There are four of them: [`One`], [`Many`], [`Exactly`] and [`Nothing`].
pub trait Wanted: sealed::Sealed {
    /// What that is.
    type Got;
    /// Made of the mails that came, oldest first.
    #[doc(hidden)]
    fn of(mails: Vec<Mail>) -> Option<Self::Got>;
}

/// One mail.
#[derive(Debug)]
pub enum One {}

/// Several mails.
#[derive(Debug)]
pub enum Many {}

/// So many mails and no more.
#[derive(Debug)]
pub enum Exactly {}

/// No mail.
#[derive(Debug)]
pub enum Nothing {}

mod sealed {
    /// Nobody else can want something.
    pub trait Sealed {}
    impl Sealed for super::One {}
    impl Sealed for super::Many {}
    impl Sealed for super::Exactly {}
    impl Sealed for super::Nothing {}
}

impl Wanted for One {
    type Got = Mail;
    fn of(mut mails: Vec<Mail>) -> Option<Mail> {
        mails.pop()
    }
}

impl Wanted for Many {
    type Got = Vec<Mail>;
    fn of(mails: Vec<Mail>) -> Option<Vec<Mail>> {
        Some(mails)
    }
}

impl Wanted for Exactly {
    type Got = Vec<Mail>;
    fn of(mails: Vec<Mail>) -> Option<Vec<Mail>> {
        Some(mails)
    }
}

impl Wanted for Nothing {
    type Got = ();
    fn of(_: Vec<Mail>) -> Option<()> {
        Some(())
    }
}

impl Wait<Exactly> {
    /// How long no further mail may follow the last; half a second when it is not said.
    pub fn settle(mut self, time: Duration) -> Self {
        if let Some(Goal::Exactly { settle, .. }) = self.goal_mut() {
            *settle = time;
        }
        self
    }

    /// Ends early with a mail that matches this query, in the same inbox: all before it have come
    /// by then, so that nothing needs to settle. Say [`since`](crate::testing::Expect::since) with
    /// it.
    pub fn until(self, query: &str) -> Self {
        self.ending_with(query)
    }
}

impl Wait<Nothing> {
    /// Ends early, and well, with a mail that matches this query, in the same inbox: what was not
    /// to come would have come before it. Say [`since`](crate::testing::Expect::since) with it.
    pub fn until(self, query: &str) -> Self {
        self.ending_with(query)
    }
}

impl<G: Wanted> Wait<G> {
    /// Blocks this thread until what is expected came true, or cannot any more. For tests without
    /// an executor; in an async test, `.await` lets others go on.
    ///
    /// # Errors
    /// When it did not come true: why, to be read by a person.
    pub fn wait(self) -> Result<G::Got, ExpectError> {
        block_on(self)
    }
}

impl<G: Wanted> Future for Wait<G> {
    type Output = Result<G::Got, ExpectError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(request) = self.request.take() {
            self.running = Some(request?.begin());
        }
        let Some(running) = &mut self.running else {
            return Poll::Ready(Err(Reason::Stopped.into()));
        };
        // Who would send is gone with the catcher.
        let answer = ready!(Pin::new(&mut running.answer).poll(context));
        let mails = answer.unwrap_or_else(|_| Err(Reason::Stopped.into()));
        self.running = None;
        Poll::Ready(mails.and_then(|mails| G::of(mails).ok_or_else(|| Reason::Stopped.into())))
    }
}

impl<G> Wait<G> {
    /// The first reason counts.
    pub(super) fn refuse(&mut self, reason: Reason) {
        if let Some(request @ Ok(_)) = &mut self.request {
            *request = Err(reason.into());
        }
    }

    fn goal_mut(&mut self) -> Option<&mut Goal> {
        let request = self.request.as_mut()?.as_mut().ok()?;
        Some(&mut request.expectation.goal)
    }

    fn ending_with(mut self, text: &str) -> Self {
        match expect::parse("until", text) {
            Ok(query) => {
                if let Some(Goal::Exactly { until, .. } | Goal::None { until, .. }) =
                    self.goal_mut()
                {
                    *until = Some(query);
                }
            }
            Err(error) => {
                if let Some(request @ Ok(_)) = &mut self.request {
                    *request = Err(error);
                }
            }
        }
        self
    }
}

impl Request {
    fn begin(self) -> Running {
        let Self { store, handle, expectation } = self;
        let (sender, answer) = oneshot::channel();
        let task = handle.spawn(async move {
            // Nobody waits any more when this fails.
            let _ = sender.send(answer_to(&store, expectation).await);
        });
        Running { answer, task: task.abort_handle() }
    }
}

async fn answer_to(store: &Arc<Store>, expectation: Expectation) -> Answer {
    let outcome = waiting::wait(store, &expectation, &Aside).await;
    let bytes = usize::MAX;
    if outcome.verdict != Verdict::Met {
        let store = Arc::clone(store);
        let explain =
            move |gone: GivenUp<'_>| explain::explain(&store, &expectation, &outcome, gone);
        return Err(Reason::Unmet(Aside.read(bytes, explain).await).into());
    }
    let query = expectation.selection.query;
    let read = move |_: GivenUp<'_>| {
        let held = outcome.held.into_iter().rev();
        held.map(|held| {
            let matched = Match::of(query.as_ref(), &held);
            Mail::new(held, matched)
        })
        .collect()
    };
    Ok(Aside.read(bytes, read).await)
}

/// Blocks this thread; also one that runs an executor, which tokio's own way would not.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // On a thread of a runtime it would be asked to let others go first, and they never could.
    let mut future = pin!(coop::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
