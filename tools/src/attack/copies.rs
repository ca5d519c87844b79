//! Strategies that send another player's game.

use std::time::Duration;

use shared::{
    api::GameReplay,
    event::{Event, EventKind},
    ids::GameId,
    replay::Replay,
    session::{Move, Plan},
    time::Tick,
    tuning::Tuning,
};

use super::{
    answer::Answer,
    arena::{Arena, plan},
    attempt::{Attempt, Claim},
    error::AttackError,
    forged_game::ForgedGame,
    recording::{Recording, buttons_event},
    strategy::Strategy,
};
use crate::client::{PlayerClient, RequestError};

/// Bots of which the best one leads a session with a shared seed.
const BOTS: u64 = 20;
/// The interval between two looks at the leader's replay.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Takes the leader's public replay shortly before the end, and sends it with the own ticket.
pub async fn theft(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::Theft).await?;
    arena.wait_until(95).await;
    let stolen = Leader::find(arena, &game).await?.replay;
    // A thief who went on after the own game is over would be rejected.
    let own = Recording::of_log(&game.known, &stolen.log);
    let answer = game.send_next(vec![own.whole()]).await;
    let claim = Claim::Points { claimed: stolen.run().score, deserved: own.score_at(game.in_time) };
    Ok(game.attempt(answer, claim))
}

/// Follows the leader's public replay from a third of the time on, and sends the new ticks each second.
pub async fn mirror(arena: &Arena, strategy: Strategy, has_hashes: bool) -> Result<Attempt, AttackError> {
    let mut game = arena.game(strategy).await?;
    arena.wait_until(33).await;
    let mut leader = Leader::find(arena, &game).await?;
    let mut own = Recording::of_log(&game.known, &leader.replay.log);
    let mut answer = game.send_next(new_events(&game, &own, &leader.replay, has_hashes)).await;
    while !arena.is_past(100) && answer == Answer::Accepted {
        tokio::time::sleep(POLL_INTERVAL).await;
        leader.refresh(&game).await?;
        own = Recording::of_log(&game.known, &leader.replay.log);
        answer = game.send_next(new_events(&game, &own, &leader.replay, has_hashes)).await;
    }
    let claim = Claim::Points { claimed: leader.replay.run().score, deserved: own.score_at(game.in_time) };
    Ok(game.attempt(answer, claim))
}

/// Asks for the seed that all games of a session share before they may start. Then reads the game of a leader with the
/// same seed, and sends it.
pub async fn shared_seed(arena: &Arena) -> Result<Attempt, AttackError> {
    let plan = Plan { shared_seed: true, synchronised: true, ..plan("Shared seed", Tuning::arcade())? };
    let session = arena.open_session(&plan).await?.session;
    let mut thief = arena.player(session, Strategy::SharedSeed)?;
    let mut leader = PlayerClient::new(arena.api(), "leader".parse()?, Some(session));
    thief.take_seat().await?;
    leader.take_seat().await?;
    arena.manager.move_session(session, Move::Start).await?;
    let early = thief.start_game().await?;
    let mut answer = match early.seed.known() {
        Some(_) => Answer::Accepted,
        None => Answer::of(&read_replay(&thief, early.game, thief.token.as_deref()).await),
    };
    thief.wait_for_start(&early).await;
    // The estimate of the server's clock is not exact.
    tokio::time::sleep(POLL_INTERVAL).await;
    let mut leader = ForgedGame::start(leader, session).await?;
    let mut game = ForgedGame::start(thief, session).await?;
    let recording = Recording::best_bot(&leader.known, arena.ticks() / 3, BOTS, Recording::score);
    leader.play(&recording, 1, Tick(recording.ticks())).await;
    arena.processed_game(leader.ticket.game, leader.next_seq).await?;
    for token in [None, game.client.token.clone()] {
        answer = answer.or(match read_replay(&game.client, leader.ticket.game, token.as_deref()).await {
            Ok(stolen) => game.send_next(vec![buttons_event(0, stolen.log)]).await,
            refused => Answer::of(&refused),
        });
    }
    match recording.score() {
        0 => Err(AttackError::Control("the leader's game earns nothing")),
        claimed => Ok(game.attempt(answer, Claim::Points { claimed, deserved: 0 })),
    }
}

/// Plays a game of a session whose games share a seed, and then the same log as another guest.
pub async fn second_account(arena: &Arena) -> Result<Attempt, AttackError> {
    let plan = Plan { shared_seed: true, ..plan("Second account", Tuning::arcade())? };
    let session = arena.open_session(&plan).await?.session;
    let first = PlayerClient::new(arena.api(), "first account".parse()?, Some(session));
    let mut first = ForgedGame::start(first, session).await?;
    let recording = Recording::best_bot(&first.known, arena.ticks() / 3, BOTS, Recording::score);
    first.play(&recording, 1, Tick(recording.ticks())).await;
    let mut second = ForgedGame::start(arena.player(session, Strategy::SecondAccount)?, session).await?;
    let answer = second.play(&recording, 1, Tick(recording.ticks())).await;
    match recording.score() {
        0 => Err(AttackError::Control("the first account's game earns nothing")),
        claimed => Ok(second.attempt(answer, Claim::Points { claimed, deserved: 0 })),
    }
}

async fn read_replay(client: &PlayerClient, game: GameId, token: Option<&str>) -> Result<Replay, RequestError> {
    Ok(client.api.get::<GameReplay>(&format!("/v1/games/{game}/replay"), token).await?.replay)
}

/// The ticks that were not sent yet, with the hash of the leader's state after them. Without such ticks, an event of
/// the page.
fn new_events(game: &ForgedGame, own: &Recording, leader: &Replay, has_hashes: bool) -> Vec<Event> {
    let Some(event) = own.event(game.tick.0, own.ticks()) else {
        return vec![Event { tick: game.tick, kind: EventKind::Resumed }];
    };
    let hash = has_hashes.then(|| Recording::of_replay(leader).hash_event(own.ticks()));
    std::iter::once(event).chain(hash).collect()
}

/// The public replay of a leader.
struct Leader {
    game: GameId,
    replay: Replay,
}

impl Leader {
    /// The best other player with points in the public part of its replay.
    async fn find(arena: &Arena, game: &ForgedGame) -> Result<Leader, AttackError> {
        while !arena.is_past(100) {
            let standings = arena.standings().await?.standings.into_iter().map(|ranked| ranked.standing);
            for standing in standings.filter(|standing| standing.player != game.ticket.player) {
                let replay = read_replay(&game.client, standing.game, None).await?;
                if replay.run().score > 0 {
                    return Ok(Leader { game: standing.game, replay });
                }
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Err(AttackError::Control("no other player's public replay has points"))
    }

    /// Reads the replay again. The own token gives no more of it.
    async fn refresh(&mut self, game: &ForgedGame) -> Result<(), AttackError> {
        self.replay = read_replay(&game.client, self.game, game.client.token.as_deref()).await?;
        Ok(())
    }
}
