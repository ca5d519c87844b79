//! Strategies that play at the wrong time: too early, too late, or too much.

use std::time::Duration;

use shared::{
    event::Event,
    rules::Buttons,
    session::{GRACE_MILLIS, Move, Plan, Stage},
    time::{TICKS_PER_SECOND, Tick, Timestamp},
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

/// How far ahead of real time an adversary plays.
const AHEAD_TICKS: u32 = 60 * TICKS_PER_SECOND;
/// Ticks that an adversary sends before a common start: two seconds.
const EARLY_TICKS: u32 = 2 * TICKS_PER_SECOND;
/// Nothing is sent that is due so soon: on a slow machine it would arrive in time.
const MARGIN: Duration = Duration::from_secs(10);
/// The same before a common start.
const START_MARGIN: Duration = Duration::from_secs(3);
/// Bots of which the best one is chosen.
const BOTS: u64 = 20;
/// Ticks that an adversary sends after the end of its game.
const PAST_TICKS: u32 = 5 * TICKS_PER_SECOND;

/// Computes a game of more than the attack's time at the start, and sends it at once, again and again.
pub async fn all_at_once(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::AllAtOnce).await?;
    let recording = Recording::best_bot(&game.known, arena.ticks() + AHEAD_TICKS, BOTS, Recording::ticks);
    let mut answer = Answer::None("nothing was sent".to_owned());
    for percent in (0..100).step_by(10) {
        arena.wait_until(percent).await;
        if is_early(&game, recording.ticks()) {
            answer = answer.or(game.send(0, vec![recording.whole()]).await);
        }
    }
    Ok(game.attempt(answer, points(&recording, &game)))
}

/// Sends the first ticks before a common start, and is a minute ahead after it.
pub async fn early_start(arena: &Arena) -> Result<Attempt, AttackError> {
    let plan = Plan { synchronised: true, ..plan("Early start", Tuning::arcade())? };
    let session = arena.open_session(&plan).await?.session;
    let player = arena.player(session, Strategy::EarlyStart)?;
    arena.manager.move_session(session, Move::Start).await?;
    let mut game = ForgedGame::start(player, session).await?;
    let starts_at = game.ticket.started_at;
    let beginning = Recording::bot(&game.known, EARLY_TICKS, arena.seed);
    let mut answer = Answer::None("nothing was sent".to_owned());
    while game.clock.time_until(starts_at) > START_MARGIN {
        let early = vec![beginning.whole()];
        answer = answer.or(game.send(0, early).await);
        tokio::time::sleep(START_MARGIN / 10).await;
    }
    let recording = Recording::best_bot(&game.known, AHEAD_TICKS + arena.ticks(), BOTS, Recording::ticks);
    while !arena.is_past(50) {
        let ahead = Tick::last_due(starts_at, game.clock.now()).0 + AHEAD_TICKS;
        let events: Vec<Event> = recording.event(0, ahead).into_iter().collect();
        if is_early(&game, ahead.min(recording.ticks())) {
            answer = answer.or(game.send(0, events).await);
        }
        tokio::time::sleep(START_MARGIN).await;
    }
    Ok(game.attempt(answer, points(&recording, &game)))
}

/// Whether so many ticks are due so late that no delay of a request makes them come in time.
fn is_early(game: &ForgedGame, ticks: u32) -> bool {
    game.clock.time_until(Tick(ticks).due(game.ticket.started_at)) > MARGIN
}

/// The claim to a whole recording, of which the ticks in time are deserved.
fn points(recording: &Recording, game: &ForgedGame) -> Claim {
    Claim::Points { claimed: recording.score(), deserved: recording.score_at(game.in_time) }
}

/// Plays on after the manager has closed the session, and sends everything within the grace period.
pub async fn late_end(arena: &Arena) -> Result<Attempt, AttackError> {
    let session = arena.open_session(&plan("Late end", Tuning::arcade())?).await?.session;
    let mut game = ForgedGame::start(arena.player(session, Strategy::LateEnd)?, session).await?;
    let half = arena.ticks() / 2;
    let grace = (GRACE_MILLIS / 1000) as u32 * TICKS_PER_SECOND;
    let late_points = |bot: &Recording| bot.score_at(Tick(half + grace)) - bot.score_at(Tick(half));
    let recording = Recording::best_bot(&game.known, half + 2 * grace, BOTS, late_points);
    game.play(&recording, 1, Tick(half - TICKS_PER_SECOND)).await;
    arena.wait_until(50).await;
    let closing = arena.manager.move_session(session, Move::Close).await?;
    let Stage::Closing { settles_at } = closing.stage else {
        return Err(AttackError::Control("the closed session has no grace period"));
    };
    let due_at = |at: u64| Tick::last_due(game.ticket.started_at, Timestamp(at));
    let (by_end, within_grace) = (due_at(settles_at.0 - GRACE_MILLIS), due_at(settles_at.0 - 500));
    let answer = game.play(&recording, 1, within_grace).await;
    let (claimed, deserved) = (recording.score_at(game.tick), recording.score_at(by_end));
    if claimed <= deserved {
        return Err(AttackError::Control("the ticks after the session's end earn nothing"));
    }
    Ok(game.attempt(answer, Claim::Points { claimed, deserved }))
}

/// Plays a game to its end by the rules, does not say so, and goes on.
pub async fn past_the_end(arena: &Arena) -> Result<Attempt, AttackError> {
    let session = arena.open_session(&plan("Past the end", short_tuning())?).await?.session;
    let mut game = ForgedGame::start(arena.player(session, Strategy::PastTheEnd)?, session).await?;
    let recording = Recording::best_bot(&game.known, arena.ticks(), BOTS, Recording::score);
    if !recording.is_over() || recording.score() == 0 {
        return Err(AttackError::Control("the game is not over in time, or earns nothing"));
    }
    let end = recording.ticks();
    game.play(&recording, 1, Tick(end)).await;
    let answer = game.send_next(vec![held_fire(end)]).await;
    let score = recording.score();
    Ok(game.attempt(answer, Claim::Points { claimed: score, deserved: score }))
}

/// Fire, held from a tick on.
fn held_fire(tick: u32) -> Event {
    let held = std::iter::repeat_n(Buttons::FIRE, PAST_TICKS as usize);
    buttons_event(tick, held.collect())
}

/// A tuning whose games end within seconds: the invaders come straight down.
fn short_tuning() -> Tuning {
    Tuning {
        name: "short".to_owned(),
        invader_initial_velocity: 600.0.into(),
        invader_drop_distance: 100.0.into(),
        ..Tuning::default()
    }
}
