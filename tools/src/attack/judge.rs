//! Asks the server what became of an attempt, and decides whether it gained anything.

use shared::{hands::HandMark, ranking::RankStatus, verdict::Verdict};

use super::{
    answer::Answer,
    arena::Arena,
    attempt::{Attempt, Claim},
    error::AttackError,
};

/// What became of an attempt.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What the server said to the decisive request.
    pub answer: Answer,
    /// The verdict on the game.
    pub verdict: Verdict,
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
    /// The game is shown, and does not rank.
    Unranked,
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
    let view = arena.processed_game(game.game, game.acknowledged).await?;
    let figures = arena.manager.figures(game.game).await?;
    let marks: Vec<HandMark> = figures.marks.into_iter().map(|view| view.mark).collect();
    let counted = match claim {
        Claim::Games { got, .. } => got,
        Claim::Points { .. } => {
            let ranked = arena.manager.standing(session, player).await?;
            ranked.map_or(0, |ranked| ranked.standing.result.score)
        }
    };
    let outcome = outcome(&answer, view.verdict, &view.rank, claim, counted, &marks);
    Ok(Judgement { answer, verdict: view.verdict, late: view.late, claim, counted, marks, outcome })
}

fn outcome(
    answer: &Answer,
    verdict: Verdict,
    rank: &RankStatus,
    claim: Claim,
    counted: u32,
    marks: &[HandMark],
) -> Outcome {
    let deserved = match claim {
        Claim::Points { deserved, .. } => deserved,
        Claim::Games { .. } => 1,
    };
    match (verdict, rank, answer) {
        _ if counted > deserved && marks.is_empty() => Outcome::Ranked,
        _ if counted > deserved => Outcome::Marked,
        (Verdict::Rejected { .. }, ..) => Outcome::Rejected,
        (_, RankStatus::Unranked { .. }, _) => Outcome::Unranked,
        (_, _, Answer::Accepted) => Outcome::NoGain,
        (_, _, Answer::Refused(..) | Answer::None(_)) => Outcome::Refused,
    }
}

#[cfg(test)]
mod tests {
    use shared::{ranking::UnrankedCause, verdict::RejectionReason};

    use super::*;

    #[test]
    fn more_than_deserved_is_a_gain_whatever_the_server_said() {
        let rejected = Verdict::Rejected { reason: RejectionReason::TooLong };
        let (ranked, unranked) =
            (RankStatus::Ranked, RankStatus::Unranked { cause: UnrankedCause::Lag { millis: 61_000 } });
        let points = Claim::Points { claimed: 900, deserved: 100 };
        let games = Claim::Games { claimed: 200, got: 2 };
        let (accepted, refused) = (Answer::Accepted, Answer::None("no".to_owned()));
        let mark = [HandMark::Pace { percent: 25 }];
        for (answer, verdict, rank, claim, counted, marks, expected) in [
            (&accepted, Verdict::Live, &ranked, points, 101, &[][..], Outcome::Ranked),
            (&refused, rejected, &unranked, points, 101, &[], Outcome::Ranked),
            (&accepted, Verdict::Live, &ranked, points, 900, &mark, Outcome::Marked),
            (&accepted, Verdict::Live, &ranked, points, 100, &mark, Outcome::NoGain),
            (&accepted, rejected, &ranked, points, 0, &[], Outcome::Rejected),
            (&accepted, Verdict::Live, &unranked, points, 0, &[], Outcome::Unranked),
            (&refused, Verdict::Live, &ranked, points, 0, &[], Outcome::Refused),
            (&accepted, Verdict::Live, &ranked, games, 2, &[], Outcome::Ranked),
            (&accepted, Verdict::Live, &ranked, games, 1, &[], Outcome::NoGain),
        ] {
            assert_eq!(outcome(answer, verdict, rank, claim, counted, marks), expected);
        }
    }
}
