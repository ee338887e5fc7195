//! A catcher inside a Rust test: started on free ports, stopped when dropped.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::runtime::Builder;

use crate::config::Config;
use crate::dialogue::Endpoint;
use crate::message;
use crate::message::Message;
use crate::server::Server;
use crate::server::StartError;
use crate::store::entry::Held;
use crate::store::entry::Seq;
use crate::store::shelf::Page;

/// A catcher of a test's own. Tests that run in parallel each start one and never meet.
#[derive(Debug)]
pub struct Catcher {
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
        Server::start(config).map(|server| Self { server })
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
        self.server.store().page(everything, usize::MAX).into_iter().map(Mail::new).collect()
    }

    /// Waits until at least `count` mails are held and returns them all, or what there is when the
    /// time is up. For senders that work in the background; others need not wait.
    ///
    /// # Errors
    /// When the system gives no thread or timer to wait with.
    pub fn wait_for(&self, count: usize, within: Duration) -> io::Result<Vec<Mail>> {
        let store = self.server.store();
        let mut head = store.watch();
        let arrived =
            async { while store.counts(None).0.total < count && head.changed().await.is_ok() {} };
        // On a thread of its own, because a test may itself run inside a runtime.
        std::thread::scope(|scope| {
            let waiter = std::thread::Builder::new().spawn_scoped(scope, move || {
                let runtime = Builder::new_current_thread().enable_time().build()?;
                runtime.block_on(async { tokio::time::timeout(within, arrived).await.ok() });
                io::Result::Ok(())
            })?;
            waiter.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        Ok(self.mails())
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

/// A caught mail.
#[derive(Clone, Debug)]
pub struct Mail {
    held: Held,
}

impl Mail {
    const fn new(held: Held) -> Self {
        Self { held }
    }

    /// Its name in the API and the web UI.
    pub fn id(&self) -> String {
        self.held.entry.id.to_string()
    }

    /// The address of MAIL FROM.
    pub fn mail_from(&self) -> &str {
        self.held.entry.envelope.mail_from()
    }

    /// The addresses of RCPT TO, Bcc among them.
    pub fn recipients(&self) -> Vec<&str> {
        self.held.entry.envelope.recipients().map(|path| path.address).collect()
    }

    /// The bytes as they were sent.
    pub fn raw(&self) -> &[u8] {
        &self.held.entry.raw
    }

    /// The mail read: headers, addresses, parts, attachments.
    pub fn message(&self) -> Message<'_> {
        message::parse(self.raw())
    }

    /// The decoded subject; empty when there is none.
    pub fn subject(&self) -> String {
        self.message().subject().unwrap_or_default()
    }

    /// The decoded value of the first header of this name.
    pub fn header(&self, name: &str) -> Option<String> {
        self.message().headers().first(name).map(|header| header.value())
    }

    /// What a mail program would show as text; empty when there is none.
    pub fn text(&self) -> String {
        self.message().text().unwrap_or_default()
    }

    /// The HTML a mail program would show.
    pub fn html(&self) -> Option<String> {
        self.message().html()
    }
}
