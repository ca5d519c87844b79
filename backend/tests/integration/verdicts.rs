//! Nobody can forge a score: honest games are verified, and whatever else is sent never makes a standing better.

use crate::common::{TestServer, batch, hold, is_rejected, play_out, problem, until_playable};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{
    api::{ProblemCode, Standings, Ticket},
    event::{Event, EventKind},
    ids::Seq,
    replay::Replay,
    rules::{Buttons, StateHash},
    time::Tick,
    verdict::{RejectionReason, Verdict},
};

#[tokio::test]
async fn an_honest_game_is_verified_and_stands_by_the_servers_replay() {
    let server = TestServer::start_short();
    let mut ticket = server.ticket("Ada").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    let count = events.len() as u32;
    until_playable(&ticket, game.state().tick).await;
    assert_eq!(server.send_ok(&mut ticket, 0, events).await.next_seq, Seq(count));

    let view = server.game_at(&ticket, count).await;
    assert_eq!(view.verdict, Verdict::Verified);
    assert_eq!(view.hash, game.state().hash());
    assert_eq!((view.result.score, view.result.shots), (game.state().score, game.state().shots));
    let standings = server.standings().await;
    let [first] = standings.standings.as_slice() else { panic!("one player has played") };
    assert_eq!((first.rank, first.standing.result, first.standing.game), (1, view.result, ticket.game));
    assert_eq!((&*first.standing.tuning_name, first.standing.tuning_hash), ("short", ticket.tuning.hash()));

    let replay: Replay = server.get(&format!("/v1/games/{}/replay", ticket.game)).await;
    assert_eq!(replay.run().hash(), view.hash);
}

/// A game of which four seconds are acknowledged: 3 of countdown and one in which the ship fires.
async fn underway(server: &TestServer) -> Ticket {
    let mut ticket = server.ticket("Mallory").await;
    until_playable(&ticket, Tick(240)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)]).await;
    let view = server.game_at(&ticket, 2).await;
    assert_eq!((view.verdict, view.tick), (Verdict::Live, Tick(240)));
    ticket
}

/// Sends events that are taken and lead to a rejection, which takes the game off the scoreboard.
async fn rejection_of(server: &TestServer, first_seq: u32, events: Vec<Event>) -> RejectionReason {
    let mut ticket = underway(server).await;
    server.send_ok(&mut ticket, first_seq, events).await;
    let view = server.game_when(&ticket, is_rejected).await;
    let ranked = server.standings().await;
    assert!(ranked.standings.iter().all(|row| row.standing.game != ticket.game), "a rejected game still ranks");
    match view.verdict {
        Verdict::Rejected { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn acknowledged_buttons_cannot_be_changed() {
    let server = TestServer::start(&[]);
    let changed = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::LEFT, 60)];
    assert_eq!(rejection_of(&server, 0, changed).await, RejectionReason::Rewritten { at: Tick(180) });
    let moved = vec![hold(179, Buttons::FIRE, 60)];
    assert_eq!(rejection_of(&server, 1, moved).await, RejectionReason::Rewritten { at: Tick(179) });
}

#[tokio::test]
async fn the_same_events_again_change_nothing() {
    let server = TestServer::start(&[]);
    let mut ticket = underway(&server).await;
    let before = server.game_at(&ticket, 2).await;
    for again in [0, 1] {
        let events = [hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)];
        let ack = server.send_ok(&mut ticket, again, events[again as usize..].to_vec()).await;
        assert_eq!(ack.next_seq, Seq(2));
    }
    // An event after them shows that they have been processed.
    server.send_ok(&mut ticket, 2, vec![Event { tick: Tick(240), kind: EventKind::Paused }]).await;
    let after = server.game_at(&ticket, 3).await;
    assert_eq!((after.verdict, after.result, after.hash), (Verdict::Live, before.result, before.hash));
}

#[tokio::test]
async fn a_gap_is_refused_and_says_what_is_due() {
    let server = TestServer::start(&[]);
    let mut ticket = underway(&server).await;
    let late = batch(3, vec![hold(300, Buttons::FIRE, 60)]);
    let (status, body) = problem(server.send(&ticket, &late).await).await;
    assert_eq!((status, body.code, body.expected_seq), (StatusCode::CONFLICT, ProblemCode::Gap, Some(Seq(2))));

    // In their order the same events are taken.
    until_playable(&ticket, Tick(360)).await;
    server.send_ok(&mut ticket, 2, vec![hold(240, Buttons::FIRE, 60)]).await;
    server.send_ok(&mut ticket, 3, vec![hold(300, Buttons::FIRE, 60)]).await;
    assert_eq!(server.game_at(&ticket, 4).await.tick, Tick(360));
}

#[tokio::test]
async fn more_ticks_than_time_are_rejected() {
    let server = TestServer::start(&[]);
    let hour = vec![hold(240, Buttons::FIRE, 60 * 60 * 60)];
    let reason = rejection_of(&server, 2, hour).await;
    assert!(matches!(reason, RejectionReason::AheadOfTime { played: Tick(216_240), .. }), "{reason:?}");
}

#[tokio::test]
async fn what_the_rules_do_not_bear_out_is_rejected() {
    let server = TestServer::start(&[]);
    let claim = |tick, kind| vec![Event { tick: Tick(tick), kind }];
    let another = StateHash(1);
    let reason = rejection_of(&server, 2, claim(240, EventKind::Hash(another))).await;
    assert_eq!(reason, RejectionReason::HashMismatch { at: Tick(240) });
    let reason = rejection_of(&server, 2, claim(240, EventKind::Over(another))).await;
    assert_eq!(reason, RejectionReason::HashMismatch { at: Tick(240) });
    let reason = rejection_of(&server, 2, vec![hold(230, Buttons::FIRE, 10)]).await;
    assert_eq!(reason, RejectionReason::BrokenLog { expected: Tick(240), got: Tick(230) });

    let mut ticket = underway(&server).await;
    let hash = server.game_at(&ticket, 2).await.hash;
    server.send_ok(&mut ticket, 2, claim(240, EventKind::Over(hash))).await;
    let view = server.game_when(&ticket, is_rejected).await;
    assert_eq!(view.verdict, Verdict::Rejected { reason: RejectionReason::NotOver { at: Tick(240) } });
}

#[tokio::test]
async fn a_token_opens_its_own_game_alone() {
    let server = TestServer::start(&[]);
    let (mine, theirs) = (underway(&server).await, server.ticket("Eve").await);
    let more = batch(2, vec![hold(240, Buttons::FIRE, 1)]);
    let send = |token: Option<&str>| {
        let mut request = server.client.post(format!("{}/v1/games/{}/events", server.url, mine.game));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.json(&more).send()
    };
    let (status, body) = problem(send(Some(&theirs.game_token)).await.unwrap()).await;
    assert_eq!((status, body.code), (StatusCode::FORBIDDEN, ProblemCode::WrongGame));

    let [header, claims, signature] = mine.game_token.split('.').collect::<Vec<_>>()[..] else { panic!("not a JWT") };
    let (_, their_claims, _) = parts(&theirs.game_token);
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
    let edited = format!("{header}.{their_claims}.{signature}");
    for token in [None, Some(""), Some("nonsense"), Some(&*mine.player_token), Some(&*unsigned), Some(&*edited)] {
        let (status, body) = problem(send(token).await.unwrap()).await;
        assert_eq!((status, body.code), (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken), "{token:?}");
    }
    assert_eq!(server.game_at(&mine, 2).await.next_seq, Seq(2), "nothing was taken");
}

#[tokio::test]
async fn a_game_goes_on_from_where_its_token_says_and_nobody_can_say_otherwise() {
    let server = TestServer::start(&[]);
    let mut newest = server.ticket("Mallory").await;
    until_playable(&newest, Tick(240)).await;
    let mut older = newest.clone();
    let events = vec![hold(0, Buttons::empty(), 180), hold(180, Buttons::FIRE, 60)];
    server.send_ok(&mut newest, 0, events.clone()).await;
    let before = server.game_at(&newest, 2).await;

    // Who lost the acknowledgement holds the older token, and is told to send again what that does not prove.
    let (status, body) = problem(server.send(&older, &batch(2, events.clone())).await).await;
    assert_eq!((status, body.code, body.expected_seq), (StatusCode::CONFLICT, ProblemCode::Gap, Some(Seq(0))));
    assert_eq!(server.send_ok(&mut older, 0, events.clone()).await.next_seq, Seq(2));

    let [header, claims, signature] = newest.game_token.split('.').collect::<Vec<_>>()[..] else { panic!("not a JWT") };
    let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["due"], 2);
    claims["due"] = json!(9);
    let game_token = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let forged = Ticket { game_token, ..newest.clone() };
    let (status, body) = problem(server.send(&forged, &batch(9, events)).await).await;
    assert_eq!((status, body.code), (StatusCode::UNAUTHORIZED, ProblemCode::InvalidToken));

    // An event after all that shows that it has been processed.
    server.send_ok(&mut older, 2, vec![Event { tick: Tick(240), kind: EventKind::Paused }]).await;
    let after = server.game_at(&newest, 3).await;
    assert_eq!((after.verdict, after.result, after.hash), (Verdict::Live, before.result, before.hash));
}

fn parts(token: &str) -> (&str, &str, &str) {
    let mut parts = token.split('.');
    (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
}

#[tokio::test]
async fn a_players_standing_is_the_best_run_whole() {
    let server = TestServer::start_short();
    let mut first = server.ticket("Ada").await;
    let request = shared::api::NewGame {
        nickname: "Ada".parse().unwrap(),
        session: None,
        player_token: Some(first.player_token.clone()),
    };
    let answer = server.client.post(format!("{}/v1/games", server.url)).json(&request).send().await.unwrap();
    let mut second: Ticket = answer.json().await.unwrap();
    assert_eq!(first.player, second.player);

    for (ticket, buttons) in [(&mut first, Buttons::FIRE), (&mut second, Buttons::empty())] {
        let (events, game) = play_out(ticket, buttons);
        until_playable(ticket, game.state().tick).await;
        let count = events.len() as u32;
        server.send_ok(ticket, 0, events).await;
        server.game_at(ticket, count).await;
    }
    let games: shared::api::PlayerGames = server.get(&format!("/v1/players/{}/games", first.player)).await;
    let best = games.games.iter().map(|game| game.result).max().unwrap();
    let standings = server.standings().await;
    assert_eq!((standings.players, standings.standings[0].standing.result), (1, best));
}

#[tokio::test]
async fn the_tables_are_the_same_when_computed_again_from_the_stream() {
    let mut server = TestServer::start_short();
    for name in ["Ada", "Bob", "Cleo"] {
        let mut ticket = server.ticket(name).await;
        let (events, game) = play_out(&ticket, Buttons::FIRE);
        until_playable(&ticket, game.state().tick).await;
        let count = events.len() as u32;
        server.send_ok(&mut ticket, 0, events).await;
        server.game_at(&ticket, count).await;
    }
    let before: Standings = server.standings().await;
    assert_eq!(before.players, 3);
    assert!(server.stop().success());
    std::fs::remove_file(server.data().join("tables.redb")).unwrap();
    server.restart();
    assert_eq!(server.standings().await, before);
}
