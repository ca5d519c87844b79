//! A hall full of viewers: all see each change, and it is computed once for all of them.

use std::time::Duration;

use crate::common::TestServer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// As many as this process may have connections, at most this many.
const VIEWERS: usize = 2_000;
/// A process that may have fewer connections than this is not fit to run a server either.
const FEWEST: usize = 500;
/// For how long computations are counted, and how many fit into that.
const COUNTED: Duration = Duration::from_secs(2);
const MOST_COMPUTED: u64 = 8 + 2;

/// Opens the live updates by hand: thousands of HTTP clients would measure those.
async fn watch(address: &str) -> std::io::Result<TcpStream> {
    let mut viewer = TcpStream::connect(address).await?;
    let request = format!("GET /v1/live HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n\r\n");
    viewer.write_all(request.as_bytes()).await?;
    Ok(viewer)
}

async fn read_until(viewer: &mut TcpStream, wanted: &str) {
    let (mut seen, mut chunk) = (String::new(), [0; 4096]);
    while !seen.contains(wanted) {
        let read = viewer.read(&mut chunk).await.unwrap();
        assert!(read > 0, "the live updates ended");
        seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
}

async fn computed(server: &TestServer) -> u64 {
    let metrics = server.client.get(format!("{}/metrics", server.url)).send().await.unwrap().text().await.unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix("alien_scenes_total "));
    line.unwrap_or_default().parse().unwrap_or_default()
}

#[tokio::test]
async fn two_thousand_viewers_cost_one_computation_a_tick() {
    let server = TestServer::start(&[]);
    let address = server.url.strip_prefix("http://").unwrap().replace("localhost", "127.0.0.1");
    let mut viewers = Vec::new();
    while viewers.len() < VIEWERS
        && let Ok(viewer) = watch(&address).await
    {
        viewers.push(viewer);
    }
    assert!(viewers.len() >= FEWEST, "only {} connections were allowed", viewers.len());
    let count = viewers.len();

    server.ticket("Newcomer").await;
    let mut reads = JoinSet::new();
    for mut viewer in viewers {
        reads.spawn(async move {
            read_until(&mut viewer, "Newcomer").await;
            viewer
        });
    }
    let viewers = tokio::time::timeout(Duration::from_secs(30), reads.join_all()).await.expect("all see it in time");

    let before = computed(&server).await;
    tokio::time::sleep(COUNTED).await;
    let after = computed(&server).await;
    println!("{count} viewers; {} computations in {COUNTED:?}", after - before);
    assert!((1..=MOST_COMPUTED).contains(&(after - before)), "{before} and {after}");
    drop(viewers);
}
