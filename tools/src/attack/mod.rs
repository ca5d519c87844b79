//! `tools attack`: the adversary's kit. It attacks a running server with all known ways to forge a score at the same
//! time, beside an honest bot, and prints which of them rank.
//!
//! Each strategy has a control: the log that it sends is worth points where it was played, so that a strategy that
//! fails does not fail for lack of a score.

mod answer;
mod arena;
mod attempt;
mod copies;
mod error;
mod forged_game;
mod honest_player;
mod judge;
mod lies;
mod machines;
mod recording;
mod report;
mod strategy;
mod tickets;
mod times;
mod tokens;

use std::{sync::Arc, time::Duration};

use clap::Args;
use shared::session::Move;
use tokio::task::JoinSet;

pub use answer::Answer;
pub use attempt::Claim;
pub use error::AttackError;
pub use judge::{Judgement, Outcome};
pub use report::{Failure, Report, Row};
pub use strategy::Strategy;

use arena::Arena;
use attempt::Attempt;

use crate::{
    client::{Api, ManagerClient, SignInOptions},
    look_ahead::LookAhead,
};

/// Maximum time of a manager's request with its response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Options of the attack.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// URL of the server
    #[arg(long, value_name = "URL", default_value = "http://localhost:8080")]
    pub url: String,
    /// The manager who creates the sessions and reads the games.
    #[command(flatten)]
    pub sign_in: SignInOptions,
    /// Duration in seconds, 90 to 600. In shorter games nothing is late enough, and there are too few presses for the marks
    #[arg(long, value_name = "SECONDS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(90..=600))]
    pub seconds: u32,
    /// Seed of the adversaries' decisions
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// Runs all strategies at the same time, waits until the server has processed everything, and judges them.
///
/// # Errors
/// If the manager cannot sign in or create a session.
pub async fn run(options: &Options) -> Result<Report, AttackError> {
    let api = Api::new(options.url.clone(), REQUEST_TIMEOUT);
    let manager = ManagerClient::sign_in(api, &options.sign_in).await?;
    let arena = Arc::new(Arena::open(manager, options.url.clone(), options.seconds, options.seed).await?);
    let mut running = JoinSet::new();
    for strategy in Strategy::ALL {
        let arena = Arc::clone(&arena);
        running.spawn(async move { (strategy, Box::pin(attempt(&arena, strategy)).await) });
    }
    let mut attempts = running.join_all().await;
    attempts.sort_by_key(|(strategy, _)| *strategy);
    let mut rows = Vec::new();
    for (strategy, attempt) in attempts {
        let result = match attempt {
            Ok(attempt) => judge::judge(&arena, attempt).await,
            Err(error) => Err(error),
        };
        rows.push(Row { strategy, result });
    }
    // All attempts are judged. A session that stays open harms nothing.
    let _ = arena.manager.move_session(arena.session(), Move::Close).await;
    Ok(Report { rows })
}

async fn attempt(arena: &Arena, strategy: Strategy) -> Result<Attempt, AttackError> {
    let seed = arena.seed;
    match strategy {
        Strategy::Honest => honest_player::honest(arena).await,
        Strategy::Theft => copies::theft(arena).await,
        Strategy::Mirror => copies::mirror(arena, strategy, false).await,
        Strategy::MirrorWithHashes => copies::mirror(arena, strategy, true).await,
        Strategy::SharedSeed => copies::shared_seed(arena).await,
        Strategy::SecondAccount => copies::second_account(arena).await,
        Strategy::SlowMotion => machines::slow_motion(arena).await,
        Strategy::SlowMotionAtAnyPace => machines::slow_motion_at_any_pace(arena).await,
        Strategy::HiddenPauses => machines::hidden_pauses(arena).await,
        Strategy::LateButtons => machines::late_buttons(arena).await,
        Strategy::Bulk => machines::bulk(arena).await,
        Strategy::AllAtOnce => times::all_at_once(arena).await,
        Strategy::SeedShopping => tickets::seed_shopping(arena).await,
        Strategy::ThousandTickets => tickets::thousand_tickets(arena).await,
        Strategy::OldStart => tickets::old_start(arena).await,
        Strategy::EarlyStart => times::early_start(arena).await,
        Strategy::LateEnd => times::late_end(arena).await,
        Strategy::PastTheEnd => times::past_the_end(arena).await,
        Strategy::Rewritten => lies::rewritten(arena).await,
        Strategy::TwoBrowsers => lies::two_browsers(arena).await,
        Strategy::SkippedEvents => lies::skipped_events(arena).await,
        Strategy::SkippedTicks => lies::skipped_ticks(arena).await,
        Strategy::RepeatedTicks => lies::repeated_ticks(arena).await,
        Strategy::OverlappingBatches => lies::overlapping_batches(arena).await,
        Strategy::Oversized => lies::oversized(arena).await,
        Strategy::HashLie => lies::hash_lie(arena).await,
        Strategy::OverLie => lies::over_lie(arena).await,
        Strategy::ScoreClaim => lies::score_claim(arena).await,
        Strategy::ForgedTokens => tokens::forged_tokens(arena).await,
        Strategy::OtherGame => tokens::other_game(arena).await,
        Strategy::LookAhead => machines::look_ahead(arena, strategy, LookAhead::default).await,
        Strategy::LookAheadWithHolds => machines::look_ahead(arena, strategy, || LookAhead::new(3)).await,
        Strategy::LookAheadWithHands => {
            machines::look_ahead(arena, strategy, move || LookAhead::with_hands(seed)).await
        }
        Strategy::Rehearsal => machines::rehearsal(arena).await,
    }
}
