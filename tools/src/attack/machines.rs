//! Strategies of programs that have more time than a player, or know the future.

use std::time::Duration;

use shared::{
    event::{Event, EventKind},
    ranking::MAX_LAG_MILLIS,
    time::{TICKS_PER_SECOND, Tick},
    tuning::Tuning,
};

use super::{
    answer::Answer,
    arena::{Arena, plan},
    attempt::{Attempt, Claim},
    error::AttackError,
    forged_game::ForgedGame,
    recording::{KnownGame, Recording},
    strategy::Strategy,
};
use crate::look_ahead::LookAhead;

/// Ticks that slow motion plays in a second.
const SLOW_TICKS: u32 = TICKS_PER_SECOND / 4;
/// Seconds from one second of play to the next with hidden pauses.
const PAUSE_CYCLE: u64 = 4;
/// Games that a player practises.
const REHEARSALS: u64 = 40;

/// Plays with more time to think, in the contest.
pub async fn slow_motion(arena: &Arena) -> Result<Attempt, AttackError> {
    play_slowly(arena, arena.game(Strategy::SlowMotion).await?).await
}

/// The same in a session of any pace.
pub async fn slow_motion_at_any_pace(arena: &Arena) -> Result<Attempt, AttackError> {
    let session = arena.open_session(&plan("Any pace", Tuning::arcade())?).await?.session;
    play_slowly(arena, ForgedGame::start(arena.player(session, Strategy::SlowMotionAtAnyPace)?, session).await?).await
}

/// Plays fewer ticks in each second.
async fn play_slowly(arena: &Arena, mut game: ForgedGame) -> Result<Attempt, AttackError> {
    let recording = Recording::bot(&game.known, arena.ticks() / 4, arena.seed);
    let mut answer = Answer::Accepted;
    let mut tick = 0;
    while answer == Answer::Accepted
        && let Some(event) = recording.event(tick, tick + SLOW_TICKS)
    {
        tokio::time::sleep(Duration::from_secs(1)).await;
        answer = game.send_next(vec![event]).await;
        tick += SLOW_TICKS;
    }
    all_or_nothing(&game, answer, &recording)
}

/// Plays with more time to think: pauses that the page reports, after each second.
pub async fn hidden_pauses(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::HiddenPauses).await?;
    let recording = Recording::bot(&game.known, arena.ticks() / PAUSE_CYCLE as u32, arena.seed);
    let mut answer = Answer::Accepted;
    let mut tick = 0;
    while answer == Answer::Accepted
        && let Some(event) = recording.event(tick, tick + TICKS_PER_SECOND)
    {
        tokio::time::sleep(Duration::from_secs(PAUSE_CYCLE)).await;
        let at = |kind| Event { tick: Tick(tick), kind };
        answer = game.send_next(vec![at(EventKind::Paused), at(EventKind::Resumed), event]).await;
        tick += TICKS_PER_SECOND;
    }
    all_or_nothing(&game, answer, &recording)
}

/// Sends the first button so late that the game does not rank.
pub async fn late_buttons(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::LateButtons).await?;
    let recording = Recording::bot(&game.known, arena.ticks() / 4, arena.seed);
    let late = game.ticket.started_at.after_millis(MAX_LAG_MILLIS + 1_000);
    tokio::time::sleep(game.clock.time_until(late)).await;
    let answer = game.send_next(vec![recording.whole()]).await;
    all_or_nothing(&game, answer, &recording)
}

/// Computes the game of a bot at the start, and sends it in one batch once it is due.
pub async fn bulk(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::Bulk).await?;
    let recording = Recording::bot(&game.known, arena.ticks(), arena.seed);
    let answer = game.send_next(vec![recording.whole()]).await;
    all_or_nothing(&game, answer, &recording)
}

/// Plays by looking ahead, in real time, with the hashes that a browser sends.
pub async fn look_ahead(
    arena: &Arena,
    strategy: Strategy,
    player: impl FnOnce() -> LookAhead + Send + 'static,
) -> Result<Attempt, AttackError> {
    let ticks = arena.ticks();
    play_computed(arena, strategy, move |game| {
        let mut player = player();
        Recording::play(game, ticks, |game| player.buttons(game))
    })
    .await
}

/// Plays the game of its ticket many times beforehand, and sends the best one in real time.
pub async fn rehearsal(arena: &Arena) -> Result<Attempt, AttackError> {
    let ticks = arena.ticks();
    play_computed(arena, Strategy::Rehearsal, move |game| {
        Recording::best_bot(game, ticks, REHEARSALS, Recording::score)
    })
    .await
}

/// Computes the game of a ticket, asks for the ticket again, and plays in real time what was computed.
async fn play_computed(
    arena: &Arena,
    strategy: Strategy,
    compute: impl FnOnce(&KnownGame) -> Recording + Send + 'static,
) -> Result<Attempt, AttackError> {
    let mut game = arena.game(strategy).await?;
    let (ticket, known) = (game.ticket.seed, game.known.clone());
    let recording = tokio::task::spawn_blocking(move || compute(&known)).await?;
    game.restart().await?;
    if game.ticket.seed != ticket {
        return Err(AttackError::Control("the ticket that was asked for again has another seed"));
    }
    let mut answer = Answer::Accepted;
    while answer == Answer::Accepted && game.tick.0 < recording.ticks() {
        // Ten seconds, and a hash after them.
        let until = Tick(game.tick.0 + 10 * TICKS_PER_SECOND).min(Tick(recording.ticks()));
        answer = game.play(&recording, 1, until).await;
        if answer == Answer::Accepted {
            answer = game.send_next(vec![recording.hash_event(until.0)]).await;
        }
    }
    all_or_nothing(&game, answer, &recording)
}

/// An attempt of which nothing is the player's own play.
fn all_or_nothing(game: &ForgedGame, answer: Answer, recording: &Recording) -> Result<Attempt, AttackError> {
    match recording.score() {
        0 => Err(AttackError::Control("the log that was computed earns nothing")),
        claimed => Ok(game.attempt(answer, Claim::Points { claimed, deserved: 0 })),
    }
}
