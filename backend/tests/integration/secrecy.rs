//! Secrecy of button logs: the public gets the buttons of a game only some time after they were played.

use crate::common::{
    TestServer, eventually,
    games::{hold, play_out, wait_for_tick},
    now,
};
use reqwest::{Method, StatusCode, header};
use serde_json::json;
use shared::{
    api::{GameReplay, Ticket},
    rules::Buttons,
    session::SessionId,
    time::{Tick, Timestamp},
};

/// The delay of the servers in these tests, as the setting and in milliseconds.
const DELAY_FLAGS: [&str; 2] = ["--replay-delay", "2"];
const DELAY_MILLIS: u64 = 2_000;

/// Asserts that all ticks of a public log were due before the delay.
fn assert_old(ticket: &Ticket, public: &GameReplay, now: Timestamp) {
    let ticks = public.replay.log.ticks();
    let last_due = ticket.started_at.after_millis(Tick(ticks).millis());
    assert!(ticks == 0 || last_due.after_millis(DELAY_MILLIS) <= now, "{ticks} ticks are public at {now:?}");
}

/// Waits until the public gets `ticks` ticks of the game.
async fn public_replay_with(server: &TestServer, ticket: &Ticket, ticks: u32) -> GameReplay {
    eventually(&format!("{ticks} ticks are public"), async || {
        let public = server.replay(ticket.game, None).await;
        if public.replay.log.ticks() >= ticks { Ok(public) } else { Err(format!("{public:?}")) }
    })
    .await
}

#[tokio::test]
async fn only_the_player_managers_and_viewers_get_a_live_game_without_delay() {
    let server = TestServer::start(&DELAY_FLAGS).await;
    let manager = server.sign_in_manager().await;
    let session = server.create_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let viewer = server.viewer_token(&manager, SessionId::OPEN_PLAY).await;
    let other_viewer = server.viewer_token(&manager, session.session).await;
    let other_player = server.ticket("Mallory").await.player_token;
    let mut ticket = server.ticket("Ada").await;
    wait_for_tick(&ticket, Tick(240)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)]).await;
    server.processed_game(&ticket, 2).await;

    for token in [&ticket.player_token, &manager.access_token, &viewer] {
        let whole = server.replay(ticket.game, Some(token)).await;
        assert_eq!((whole.replay.log.ticks(), whole.delay_seconds), (240, 0));
    }
    for token in [None, Some(other_player.as_str()), Some(other_viewer.as_str())] {
        let public = server.replay(ticket.game, token).await;
        assert_eq!(public.delay_seconds, 2);
        assert!(public.replay.log.ticks() < 240, "{token:?} gets the newest buttons");
        assert_old(&ticket, &public, now());
    }
    public_replay_with(&server, &ticket, 240).await;
}

#[tokio::test]
async fn a_mirror_that_polls_a_live_game_stays_behind_it() {
    let server = TestServer::start(&DELAY_FLAGS).await;
    let mut ticket = server.ticket("Ada").await;
    server.processed_game(&ticket, 0).await;
    let mut most = 0;
    for event in 0..40 {
        let tick = event * 6;
        wait_for_tick(&ticket, Tick(tick + 6)).await;
        server.send_ok(&mut ticket, event, vec![hold(tick, Buttons::LEFT, 6)]).await;
        let public = server.replay(ticket.game, None).await;
        assert_old(&ticket, &public, now());
        most = most.max(public.replay.log.ticks());
    }
    assert!(most > 0, "the public sees the beginning of the game while it is played");
    public_replay_with(&server, &ticket, 240).await;
}

#[tokio::test]
async fn a_finished_game_is_whole_for_its_player_at_once() {
    let server = TestServer::start_short().await;
    let mut ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    let count = events.len() as u32;
    wait_for_tick(&ticket, game.state().tick).await;
    server.send_ok(&mut ticket, 0, events).await;
    let view = server.processed_game(&ticket, count).await;

    let own = server.replay(ticket.game, Some(&ticket.player_token)).await;
    assert_eq!((Some(own.replay.run().hash()), own.delay_seconds), (view.hash, 0));
    let public = server.replay(ticket.game, None).await;
    let hidden = view.tick.0 - public.replay.log.ticks();
    assert!(public.delay_seconds == 30 && hidden > 0, "{public:?}");
}

#[tokio::test]
async fn an_invalid_token_is_rejected_and_no_cache_keeps_a_replay() {
    let server = TestServer::start(&DELAY_FLAGS).await;
    let ticket = server.ticket("Ada").await;
    server.processed_game(&ticket, 0).await;
    let path = format!("/v1/games/{}/replay", ticket.game);
    for token in ["nonsense", &ticket.game_token] {
        let refused = server.request(Method::GET, &path, Some(token), None).await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    }
    let response = server.request(Method::GET, &path, None, None).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "private, no-cache");
    assert!(response.headers().get_all(header::VARY).iter().any(|value| value == "authorization"));
}

#[tokio::test]
async fn viewer_tokens_exist_only_for_existing_sessions() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let path = "/v1/sessions/00c0ffee00c0ffee/viewer-tokens";
    let response = server.request(Method::POST, path, Some(&manager.access_token), None).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}
