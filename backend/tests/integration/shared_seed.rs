//! Sessions whose games share a seed: the server commits to it, it is secret until the games may start, and button logs are
//! secret until the session is settled.

use std::sync::Arc;

use crate::common::{
    LIMIT, TestServer, eventually,
    games::{batch, hold},
    machine::Machine,
    read_problem,
};
use backend::engine::Engines;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{
    api::{
        Clock, GameReplay, GameView, PlayerGames, ProblemCode, SessionGames, SessionView, Ticket, TicketSeed, Tokens,
    },
    rules::Buttons,
    seed_commitment::SeedCommitment,
    session::{GRACE_MILLIS, START_DELAY_MILLIS, Stage},
    time::{Tick, Timestamp},
    verdict::Verdict,
};
use tools::load::{self, Options};

/// A player of the session.
struct Guest {
    nickname: &'static str,
    token: String,
}

/// A session in which Ada and Bo have seats, on a server whose time the test lets pass.
struct Race {
    server: TestServer,
    machine: Machine,
    manager: Tokens,
    session: SessionView,
    ada: Guest,
    bo: Guest,
}

impl Race {
    /// Opens a session whose games share a seed. The public gets delayed logs at once.
    async fn open(more: Value) -> Race {
        let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
        let engines = Engines::embedded(data.path()).unwrap();
        let server = TestServer::start_on(&engines, &data, machine.clock(), &["--replay-delay", "0"]).await;
        let manager = server.sign_in_manager().await;
        let mut plan = json!({"name": "Race", "kind": {"time_constrained": {"minutes": 1}}, "shared_seed": true});
        plan.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let session = server.open_session(&manager, plan).await;
        let ada = seat(&server, &session, "Ada").await;
        let bo = seat(&server, &session, "Bo").await;
        Race { server, machine, manager, session, ada, bo }
    }

    /// Opens such a session that runs at once.
    async fn running() -> Race {
        Race::open(json!({})).await
    }

    fn path(&self, rest: &str) -> String {
        format!("/v1/sessions/{}{rest}", self.session.session)
    }

    async fn view(&self) -> SessionView {
        self.server.get(&self.path("")).await
    }

    async fn make_move(&self, wanted: Value) -> SessionView {
        self.server.move_session(&self.manager, &self.session, wanted).await
    }

    async fn ticket(&self, guest: &Guest) -> Ticket {
        self.server.session_ticket(&self.session, &guest.token).await
    }

    /// Plays the first second of a game.
    async fn play(&self, ticket: &Ticket) -> GameView {
        self.machine.advance(1_100);
        let events = batch(0, vec![hold(0, Buttons::FIRE, 60)]);
        assert_eq!(self.server.send(ticket, &events).await.status(), StatusCode::OK);
        self.server.processed_game(ticket, 1).await
    }

    /// Closes the session and waits until it is settled. The players keep their seats.
    async fn settle(&self) {
        self.make_move(json!({"move": "close"})).await;
        self.machine.advance(GRACE_MILLIS);
        eventually("the session is settled", async || match self.view().await.stage {
            Stage::Closed { .. } => Ok(()),
            stage => Err(format!("{stage:?}")),
        })
        .await;
        for guest in [&self.ada, &self.bo] {
            let kept = self.server.request(Method::PUT, &self.path("/seats/mine"), Some(&guest.token), None).await;
            assert_eq!(kept.status(), StatusCode::NO_CONTENT);
        }
    }

    /// The whole log of a one-second game, as the holder of the token gets it.
    async fn assert_whole(&self, ticket: &Ticket, token: Option<&str>) -> GameReplay {
        let whole = self.server.replay(ticket.game, token).await;
        assert_eq!((whole.replay.log.ticks(), whole.delay_seconds), (60, 0), "{token:?}");
        whole
    }

    async fn assert_withheld(&self, ticket: &Ticket, token: Option<&str>) {
        let path = format!("/v1/games/{}/replay", ticket.game);
        let (status, problem) = read_problem(self.server.request(Method::GET, &path, token, None).await).await;
        assert_eq!((status, problem.code), (StatusCode::FORBIDDEN, ProblemCode::Forbidden), "{token:?}");
        assert!(problem.detail.contains("public once the session is closed"), "{}", problem.detail);
    }

    /// The hash of a game's state that the public gets: from the game, and from the player's games.
    async fn public_hash(&self, ticket: &Ticket) -> Value {
        let game: Value = self.server.get(&format!("/v1/games/{}", ticket.game)).await;
        let games: Value = self.server.get(&format!("/v1/players/{}/games", ticket.player)).await;
        let games = games["games"].as_array().unwrap();
        let listed = games.iter().find(|listed| listed["game"] == game["game"]).unwrap();
        assert_eq!(listed["hash"], game["hash"]);
        game["hash"].clone()
    }

    /// The first update of the session that has `text`.
    async fn live_update_with(&self, text: &str) -> String {
        let address = format!("{}/v1/live?session={}", self.server.url, self.session.session);
        let mut response = self.server.client.get(address).send().await.unwrap();
        let mut seen = String::new();
        let read = async {
            while !seen.contains(text) {
                let chunk = response.chunk().await.unwrap().expect("the live updates ended");
                seen.push_str(&String::from_utf8_lossy(&chunk));
            }
        };
        tokio::time::timeout(LIMIT, read).await.unwrap_or_else(|_| panic!("no update has {text}"));
        seen
    }

    /// The bodies of all responses about the session, its players and a game, to callers of each kind.
    async fn all_bodies(&self, ticket: &Ticket) -> Vec<String> {
        let viewer = self.server.viewer_token(&self.manager, self.session.session).await;
        let paths = [
            self.path(""),
            self.path("/seats"),
            self.path("/games"),
            self.path("/games.csv"),
            format!("/v1/codes/{}", self.session.code),
            format!("/v1/standings?session={}", self.session.session),
            format!("/v1/standings.csv?session={}", self.session.session),
            format!("/v1/games/{}", ticket.game),
            format!("/v1/games/{}/replay", ticket.game),
            format!("/v1/players/{}/games", ticket.player),
            "/v1/sessions".to_owned(),
            "/v1/dead-letters".to_owned(),
            "/v1/flow".to_owned(),
            "/metrics".to_owned(),
        ];
        let manager = &self.manager.access_token;
        let mut bodies = vec![self.live_update_with("event: session").await];
        for path in &paths {
            for token in [None, Some(&self.ada.token), Some(&self.bo.token), Some(manager), Some(&viewer)] {
                let token = token.map(String::as_str);
                bodies.push(self.server.request(Method::GET, path, token, None).await.text().await.unwrap());
            }
        }
        let move_again = self.path("/moves");
        let refused = json!({"move": "open"});
        let response = self.server.request(Method::POST, &move_again, Some(manager), Some(&refused)).await;
        bodies.push(response.text().await.unwrap());
        bodies
    }
}

async fn seat(server: &TestServer, session: &SessionView, nickname: &'static str) -> Guest {
    let token = server.seat_guest(session, nickname).await.player_token.unwrap();
    Guest { nickname, token }
}

fn commitment(session: &SessionView) -> SeedCommitment {
    session.seed_commitment.unwrap_or_else(|| panic!("{session:?}"))
}

#[tokio::test]
async fn nobody_learns_the_seed_before_the_common_start() {
    let race = Race::open(json!({"synchronised": true})).await;
    let committed = commitment(&race.session);
    let before = race.server.join(&race.session, Some(&race.ada.token), race.ada.nickname).await;
    let mut bodies = vec![before.text().await.unwrap(), race.live_update_with("event: session").await];
    let started = race.make_move(json!({"move": "start"})).await;
    let Stage::Running { starts_at, .. } = started.stage else { panic!("{started:?}") };
    bodies.push(serde_json::to_string(&started).unwrap());
    let tickets = [race.ticket(&race.ada).await, race.ticket(&race.bo).await];
    for ticket in &tickets {
        assert_eq!((ticket.seed, ticket.started_at), (TicketSeed::Secret(committed), starts_at));
        race.server.processed_game(ticket, 0).await;
        assert_eq!(race.public_hash(ticket).await, Value::Null);
    }
    bodies.extend(race.all_bodies(&tickets[0]).await);
    let again = race.server.request_session_ticket(&race.session, &race.ada.token).await;
    bodies.push(again.text().await.unwrap());
    let path = format!("/v1/games/{}/replay", tickets[0].game);
    let early = race.server.request(Method::GET, &path, Some(&race.ada.token), None).await;
    let (status, problem) = read_problem(early).await;
    assert_eq!((status, problem.code), (StatusCode::CONFLICT, ProblemCode::WrongStage), "{}", problem.detail);
    let now: Timestamp = race.server.get::<Clock>("/v1/clock").await.now;
    assert!(now < starts_at, "the requests took too long to show anything");

    race.machine.advance(START_DELAY_MILLIS);
    let view = race.view().await;
    let revealed = view.revealed_seed.unwrap();
    assert_eq!((commitment(&view), committed.open(&revealed)), (committed, Ok(revealed.seed)));
    assert!(bodies.iter().any(|body| body.contains(&committed.to_string())));
    for secret in [revealed.seed.to_string(), revealed.nonce.to_string(), "revealed_seed".to_owned()] {
        let leak = bodies.iter().find(|body| body.contains(&secret));
        assert_eq!(leak, None, "{secret} was in a response before the start");
    }
    race.live_update_with(&revealed.seed.to_string()).await;

    // All games have this seed: those of players who waited, and that of a player who joins later.
    let cy = seat(&race.server, &race.session, "Cy").await;
    for (guest, waiting) in [(&race.ada, Some(&tickets[0])), (&race.bo, Some(&tickets[1])), (&cy, None)] {
        let ticket = race.ticket(guest).await;
        assert_eq!(ticket.seed, TicketSeed::Known(revealed.seed), "{}", guest.nickname);
        assert!(waiting.is_none_or(|waiting| waiting.game == ticket.game));
        let view = race.play(&ticket).await;
        assert_eq!((view.verdict, view.tick), (Verdict::Live, Tick(60)));
        let replay = race.assert_whole(&ticket, Some(&guest.token)).await;
        assert_eq!(replay.replay.seed, revealed.seed);
    }
}

#[tokio::test]
async fn public_gets_no_log_and_no_hash_until_the_session_is_settled() {
    let race = Race::running().await;
    let seed = race.view().await.revealed_seed.expect("a session that runs has no secret seed").seed;
    let ticket = race.ticket(&race.ada).await;
    assert_eq!(ticket.seed, TicketSeed::Known(seed));
    race.play(&ticket).await;
    let viewer = race.server.viewer_token(&race.manager, race.session.session).await;
    let plan = json!({"name": "Another", "kind": "multiple_trials", "shared_seed": true});
    let other = race.server.open_session(&race.manager, plan).await;
    let other_viewer = race.server.viewer_token(&race.manager, other.session).await;
    assert_ne!(other.revealed_seed.unwrap().seed, seed);

    let public = [None, Some(race.bo.token.as_str()), Some(other_viewer.as_str())];
    let assert_secret = async || {
        for token in [&race.ada.token, &race.manager.access_token, &viewer] {
            race.assert_whole(&ticket, Some(token)).await;
        }
        for token in public {
            race.assert_withheld(&ticket, token).await;
        }
        assert_eq!(race.public_hash(&ticket).await, Value::Null);
    };
    assert_secret().await;
    let manager = Some(race.manager.access_token.as_str());
    let games: SessionGames = race.server.call(Method::GET, &race.path("/games"), manager, None).await;
    let hash = games.games[0].hash.expect("managers get the hash");
    race.make_move(json!({"move": "close"})).await;
    assert_secret().await;

    race.make_move(json!({"move": "extend", "minutes": 1})).await;
    race.settle().await;
    for token in public {
        assert_eq!(race.assert_whole(&ticket, token).await.replay.run().hash(), hash);
    }
    assert_eq!(race.public_hash(&ticket).await, json!(hash));
}

#[tokio::test]
async fn session_gets_another_seed_only_when_it_is_opened_again() {
    let race = Race::running().await;
    let first = race.view().await;
    let extended = race.make_move(json!({"move": "extend", "minutes": 1})).await;
    assert_eq!(extended.revealed_seed, first.revealed_seed);
    let played = race.ticket(&race.ada).await;
    race.play(&played).await;
    let unplayed = race.ticket(&race.bo).await;
    race.settle().await;
    assert_eq!(race.view().await.revealed_seed, first.revealed_seed);

    let reopened = race.make_move(json!({"move": "reopen"})).await;
    let revealed = reopened.revealed_seed.unwrap();
    assert_eq!(commitment(&reopened).open(&revealed), Ok(revealed.seed));
    assert_ne!(commitment(&reopened), commitment(&first));
    assert_ne!(revealed.seed, first.revealed_seed.unwrap().seed);
    // A ticket of the earlier run is not played with the known seed.
    let again = race.ticket(&race.bo).await;
    assert_eq!(again.seed, TicketSeed::Known(revealed.seed));
    assert_ne!(again.game, unplayed.game);
    let refused = race.server.send(&unplayed, &batch(0, vec![hold(0, Buttons::FIRE, 1)])).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    race.play(&again).await;
    // The earlier run is settled, the new one is not.
    race.assert_whole(&played, None).await;
    race.assert_withheld(&again, None).await;
}

#[tokio::test]
async fn games_of_other_sessions_have_seeds_of_their_own() {
    let race = Race::running().await;
    let plan = json!({"name": "Cup", "kind": "multiple_trials"});
    let session = race.server.open_session(&race.manager, plan).await;
    assert!(!session.shared_seed && session.seed_commitment.is_none() && session.revealed_seed.is_none());
    let mut seeds = Vec::new();
    for nickname in ["Cy", "Di"] {
        let guest = seat(&race.server, &session, nickname).await;
        let ticket = race.server.session_ticket(&session, &guest.token).await;
        seeds.push(ticket.seed.known().expect("the seed is not shared"));
        race.play(&ticket).await;
        race.assert_whole(&ticket, Some(&guest.token)).await;
        assert_eq!(race.server.replay(ticket.game, None).await.replay.log.ticks(), 60);
        let games: PlayerGames = race.server.get(&format!("/v1/players/{}/games", ticket.player)).await;
        assert!(games.games[0].hash.is_some());
    }
    assert_ne!(seeds[0], seeds[1]);
}

#[tokio::test]
async fn bots_wait_for_the_secret_seed_and_play_with_it() {
    let server = TestServer::start_short().await;
    let manager = server.sign_in_manager().await;
    let plan = json!({"name": "Rehearsal", "kind": "single_trial", "synchronised": true, "shared_seed": true});
    let session = server.open_session(&manager, plan).await;
    let options = Options {
        url: server.url.clone(),
        join: Some(session.code.clone()),
        players: 3,
        seconds: LIMIT.as_secs(),
        watch: false,
        seed: 0,
        nicknames: Vec::new(),
    };
    let verified = async {
        eventually("the bots have seats", async || {
            let seats: Value = server.call(Method::GET, &seats_path(&session), Some(&manager.access_token), None).await;
            if seats["seats"].as_array().unwrap().len() == 3 { Ok(()) } else { Err(seats.to_string()) }
        })
        .await;
        server.move_session(&manager, &session, json!({"move": "start"})).await;
        eventually("the bots' games are verified", async || {
            let path = format!("/v1/sessions/{}/games", session.session);
            let games: SessionGames = server.call(Method::GET, &path, Some(&manager.access_token), None).await;
            let count = games.games.iter().filter(|game| game.verdict == Verdict::Verified).count();
            if count == 3 { Ok(()) } else { Err(format!("{games:?}")) }
        })
        .await;
    };
    let report = load::run(&options, verified).await.unwrap();
    assert_eq!((report.games.len(), report.failures()), (3, 0), "{report}");
}

fn seats_path(session: &SessionView) -> String {
    format!("/v1/sessions/{}/seats", session.session)
}
