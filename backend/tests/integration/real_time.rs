//! Real-time sessions: a game whose buttons come too late is shown and does not rank.

use std::sync::Arc;

use backend::engine::Engines;
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::{Ack, Clock, GameFigures, GameView, SessionView, Standings, Ticket, Tokens},
    event::Event,
    ranking::{MAX_LAG_MILLIS, RankStatus, UnrankedCause},
    rules::Buttons,
    time::Tick,
};

use crate::common::{
    TestServer,
    games::{batch, hold},
    machine::Machine,
};

/// How long requests may take, milliseconds.
const TOLERANCE_MILLIS: u64 = 2_500;
/// How late a button is, milliseconds: a second more than the limit.
const TOO_LATE_MILLIS: u64 = MAX_LAG_MILLIS + 1_000;

/// A session in which one player plays, on a server whose time passes when the test says so.
struct Contest {
    server: TestServer,
    machine: Machine,
    manager: Tokens,
    session: SessionView,
    player_token: String,
}

/// A game of the player.
struct Played {
    ticket: Ticket,
    next_seq: u32,
}

impl Contest {
    async fn start(real_time: bool) -> Contest {
        let (machine, data) = (Machine::new(), Arc::new(tempfile::tempdir().unwrap()));
        let engines = Engines::embedded(data.path()).unwrap();
        let server = TestServer::start_on(&engines, &data, machine.clock(), &[]).await;
        let manager = server.sign_in_manager().await;
        let plan = json!({"name": "Prizes", "kind": "multiple_trials", "real_time": real_time});
        let session = server.open_session(&manager, plan).await;
        let player_token = server.seat_guest(&session, "Ada").await.player_token.unwrap();
        Contest { server, machine, manager, session, player_token }
    }

    async fn game(&self) -> Played {
        let ticket = self.server.session_ticket(&self.session, &self.player_token).await;
        Played { ticket, next_seq: 0 }
    }

    /// Lets time pass until an event's last tick was due `late` milliseconds ago, and sends the event. Returns the
    /// acknowledgement, and the game when it is processed.
    async fn send(&self, game: &mut Played, late: u64, event: Event) -> (Ack, GameView) {
        let due = event.last_tick().due(game.ticket.started_at).after_millis(late);
        let Clock { now } = self.server.get("/v1/clock").await;
        self.machine.advance(due.millis_since(now));
        let response = self.server.send(&game.ticket, &batch(game.next_seq, vec![event])).await;
        assert_eq!(response.status(), StatusCode::OK);
        let ack: Ack = response.json().await.unwrap();
        game.ticket.game_token.clone_from(&ack.game_token);
        game.next_seq = ack.next_seq.0;
        let view = self.server.processed_game(&game.ticket, game.next_seq).await;
        (ack, view)
    }

    async fn figures(&self, game: &Played) -> GameFigures {
        let path = format!("/v1/games/{}/figures", game.ticket.game);
        self.server.call(Method::GET, &path, Some(&self.manager.access_token), None).await
    }

    async fn standings(&self) -> Standings {
        self.server.get(&format!("/v1/standings?session={}", self.session.session)).await
    }
}

/// The lag in the cause, if a game does not rank because of it.
fn unranked_lag(view: &GameView) -> Option<u64> {
    match view.rank {
        RankStatus::Unranked { cause: UnrankedCause::Lag { millis } } => Some(millis),
        _ => None,
    }
}

/// A lag is at least `expected` milliseconds, and not much more.
fn assert_lag(lag: u64, expected: u64) {
    assert!((expected..expected + TOLERANCE_MILLIS).contains(&lag), "{lag} ms instead of {expected} ms");
}

#[tokio::test]
async fn game_with_late_buttons_is_shown_unranked_and_the_other_game_stands() {
    let contest = Contest::start(true).await;
    assert!(contest.session.real_time);
    // Of two games without points, the one with fewer shots is better: the late one.
    let mut prompt = contest.game().await;
    assert!(prompt.ticket.real_time);
    let (ack, view) = contest.send(&mut prompt, 0, hold(0, Buttons::FIRE, 190)).await;
    assert_lag(ack.lag_millis, 189 * 1_000 / 60);
    assert_eq!((view.result.score, view.result.shots), (0, 1));
    assert!(view.rank.is_ranked());
    assert_eq!(contest.standings().await.standings[0].standing.game, prompt.ticket.game);

    let mut late = contest.game().await;
    let (_, view) = contest.send(&mut late, 0, hold(0, Buttons::LEFT, 240)).await;
    assert!(view.rank.is_ranked(), "{view:?}");
    assert_eq!(contest.standings().await.standings[0].standing.game, late.ticket.game);
    let (ack, view) = contest.send(&mut late, TOO_LATE_MILLIS, hold(240, Buttons::LEFT, 1)).await;
    assert_lag(ack.lag_millis, TOO_LATE_MILLIS);
    assert_eq!(unranked_lag(&view), Some(ack.lag_millis));
    assert_eq!(view.tick, Tick(241), "the game is shown");
    assert_eq!(contest.standings().await.standings[0].standing.game, prompt.ticket.game);
    assert_eq!(contest.figures(&late).await.pace.max_button_lag_millis, ack.lag_millis);

    // Playing on in time does not make up for it.
    let (ack, view) = contest.send(&mut late, 0, hold(241, Buttons::empty(), 5_000)).await;
    assert_eq!((ack.lag_millis, unranked_lag(&view).is_some()), (0, true));
}

#[tokio::test]
async fn any_pace_ranks_in_other_sessions_and_its_figure_is_shown() {
    let contest = Contest::start(false).await;
    assert!(!contest.session.real_time);
    let mut game = contest.game().await;
    let (ack, view) = contest.send(&mut game, TOO_LATE_MILLIS, hold(0, Buttons::FIRE, 60)).await;
    assert_lag(ack.lag_millis, TOO_LATE_MILLIS + 59 * 1_000 / 60);
    assert!(view.rank.is_ranked() && view.pace_percent < 5, "{view:?}");
    assert_eq!(contest.figures(&game).await.pace.max_button_lag_millis, ack.lag_millis);
    assert_eq!(contest.standings().await.standings[0].standing.game, game.ticket.game);
}

#[tokio::test]
async fn idle_ticks_of_a_resumed_game_may_come_late() {
    let contest = Contest::start(true).await;
    let mut game = contest.game().await;
    contest.send(&mut game, 0, hold(0, Buttons::LEFT, 60)).await;
    // Idle ticks that were due long ago, then those of a pause until now, then a button.
    let (ack, view) = contest.send(&mut game, TOO_LATE_MILLIS, hold(60, Buttons::empty(), 60)).await;
    assert_eq!((ack.lag_millis, view.rank), (0, RankStatus::Ranked));
    let paused = TOO_LATE_MILLIS as usize * 60 / 1_000;
    contest.send(&mut game, 0, hold(120, Buttons::empty(), paused)).await;
    let (ack, view) = contest.send(&mut game, 0, hold(120 + paused as u32, Buttons::RIGHT, 60)).await;
    assert!(ack.lag_millis < 1_000 + TOLERANCE_MILLIS, "{ack:?}");
    assert!(view.rank.is_ranked(), "{view:?}");
}

#[tokio::test]
async fn manager_lets_a_late_game_rank() {
    let contest = Contest::start(true).await;
    let mut game = contest.game().await;
    let (_, view) = contest.send(&mut game, TOO_LATE_MILLIS, hold(0, Buttons::FIRE, 60)).await;
    assert!(unranked_lag(&view).is_some(), "{view:?}");
    assert_eq!(contest.standings().await.players, 0);
    let path = format!("/v1/games/{}", game.ticket.game);
    let token = Some(contest.manager.access_token.as_str());
    let decided = contest.server.request(Method::PATCH, &path, token, Some(&json!("rank"))).await;
    assert_eq!(decided.status(), StatusCode::NO_CONTENT);
    contest.server.game_when(&game.ticket, |view| view.rank.is_ranked()).await;
    assert_eq!(contest.standings().await.players, 1);
}
