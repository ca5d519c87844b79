//! Tickets through the API: one that is not played for each player, used by the game's first ticks, and ticks that come
//! before their time.

use crate::common::{
    Api, ServerProcess, TestServer,
    games::{batch, hold, wait_for_tick, wait_until},
    now, read_problem,
};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use shared::{
    api::{NewGame, PlayerGames, ProblemCode, Seats, SessionView, Ticket, Tokens},
    event::{Batch, Event, EventKind},
    ids::Seq,
    rules::{Buttons, RULES_VERSION},
    session::Stage,
    time::Tick,
    verdict::Verdict,
};
use tokio::task::JoinSet;

/// A session in which a guest has a seat.
struct Cup {
    server: TestServer,
    manager: Tokens,
    session: SessionView,
    token: String,
}

impl Cup {
    async fn start(plan: Value) -> Cup {
        let server = TestServer::start(&[]).await;
        let manager = server.sign_in_manager().await;
        let session = server.open_session(&manager, plan).await;
        let token = server.seat_guest(&session, "Ada").await.player_token.unwrap();
        Cup { server, manager, session, token }
    }

    async fn single_attempt() -> Cup {
        Cup::start(json!({"name": "Cup", "kind": "single_trial"})).await
    }

    async fn many_attempts() -> Cup {
        Cup::start(json!({"name": "Cup", "kind": "multiple_trials"})).await
    }

    async fn ticket(&self) -> Ticket {
        self.server.session_ticket(&self.session, &self.token).await
    }

    /// The number of attempts that the player has used.
    async fn attempts(&self) -> u32 {
        let path = format!("/v1/sessions/{}/seats", self.session.session);
        let seats: Seats = self.server.call(Method::GET, &path, Some(&self.manager.access_token), None).await;
        seats.seats[0].attempts
    }
}

/// The first tick of a game.
fn first_tick() -> Vec<Event> {
    vec![hold(0, Buttons::FIRE, 1)]
}

async fn assert_problem(response: Response, status: StatusCode, code: ProblemCode) {
    let (got, problem) = read_problem(response).await;
    assert_eq!((got, problem.code), (status, code), "{}", problem.detail);
}

/// What makes a ticket the same game.
fn identity(ticket: &Ticket) -> Value {
    json!([ticket.game, ticket.seed, ticket.tuning, ticket.player])
}

#[tokio::test]
async fn single_attempt_is_not_lost_with_the_response() {
    let cup = Cup::single_attempt().await;
    let lost = cup.ticket().await;
    let mut again = cup.ticket().await;
    assert_eq!(identity(&again), identity(&lost));
    assert!(again.started_at >= lost.started_at);
    assert_eq!(cup.attempts().await, 0);
    let ack = cup.server.send_ok(&mut again, 0, first_tick()).await;
    assert_eq!(ack.next_seq, Seq(1));
    assert_eq!(cup.server.processed_game(&again, 1).await.tick, Tick(1));
    assert_eq!(cup.attempts().await, 1);
    let refused = cup.server.request_session_ticket(&cup.session, &cup.token).await;
    assert_problem(refused, StatusCode::CONFLICT, ProblemCode::NoAttemptLeft).await;
    // The game goes on.
    cup.server.send_ok(&mut again, 1, vec![hold(1, Buttons::FIRE, 5)]).await;
    assert_eq!(cup.attempts().await, 1);
}

#[tokio::test]
async fn a_thousand_requests_get_one_game() {
    let cup = Cup::many_attempts().await;
    let mut requests = JoinSet::new();
    for _ in 0..1000 {
        let (client, address) = (cup.server.client.clone(), format!("{}/v1/games", cup.server.url));
        let body = json!({"nickname": "Ada", "session": cup.session.session, "player_token": cup.token});
        requests.spawn(async move { client.post(address).json(&body).send().await.unwrap().json::<Ticket>().await });
    }
    let tickets: Vec<Ticket> = requests.join_all().await.into_iter().map(Result::unwrap).collect();
    let game = identity(&tickets[0]);
    assert!(tickets.iter().all(|ticket| identity(ticket) == game));
    let path = format!("/v1/players/{}/games", tickets[0].player);
    cup.server.processed_game(&tickets[0], 0).await;
    assert_eq!(cup.server.get::<PlayerGames>(&path).await.games.len(), 1);
    // Only the newest ticket can be played.
    let mut taken = 0;
    for ticket in &tickets {
        wait_for_tick(ticket, Tick(1)).await;
        taken += u32::from(cup.server.send(ticket, &batch(0, first_tick())).await.status().is_success());
    }
    assert_eq!((taken, cup.attempts().await), (1, 1));
}

#[tokio::test]
async fn each_game_uses_one_attempt_with_its_first_ticks() {
    let cup = Cup::many_attempts().await;
    let mut first = cup.ticket().await;
    // Events without ticks are no attempt, and the game can still be started again.
    cup.server.send_ok(&mut first, 0, vec![Event { tick: Tick(0), kind: EventKind::Loaded { ms: 1 } }]).await;
    assert_eq!(cup.attempts().await, 0);
    let with_loaded = first.clone();
    cup.server.send_ok(&mut first, 1, first_tick()).await;
    // A client that missed the response sends again, with the older token and with the newer one.
    cup.server.send_ok(&mut with_loaded.clone(), 1, first_tick()).await;
    cup.server.send_ok(&mut first, 1, first_tick()).await;
    assert_eq!(cup.attempts().await, 1);

    let mut second = cup.ticket().await;
    assert_ne!((second.game, second.seed), (first.game, first.seed));
    cup.server.send_ok(&mut second, 0, first_tick()).await;
    assert_eq!(cup.attempts().await, 2);
    cup.server.send_ok(&mut with_loaded.clone(), 1, first_tick()).await;
    assert_eq!(cup.attempts().await, 2, "the first game has used its attempt");
}

#[tokio::test]
async fn events_of_an_earlier_start_are_refused() {
    let cup = Cup::many_attempts().await;
    let old = cup.ticket().await;
    let mut newest = cup.ticket().await;
    wait_for_tick(&old, Tick(1)).await;
    let loaded = batch(0, vec![Event { tick: Tick(0), kind: EventKind::Left }]);
    let refuse = async |batch: &Batch| {
        let (status, problem) = read_problem(cup.server.send(&old, batch).await).await;
        assert_eq!((status, problem.code), (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken));
        assert!(problem.detail.contains("started again"), "{}", problem.detail);
    };
    refuse(&loaded).await;
    refuse(&batch(0, first_tick())).await;
    cup.server.send_ok(&mut newest, 0, first_tick()).await;
    refuse(&batch(0, first_tick())).await;
    assert_eq!(cup.attempts().await, 1);
}

/// A player reloads the page before the first tick, and the second page sends fewer events before it.
#[tokio::test]
async fn numbers_of_events_start_again_with_each_start() {
    let cup = Cup::single_attempt().await;
    let event = |kind| Event { tick: Tick(0), kind };
    let mut first = cup.ticket().await;
    let events = vec![event(EventKind::Loaded { ms: 1 }), event(EventKind::Paused), event(EventKind::Left)];
    cup.server.send_ok(&mut first, 0, events).await;
    cup.server.processed_game(&first, 3).await;
    let mut second = cup.ticket().await;
    assert_eq!(second.game, first.game);
    cup.server.send_ok(&mut second, 0, vec![event(EventKind::Loaded { ms: 2 })]).await;
    cup.server.send_ok(&mut second, 1, vec![hold(0, Buttons::FIRE, 9)]).await;
    let game = cup.server.game_when(&second, |view| view.tick == Tick(9)).await;
    assert_eq!((game.verdict, game.next_seq), (Verdict::Live, Seq(2)));
}

#[tokio::test]
async fn first_batches_that_come_at_once_use_one_attempt() {
    let cup = Cup::single_attempt().await;
    let ticket = cup.ticket().await;
    wait_for_tick(&ticket, Tick(1)).await;
    let mut batches = JoinSet::new();
    for _ in 0..20 {
        let (client, ticket) = (Api::new(cup.server.url.clone()), ticket.clone());
        batches.spawn(async move { client.send(&ticket, &batch(0, first_tick())).await.status() });
    }
    assert_eq!(batches.join_all().await, [StatusCode::OK; 20]);
    assert_eq!(cup.attempts().await, 1);
}

/// The attempt is used before the first ticks are on the stream. A server that is killed in between must not cost it.
#[tokio::test]
async fn killed_server_costs_no_attempt() {
    let mut server = ServerProcess::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let session = server.open_session(&manager, json!({"name": "Cup", "kind": "single_trial"})).await;
    let token = server.seat_guest(&session, "Ada").await.player_token.unwrap();
    let lost = server.session_ticket(&session, &token).await;
    server.kill_and_restart().await;
    let again = server.session_ticket(&session, &token).await;
    assert_eq!(identity(&again), identity(&lost));
    // The client sends until it gets a response, and has the first token still.
    server.send_ok(&mut again.clone(), 0, first_tick()).await;
    server.kill_and_restart().await;
    server.send_ok(&mut again.clone(), 0, first_tick()).await;
    assert_eq!(server.processed_game(&again, 1).await.tick, Tick(1));
}

#[tokio::test]
async fn ticks_are_taken_when_they_are_due() {
    let server = TestServer::start(&[]).await;
    let mut ticket = server.ticket("Ada").await;
    let events = vec![hold(0, Buttons::FIRE, 120)];
    let early = server.send(&ticket, &batch(0, events.clone())).await;
    assert_eq!(early.headers()["retry-after"], "2");
    assert_problem(early, StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooEarly).await;
    // Nothing was appended.
    server.send_ok(&mut ticket, 0, vec![Event { tick: Tick(0), kind: EventKind::Paused }]).await;
    assert_eq!(server.processed_game(&ticket, 1).await.tick, Tick(0));
    // A batch that is early by less than a second waits until it is due.
    wait_until(ticket.started_at.after_millis(1_500)).await;
    assert!(server.send(&ticket, &batch(1, events)).await.status().is_success());
    assert!(now() >= Tick(120).due(ticket.started_at));
    let game = server.processed_game(&ticket, 2).await;
    assert_eq!(game.tick, Tick(120));
}

#[tokio::test]
async fn no_tick_is_taken_before_a_common_start() {
    let plan = json!({"name": "Race", "kind": {"time_constrained": {"minutes": 1}}, "synchronised": true});
    let cup = Cup::start(plan).await;
    let started = cup.server.move_session(&cup.manager, &cup.session, json!({"move": "start"})).await;
    let Stage::Running { starts_at, .. } = started.stage else { panic!("{started:?}") };
    // A player who reloads the page has the same game, and starts with the others.
    let lost = cup.ticket().await;
    let mut ticket = cup.ticket().await;
    assert_eq!(identity(&ticket), identity(&lost));
    assert_eq!((lost.started_at, ticket.started_at), (starts_at, starts_at));
    cup.server.send_ok(&mut ticket, 0, vec![Event { tick: Tick(0), kind: EventKind::Loaded { ms: 1 } }]).await;
    let ticks = vec![hold(0, Buttons::FIRE, 118)];
    let early = cup.server.send(&ticket, &batch(1, ticks.clone())).await;
    let left = Tick(118).due(starts_at).millis_since(now());
    let retry_after: u64 = early.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((left.div_ceil(1000)..=left.div_ceil(1000) + 1).contains(&retry_after), "{retry_after} s, {left} ms left");
    assert_problem(early, StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooEarly).await;
    wait_until(starts_at).await;
    let still_early = cup.server.send(&ticket, &batch(1, ticks.clone())).await;
    assert_problem(still_early, StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooEarly).await;
    cup.server.send_ok(&mut ticket, 1, ticks).await;
    assert_eq!(cup.server.processed_game(&ticket, 2).await.tick, Tick(118));
}

#[tokio::test]
async fn unplayed_game_of_open_play_is_started_again_once_it_certainly_has_no_events() {
    let server = TestServer::start(&[]).await;
    let lost = server.ticket("Ada").await;
    let token = Some(lost.player_token.clone());
    let at_once = server.ticket_of("Ada", token.clone()).await;
    assert_ne!(at_once.game, lost.game, "events of the first game may be under way");
    server.processed_game(&at_once, 0).await;
    wait_until(at_once.started_at.after_millis(4_000)).await;
    let mut again = server.ticket_of("Ada the Second", token.clone()).await;
    assert_eq!(identity(&again), identity(&at_once));
    assert!(again.started_at > at_once.started_at);
    server.send_ok(&mut again, 0, first_tick()).await;
    server.processed_game(&again, 1).await;
    let next = server.ticket_of("Ada", token).await;
    assert_ne!(next.game, again.game);
}

#[tokio::test]
async fn client_of_another_version_gets_no_ticket() {
    let server = TestServer::start(&[]).await;
    let start = async |rules_version| {
        let nickname = "Ada".parse().unwrap();
        let request = NewGame { nickname, session: None, player_token: None, rules_version };
        server.client.post(format!("{}/v1/games", server.url)).json(&request).send().await.unwrap()
    };
    for version in [None, Some(RULES_VERSION)] {
        assert_eq!(start(version).await.status(), StatusCode::CREATED);
    }
    for (version, code) in
        [(RULES_VERSION - 1, ProblemCode::OutdatedClient), (RULES_VERSION + 1, ProblemCode::OtherVersion)]
    {
        assert_problem(start(Some(version)).await, StatusCode::CONFLICT, code).await;
    }
}
