//! A TCP relay: one address that stays the same while the server behind it is killed and restarted on another port.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// The relay. It closes new connections while it has no target or cannot reach it. Dropping it ends it.
pub struct Relay {
    address: SocketAddr,
    target: Arc<Mutex<Option<SocketAddr>>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts a relay without a target.
    pub async fn start() -> Relay {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = Arc::default();
        let task = tokio::spawn(accept(listener, Arc::clone(&target)));
        Relay { address, target, task }
    }

    /// Sends new connections to `target` from now on.
    pub fn set_target(&self, target: SocketAddr) {
        *self.target.lock().unwrap() = Some(target);
    }

    /// The URL of the relay.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, target: Arc<Mutex<Option<SocketAddr>>>) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let target = *target.lock().unwrap();
        tokio::spawn(async move {
            if let Some(target) = target
                && let Ok(mut server) = TcpStream::connect(target).await
            {
                // Either side may end the connection at any time.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            }
        });
    }
}
