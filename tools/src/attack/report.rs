//! The report of an attack: what the server said to each strategy, and who ranked.

use std::fmt;

use shared::verdict::Verdict;

use super::{
    attempt::Claim,
    error::AttackError,
    judge::{Judgement, Outcome},
    strategy::Strategy,
};
use crate::calibrate::reason;

/// Characters of an answer that the table shows.
const MAX_ANSWER_CHARS: usize = 66;

/// A strategy with what became of it.
#[derive(Debug)]
pub struct Row {
    /// The strategy.
    pub strategy: Strategy,
    /// What became of it, or why it proves nothing.
    pub result: Result<Judgement, AttackError>,
}

/// The report.
#[derive(Debug)]
pub struct Report {
    /// A row for each strategy.
    pub rows: Vec<Row>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The strategy did not do what it should, so it proves nothing.
    Inconclusive,
    /// The adversary ranks by a forged score, without a mark.
    Ranked,
    /// A player who looks ahead is not marked.
    NotMarked,
    /// The honest player does not rank, or is marked.
    HonestHeldBack,
}

impl Row {
    /// What is wrong with this row, if anything.
    pub fn failure(&self) -> Option<Failure> {
        let Ok(judgement) = &self.result else { return Some(Failure::Inconclusive) };
        match (self.strategy, judgement.outcome) {
            (Strategy::Honest, _) => {
                let is_fine =
                    judgement.marks.is_empty() && judgement.verdict.ranks() && judgement.outcome == Outcome::NoGain;
                (!is_fine || judgement.late).then_some(Failure::HonestHeldBack)
            }
            (strategy, Outcome::Ranked) if !strategy.is_known_gap() => Some(Failure::Ranked),
            (Strategy::LookAhead, outcome) if outcome != Outcome::Marked => Some(Failure::NotMarked),
            _ => None,
        }
    }
}

impl Report {
    /// The rows with something wrong.
    pub fn failures(&self) -> impl Iterator<Item = (Strategy, Failure)> {
        self.rows.iter().filter_map(|row| Some((row.strategy, row.failure()?)))
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Claim::Points { claimed, .. } => f.pad(&format!("{claimed}")),
            Claim::Games { claimed, .. } => f.pad(&format!("{claimed} games")),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Outcome::Refused => "refused",
            Outcome::Rejected => "rejected",
            Outcome::Unranked => "unranked",
            Outcome::NoGain => "no gain",
            Outcome::Marked => "RANKS, marked",
            Outcome::Ranked => "RANKS, unmarked",
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Judgement { answer, verdict, late, claim, counted, marks, outcome } = match &self.result {
            Ok(judgement) => judgement,
            Err(error) => return write!(f, "{:<20} inconclusive: {error}", self.strategy),
        };
        let verdict = match verdict {
            Verdict::Live if *late => "live, late".to_owned(),
            Verdict::Live => "live".to_owned(),
            Verdict::Verified => "verified".to_owned(),
            Verdict::Rejected { reason } => format!("{reason:?}").split([' ', '{']).take(1).collect(),
        };
        let deserved = match claim {
            Claim::Points { deserved, .. } => *deserved,
            Claim::Games { .. } => 1,
        };
        let mut marks: Vec<&str> = marks.iter().map(reason).collect();
        marks.dedup();
        let answer: String = answer.to_string().chars().take(MAX_ANSWER_CHARS).collect();
        write!(
            f,
            "{:<20} {outcome:<16} {claim:>9} {deserved:>8} {counted:>7}  {verdict:<12}  {:<24}  {answer}",
            self.strategy,
            marks.join(", "),
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:<16} {:>9} {:>8} {:>7}  {:<12}  {:<24}  the server's answer",
            "strategy", "outcome", "claimed", "deserved", "counted", "verdict", "marks"
        )?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))?;
        write!(
            f,
            "\nclaimed: points of the log where it was played. deserved: points of the adversary's own play in time.\n\
             counted: points with which the adversary ranks."
        )?;
        for (strategy, failure) in self.failures() {
            let text = match failure {
                Failure::Inconclusive => "proves nothing",
                Failure::Ranked => "ranks by a forged score, and has no mark",
                Failure::NotMarked => "is not marked",
                Failure::HonestHeldBack => "is held back or marked",
            };
            write!(f, "\nFAILED: {strategy} {text}")?;
        }
        for row in self.rows.iter().filter(|row| row.strategy.is_known_gap()) {
            if row.result.as_ref().is_ok_and(|judgement| judgement.outcome == Outcome::Ranked) {
                write!(
                    f,
                    "\nnot prevented: {} ranks without a mark; see ARCHITECTURE.md, What is proved",
                    row.strategy
                )?;
            }
        }
        Ok(())
    }
}
