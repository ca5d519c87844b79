//! Managers see how a game was played, take it off the standings, and put it back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{
    api::{GameFigures, GameView, MarkView, Ticket, Tokens},
    event::{Event, EventKind},
    ids::GameId,
    ranking::{RankDecision, RankStatus, UnrankedCause},
    rules::Buttons,
    time::Tick,
};

use crate::common::{TestServer, read_problem};

/// Plays seconds in which the ship fires: without a release, or in every other tick.
async fn play(server: &TestServer, ticket: &mut Ticket, seconds: u32, every_other_tick: bool) {
    let is_down = |tick: u32| !every_other_tick || tick.is_multiple_of(2);
    let log = (0..seconds * 60).map(|tick| if is_down(tick) { Buttons::FIRE } else { Buttons::empty() }).collect();
    server.send_ok(ticket, 0, vec![Event { tick: Tick::ZERO, kind: EventKind::Buttons(log) }]).await;
    server.processed_game(ticket, 1).await;
}

async fn figures(server: &TestServer, token: &str, game: GameId) -> GameFigures {
    server.call(Method::GET, &format!("/v1/games/{game}/figures"), Some(token), None).await
}

async fn decide(server: &TestServer, token: Option<&str>, game: GameId, decision: &Value) -> StatusCode {
    server.request(Method::PATCH, &format!("/v1/games/{game}"), token, Some(decision)).await.status()
}

#[tokio::test]
async fn unranked_game_is_shown_with_its_reason_and_the_next_best_one_stands() {
    let server = TestServer::start(&[]).await;
    let Tokens { player: manager_id, access_token: manager, .. } = server.sign_in_manager().await;
    let mut shorter = server.ticket("Ada").await;
    play(&server, &mut shorter, 5, false).await;
    let mut longer = server.ticket_of("Ada", Some(shorter.player_token.clone())).await;
    play(&server, &mut longer, 7, false).await;
    let best = server.standings().await.standings.remove(0).standing;
    let other = if best.game == longer.game { &shorter } else { &longer };

    let reason = "played by a program";
    assert_eq!(decide(&server, Some(&manager), best.game, &json!({"unrank": reason})).await, StatusCode::NO_CONTENT);
    let best_ticket = if best.game == longer.game { &longer } else { &shorter };
    let unranked = server.game_when(best_ticket, |view: &GameView| !view.rank.is_ranked()).await;
    let cause = UnrankedCause::Manager { reason: reason.parse().unwrap() };
    assert_eq!(unranked.rank, RankStatus::Unranked { cause });
    assert_eq!(unranked.result, best.result, "its score stays visible");
    assert_eq!(server.standings().await.standings.remove(0).standing.game, other.game);
    let decision = figures(&server, &manager, best.game).await.decision.unwrap();
    assert_eq!(decision.decided_by, manager_id);
    assert_eq!(decision.decision, RankDecision::Unrank(reason.parse().unwrap()));
    assert_eq!(figures(&server, &manager, other.game).await.decision, None);
    let csv = server.request(Method::GET, "/v1/sessions/0000000000000000/games.csv", Some(&manager), None).await;
    assert!(csv.text().await.unwrap().contains(reason));

    assert_eq!(decide(&server, Some(&manager), best.game, &json!("rank")).await, StatusCode::NO_CONTENT);
    server.game_when(best_ticket, |view: &GameView| view.rank.is_ranked()).await;
    assert_eq!(server.standings().await.standings.remove(0).standing, best);
    assert_eq!(figures(&server, &manager, best.game).await.decision.unwrap().decision, RankDecision::Rank);
}

#[tokio::test]
async fn only_managers_decide_with_a_reason() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await.access_token;
    let ticket = server.ticket("Mallory").await;
    server.processed_game(&ticket, 0).await;
    let unrank = json!({"unrank": "played by a program"});
    assert_eq!(decide(&server, None, ticket.game, &unrank).await, StatusCode::UNAUTHORIZED);
    assert_eq!(decide(&server, Some(&ticket.player_token), ticket.game, &unrank).await, StatusCode::FORBIDDEN);
    assert_eq!(decide(&server, Some(&ticket.game_token), ticket.game, &unrank).await, StatusCode::UNAUTHORIZED);
    assert_eq!(decide(&server, Some(&manager), GameId(1), &unrank).await, StatusCode::NOT_FOUND);
    for invalid in [json!({"unrank": ""}), json!({"unrank": "x".repeat(201)}), json!({"unrank": "a\nb"})] {
        assert_eq!(decide(&server, Some(&manager), ticket.game, &invalid).await, StatusCode::BAD_REQUEST);
    }
    let figures = format!("/v1/games/{}/figures", ticket.game);
    let response = server.request(Method::GET, &figures, Some(&ticket.player_token), None).await;
    assert_eq!(read_problem(response).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn presses_of_a_single_tick_are_marked_for_managers() {
    let server = TestServer::start(&[]).await;
    let manager = server.sign_in_manager().await.access_token;
    let mut tickets = [server.ticket("Grace").await, server.ticket("Mallory").await];
    let mut marks = Vec::new();
    for (ticket, every_other_tick) in tickets.iter_mut().zip([false, true]) {
        play(&server, ticket, 8, every_other_tick).await;
        let figures = figures(&server, &manager, ticket.game).await;
        assert_eq!(figures.pace.parallel_games, 1);
        marks.push(figures.marks);
    }
    let has_short_holds = |marks: &Vec<MarkView>| marks.iter().any(|mark| mark.reason.contains("shorter than 1/30 s"));
    assert_eq!(marks.iter().map(has_short_holds).collect::<Vec<_>>(), [false, true], "{marks:?}");
}
