//! Sessions through the API: seats, stages, results and moderation.

use std::time::Instant;

use crate::common::{
    Api, ServerProcess, TestServer, eventually,
    games::{hold, wait_until},
    now, read_problem,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{Clock, GameView, ProblemCode, Seated, SessionGames, SessionView, Sessions, Standings, Ticket, Tokens},
    clock::{CLOCK_SAMPLES, ClockSample, clock_offset},
    ids::GameId,
    rules::Buttons,
    session::{GRACE_MILLIS, START_DELAY_MILLIS, Stage},
    tuning::Tuning,
};
use tokio::task::JoinSet;
use tools::load::{self, Options};

#[tokio::test]
async fn join_is_refused_when_all_seats_are_taken() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials", "seats": 2})).await;
    let ada = server.seat_guest(&session, "Ada").await;
    server.seat_guest(&session, "Bo").await;
    let (status, problem) = read_problem(server.join(&session, None, "Cy").await).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::SeatsTaken));
    let (status, problem) = read_problem(server.join(&session, ada.player_token.as_deref(), "bo").await).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::NicknameTaken));
    // A player who leaves frees a seat.
    let path = format!("/v1/sessions/{}/seats/mine", session.session);
    let left = server.request(Method::DELETE, &path, ada.player_token.as_deref(), None).await;
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
    server.seat_guest(&session, "Cy").await;
}

#[tokio::test]
async fn a_thousand_concurrent_requests_fill_150_seats() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Rush", "kind": "single_trial", "seats": 150});
    let session = server.open_session(&manager, plan).await;
    let started = Instant::now();
    let mut joins = JoinSet::new();
    for player in 0..1000 {
        let (client, url) = (server.client.clone(), server.url.clone());
        let path = format!("{url}/v1/sessions/{}/seats", session.session);
        let request = json!({"nickname": format!("Player {player}")});
        joins.spawn(async move { client.post(path).json(&request).send().await.unwrap().status() });
    }
    let statuses = joins.join_all().await;
    let time = started.elapsed();
    let count = |status| statuses.iter().filter(|got| **got == status).count();
    let (seated, refused) = (count(StatusCode::OK), count(StatusCode::CONFLICT));
    println!("1000 requests for 150 seats in {time:.1?}: {seated} seated, {refused} refused");
    assert_eq!((seated, refused), (150, 850));
    let seats = server.seats(&manager, &session).await;
    assert_eq!(seats.iter().filter(|seat| seat.present).count(), 150);
}

#[tokio::test]
async fn bots_fill_the_seats_and_report_how_many_were_refused() {
    let server = TestServer::start_short().await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Rehearsal", "kind": "single_trial", "seats": 3});
    let session = server.open_session(&manager, plan).await;
    let options = Options {
        url: server.url.clone(),
        join: Some(session.code),
        players: 8,
        seconds: 6,
        watch: true,
        seed: 0,
        nicknames: Vec::new(),
    };
    let report = load::run(&options, std::future::pending()).await.unwrap();
    println!("{report}");
    assert_eq!((report.players, report.games.len()), (3, 3));
    let refused: Vec<u32> = report.refused.values().copied().collect();
    assert_eq!(refused, [5], "{:?}", report.refused);
    assert_eq!(report.failures(), 0, "{:?}", report.errors);
}

#[tokio::test]
async fn plan_decides_who_may_join_and_how_often_they_play() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Members", "kind": "single_trial", "guests": false});
    let planned = server.create_session(&manager, plan).await;
    let (status, problem) = read_problem(server.join(&planned, None, "Early").await).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::WrongStage));
    let for_managers: Sessions = server.call(Method::GET, "/v1/sessions", Some(&manager.access_token), None).await;
    let for_players: Sessions = server.get("/v1/sessions").await;
    let counts = (for_managers.sessions.len(), for_players.sessions.len());
    assert_eq!(counts, (1, 0), "only managers see a planned session");

    let session = server.move_session(&manager, &planned, json!({"move": "open"})).await;
    let (status, problem) = read_problem(server.join(&session, None, "Guest").await).await;
    assert_eq!((status, problem.code), (StatusCode::FORBIDDEN, ProblemCode::Forbidden));
    let found: SessionView = server.get(&format!("/v1/codes/{}", session.code)).await;
    assert_eq!(found.session, session.session);

    let ada = server.register("Ada").await;
    assert_eq!(server.join(&session, Some(&ada.access_token), "Ada").await.status(), StatusCode::OK);
    let mut ticket: Ticket = server.session_ticket(&session, &ada.access_token).await;
    assert_eq!(ticket.player, ada.player);
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 1)]).await;
    let (status, problem) = read_problem(server.request_session_ticket(&session, &ada.access_token).await).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::NoAttemptLeft));
}

#[tokio::test]
async fn session_is_played_with_the_tuning_of_its_plan() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let address = format!("{}/v1/tuning", server.url);
    let check = async |text: &'static str| {
        server.client.post(&address).bearer_auth(&manager.access_token).body(text).send().await.unwrap()
    };
    let (status, problem) = read_problem(check("bombrate = 1\nship_speed = 9000").await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem.detail.contains("bombrate") && problem.detail.contains("ship_speed is 9000"), "{}", problem.detail);
    let tuning: Tuning = check("name = \"fast\"\nship_speed = 200").await.json().await.unwrap();

    let plan = json!({"name": "Fast cup", "kind": "multiple_trials", "tuning": tuning});
    let session = server.open_session(&manager, plan).await;
    assert_eq!(session.tuning_name, "fast");
    let ada = server.seat_guest(&session, "Ada").await;
    let ticket = server.session_ticket(&session, &ada.player_token.unwrap()).await;
    assert_eq!(ticket.tuning_hash, tuning.hash());
    let open_play = server.ticket("Bo").await;
    assert_eq!(open_play.tuning.name, "arcade");
}

#[tokio::test]
async fn synchronised_session_starts_at_one_instant() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Race", "kind": {"time_constrained": {"minutes": 1}}, "synchronised": true});
    let session = server.open_session(&manager, plan).await;
    assert_eq!(session.stage, Stage::Lobby);
    let ada = server.seat_guest(&session, "Ada").await;
    let token = ada.player_token.unwrap();
    let (status, problem) = read_problem(server.request_session_ticket(&session, &token).await).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::WrongStage));

    let before = now();
    let started = server.move_session(&manager, &session, json!({"move": "start"})).await;
    let Stage::Running { starts_at, ends_at } = started.stage else { panic!("{started:?}") };
    assert!(starts_at >= before.after_millis(START_DELAY_MILLIS), "every browser learns of the start in time");
    assert_eq!(ends_at, Some(starts_at.after_minutes(1)));
    // Tickets are issued before the start; see the tests of tickets for ticks before it.
    let ticket: Ticket = server.session_ticket(&session, &token).await;
    assert_eq!(ticket.started_at, starts_at);
    // Players may join later, and start at once.
    wait_until(starts_at).await;
    let late = server.seat_guest(&session, "Bo").await.player_token.unwrap();
    let ticket: Ticket = server.session_ticket(&session, &late).await;
    assert!(ticket.started_at >= starts_at);
}

/// A browser's estimate of the start, and how far off it can be.
struct StartEstimate {
    /// Milliseconds from the start to the estimated start.
    error: f64,
    /// The largest error that the round trips of the samples allow, in milliseconds.
    bound: f64,
}

/// Estimates the start as a browser does whose clock is `skew` milliseconds ahead of the server's.
async fn estimate_start(client: reqwest::Client, url: String, skew: f64) -> StartEstimate {
    let local_time = || now().0 as f64 + skew;
    let mut samples = Vec::new();
    for _ in 0..CLOCK_SAMPLES {
        let sent_at = local_time();
        let response: Clock = client.get(&url).send().await.unwrap().json().await.unwrap();
        samples.push(ClockSample { sent_at, server: response.now, received_at: local_time() });
    }
    let fastest = samples.iter().map(|sample| sample.received_at - sample.sent_at).fold(f64::MAX, f64::min);
    // Each clock is read in whole milliseconds.
    StartEstimate { error: clock_offset(&samples).unwrap() + skew, bound: fastest / 2.0 + 2.0 }
}

#[tokio::test]
async fn browsers_agree_on_the_start_within_half_a_round_trip() {
    let server = TestServer::start(&[]).await;
    let mut browsers = JoinSet::new();
    for browser in 0..50_i32 {
        // The clocks of the browsers are hours apart.
        let skew = f64::from(browser - 25) * 3.6e6;
        browsers.spawn(estimate_start(server.client.clone(), format!("{}/v1/clock", server.url), skew));
    }
    let estimates = browsers.join_all().await;
    for StartEstimate { error, bound } in &estimates {
        assert!(error.abs() <= *bound, "off by {error} ms, more than {bound} ms");
    }
    let errors = || estimates.iter().map(|estimate| estimate.error);
    let spread = errors().fold(f64::MIN, f64::max) - errors().fold(f64::MAX, f64::min);
    println!("the starts of 50 browsers are within {spread:.1} ms");
}

#[tokio::test]
async fn events_after_the_grace_period_are_stored_and_do_not_count() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let token = server.seat_guest(&session, "Ada").await.player_token.unwrap();
    let mut ticket = server.session_ticket(&session, &token).await;
    // Nine seconds of play, sent in three batches: before, within and after the grace period.
    wait_until(ticket.started_at.after_millis(4_000)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 200)]).await;
    let closing = server.move_session(&manager, &session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { panic!("{closing:?}") };
    assert!(settles_at <= now().after_millis(GRACE_MILLIS));
    let refused = server.request_session_ticket(&session, &token).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT, "no game starts in the grace period");
    server.send_ok(&mut ticket, 1, vec![hold(200, Buttons::FIRE, 40)]).await;
    let counted = server.processed_game(&ticket, 2).await;
    assert!(!counted.late);

    wait_until(settles_at.after_millis(1)).await;
    let path = format!("/v1/standings?session={}", session.session);
    let settled: Standings = server.get(&path).await;
    assert_eq!(settled.standings.len(), 1);
    server.send_ok(&mut ticket, 2, vec![hold(240, Buttons::FIRE, 300)]).await;
    let late = server.processed_game(&ticket, 3).await;
    assert!(late.late && late.result.shots > counted.result.shots, "it is stored and replayed");
    assert_eq!(server.get::<Standings>(&path).await, settled);
    let stage = closed_stage(&server, &session).await;
    assert_eq!(stage, Stage::Closed { settled_at: settles_at });
    assert!(server.standings().await.standings.is_empty(), "the session's games have no standing in open play");
}

/// Waits until a session is closed, and returns its stage.
async fn closed_stage(server: &Api, session: &SessionView) -> Stage {
    eventually("the session is closed", async || {
        let view: SessionView = server.get(&format!("/v1/sessions/{}", session.session)).await;
        if matches!(view.stage, Stage::Closed { .. }) { Ok(view.stage) } else { Err(format!("{:?}", view.stage)) }
    })
    .await
}

#[tokio::test]
async fn manager_renames_removes_and_readmits_a_player() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let ada = server.seat_guest(&session, "Rude name").await;
    let seat = format!("/v1/sessions/{}/seats/{}", session.session, ada.player);
    let patch =
        async |body| server.request(Method::PATCH, &seat, Some(&manager.access_token), Some(&body)).await.status();
    assert_eq!(patch(json!({"rename": "Polite name"})).await, StatusCode::NO_CONTENT);
    assert_eq!(patch(json!({"remove": " "})).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(patch(json!({"remove": "was rude twice"})).await, StatusCode::NO_CONTENT);
    let token = ada.player_token.as_deref().unwrap();
    let (status, problem) = read_problem(server.request_session_ticket(&session, token).await).await;
    assert_eq!((status, problem.code), (StatusCode::FORBIDDEN, ProblemCode::Removed));
    assert!(problem.detail.contains("was rude twice"), "{}", problem.detail);
    let seats = server.seats(&manager, &session).await;
    assert_eq!(seats[0].nickname.as_str(), "Polite name");
    assert_eq!(seats[0].removed.as_deref(), Some("was rude twice"));
    assert_eq!(patch(json!("readmit")).await, StatusCode::NO_CONTENT);
    // The removal has freed the seat; the next heartbeat takes one again.
    assert_eq!(server.request_session_ticket(&session, token).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(server.heartbeat(&session, Some(token)).await.status(), StatusCode::OK);
    server.session_ticket(&session, token).await;
}

#[tokio::test]
async fn moderation_changes_the_standings_and_survives_a_rebuild() {
    let mut server = ServerProcess::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let rude = server.seat_guest(&session, "Rude name").await;
    let kind = server.seat_guest(&session, "Kind").await;
    let mut games = Vec::new();
    for seated in [&rude, &kind] {
        games.push(play_two_seconds(&server, &session, seated).await);
    }
    server.moderate(&manager, &session, rude.player, json!({"rename": "Polite name"})).await;
    wait_for_names(&server, &session, &["Kind", "Polite name"]).await;
    // Neither joining again by the old nickname nor another game undoes the renaming.
    let token = rude.player_token.as_deref().unwrap();
    assert_eq!(server.join(&session, Some(token), "Rude name").await.status(), StatusCode::OK);
    let again = server.session_ticket(&session, token).await;
    assert_eq!(server.processed_game(&again, 0).await.nickname.as_str(), "Polite name");

    server.moderate(&manager, &session, rude.player, json!({"remove": "was rude twice"})).await;
    wait_for_names(&server, &session, &["Kind"]).await;
    // Moderation is on the stream, so recomputed tables are the same.
    assert!(server.stop().await.success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart().await;
    wait_for_names(&server, &session, &["Kind"]).await;
    server.moderate(&manager, &session, rude.player, json!("readmit")).await;
    wait_for_names(&server, &session, &["Kind", "Polite name"]).await;
    let [rude_game, kind_game] = [games[0].game, games[1].game];
    assert_games_are_listed(&server, &manager, &session, [again.game, kind_game, rude_game]).await;
    let csv = games_csv(&server, &manager, &session).await;
    assert!(csv.contains(&format!("{rude_game},{},Rude name,", rude.player)), "a game keeps its nickname: {csv}");
}

/// Plays a game of two seconds, and returns it.
async fn play_two_seconds(server: &Api, session: &SessionView, seated: &Seated) -> GameView {
    let mut ticket = server.session_ticket(session, seated.player_token.as_deref().unwrap()).await;
    wait_until(ticket.started_at.after_millis(2_000)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 120)]).await;
    server.processed_game(&ticket, 1).await
}

/// Asserts that the games of a session are exactly these, newest first.
async fn assert_games_are_listed(server: &Api, manager: &Tokens, session: &SessionView, expected: [GameId; 3]) {
    let path = format!("/v1/sessions/{}/games", session.session);
    let listed: SessionGames = server.call(Method::GET, &path, Some(&manager.access_token), None).await;
    let games: Vec<_> = listed.games.iter().map(|view| view.game).collect();
    assert_eq!(games, expected);
    let csv = games_csv(server, manager, session).await;
    assert_eq!(csv.lines().count(), 1 + expected.len(), "{csv}");
}

async fn games_csv(server: &Api, manager: &Tokens, session: &SessionView) -> String {
    let path = format!("/v1/sessions/{}/games.csv", session.session);
    server.request(Method::GET, &path, Some(&manager.access_token), None).await.text().await.unwrap()
}

/// Waits until the standings of a session have exactly these nicknames, in any order: the scores depend on the seeds.
async fn wait_for_names(server: &Api, session: &SessionView, names: &[&str]) {
    let path = format!("/v1/standings?session={}", session.session);
    eventually(&format!("the standings show {names:?}"), async || {
        let standings: Standings = server.get(&path).await;
        let mut shown: Vec<_> = standings.standings.iter().map(|row| row.standing.nickname.to_string()).collect();
        shown.sort();
        if shown == names { Ok(()) } else { Err(format!("{shown:?}")) }
    })
    .await;
}
