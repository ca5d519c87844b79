//! Strategies that send events which contradict each other, the rules or the game.

use serde_json::{Value, json};
use shared::{
    event::{Event, EventKind, MAX_BATCH_BYTES, MAX_EVENTS},
    replay::ButtonLog,
    rules::Buttons,
    time::{TICKS_PER_SECOND, Tick},
};

use super::{
    answer::Answer,
    arena::Arena,
    attempt::{Attempt, Claim},
    error::AttackError,
    forged_game::ForgedGame,
    recording::{Recording, buttons_event},
    strategy::Strategy,
};

/// Seconds of play that a lie is about.
const SECONDS: u32 = 15;
const TICKS: u32 = SECONDS * TICKS_PER_SECOND;
/// Bots of which the best one is chosen.
const BOTS: u64 = 20;
/// The score that an adversary writes into events.
const WRITTEN_SCORE: u32 = 99_990;

/// A game in which an adversary first presses nothing, and then claims a better game.
struct Liar {
    game: ForgedGame,
    idle: Recording,
    better: Recording,
}

impl Liar {
    /// Presses nothing until the better game has points.
    async fn start(arena: &Arena, strategy: Strategy) -> Result<Liar, AttackError> {
        let game = arena.game(strategy).await?;
        let idle = Recording::idle(&game.known, TICKS);
        let better = Recording::best_bot(&game.known, TICKS, BOTS, Recording::score);
        if better.score() == 0 || idle.score() > 0 || better.ticks() < TICKS || idle.ticks() < TICKS {
            return Err(AttackError::Control("the better game earns nothing"));
        }
        let mut liar = Liar { game, idle, better };
        match liar.game.send_next(vec![liar.idle.whole()]).await {
            Answer::Accepted => Ok(liar),
            _ => Err(AttackError::Control("the server does not take the game that the lie is about")),
        }
    }

    fn attempt(&self, answer: Answer) -> Attempt {
        let claim = Claim::Points { claimed: self.better.score(), deserved: self.idle.score() };
        self.game.attempt(answer, claim)
    }
}

/// Sends acknowledged ticks again, with the buttons of a better game.
pub async fn rewritten(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::Rewritten).await?;
    let answer = liar.game.send_when_due(0, vec![liar.better.whole()]).await;
    Ok(liar.attempt(answer))
}

/// Sends two games with the same numbers and the same token at the same time.
pub async fn two_browsers(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::TwoBrowsers).await?;
    let idle = Recording::idle(&game.known, TICKS);
    let better = Recording::best_bot(&game.known, TICKS, BOTS, Recording::score);
    game.wait_for(Tick(TICKS)).await;
    let mut other = game.clone();
    let (one, two) =
        tokio::join!(game.send_when_due(0, vec![idle.whole()]), other.send_when_due(0, vec![better.whole()]));
    let claim = Claim::Points { claimed: better.score(), deserved: 0 };
    // Both must be taken: the contradiction is found by the processor.
    Ok(game.attempt(if one == Answer::Accepted { two } else { one }, claim))
}

/// Leaves out the numbers of events in which nothing good happened.
pub async fn skipped_events(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::SkippedEvents).await?;
    let answer = liar.game.send_when_due(5, vec![liar.better.whole()]).await;
    Ok(liar.attempt(answer))
}

/// Leaves out ticks: the buttons of a better game start later than the last ones ended.
pub async fn skipped_ticks(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::SkippedTicks).await?;
    let later = TICKS + 2 * TICKS_PER_SECOND;
    let answer = liar.game.send_next(vec![buttons_event(later, fire(TICKS_PER_SECOND))]).await;
    Ok(liar.attempt(answer))
}

/// Plays acknowledged ticks again in the next event.
pub async fn repeated_ticks(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::RepeatedTicks).await?;
    let answer = liar.game.send_next(vec![liar.better.whole()]).await;
    Ok(liar.attempt(answer))
}

/// Reports the hash of a better game's state.
pub async fn hash_lie(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::HashLie).await?;
    let answer = liar.game.send_next(vec![liar.better.hash_event(TICKS)]).await;
    Ok(liar.attempt(answer))
}

/// Reports with the right hash that the game is over.
pub async fn over_lie(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::OverLie).await?;
    let recording = Recording::best_bot(&game.known, TICKS, BOTS, Recording::score);
    game.send_next(vec![recording.whole()]).await;
    let kind = EventKind::Over(recording.hash_at(Tick(TICKS)));
    let answer = game.send_next(vec![Event { tick: Tick(recording.ticks()), kind }]).await;
    let score = recording.score();
    Ok(game.attempt(answer, Claim::Points { claimed: score, deserved: score }))
}

/// Sends batches twice, before their turn, and together with all earlier ones. This must neither gain nor cost
/// anything.
pub async fn overlapping_batches(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut game = arena.game(Strategy::OverlappingBatches).await?;
    let recording = Recording::best_bot(&game.known, TICKS, BOTS, Recording::score);
    let events: Vec<Event> = (0..SECONDS)
        .filter_map(|second| recording.event(second * TICKS_PER_SECOND, (second + 1) * TICKS_PER_SECOND))
        .collect();
    let mut answer = Answer::Accepted;
    for number in 0..events.len() {
        if number + 1 < events.len() {
            game.send(number as u32 + 1, vec![events[number + 1].clone()]).await;
        }
        let again = number.saturating_sub(3);
        for _ in 0..2 {
            answer = game.send_when_due(again as u32, events[again..=number].to_vec()).await;
        }
    }
    let deserved = recording.score_at(game.in_time);
    Ok(game.attempt(answer, Claim::Points { claimed: 2 * recording.score(), deserved }))
}

/// Sends too many events, too many bytes, too many ticks, and an event of the last tick of all.
pub async fn oversized(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::Oversized).await?;
    let page = |tick| Event { tick: Tick(tick), kind: EventKind::Paused };
    let too_many_events = vec![page(TICKS); MAX_EVENTS + 1];
    let too_many_bytes = vec![Event { tick: Tick(TICKS), kind: EventKind::Error("x".repeat(MAX_BATCH_BYTES)) }];
    let hour = buttons_event(TICKS, fire(60 * 60 * TICKS_PER_SECOND));
    let too_many_ticks = (0..3).map(|number| Event { tick: Tick(TICKS + number * 216_000), ..hour.clone() }).collect();
    let mut answer = Answer::None("nothing was sent".to_owned());
    for events in [too_many_events, too_many_bytes, vec![hour.clone()], too_many_ticks, vec![page(u32::MAX)]] {
        answer = answer.or(liar.game.send(liar.game.next_seq.0, events).await);
    }
    Ok(liar.attempt(answer))
}

/// Writes a score into every place of a batch. Events about the page are taken, and change nothing.
pub async fn score_claim(arena: &Arena) -> Result<Attempt, AttackError> {
    let mut liar = Liar::start(arena, Strategy::ScoreClaim).await?;
    let written = WRITTEN_SCORE;
    let about_page = [
        EventKind::Frames { count: written, p50_ms: 1, p95_ms: 1, max_ms: 1 },
        EventKind::Loaded { ms: written },
        EventKind::Error(format!("score {written}")),
        EventKind::Left,
    ];
    let events = about_page.map(|kind| Event { tick: Tick(TICKS), kind }).to_vec();
    if liar.game.send_next(events).await != Answer::Accepted {
        return Err(AttackError::Control("the server does not take events about the page"));
    }
    let (seq, token) = (liar.game.next_seq, liar.game.ticket.game_token.clone());
    let event = |what: Value| json!({"schema": 1, "first_seq": seq, "events": [{"tick": TICKS, "what": what}]});
    let bodies = [
        event(json!({"score": written})),
        event(json!({"buttons": "AA", "score": written})),
        json!({"schema": 1, "first_seq": seq, "score": written, "events": [{"tick": TICKS, "what": "paused"}]}),
        json!({"schema": 1, "first_seq": seq, "events": [{"tick": TICKS, "what": "paused", "score": written}]}),
        json!({"schema": 2, "first_seq": seq, "events": [{"tick": TICKS, "what": "paused"}]}),
    ];
    let mut answer = Answer::None("nothing was sent".to_owned());
    for body in bodies {
        answer = answer.or(liar.game.send_body(Some(&token), &body).await);
    }
    Ok(liar.attempt(answer))
}

/// Fire, held for some ticks.
fn fire(ticks: u32) -> ButtonLog {
    std::iter::repeat_n(Buttons::FIRE, ticks as usize).collect()
}
