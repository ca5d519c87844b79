//! Verdicts: honest games are verified, and forged events never improve a standing.

use crate::common::{
    ServerProcess, TestServer,
    games::{batch, hold, is_rejected, play_out, wait_for_tick},
    read_problem,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{
    api::{PlayerGames, ProblemCode, Standings, Ticket},
    event::{Event, EventKind},
    ids::Seq,
    rules::{Buttons, StateHash},
    time::Tick,
    verdict::{RejectionReason, Verdict},
};

#[tokio::test]
async fn honest_game_is_verified_and_ranked_by_the_replay() {
    let server = TestServer::start_short().await;
    let mut ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    let count = events.len() as u32;
    wait_for_tick(&ticket, game.state().tick).await;
    assert_eq!(server.send_ok(&mut ticket, 0, events).await.next_seq, Seq(count));

    let view = server.processed_game(&ticket, count).await;
    assert_eq!(view.verdict, Verdict::Verified);
    assert_eq!(view.hash, Some(game.state().hash()));
    assert_eq!((view.result.score, view.result.shots), (game.state().score, game.state().shots));
    let standings = server.standings().await;
    let [first] = standings.standings.as_slice() else { panic!("there is one standing") };
    assert_eq!((first.rank, first.standing.result, first.standing.game), (1, view.result, ticket.game));
    assert_eq!((&*first.standing.tuning_name, first.standing.tuning_hash), ("short", ticket.tuning.hash()));

    let played = server.replay(ticket.game, Some(&ticket.player_token)).await;
    assert_eq!(Some(played.replay.run().hash()), view.hash);
}

/// A game of which four seconds are processed: 3 of countdown and one in which the ship fires.
async fn start_game(server: &TestServer) -> Ticket {
    let mut ticket = server.ticket("Mallory").await;
    wait_for_tick(&ticket, Tick(240)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)]).await;
    let view = server.processed_game(&ticket, 2).await;
    assert_eq!((view.verdict, view.tick), (Verdict::Live, Tick(240)));
    ticket
}

async fn is_ranked(server: &TestServer, ticket: &Ticket) -> bool {
    server.standings().await.standings.iter().any(|row| row.standing.game == ticket.game)
}

/// Sends events that are acknowledged and get the game rejected. A rejected game has no standing.
async fn rejection_of(server: &TestServer, first_seq: u32, events: Vec<Event>) -> RejectionReason {
    let mut ticket = start_game(server).await;
    assert!(is_ranked(server, &ticket).await);
    server.send_ok(&mut ticket, first_seq, events).await;
    let view = server.game_when(&ticket, is_rejected).await;
    assert!(!is_ranked(server, &ticket).await);
    match view.verdict {
        Verdict::Rejected { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn acknowledged_buttons_cannot_be_changed() {
    let server = TestServer::start(&[]).await;
    let changed = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::LEFT, 60)];
    assert_eq!(rejection_of(&server, 0, changed).await, RejectionReason::Rewritten { at: Tick(180) });
    let moved = vec![hold(179, Buttons::FIRE, 60)];
    assert_eq!(rejection_of(&server, 1, moved).await, RejectionReason::Rewritten { at: Tick(179) });
}

#[tokio::test]
async fn repeated_events_change_nothing() {
    let server = TestServer::start(&[]).await;
    let mut ticket = start_game(&server).await;
    let before = server.processed_game(&ticket, 2).await;
    for again in [0, 1] {
        let events = [hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)];
        let ack = server.send_ok(&mut ticket, again, events[again as usize..].to_vec()).await;
        assert_eq!(ack.next_seq, Seq(2));
    }
    // When the next event is processed, the repeated ones are as well.
    server.send_ok(&mut ticket, 2, vec![Event { tick: Tick(240), kind: EventKind::Paused }]).await;
    let after = server.processed_game(&ticket, 3).await;
    assert_eq!((after.verdict, after.result, after.hash), (Verdict::Live, before.result, before.hash));
}

#[tokio::test]
async fn gap_is_refused_with_the_expected_number() {
    let server = TestServer::start(&[]).await;
    let mut ticket = start_game(&server).await;
    let late = batch(3, vec![hold(300, Buttons::FIRE, 60)]);
    let (status, body) = read_problem(server.send(&ticket, &late).await).await;
    assert_eq!((status, body.code, body.expected_seq), (StatusCode::CONFLICT, ProblemCode::Gap, Some(Seq(2))));

    // In the right order the same events are acknowledged.
    wait_for_tick(&ticket, Tick(360)).await;
    server.send_ok(&mut ticket, 2, vec![hold(240, Buttons::FIRE, 60)]).await;
    server.send_ok(&mut ticket, 3, vec![hold(300, Buttons::FIRE, 60)]).await;
    assert_eq!(server.processed_game(&ticket, 4).await.tick, Tick(360));
}

#[tokio::test]
async fn more_ticks_than_real_time_are_not_taken() {
    let server = TestServer::start(&[]).await;
    let ticket = start_game(&server).await;
    let hour = batch(2, vec![hold(240, Buttons::FIRE, 60 * 60 * 60)]);
    let (status, problem) = read_problem(server.send(&ticket, &hour).await).await;
    assert_eq!((status, problem.code), (StatusCode::TOO_MANY_REQUESTS, ProblemCode::TooEarly));
    assert_eq!(server.processed_game(&ticket, 2).await.verdict, Verdict::Live);
}

#[tokio::test]
async fn claims_that_differ_from_the_replay_are_rejected() {
    let server = TestServer::start(&[]).await;
    let claim = |tick, kind| vec![Event { tick: Tick(tick), kind }];
    let wrong_hash = StateHash(1);
    let reason = rejection_of(&server, 2, claim(240, EventKind::Hash(wrong_hash))).await;
    assert_eq!(reason, RejectionReason::HashMismatch { at: Tick(240) });
    let reason = rejection_of(&server, 2, claim(240, EventKind::Over(wrong_hash))).await;
    assert_eq!(reason, RejectionReason::HashMismatch { at: Tick(240) });
    let reason = rejection_of(&server, 2, vec![hold(230, Buttons::FIRE, 10)]).await;
    assert_eq!(reason, RejectionReason::BrokenLog { expected: Tick(240), got: Tick(230) });

    let mut ticket = start_game(&server).await;
    let hash = server.processed_game(&ticket, 2).await.hash.unwrap();
    server.send_ok(&mut ticket, 2, claim(240, EventKind::Over(hash))).await;
    let view = server.game_when(&ticket, is_rejected).await;
    assert_eq!(view.verdict, Verdict::Rejected { reason: RejectionReason::NotOver { at: Tick(240) } });
}

#[tokio::test]
async fn game_token_is_valid_for_its_own_game_only() {
    let server = TestServer::start(&[]).await;
    let (mine, theirs) = (start_game(&server).await, server.ticket("Eve").await);
    let more = batch(2, vec![hold(240, Buttons::FIRE, 1)]);
    let send = |token: Option<&str>| {
        let mut request = server.client.post(format!("{}/v1/games/{}/events", server.url, mine.game));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.json(&more).send()
    };
    let (status, body) = read_problem(send(Some(&theirs.game_token)).await.unwrap()).await;
    assert_eq!((status, body.code), (StatusCode::FORBIDDEN, ProblemCode::WrongGame));

    let [header, claims, signature] = mine.game_token.split('.').collect::<Vec<_>>()[..] else { panic!("not a JWT") };
    let (_, their_claims, _) = parts(&theirs.game_token);
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
    let edited = format!("{header}.{their_claims}.{signature}");
    for token in [None, Some(""), Some("nonsense"), Some(&*mine.player_token), Some(&*unsigned), Some(&*edited)] {
        let (status, body) = read_problem(send(token).await.unwrap()).await;
        assert_eq!((status, body.code), (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken), "{token:?}");
    }
    assert_eq!(server.processed_game(&mine, 2).await.next_seq, Seq(2), "no event was accepted");
}

#[tokio::test]
async fn game_continues_at_the_number_in_its_token_which_cannot_be_forged() {
    let server = TestServer::start(&[]).await;
    let mut newest = server.ticket("Mallory").await;
    wait_for_tick(&newest, Tick(240)).await;
    let mut older = newest.clone();
    let events = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)];
    server.send_ok(&mut newest, 0, events.clone()).await;
    let before = server.processed_game(&newest, 2).await;

    // A client that missed the acknowledgement has the older token. It must send the events after that token again.
    let (status, body) = read_problem(server.send(&older, &batch(2, events.clone())).await).await;
    assert_eq!((status, body.code, body.expected_seq), (StatusCode::CONFLICT, ProblemCode::Gap, Some(Seq(0))));
    assert_eq!(server.send_ok(&mut older, 0, events.clone()).await.next_seq, Seq(2));

    let [header, claims, signature] = newest.game_token.split('.').collect::<Vec<_>>()[..] else { panic!("not a JWT") };
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["due"], 2);
    claims["due"] = json!(9);
    let game_token = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let forged = Ticket { game_token, ..newest.clone() };
    let (status, body) = read_problem(server.send(&forged, &batch(9, events)).await).await;
    assert_eq!((status, body.code), (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken));

    // When the next event is processed, all others are as well.
    server.send_ok(&mut older, 2, vec![Event { tick: Tick(240), kind: EventKind::Paused }]).await;
    let after = server.processed_game(&newest, 3).await;
    assert_eq!((after.verdict, after.result, after.hash), (Verdict::Live, before.result, before.hash));
}

/// Header, claims and signature of a token.
fn parts(token: &str) -> (&str, &str, &str) {
    let mut parts = token.split('.');
    (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
}

#[tokio::test]
async fn standing_is_the_best_result_of_a_player() {
    let server = TestServer::start_short().await;
    let mut first = server.ticket("Ada").await;
    let mut second = server.ticket_of("Ada", Some(first.player_token.clone())).await;
    assert_eq!(first.player, second.player);

    for (ticket, buttons) in [(&mut first, Buttons::FIRE), (&mut second, Buttons::empty())] {
        let (events, game) = play_out(ticket, buttons);
        wait_for_tick(ticket, game.state().tick).await;
        let count = events.len() as u32;
        server.send_ok(ticket, 0, events).await;
        server.processed_game(ticket, count).await;
    }
    let games: PlayerGames = server.get(&format!("/v1/players/{}/games", first.player)).await;
    let [one, other] = &games.games[..] else { panic!("the player has two games: {games:?}") };
    assert_ne!(one.result, other.result);
    let best = one.result.max(other.result);
    let standings = server.standings().await;
    assert_eq!((standings.players, standings.standings[0].standing.result), (1, best));
}

#[tokio::test]
async fn standings_are_the_same_when_recomputed_from_the_stream() {
    let mut server = ServerProcess::start_short(&[]).await;
    for name in ["Ada", "Bob", "Cleo"] {
        let mut ticket = server.ticket(name).await;
        let (events, game) = play_out(&ticket, Buttons::FIRE);
        wait_for_tick(&ticket, game.state().tick).await;
        let count = events.len() as u32;
        server.send_ok(&mut ticket, 0, events).await;
        server.processed_game(&ticket, count).await;
    }
    let before: Standings = server.standings().await;
    assert_eq!(before.players, 3);
    assert!(server.stop().await.success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart().await;
    assert_eq!(server.standings().await, before);
}
