//! Serves a router on a listener, with the limits of a connection. Knows no route.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::sync::watch;

use crate::http::context::Ends;
use crate::net::accept::accept;

/// Serves until `stop` turns true; then requests under way have [`GRACE`] to end.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut stopped = pin!(stop.wait_for(|stop| *stop));
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    protocol.max_buf_size(HEAD_BYTES_MAX);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            biased;
            _ = &mut stopped => break,
            next = next => next,
        };
        // A socket without an address of its own is closed already.
        let Ok(listener) = stream.local_addr() else { continue };
        let ends = Ends { peer, listener };
        let router = TowerToHyperService::new(router.clone());
        let service = service_fn(move |mut request| {
            request.extensions_mut().insert(ends);
            router.call(request)
        });
        let connection = protocol.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = connection.await {
                tracing::debug!(%error, "an HTTP connection broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::debug!("closing HTTP connections that did not end in time");
    }
}

/// Connections open at a time, event streams among them; further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 4_096;

/// A request's head must be complete within this time, and an idle connection is closed after it.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// A request's head, in bytes. Refuses with 431.
const HEAD_BYTES_MAX: usize = 64 * 1_024;

/// How long requests under way may take after the stop.
const GRACE: Duration = Duration::from_secs(2);
