//! Servers and processors that share the AWS engines: players change servers, and processors are killed and replaced.

use std::{collections::BTreeSet, time::Instant};

use crate::common::{
    ServerProcess,
    aws::LocalAws,
    bots::Bots,
    eventually,
    games::{hold, is_rejected, play_out, wait_for_tick},
    invariants::assert_invariants,
    now,
    processors::{ProcessorProcess, lease_owners, shared_engines, workers},
    read_problem, setting,
};
use backend::engine::{Engines, store::Worker};
use reqwest::StatusCode;
use serde_json::json;
use shared::{
    api::{Seated, SessionView},
    ids::Seq,
    rules::Buttons,
    verdict::Verdict,
};

/// As behind a load balancer that distributes requests in turn, while one of the servers is restarted. Nothing is
/// processed before the end, so no server can read from the tables which events the other has acknowledged.
#[tokio::test]
async fn player_can_change_servers_during_a_game() {
    let aws = LocalAws::start().await;
    let mut servers = [
        ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await,
        ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await,
    ];
    let mut ticket = servers[0].ticket("Nomad").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    wait_for_tick(&ticket, game.state().tick).await;
    let count = events.len();
    for (number, event) in events.into_iter().enumerate() {
        if number == count / 2 {
            servers[0].kill_and_restart().await;
        }
        let ack = servers[number % 2].send_ok(&mut ticket, number as u32, vec![event]).await;
        assert_eq!(ack.next_seq, Seq(number as u32 + 1));
    }
    let _processor = ProcessorProcess::start(aws.url());
    for server in &servers {
        let view = server.processed_game(&ticket, count as u32).await;
        assert_eq!((view.verdict, view.hash), (Verdict::Verified, Some(game.state().hash())));
        assert_eq!(server.standings().await.standings[0].standing.game, ticket.game);
    }
}

#[tokio::test]
async fn session_is_the_same_on_all_servers() {
    let aws = LocalAws::start().await;
    let one = ServerProcess::start_on_aws(aws.url(), &[]).await;
    let other = ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await;
    let manager = one.sign_in_manager().await;
    let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 1, "synchronised": true});
    let session = one.open_session(&manager, plan).await;
    let guest: Seated = other.seat_guest(&session, "Guest").await;
    let (status, problem) = read_problem(one.join(&session, None, "Late").await).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem:?}");
    let started = one.move_session(&manager, &session, json!({"move": "start"})).await;
    let seen: SessionView = other.get(&format!("/v1/sessions/{}", session.session)).await;
    assert_eq!(seen.stage, started.stage);
    let ticket = other.session_ticket(&session, &guest.player_token.unwrap()).await;
    assert!(ticket.started_at > now(), "the game starts at the common start");
}

#[tokio::test]
async fn server_without_processor_reports_the_events_of_all_processors() {
    let aws = LocalAws::start().await;
    let server = ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await;
    let manager = server.sign_in_manager().await;
    let mut events_sent = 0;
    // The second processor takes over from the first, which is killed.
    for nickname in ["Ada", "Bo"] {
        let _processor = ProcessorProcess::start(aws.url());
        let mut ticket = server.ticket(nickname).await;
        let (events, game) = play_out(&ticket, Buttons::FIRE);
        wait_for_tick(&ticket, game.state().tick).await;
        events_sent += events.len() as u64;
        server.send_ok(&mut ticket, 0, events).await;
        let flow = server.event_flow_after(&manager, events_sent).await;
        assert_eq!((flow.events, flow.rejected), (events_sent, 0));
        assert!(flow.lag_millis > 0);
    }
    let _processor = ProcessorProcess::start(aws.url());
    let mut cheat = server.ticket("Cy").await;
    server.send_ok(&mut cheat, 0, vec![hold(1, Buttons::FIRE, 1)]).await;
    server.game_when(&cheat, is_rejected).await;
    let flow = server.event_flow_after(&manager, events_sent + 1).await;
    assert_eq!((flow.events, flow.rejected), (events_sent + 1, 1));
}

/// `ALIEN_BOTS` and `ALIEN_KILLS` set the number of bots and of killed processors.
#[tokio::test(flavor = "multi_thread")]
async fn killed_processors_are_replaced_and_no_event_is_lost_or_counted_twice() {
    let (bots, kills) = (setting("ALIEN_BOTS", 50), setting("ALIEN_KILLS", 2));
    let aws = LocalAws::start().await;
    let mut server = ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await;
    let engines = shared_engines(&aws.config()).await;
    let mut processors = vec![ProcessorProcess::start(aws.url()), ProcessorProcess::start(aws.url())];
    let mut seen = workers(&*engines.store, 2).await;
    let running = Bots::start(server.url.clone(), bots);
    for _ in 0..kills {
        drop(processors.remove(0));
        let killed = Instant::now();
        processors.push(ProcessorProcess::start(aws.url()));
        seen.extend(wait_for_new_worker(&engines, &seen).await);
        println!("a new processor holds leases {:.1?} after a kill", killed.elapsed());
    }
    let report = running.stop().await;
    assert!(server.stop().await.success());
    drop(processors);
    assert_invariants(&engines, &report).await;
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
}

/// Waits until two workers hold the leases, and one of them is not among `seen`. Returns both.
async fn wait_for_new_worker(engines: &Engines, seen: &BTreeSet<Worker>) -> BTreeSet<Worker> {
    eventually("a new worker takes over leases", async || {
        let owners = lease_owners(&*engines.store).await;
        if owners.len() == 2 && !owners.is_subset(seen) { Ok(owners) } else { Err(format!("{owners:?}")) }
    })
    .await
}
