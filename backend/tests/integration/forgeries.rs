//! Attempts to earn a standing that no honest game would have, by players with valid tokens. Other modules have more of
//! them: `verdicts` forged events, `tickets` early starts and many tickets, `secrecy` stolen logs.

use crate::common::{
    TestServer,
    games::{hold, is_rejected, play_out, wait_until},
};
use serde_json::json;
use shared::{
    api::{GameView, SessionView, Standings, Ticket, Tokens},
    event::{Event, EventKind},
    rules::Buttons,
    session::Stage,
    time::Tick,
    verdict::{RejectionReason, Verdict},
};

/// A session without an end, and a guest with a seat.
struct Cup {
    server: TestServer,
    manager: Tokens,
    session: SessionView,
    token: String,
}

impl Cup {
    async fn start() -> Cup {
        let server = TestServer::start(&[]).await;
        let manager = server.sign_in_manager().await;
        let session = server.open_session(&manager, json!({"name": "Cup", "kind": "multiple_trials"})).await;
        let token = server.seat_guest(&session, "Mallory").await.player_token.unwrap();
        Cup { server, manager, session, token }
    }

    async fn ticket(&self) -> Ticket {
        self.server.session_ticket(&self.session, &self.token).await
    }

    async fn standings(&self) -> Standings {
        self.server.get(&format!("/v1/standings?session={}", self.session.session)).await
    }
}

/// Sends seconds of play in which the ship fires, after the first `seconds` seconds of a game. Each is an event.
async fn play(server: &TestServer, ticket: &mut Ticket, seconds: std::ops::Range<u32>) -> GameView {
    let events = seconds.clone().map(|second| hold(second * 60, Buttons::FIRE, 60)).collect();
    server.send_ok(ticket, seconds.start, events).await;
    server.processed_game(ticket, seconds.end).await
}

#[tokio::test]
async fn only_the_newest_game_of_a_player_counts_in_a_session() {
    let cup = Cup::start().await;
    let mut first = cup.ticket().await;
    play(&cup.server, &mut first, 0..4).await;
    let mut second = cup.ticket().await;
    play(&cup.server, &mut second, 0..1).await;
    let parallel = play(&cup.server, &mut first, 4..6).await;
    assert!(parallel.late && parallel.tick == Tick(360), "it is shown and does not count");
    assert!(!play(&cup.server, &mut second, 1..4).await.late);
}

#[tokio::test]
async fn a_player_of_open_play_can_play_three_games_at_once() {
    let server = TestServer::start(&[]).await;
    let mut games: Vec<Ticket> = Vec::new();
    for _ in 0..4 {
        let token = games.first().map(|ticket| ticket.player_token.clone());
        let mut ticket = server.ticket_of("Mallory", token).await;
        play(&server, &mut ticket, 0..1).await;
        games.push(ticket);
    }
    let [first, second, ..] = &mut games[..] else { unreachable!() };
    assert_eq!(first.player, second.player);
    // The first game could be played until the fourth began.
    assert!(play(&server, first, 1..9).await.late);
    assert!(!play(&server, second, 1..2).await.late);
}

#[tokio::test]
async fn buttons_after_the_end_of_the_game_are_rejected() {
    let server = TestServer::start_short().await;
    let mut ticket = server.ticket("Mallory").await;
    let (mut events, game) = play_out(&ticket, Buttons::FIRE);
    let end = game.state().tick;
    // It never says that it is over.
    assert!(matches!(events.pop(), Some(Event { kind: EventKind::Over(_), .. })));
    let count = events.len() as u32;
    server.send_ok(&mut ticket, 0, events).await;
    assert_eq!(server.processed_game(&ticket, count).await.verdict, Verdict::Verified);
    server.send_ok(&mut ticket, count, vec![hold(end.0, Buttons::FIRE, 60)]).await;
    let view = server.game_when(&ticket, is_rejected).await;
    assert_eq!(view.verdict, Verdict::Rejected { reason: RejectionReason::PastEnd { at: end } });
    assert_eq!(view.tick, end);
    assert!(server.standings().await.standings.is_empty());
}

#[tokio::test]
async fn what_was_played_after_the_end_does_not_count_when_the_session_is_open_again() {
    let cup = Cup::start().await;
    let mut ticket = cup.ticket().await;
    play(&cup.server, &mut ticket, 0..4).await;
    let closing = cup.server.move_session(&cup.manager, &cup.session, json!({"move": "close"})).await;
    let Stage::Closing { settles_at } = closing.stage else { panic!("{closing:?}") };
    // Ticks that were due after the end are sent within the grace period.
    let late = play(&cup.server, &mut ticket, 4..6).await;
    assert!(late.late);
    let counted = cup.standings().await;
    wait_until(settles_at).await;
    cup.server.move_session(&cup.manager, &cup.session, json!({"move": "reopen"})).await;
    play(&cup.server, &mut ticket, 6..8).await;
    assert_eq!(cup.standings().await, counted);
}

#[tokio::test]
async fn of_equal_results_the_first_one_stands_first_whatever_its_nickname() {
    let cup = Cup::start().await;
    let mirror = cup.server.seat_guest(&cup.session, "!").await.player_token.unwrap();
    let mut second = cup.server.session_ticket(&cup.session, &mirror).await;
    let mut first = cup.ticket().await;
    // One shot each. The player whose ticket is the older one sends it later.
    for ticket in [&mut first, &mut second] {
        let events = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 2)];
        cup.server.send_ok(ticket, 0, events).await;
        cup.server.processed_game(ticket, 2).await;
    }
    let standings = cup.standings().await.standings;
    let names: Vec<&str> = standings.iter().map(|row| row.standing.nickname.as_str()).collect();
    assert_eq!(standings[0].standing.result, standings[1].standing.result);
    assert_eq!(names, ["Mallory", "!"]);
}
