//! Live updates for many viewers: all of them get each change, and the server computes it once for all.

use std::time::{Duration, Instant};

use crate::common::{Api, LIMIT, ServerProcess, eventually_true};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

/// As many viewers as the test process may have connections, but not more than this.
const MAX_VIEWERS: usize = 2_000;
/// With fewer viewers the test proves nothing.
const MIN_VIEWERS: usize = 500;
/// The time over which computations are counted.
const MEASURED_TIME: Duration = Duration::from_secs(2);
/// The server computes live updates at most this often.
const MAX_COMPUTATIONS_PER_SECOND: f64 = 4.0;

/// Opens the live updates without an HTTP client, because thousands of clients would dominate the test.
async fn watch(authority: &str) -> std::io::Result<TcpStream> {
    let mut viewer = TcpStream::connect(authority).await?;
    let request = format!("GET /v1/live HTTP/1.1\r\nhost: {authority}\r\naccept: text/event-stream\r\n\r\n");
    viewer.write_all(request.as_bytes()).await?;
    Ok(viewer)
}

async fn read_until(viewer: &mut TcpStream, text: &str) {
    let (mut seen, mut chunk) = (String::new(), [0; 4096]);
    while !seen.contains(text) {
        let read = viewer.read(&mut chunk).await.unwrap();
        assert!(read > 0, "the live updates ended");
        seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
}

/// Lets all viewers read until each has seen `text`.
async fn all_read_until(viewers: Vec<TcpStream>, text: &'static str) -> Vec<TcpStream> {
    let mut reads = JoinSet::new();
    for mut viewer in viewers {
        reads.spawn(async move {
            read_until(&mut viewer, text).await;
            viewer
        });
    }
    tokio::time::timeout(LIMIT, reads.join_all()).await.expect("not all viewers got the change")
}

/// How often the server has computed live updates.
async fn computations(server: &Api) -> u64 {
    let metrics = server.get_text("/metrics").await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("alien_scenes_total "));
    line.expect("the metric is missing").parse().unwrap()
}

/// The server is a process: it has its own metrics, and its own limit of open files.
#[tokio::test]
async fn updates_are_computed_once_for_thousands_of_viewers() {
    let server = ServerProcess::start(&[]).await;
    let mut viewers = Vec::new();
    while viewers.len() < MAX_VIEWERS
        && let Ok(viewer) = watch(server.authority()).await
    {
        viewers.push(viewer);
    }
    let count = viewers.len();
    assert!(count >= MIN_VIEWERS, "this process may open only {count} connections; raise its limit of open files");

    server.ticket("Newcomer").await;
    let viewers = all_read_until(viewers, "Newcomer").await;

    let started = Instant::now();
    let before = computations(&server).await;
    tokio::time::sleep(MEASURED_TIME).await;
    let computed = computations(&server).await - before;
    // One more may fall on each end of the time.
    let most = started.elapsed().as_secs_f64() * MAX_COMPUTATIONS_PER_SECOND + 2.0;
    println!("{count} viewers; {computed} computations in {:.1?}", started.elapsed());
    assert!(computed as f64 <= most, "{computed} computations; at most {most:.0} are allowed");
    eventually_true("updates are computed while somebody watches", async || computations(&server).await > before).await;
    drop(viewers);
}

#[tokio::test]
async fn viewers_get_changes_and_are_counted() {
    let server = ServerProcess::start(&[]).await;
    let mut viewers = Vec::new();
    for _ in 0..3 {
        viewers.push(server.client.get(format!("{}/v1/live", server.url)).send().await.unwrap());
    }
    server.ticket("Newcomer").await;
    for viewer in &mut viewers {
        assert_eq!(viewer.headers()["content-type"], "text/event-stream");
        let mut seen = String::new();
        let read = async {
            while !seen.contains("Newcomer") {
                let chunk = viewer.chunk().await.unwrap().expect("the live updates ended");
                seen.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(LIMIT, read).await.expect("no update came");
        assert!(seen.contains("event: standings\ndata: {"));
    }
    let metrics = server.get_text("/metrics").await;
    assert!(metrics.lines().any(|line| line == "alien_viewers 3"), "{metrics}");
}
