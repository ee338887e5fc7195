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
//! use std::io::Write;
//! use std::net::TcpStream;
//! use std::time::Duration;
//!
//! use restante::testing::Catcher;
//!
//! let catcher = Catcher::start()?;
//!
//! // The application under test is given `catcher.smtp_address()` and sends its mail:
//! let mut smtp = TcpStream::connect(catcher.smtp_address())?;
//! smtp.write_all(
//!     b"HELO app.test\r\nMAIL FROM:<app@app.test>\r\nRCPT TO:<ada@customer.test>\r\nDATA\r\n\
//!       Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nYour code is 481 516.\r\n.\r\nQUIT\r\n",
//! )?;
//!
//! let mails = catcher.wait_for(1, Duration::from_secs(5))?;
//! assert_eq!(mails[0].subject(), "Grüße");
//! assert_eq!(mails[0].recipients(), ["ada@customer.test"]);
//! assert!(mails[0].text().contains("481 516"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
