//! Strategies that ask for many tickets.

use std::collections::HashSet;

use shared::{
    api::{GameView, Ticket},
    event::{Event, EventKind},
    ids::GameId,
    replay::Seed,
    time::{TICKS_PER_SECOND, Tick},
};
use tokio::task::JoinSet;

use super::{
    answer::Answer,
    arena::Arena,
    attempt::{Attempt, Claim},
    error::AttackError,
    forged_game::ForgedGame,
    recording::Recording,
    strategy::Strategy,
};

/// Tickets that an adversary asks for.
const REQUESTS: u32 = 200;
/// Games that an adversary plays at the same time.
const PARALLEL_GAMES: u32 = 12;

/// Asks for tickets one after another, reports that it left the page, and gives up the seat in between.
pub async fn seed_shopping(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::SeedShopping).await?;
    let mut games = HashSet::from([identity(&game.ticket)]);
    for number in 1..REQUESTS {
        if number % 7 == 0 {
            game.send(0, vec![Event { tick: Tick::ZERO, kind: EventKind::Left }]).await;
        }
        if number % 10 == 0 {
            game.client.leave_seat().await?;
        }
        game.restart().await?;
        games.insert(identity(&game.ticket));
    }
    let claim = Claim::Games { claimed: REQUESTS, got: games.len() as u32 };
    Ok(game.attempt(Answer::Accepted, claim))
}

/// Asks for many tickets at once. Then begins games by their first ticks alone, and plays all of them at the same time.
pub async fn thousand_tickets(arena: &Arena) -> Result<Attempt, AttackError> {
    let first = arena.game(Strategy::ThousandTickets).await?;
    let mut requests = JoinSet::new();
    for _ in 0..REQUESTS {
        let mut client = first.client.clone();
        requests.spawn(async move { client.start_game().await });
    }
    let mut tickets = HashSet::new();
    for ticket in requests.join_all().await {
        tickets.insert(identity(&ticket?));
    }
    let mut games = Vec::new();
    for number in 0..PARALLEL_GAMES {
        games.push(begin_game(arena, &first, number).await?);
    }
    let mut playing = JoinSet::new();
    for (mut game, recording) in games {
        playing.spawn(async move {
            let answer = game.play(&recording, 2, Tick(recording.ticks())).await;
            (game, answer)
        });
    }
    let played = playing.join_all().await;
    let counting = count_games(arena, &played).await?;
    let got = counting.max(tickets.len() as u32);
    let Some((game, answer)) = played.into_iter().next() else {
        return Err(AttackError::Control("no game was played"));
    };
    Ok(game.attempt(answer, Claim::Games { claimed: REQUESTS, got }))
}

/// Begins a game with its first second.
async fn begin_game(arena: &Arena, first: &ForgedGame, number: u32) -> Result<(ForgedGame, Recording), AttackError> {
    let mut game = ForgedGame::start(first.client.clone(), arena.session()).await?;
    let recording = Recording::bot(&game.known, arena.ticks() * 2 / 3, arena.seed.wrapping_add(number.into()));
    game.play(&recording, 1, Tick(TICKS_PER_SECOND / 2)).await;
    Ok((game, recording))
}

/// The games that count to their end.
async fn count_games(arena: &Arena, played: &[(ForgedGame, Answer)]) -> Result<u32, AttackError> {
    let mut counting = 0;
    for (game, _) in played {
        let view: GameView = arena.processed_game(game.ticket.game, game.next_seq).await?;
        if view.tick < Tick(TICKS_PER_SECOND) {
            return Err(AttackError::Control("a game was not played on"));
        }
        counting += u32::from(!view.late);
    }
    Ok(counting)
}

/// Plays the first start of a game whose ticket was issued again, before and after the second start.
pub async fn old_start(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut old = arena.game(Strategy::OldStart).await?;
    let recording = Recording::bot(&old.known, arena.ticks() / 4, arena.seed);
    let mut new = ForgedGame::start(old.client.clone(), arena.session()).await?;
    let before = old.play(&recording, 5, Tick(recording.ticks())).await;
    new.send_next(Recording::idle(&new.known, 1).event(0, 1).into_iter().collect()).await;
    let after = old.play(&recording, 5, Tick(recording.ticks())).await;
    let claim = Claim::Points { claimed: recording.score(), deserved: 0 };
    Ok(Attempt { answer: before.or(after), ..new.attempt(Answer::Accepted, claim) })
}

/// What makes a ticket the same game.
fn identity(ticket: &Ticket) -> (GameId, Option<Seed>) {
    (ticket.game, ticket.seed.known())
}
