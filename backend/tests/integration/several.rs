//! Several processes that share everything on a local AWS: players turn from one server to another, and processors come
//! and are killed.

use std::time::{Duration, Instant};

use crate::common::{
    TestServer,
    aws::LocalAws,
    hold, is_rejected, play_out, problem, setting,
    sharing::{PATIENCE, ProcessorProcess, engines, workers},
    truth, until_playable,
};
use reqwest::StatusCode;
use serde_json::json;
use shared::{
    api::{Seated, SessionView, Ticket},
    ids::Seq,
    rules::Buttons,
    verdict::Verdict,
};
use tokio::sync::oneshot;
use tools::load::{self, Options};

/// As behind a load balancer that hands requests out one by one, one of whose servers starts anew meanwhile. Nothing is
/// processed until the end, so no server can know from the tables what the other has taken.
#[tokio::test]
async fn a_player_may_turn_from_one_server_to_another_in_the_middle_of_a_game() {
    let aws = LocalAws::start();
    let mut servers = [(); 2].map(|()| TestServer::start_on_aws(aws.url(), &["--no-process"]));
    let mut ticket = servers[0].ticket("Nomad").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    until_playable(&ticket, game.state().tick).await;
    let count = events.len();
    for (number, event) in events.into_iter().enumerate() {
        if number == count / 2 {
            servers[0].kill_and_restart();
        }
        let ack = servers[number % 2].send_ok(&mut ticket, number as u32, vec![event]).await;
        assert_eq!(ack.next_seq, Seq(number as u32 + 1));
    }
    let _processor = ProcessorProcess::start(aws.url());
    for server in &servers {
        let view = server.game_at(&ticket, count as u32).await;
        assert_eq!((view.verdict, view.hash), (Verdict::Verified, game.state().hash()));
        assert_eq!(server.standings().await.standings[0].standing.game, ticket.game);
    }
}

#[tokio::test]
async fn a_session_is_one_on_all_servers() {
    let aws = LocalAws::start();
    let one = TestServer::start_on_aws(aws.url(), &[]);
    let other = TestServer::start_on_aws(aws.url(), &["--no-process"]);
    let manager = one.manager().await;
    let plan = json!({"name": "Cup", "kind": {"time_constrained": {"minutes": 5}}, "seats": 1, "synchronised": true});
    let session = one.open_session(&manager, plan).await;
    let guest: Seated = other.join(&session, None, "Guest").await.json().await.unwrap();
    let (status, full) = problem(one.join(&session, None, "Late").await).await;
    assert_eq!(status, StatusCode::CONFLICT, "{full:?}");
    // Started on one, it begins at the same instant for who plays on the other.
    let started = one.act(&manager, &session, json!({"move": "start"})).await;
    let seen: SessionView = other.get(&format!("/v1/sessions/{}", session.session)).await;
    assert_eq!(seen.stage, started.stage);
    let tickets: Ticket = other.session_ticket(&session, &guest.player_token.unwrap()).await.json().await.unwrap();
    assert!(tickets.started_at > backend::clock::now(), "it begins at the common start");
}

#[tokio::test]
async fn a_server_that_processes_nothing_tells_what_has_passed_elsewhere_once() {
    let aws = LocalAws::start();
    let server = TestServer::start_on_aws(aws.url(), &["--no-process"]);
    let manager = server.manager().await;
    let mut progress = 0;
    // The second processor takes over from the first, which is killed.
    for nickname in ["Ada", "Bo"] {
        let _processor = ProcessorProcess::start(aws.url());
        let mut ticket = server.ticket(nickname).await;
        let (events, game) = play_out(&ticket, Buttons::FIRE);
        until_playable(&ticket, game.state().tick).await;
        progress += events.len() as u64;
        server.send_ok(&mut ticket, 0, events).await;
        let flow = server.flow_of(&manager, progress).await;
        assert_eq!((flow.events, flow.rejected), (progress, 0));
        assert!(flow.lag_millis > 0);
    }
    let _processor = ProcessorProcess::start(aws.url());
    let mut cheat = server.ticket("Cy").await;
    server.send_ok(&mut cheat, 0, vec![hold(0, Buttons::FIRE, 6_000)]).await;
    server.game_when(&cheat, is_rejected).await;
    let flow = server.flow_of(&manager, progress + 1).await;
    assert_eq!((flow.events, flow.rejected), (progress + 1, 1));
}

/// ALIEN_BOTS and ALIEN_KILLS set how many play, and how often a processor is killed.
#[tokio::test(flavor = "multi_thread")]
async fn processors_are_killed_and_others_take_over_and_nothing_is_lost_or_counted_twice() {
    let (bots, kills) = (setting("ALIEN_BOTS", 50), setting("ALIEN_KILLS", 2));
    let aws = LocalAws::start();
    let mut server = TestServer::start_on_aws(aws.url(), &["--no-process"]);
    let engines = engines(&aws.config()).await;
    let mut processors = vec![ProcessorProcess::start(aws.url()), ProcessorProcess::start(aws.url())];
    workers(&*engines.store, 2).await;
    let options =
        Options { url: server.url.clone(), join: None, players: bots, seconds: 24 * 60 * 60, watch: false, seed: 0 };
    let (stop, stopped) = oneshot::channel::<()>();
    let swarm = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap_or_default() };
        load::run(&options, stopped).await.unwrap()
    });
    let mut seen = workers(&*engines.store, 2).await;
    for _ in 0..kills {
        drop(processors.remove(0));
        let killed = Instant::now();
        processors.push(ProcessorProcess::start(aws.url()));
        // Until whoever is gone is missed and the new one has its part.
        while workers(&*engines.store, 2).await.is_subset(&seen) {
            assert!(killed.elapsed() < PATIENCE, "nobody takes over");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        seen.extend(workers(&*engines.store, 2).await);
        println!("after a kill the shards are processed by others within {:.1?}", killed.elapsed());
    }
    stop.send(()).unwrap();
    let report = swarm.await.unwrap();
    assert!(tokio::task::block_in_place(|| server.stop()).success());
    drop(processors);
    truth::assert_holds(&engines, &report).await;
    assert_eq!(
        engines.store.dead_letters(9).await.unwrap(),
        [],
        "what is handed over is not taken for what is missing"
    );
}
