//! Strategies that send another player's game.

use std::time::Duration;

use shared::{
    api::GameReplay,
    event::{Event, EventKind},
    replay::Replay,
};

use super::{
    answer::Answer,
    arena::{Arena, AttackError},
    attempt::{Attempt, Claim},
    forged_game::ForgedGame,
    recording::{Recording, buttons_event},
    strategy::Strategy,
};

/// The interval between two looks at the leader's replay.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Takes the leader's public replay shortly before the end, and sends it with the own ticket.
pub async fn theft(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::Theft).await?;
    arena.wait_until(95).await;
    let stolen = Leader::find(arena, &game).await?.replay;
    // A thief who went on after the own game is over would be rejected.
    let own = Recording::of_log(&game.ticket, &stolen.log);
    let answer = game.send_next(vec![own.whole()]).await;
    let claim = Claim::Points { claimed: stolen.run().score, deserved: own.score_at(game.in_time) };
    Ok(game.attempt(answer, claim))
}

/// Follows the leader's public replay from a third of the time on, and sends the new ticks each second.
pub async fn mirror(arena: &Arena, strategy: Strategy, has_hashes: bool) -> Result<Attempt, AttackError> {
    let mut game = arena.game(strategy).await?;
    arena.wait_until(33).await;
    let mut leader = Leader::find(arena, &game).await?;
    let mut own = Recording::of_log(&game.ticket, &leader.replay.log);
    let mut answer = game.send_next(new_events(&game, &own, &leader.replay, has_hashes)).await;
    while !arena.is_past(100) && answer == Answer::Accepted {
        tokio::time::sleep(POLL_INTERVAL).await;
        leader.refresh(&game).await?;
        own = Recording::of_log(&game.ticket, &leader.replay.log);
        answer = game.send_next(new_events(&game, &own, &leader.replay, has_hashes)).await;
    }
    let claim = Claim::Points { claimed: leader.replay.run().score, deserved: own.score_at(game.in_time) };
    Ok(game.attempt(answer, claim))
}

/// The ticks that were not sent yet, with the hash of the leader's state after them. Without such ticks, an event of the
/// page.
fn new_events(game: &ForgedGame, own: &Recording, leader: &Replay, has_hashes: bool) -> Vec<Event> {
    let Some(event) = own.event(game.tick.0, own.ticks()) else {
        return vec![Event { tick: game.tick, kind: EventKind::Resumed }];
    };
    let hash = has_hashes.then(|| Recording::of_replay(&game.ticket, leader).hash_event(own.ticks()));
    std::iter::once(event).chain(hash).collect()
}

/// The public replay of a leader.
struct Leader {
    path: String,
    replay: Replay,
}

impl Leader {
    /// The best other player with points in the public part of its replay.
    async fn find(arena: &Arena, game: &ForgedGame) -> Result<Leader, AttackError> {
        while !arena.is_past(100) {
            let standings = arena.standings().await?.standings.into_iter().map(|ranked| ranked.standing);
            for standing in standings.filter(|standing| standing.player != game.ticket.player) {
                let path = format!("/v1/games/{}/replay", standing.game);
                let replay = arena.api().get::<GameReplay>(&path, None).await?.replay;
                if replay.run().score > 0 {
                    return Ok(Leader { path, replay });
                }
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Err(AttackError::Control("no other player's public replay has points"))
    }

    /// Reads the replay again. The own token gives no more of it.
    async fn refresh(&mut self, game: &ForgedGame) -> Result<(), AttackError> {
        let read: GameReplay = game.client.api.get(&self.path, game.client.token.as_deref()).await?;
        self.replay = read.replay;
        Ok(())
    }
}
