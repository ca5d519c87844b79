//! Sessions through the API: joined, started, played, closed and settled.

use std::time::{Duration, Instant};

use crate::common::{TestServer, hold, is_rejected, problem, until};
use backend::clock;
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{Clock, ProblemCode, Seated, Seats, SessionGames, SessionView, Sessions, Standings, Ticket},
    clock::{CLOCK_SAMPLES, ClockSample, clock_offset},
    rules::Buttons,
    session::{GRACE_MILLIS, START_DELAY_MILLIS, Stage},
    tuning::Tuning,
};
use tokio::task::JoinSet;
use tools::load::{self, Options};

async fn seated(server: &TestServer, session: &SessionView, nickname: &str) -> Seated {
    let answer = server.join(session, None, nickname).await;
    assert_eq!(answer.status(), StatusCode::OK, "{nickname}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn who_comes_when_all_seats_are_taken_is_told_so() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials", "seats": 2})).await;
    let ada = seated(&server, &session, "Ada").await;
    seated(&server, &session, "Bo").await;
    let (status, told) = problem(server.join(&session, None, "Cy").await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, ProblemCode::SeatsTaken));
    let (status, told) = problem(server.join(&session, ada.player_token.as_deref(), "bo").await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, ProblemCode::NicknameTaken));
    // Whoever leaves makes room.
    let path = format!("/v1/sessions/{}/seats/mine", session.session);
    let left = server.ask(Method::DELETE, &path, ada.player_token.as_deref(), None).await;
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
    seated(&server, &session, "Cy").await;
}

#[tokio::test]
async fn a_thousand_requests_in_the_same_second_fill_150_seats() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
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
    let answers = joins.join_all().await;
    let took = started.elapsed();
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    let (seated, refused) = (count(StatusCode::OK), count(StatusCode::CONFLICT));
    println!("1000 requests for 150 seats within {took:.1?}: {seated} in, {refused} refused");
    assert_eq!((seated, refused), (150, 850));
    let path = format!("/v1/sessions/{}/seats", session.session);
    let seats: Seats = server.told(Method::GET, &path, Some(&manager.access_token), None).await;
    assert_eq!(seats.seats.iter().filter(|seat| seat.present).count(), 150);
}

#[tokio::test]
async fn a_rehearsal_fills_the_seats_and_tells_how_many_found_none() {
    let server = TestServer::start_short();
    let manager = server.manager().await;
    let plan = json!({"name": "Rehearsal", "kind": "single_trial", "seats": 3});
    let session = server.open_session(&manager, plan).await;
    let options =
        Options { url: server.url.clone(), join: Some(session.code), players: 8, seconds: 6, watch: true, seed: 0 };
    let report = load::run(&options, std::future::pending()).await.unwrap();
    println!("{report}");
    assert_eq!((report.players, report.games.len()), (3, 3));
    let told: Vec<_> =
        report.turned_away.iter().map(|(told, bots)| (told.contains("seats are taken"), *bots)).collect();
    assert_eq!(told, [(true, 5)]);
    assert_eq!(report.failures(), 0, "{:?}", report.errors);
}

#[tokio::test]
async fn a_session_is_for_whom_its_plan_says() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let plan = json!({"name": "Members", "kind": "single_trial", "guests": false});
    let planned = server.session(&manager, plan).await;
    let (status, told) = problem(server.join(&planned, None, "Early").await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, ProblemCode::WrongStage));
    let everyone: Sessions = server.get("/v1/sessions").await;
    assert!(everyone.sessions.is_empty(), "players do not see what is only planned");

    let session = server.act(&manager, &planned, json!({"move": "open"})).await;
    let (status, told) = problem(server.join(&session, None, "Guest").await).await;
    assert_eq!((status, told.code), (StatusCode::FORBIDDEN, ProblemCode::Forbidden));
    let found: SessionView = server.get(&format!("/v1/codes/{}", session.code)).await;
    assert_eq!(found.session, session.session);

    let ada = server.account("Ada").await;
    assert_eq!(server.join(&session, Some(&ada.access_token), "Ada").await.status(), StatusCode::OK);
    let ticket: Ticket = server.session_ticket(&session, &ada.access_token).await.json().await.unwrap();
    assert_eq!(ticket.player, ada.player);
    let (status, told) = problem(server.session_ticket(&session, &ada.access_token).await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, ProblemCode::NoAttemptLeft));
}

#[tokio::test]
async fn a_session_is_played_by_the_tuning_that_its_manager_gave_it() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let address = format!("{}/v1/tuning", server.url);
    let check = async |text: &'static str| {
        server.client.post(&address).bearer_auth(&manager.access_token).body(text).send().await.unwrap()
    };
    let (status, told) = problem(check("bombrate = 1\nship_speed = 9000").await).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.detail.contains("bombrate") && told.detail.contains("ship_speed is 9000"), "{}", told.detail);
    let tuning: Tuning = check("name = \"fast\"\nship_speed = 200").await.json().await.unwrap();

    let plan = json!({"name": "Fast cup", "kind": "multiple_trials", "tuning": tuning});
    let session = server.open_session(&manager, plan).await;
    assert_eq!(session.tuning_name, "fast");
    let ada = seated(&server, &session, "Ada").await;
    let ticket = server.session_ticket(&session, &ada.player_token.unwrap()).await;
    assert_eq!(ticket.json::<Ticket>().await.unwrap().tuning_hash, tuning.hash());
    let open_play = server.ticket("Bo").await;
    assert_eq!(open_play.tuning.name, "arcade");
}

#[tokio::test]
async fn all_start_at_one_instant_and_nobody_sooner() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let plan = json!({"name": "Race", "kind": {"time_constrained": {"minutes": 1}}, "synchronised": true});
    let session = server.open_session(&manager, plan).await;
    assert_eq!(session.stage, Stage::Lobby);
    let ada = seated(&server, &session, "Ada").await;
    let token = ada.player_token.unwrap();
    let (status, told) = problem(server.session_ticket(&session, &token).await).await;
    assert_eq!((status, told.code), (StatusCode::CONFLICT, ProblemCode::WrongStage));

    let before = clock::now();
    let started = server.act(&manager, &session, json!({"move": "start"})).await;
    let Stage::Running { starts_at, ends_at } = started.stage else { unreachable!("{started:?}") };
    assert!(starts_at >= before.after_millis(START_DELAY_MILLIS), "every browser has time to hear of it");
    assert_eq!(ends_at, Some(starts_at.after_minutes(1)));
    // The ticket is there before the start, and no tick of it counts sooner.
    let mut ticket: Ticket = server.session_ticket(&session, &token).await.json().await.unwrap();
    assert_eq!(ticket.started_at, starts_at);
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 600)]).await;
    let early = server.game_at(&ticket, 1).await;
    assert!(is_rejected(&early), "{early:?}");
    // Late comers may join, and begin at once.
    until(starts_at).await;
    let late = seated(&server, &session, "Bo").await.player_token.unwrap();
    let ticket: Ticket = server.session_ticket(&session, &late).await.json().await.unwrap();
    assert!(ticket.started_at >= starts_at);
}

/// Fifty browsers, whose clocks are hours apart, each ask the server as the game does.
#[tokio::test]
async fn fifty_browsers_agree_on_the_start_within_fifty_milliseconds() {
    let server = TestServer::start(&[]);
    let mut browsers = tokio::task::JoinSet::new();
    for browser in 0..50_i32 {
        let (client, url) = (server.client.clone(), format!("{}/v1/clock", server.url));
        // By how much this browser's clock is ahead of the machine's.
        let skew = f64::from(browser - 25) * 3.6e6;
        browsers.spawn(async move {
            let own = || clock::now().0 as f64 + skew;
            let mut answers = Vec::new();
            for _ in 0..CLOCK_SAMPLES {
                let asked = own();
                let answer: Clock = client.get(&url).send().await.unwrap().json().await.unwrap();
                answers.push(ClockSample { sent_at: asked, server: answer.now, received_at: own() });
            }
            // Where it takes the start to be, by the machine's clock: 0 were perfect.
            clock_offset(&answers).unwrap() + skew
        });
    }
    let starts = browsers.join_all().await;
    let (first, last) =
        (starts.iter().copied().fold(f64::MAX, f64::min), starts.iter().copied().fold(f64::MIN, f64::max));
    println!("50 browsers' starts lie within {:.1} ms", last - first);
    assert!(last - first <= 50.0, "{starts:?}");
}

#[tokio::test]
async fn what_comes_after_the_grace_is_kept_and_marked_and_moves_no_standing() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let ada = seated(&server, &session, "Ada").await;
    let token = ada.player_token.unwrap();
    let mut ticket: Ticket = server.session_ticket(&session, &token).await.json().await.unwrap();
    // Ten seconds of play, sent in three parts: before, within and after the grace.
    until(ticket.started_at.after_millis(4_000)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 200)]).await;
    let closing = server.act(&manager, &session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { unreachable!("{closing:?}") };
    assert!(settles_at <= clock::now().after_millis(GRACE_MILLIS));
    assert_eq!(server.session_ticket(&session, &token).await.status(), StatusCode::CONFLICT, "no game begins");
    server.send_ok(&mut ticket, 1, vec![hold(200, Buttons::FIRE, 40)]).await;
    let counted = server.game_at(&ticket, 2).await;
    assert!(!counted.late);

    until(settles_at.after_millis(1)).await;
    let path = format!("/v1/standings?session={}", session.session);
    let frozen: Standings = server.get(&path).await;
    assert_eq!(frozen.standings.len(), 1);
    server.send_ok(&mut ticket, 2, vec![hold(240, Buttons::FIRE, 300)]).await;
    let late = server.game_at(&ticket, 3).await;
    assert!(late.late && late.result.shots > counted.result.shots, "it is kept and replayed");
    assert_eq!(server.get::<Standings>(&path).await, frozen);

    let shown: SessionView = loop {
        let shown: SessionView = server.get(&format!("/v1/sessions/{}", session.session)).await;
        if matches!(shown.stage, Stage::Closed { .. }) {
            break shown;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(shown.stage, Stage::Closed { settled_at: settles_at });
    // Open play knows nothing of it.
    assert!(server.standings().await.standings.is_empty());
}

#[tokio::test]
async fn a_manager_renames_and_removes_players_and_the_reason_is_kept_and_told() {
    let server = TestServer::start(&[]);
    let manager = server.manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let ada = seated(&server, &session, "Rude name").await;
    let seat = format!("/v1/sessions/{}/seats/{}", session.session, ada.player);
    let patch = async |body| server.ask(Method::PATCH, &seat, Some(&manager.access_token), Some(&body)).await.status();
    assert_eq!(patch(json!({"rename": "Polite name"})).await, StatusCode::NO_CONTENT);
    assert_eq!(patch(json!({"remove": " "})).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(patch(json!({"remove": "was rude twice"})).await, StatusCode::NO_CONTENT);
    let (status, told) = problem(server.session_ticket(&session, ada.player_token.as_deref().unwrap()).await).await;
    assert_eq!((status, told.code), (StatusCode::FORBIDDEN, ProblemCode::Removed));
    assert!(told.detail.contains("was rude twice"), "{}", told.detail);
    let path = format!("/v1/sessions/{}/seats", session.session);
    let seats: Seats = server.told(Method::GET, &path, Some(&manager.access_token), None).await;
    assert_eq!(seats.seats[0].nickname.as_str(), "Polite name");
    assert_eq!(seats.seats[0].removed.as_deref(), Some("was rude twice"));
    assert_eq!(patch(json!("readmit")).await, StatusCode::NO_CONTENT);
    let again = server.session_ticket(&session, ada.player_token.as_deref().unwrap()).await;
    assert_eq!(again.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn what_a_manager_decides_on_a_player_reaches_the_standings_and_stays() {
    let mut server = TestServer::start(&[]);
    let manager = server.manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
    let (rude, kind) = (seated(&server, &session, "Rude name").await, seated(&server, &session, "Kind").await);
    let mut games = Vec::new();
    for player in [&rude, &kind] {
        let token = player.player_token.as_deref().unwrap();
        let mut ticket: Ticket = server.session_ticket(&session, token).await.json().await.unwrap();
        until(ticket.started_at.after_millis(2_000)).await;
        server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 200)]).await;
        games.push(server.game_at(&ticket, 1).await);
    }
    let seat = format!("/v1/sessions/{}/seats/{}", session.session, rude.player);
    let decide = async |server: &TestServer, body| {
        let answer = server.ask(Method::PATCH, &seat, Some(&manager.access_token), Some(&body)).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    };
    decide(&server, json!({"rename": "Polite name"})).await;
    names_become(&server, &session, &["Kind", "Polite name"]).await;
    // Neither coming back under the old name nor another game changes that.
    let answer = server.join(&session, rude.player_token.as_deref(), "Rude name").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let token = rude.player_token.as_deref().unwrap();
    let again: Ticket = server.session_ticket(&session, token).await.json().await.unwrap();
    assert_eq!(server.game_at(&again, 0).await.nickname.as_str(), "Polite name");

    decide(&server, json!({"remove": "was rude twice"})).await;
    names_become(&server, &session, &["Kind"]).await;
    // The tables follow from the stream, so computed anew they say the same.
    assert!(server.stop().success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart();
    names_become(&server, &session, &["Kind"]).await;
    decide(&server, json!("readmit")).await;
    names_become(&server, &session, &["Kind", "Polite name"]).await;

    let path = format!("/v1/sessions/{}/games", session.session);
    let listed: SessionGames = server.told(Method::GET, &path, Some(&manager.access_token), None).await;
    let ids: Vec<_> = listed.games.iter().map(|view| view.game).collect();
    assert_eq!(ids, [again.game, games[1].game, games[0].game], "newest first");
    let csv = server.ask(Method::GET, &format!("{path}.csv"), Some(&manager.access_token), None).await;
    let csv = csv.text().await.unwrap();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(
        csv.contains(&format!("{},{},Rude name,", games[0].game, rude.player)),
        "a game keeps the name it had: {csv}"
    );
}

/// Waits until the session's standings show these names, in whatever order.
async fn names_become(server: &TestServer, session: &SessionView, names: &[&str]) {
    let path = format!("/v1/standings?session={}", session.session);
    let mut shown = Vec::new();
    for _ in 0..200 {
        let standings: Standings = server.get(&path).await;
        shown = standings.standings.iter().map(|row| row.standing.nickname.to_string()).collect();
        // What they have scored, their seeds have decided.
        shown.sort();
        if shown == names {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(shown, names);
}
