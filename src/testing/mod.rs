//! A catcher inside a Rust test: started on free ports, stopped when dropped.
//!
//! In reading order: [`Catcher`] is one, [`Expect`] says which mail is expected, [`Wait`] waits for
//! it, and brings a [`Mail`] or an [`ExpectError`] that says what came instead.

mod error;
mod expect;
mod mail;
mod wait;
mod waiters;

use std::net::SocketAddr;

use crate::config::Config;
use crate::dialogue::Endpoint;
use crate::expect::matches::Match;
use crate::server::Server;
use crate::server::StartError;
use crate::store::cursor::Cursor;
use crate::store::entry::Seq;
use crate::store::shelf::Page;
pub use crate::testing::error::ExpectError;
pub use crate::testing::expect::Expect;
pub use crate::testing::mail::Attachment;
pub use crate::testing::mail::Mail;
pub use crate::testing::wait::Exactly;
pub use crate::testing::wait::Many;
pub use crate::testing::wait::Nothing;
pub use crate::testing::wait::One;
pub use crate::testing::wait::Wait;
pub use crate::testing::wait::Wanted;
use crate::testing::waiters::Waiters;

/// A catcher of a test's own. Tests that run in parallel each start one and never meet.
#[derive(Debug)]
pub struct Catcher {
    // Dropped first: whoever waits is told.
    waiters: Waiters,
    server: Server,
}

impl Catcher {
    /// Starts a catcher on free loopback ports.
    ///
    /// # Errors
    /// When the system gives no port or thread.
    pub fn start() -> Result<Self, StartError> {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let config =
            Config { smtp: vec![any_port.into()], http: vec![any_port], ..Config::default() };
        Self::with(&config)
    }

    /// Starts a catcher of one's own making.
    ///
    /// # Errors
    /// When an address cannot be bound or the system gives no thread.
    pub fn with(config: &Config) -> Result<Self, StartError> {
        let server = Server::start(config)?;
        let waiters = Waiters::start().map_err(StartError::System)?;
        Ok(Self { waiters, server })
    }

    /// Where the application under test sends its mail.
    ///
    /// # Panics
    /// When the catcher was made without an SMTP listener on an address of IP.
    pub fn smtp_address(&self) -> SocketAddr {
        let addresses = self.server.addresses().smtp.iter();
        let mut of_ip = addresses.filter_map(Endpoint::address);
        of_ip.next().expect("the catcher has an SMTP listener on an address of IP")
    }

    /// The address of the API and the web UI, such as `http://127.0.0.1:41025`.
    ///
    /// # Panics
    /// When the catcher was made without an HTTP listener.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.addresses().http[0])
    }

    /// Every mail held, oldest first. A mail is here before its sender reads the `250`.
    pub fn mails(&self) -> Vec<Mail> {
        let everything = Page::Ascending(0, Seq::MAX);
        let held = self.server.store().page(everything, usize::MAX).into_iter();
        held.map(|held| Mail::new(held, Match::default())).collect()
    }

    /// Expects mail that this [query](crate::query) matches, such as
    /// `to:bob@x.test subject:"Your order"`; an empty one matches every mail.
    ///
    /// A mail that came already is found at once, and one that comes ends the wait in that moment.
    /// When none does, the error says what came instead:
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
    /// # send(&catcher, "To: ada@x.test\r\nSubject: Welcom to Acme\r\n\r\nhi")?;
    /// use std::time::Duration;
    ///
    /// let error = catcher
    ///     .expect("to:ada@x.test subject:Welcome")
    ///     .within(Duration::ZERO)
    ///     .one()
    ///     .wait()
    ///     .unwrap_err();
    /// let report = error.to_string();
    /// assert!(report.starts_with("No mail to ada@x.test with subject containing \"Welcome\""));
    /// assert!(report.contains("subject \"Welcom to Acme\" (1 letter off)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expect(&self, query: &str) -> Expect {
        Expect::new(self.server.store(), self.waiters.handle(), query)
    }

    /// The present moment. Take it before the application sends, and mail from before does not
    /// count: [`Expect::since`].
    pub fn cursor(&self) -> Cursor {
        self.server.store().cursor()
    }

    /// Forgets every mail held.
    pub fn clear(&self) {
        let store = self.server.store();
        store.clear(store.cursor().number);
    }

    /// The server behind it.
    pub const fn server(&self) -> &Server {
        &self.server
    }
}
