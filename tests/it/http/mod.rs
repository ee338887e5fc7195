//! The HTTP interface, driven over TCP: the router as the server serves it, on a port of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bodies;
mod bulk;
mod client;
mod conformance;
mod create;
mod description;
mod events;
mod expect;
mod guard;
mod inboxes;
mod list;
mod message;
mod sessions;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;

use jiff::Timestamp;
use restante::dialogue::SessionFacts;
use restante::dialogue::record::Part;
use restante::http;
use restante::http::context::Context;
use restante::http::context::HttpOptions;
use restante::http::context::ListenerInfo;
use restante::http::context::ServerInfo;
use restante::message::envelope::EnvelopeBuilder;
use restante::store::Store;
use restante::store::StoreOptions;
use restante::store::entry::Arrival;
use restante::store::entry::Entry;
use restante::store::inboxes::InboxBy;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::watch;

use crate::http::client::Client;

/// A server of its own for each test. Dropping it stops it.
struct TestServer {
    store: Arc<Store>,
    info: Arc<ServerInfo>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    fn start() -> Self {
        Self::with(&HttpOptions::default(), 1 << 30, 100_000)
    }

    fn with(options: &HttpOptions, size_bytes_max: usize, log_weight_max: usize) -> Self {
        let started_at = Timestamp::from_millisecond(1_000).unwrap();
        let store = Arc::new(Store::new(&StoreOptions {
            size_bytes_max,
            log_weight_max,
            started_at,
            seed: 1,
        }));
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let smtp = ListenerInfo {
            address: "127.0.0.1:1025".to_owned(),
            protocol: "smtp",
            tls: "none",
            behind_proxy: false,
        };
        let info = ServerInfo::new(started_at, vec![smtp], vec![address.to_string()]);
        let info = Arc::new(info);
        let (stop, shutdown) = watch::channel(false);
        let context = Context {
            store: Arc::clone(&store),
            inbox_by: InboxBy::default(),
            info: Arc::clone(&info),
            metrics: Arc::default(),
            shutdown,
        };
        let stopped = stop.subscribe();
        let router = http::router(context, options);
        let thread = thread::spawn(move || {
            runtime.block_on(http::serve::serve(listener, router, stopped));
        });
        Self { store, info, address, stop, thread: Some(thread) }
    }

    fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Holds a mail to these recipients.
    fn hold(&self, raw: &str, recipients: &[&str]) -> Arc<Entry> {
        self.file(raw, recipients, &InboxBy::default(), 1_700_000_000_000)
    }

    /// Holds a mail that came at this time and is filed by this.
    fn file(&self, raw: &str, recipients: &[&str], by: &InboxBy, at_ms: i64) -> Arc<Entry> {
        let session = SessionFacts {
            peer: ([127, 0, 0, 1], 40_000).into(),
            listener: ([127, 0, 0, 1], 1025).into(),
            helo: "client.test".into(),
            extended: true,
            tls: None,
            auth: None,
            forwarded: None,
            record: None,
        };
        let mut envelope = EnvelopeBuilder::new("sender@x.test", "SIZE=100 BODY=8BITMIME");
        for recipient in recipients {
            envelope.recipient(recipient, "");
        }
        let envelope = envelope.build();
        let held = self.store.insert(Arrival {
            received_at: Timestamp::from_millisecond(at_ms).unwrap(),
            inboxes: by.inboxes(raw.as_bytes(), &envelope, &session),
            envelope,
            raw: raw.as_bytes().into(),
            session: Arc::new(session),
            said: Part::default(),
        });
        held.expect("the store has room")
    }

    /// Holds so many small mails, with subjects `mail 1`, `mail 2` and so on.
    fn hold_many(&self, count: usize) -> Vec<Arc<Entry>> {
        let one = |number: usize| {
            let raw = format!(
                "From: a@x.test\r\nTo: b@x.test\r\nSubject: mail {number}\r\n\r\nhello\r\n"
            );
            self.hold(&raw, &["b@x.test"])
        };
        (1..=count).map(one).collect()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A mail with text, HTML, an inline picture and attachments.
const FULL: &str = "From: =?utf-8?q?J=C3=BCrgen?= <j@x.test>\r\n\
To: Bob <bob@x.test>, carol@x.test\r\n\
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\
Message-ID: <m1@x.test>\r\n\
Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n\
MIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=a\r\n\
\r\n\
--a\r\n\
Content-Type: multipart/related; boundary=b\r\n\
\r\n\
--b\r\n\
Content-Type: multipart/alternative; boundary=c\r\n\
\r\n\
--c\r\n\
Content-Type: text/plain; charset=utf-8\r\n\
\r\n\
Hello Bob\r\n\
--c\r\n\
Content-Type: text/html; charset=utf-8\r\n\
\r\n\
<p onclick=\"x()\">Hello <b>Bob</b><img src=\"cid:logo@x.test\">\
<img src=\"https://far.test/p.gif\">\
<a href=\"https://x.test/go\">go</a><script>x()</script></p>\r\n\
--c--\r\n\
--b\r\n\
Content-Type: image/png; name=logo.png\r\n\
Content-Transfer-Encoding: base64\r\n\
Content-Id: <logo@x.test>\r\n\
Content-Disposition: inline\r\n\
\r\n\
iVBORw0KGgo=\r\n\
--b--\r\n\
--a\r\n\
Content-Type: text/html; charset=utf-8\r\n\
Content-Disposition: attachment; filename*=UTF-8''M%C3%A4rz.html\r\n\
\r\n\
<script>alert(1)</script>\r\n\
--a--\r\n";
