//! restante catches the mail that local applications send, holds it in memory, and shows it.
//!
//! The modules, in the order a mail meets them:
//!
//! * [`net`], [`smtp`]: accept it. [`dialogue`]: what was said.
//! * [`store`]: holds it, and numbers every change.
//! * [`message`]: what it is, read from its bytes when somebody looks.
//! * [`query`]: the one language to search, wait and assert in.
//! * [`expect`]: waits for mail, and says why it did not come.
//! * [`http`]: shows it, through the API and in the web UI.
//! * [`config`], [`server`]: bind all of this and run it. [`metrics`]: counts what happened.
//! * [`testing`]: the same in a Rust test.
//!
//! # A catcher in a test
//!
//! ```
//! use restante::testing::Catcher;
//! # fn sign_up(address: &str, smtp: std::net::SocketAddr) -> std::io::Result<()> {
//! #     use std::io::Write;
//! #     let mut smtp = std::net::TcpStream::connect(smtp)?;
//! #     write!(
//! #         smtp,
//! #         "HELO app.test\r\nMAIL FROM:<app@app.test>\r\nRCPT TO:<{address}>\r\nDATA\r\n\
//! #          To: {address}\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n\
//! #          Your code is 481 516. Or go to https://app.test/confirm?token=k3y\r\n.\r\nQUIT\r\n"
//! #     )
//! # }
//!
//! let catcher = Catcher::start()?;
//!
//! // The application under test is told where its mail goes, and sends it, maybe later:
//! sign_up("ada@customer.test", catcher.smtp_address())?;
//!
//! let mail = catcher.expect("to:ada@customer.test").one().wait()?;
//! assert_eq!(mail.subject(), "Grüße");
//! assert_eq!(mail.code().as_deref(), Some("481516"));
//! assert_eq!(mail.main_link().as_deref(), Some("https://app.test/confirm?token=k3y"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In an async test it is `.one().await?`, on any executor. When no such mail comes, the error says
//! what came instead: [`testing::Catcher::expect`].

pub mod config;
pub mod dialogue;
pub mod expect;
pub mod http;
pub mod message;
pub mod metrics;
pub mod net;
pub mod query;
pub mod server;
pub mod smtp;
pub mod store;
pub mod testing;
