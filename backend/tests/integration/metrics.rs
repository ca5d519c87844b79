//! Metrics. Each test starts a process, because servers in one process share their metrics.

use crate::common::{
    ServerProcess,
    games::{batch, hold, is_rejected},
};
use shared::{api::Ticket, rules::Buttons};

/// Starts a server, and has it count events, a rejected game and a problem.
async fn start_with_metrics() -> (ServerProcess, Ticket) {
    let server = ServerProcess::start(&[]).await;
    let mut ticket = server.ticket("Ada").await;
    server.send_ok(&mut ticket, 0, vec![hold(1, Buttons::empty(), 1)]).await;
    server.game_when(&ticket, is_rejected).await;
    server.send(&ticket, &batch(9, vec![hold(0, Buttons::empty(), 1)])).await;
    (server, ticket)
}

#[tokio::test]
async fn metrics_count_events_verdicts_problems_and_requests() {
    let (server, _ticket) = start_with_metrics().await;
    let metrics = server.get_text("/metrics").await;
    for line in [
        "alien_events_received_total 2",
        "alien_events_durable_total 1",
        "alien_events_processed_total 1",
        "alien_games_rejected_total{reason=\"broken_log\"} 1",
        "alien_problems_total{status=\"409\"} 1",
        "alien_behind_seconds 0",
        "alien_lag_seconds_count 1",
        "alien_http_request_seconds_count{method=\"POST\",route=\"/v1/games\",status=\"201\"} 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is missing from\n{metrics}");
    }
}

#[tokio::test]
async fn metrics_have_stable_names_and_types() {
    let (server, _ticket) = start_with_metrics().await;
    let metrics = server.get_text("/metrics").await;
    let mut names: Vec<&str> = metrics.lines().filter(|line| line.starts_with("# ")).collect();
    names.sort_unstable();
    insta::assert_snapshot!(names.join("\n"));
}
