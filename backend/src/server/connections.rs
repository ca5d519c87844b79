//! Connections: accepts them up to a limit, and lets open requests end when the server stops.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower_http::add_extension::AddExtension;

use crate::http::Peer;

/// A client must send the head of each request within this time. A connection may be idle for as long.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The same behind a load balancer, which reuses idle connections for a minute. If the server closed one earlier, a request
/// could be lost.
const PROXY_HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// Requests that are open when the server stops must end within this time.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause after a connection cannot be accepted.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// A listener and the router that handles its requests.
pub struct Connections {
    listener: TcpListener,
    router: Router,
    http: http1::Builder,
    permits: Arc<Semaphore>,
}

/// Connections that are open when the server stops.
pub struct OpenConnections(GracefulShutdown);

impl Connections {
    /// Creates the connections of `listener`: at most `max_connections` at a time, behind `proxies` proxies.
    pub fn new(listener: TcpListener, router: Router, max_connections: usize, proxies: u8) -> Connections {
        let mut http = http1::Builder::new();
        let head_timeout = if proxies > 0 { PROXY_HEAD_TIMEOUT } else { HEAD_TIMEOUT };
        http.timer(TokioTimer::new()).header_read_timeout(head_timeout);
        Connections { listener, router, http, permits: Arc::new(Semaphore::new(max_connections)) }
    }

    /// Accepts connections until `stop` completes, and closes the listener.
    pub async fn accept(self, stop: impl Future<Output = ()>) -> OpenConnections {
        let open = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let (socket, peer, permit) = tokio::select! {
                () = &mut stop => return OpenConnections(open),
                accepted = self.accept_one() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Usually the process has no free file handle. Wait until other connections close.
                        tracing::warn!(%error, "cannot accept a connection; trying again");
                        tokio::time::sleep(RETRY_DELAY).await;
                        continue;
                    }
                },
            };
            self.serve(socket, peer, permit, &open);
        }
    }

    /// Accepts the next connection as soon as fewer than the maximum are open.
    async fn accept_one(&self) -> std::io::Result<(TcpStream, SocketAddr, Option<OwnedSemaphorePermit>)> {
        // The semaphore is never closed.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        let (socket, peer) = self.listener.accept().await?;
        Ok((socket, peer, permit))
    }

    /// Handles the requests of a connection in a task of its own.
    fn serve(
        &self,
        socket: TcpStream,
        peer: SocketAddr,
        permit: Option<OwnedSemaphorePermit>,
        open: &GracefulShutdown,
    ) {
        // Small responses leave at once. The connection also works without this option.
        let _ = socket.set_nodelay(true);
        let service = TowerToHyperService::new(AddExtension::new(self.router.clone(), Peer(peer.ip())));
        let connection = open.watch(self.http.serve_connection(TokioIo::new(socket), service));
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
        });
    }
}

impl OpenConnections {
    /// Waits until open requests have ended, but not longer than [`DRAIN_TIMEOUT`].
    pub async fn drain(self) {
        if tokio::time::timeout(DRAIN_TIMEOUT, self.0.shutdown()).await.is_err() {
            tracing::warn!("some requests did not end within {DRAIN_TIMEOUT:?} and were cut off");
        }
    }
}
