//! Asks the server what became of an attempt, and decides whether it gained anything.

use shared::{hands::HandMark, verdict::Verdict};

use super::{
    answer::Answer,
    arena::{Arena, AttackError},
    attempt::{Attempt, Claim},
};
use crate::figures::marks_of;

/// What became of an attempt.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What the server said to the decisive request.
    pub answer: Answer,
    /// The verdict on the game.
    pub verdict: Option<Verdict>,
    /// Whether a part of the game does not count.
    pub late: bool,
    /// What the adversary wants.
    pub claim: Claim,
    /// What the server counts: the points with which the adversary ranks, or the games.
    pub counted: u32,
    /// The marks of the game.
    pub marks: Vec<HandMark>,
    /// Whether the attempt gained anything.
    pub outcome: Outcome,
}

/// Whether an attempt gained anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server refused what was sent.
    Refused,
    /// The game is rejected.
    Rejected,
    /// The server took what was sent, and counts no more than the adversary's own play in time.
    NoGain,
    /// The adversary ranks by more than its own play in time, and the game has a mark.
    Marked,
    /// The adversary ranks by more than its own play in time, and the game has no mark.
    Ranked,
}

/// Judges an attempt once the server has processed its events.
///
/// # Errors
/// If the server does not respond, or does not process the events.
pub async fn judge(arena: &Arena, attempt: Attempt) -> Result<Judgement, AttackError> {
    let Attempt { player, session, game, answer, claim } = attempt;
    let (mut verdict, mut late, mut marks) = (None, false, Vec::new());
    if let Some(game) = game {
        let view = arena.processed_game(game.game, game.acknowledged).await?;
        (verdict, late) = (Some(view.verdict), view.late);
        marks = marks_of(&arena.manager, &view, &game.deliveries).await?;
    }
    let counted = match claim {
        Claim::Games { got, .. } => got,
        Claim::Points { .. } => {
            let ranked = arena.manager.standing(session, player).await?;
            ranked.map_or(0, |ranked| ranked.standing.result.score)
        }
    };
    let outcome = outcome(&answer, verdict, claim, counted, &marks);
    Ok(Judgement { answer, verdict, late, claim, counted, marks, outcome })
}

fn outcome(answer: &Answer, verdict: Option<Verdict>, claim: Claim, counted: u32, marks: &[HandMark]) -> Outcome {
    let deserved = match claim {
        Claim::Points { deserved, .. } => deserved,
        Claim::Games { .. } => 1,
    };
    match (verdict, answer) {
        _ if counted > deserved && marks.is_empty() => Outcome::Ranked,
        _ if counted > deserved => Outcome::Marked,
        (Some(Verdict::Rejected { .. }), _) => Outcome::Rejected,
        (_, Answer::Accepted) => Outcome::NoGain,
        (_, Answer::Refused(..) | Answer::None(_)) => Outcome::Refused,
    }
}

#[cfg(test)]
mod tests {
    use shared::verdict::RejectionReason;

    use super::*;

    #[test]
    fn more_than_deserved_is_a_gain_whatever_the_server_said() {
        let rejected = Some(Verdict::Rejected { reason: RejectionReason::TooLong });
        let points = Claim::Points { claimed: 900, deserved: 100 };
        let games = Claim::Games { claimed: 200, got: 2 };
        let (accepted, refused) = (Answer::Accepted, Answer::None("no".to_owned()));
        let mark = [HandMark::Pace { percent: 25 }];
        for (answer, verdict, claim, counted, marks, expected) in [
            (&accepted, Some(Verdict::Live), points, 101, &[][..], Outcome::Ranked),
            (&refused, rejected, points, 101, &[], Outcome::Ranked),
            (&accepted, Some(Verdict::Live), points, 900, &mark, Outcome::Marked),
            (&accepted, Some(Verdict::Live), points, 100, &mark, Outcome::NoGain),
            (&accepted, rejected, points, 0, &[], Outcome::Rejected),
            (&refused, Some(Verdict::Live), points, 0, &[], Outcome::Refused),
            (&accepted, None, games, 2, &[], Outcome::Ranked),
            (&accepted, None, games, 1, &[], Outcome::NoGain),
        ] {
            assert_eq!(outcome(answer, verdict, claim, counted, marks), expected);
        }
    }
}
