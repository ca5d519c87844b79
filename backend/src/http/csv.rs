//! Standings and games as CSV for spreadsheets.

use csv::Writer;
use shared::{
    api::{GameView, Standings},
    ranking::RankStatus,
    time::Timestamp,
    verdict::Verdict,
};

const STANDING_COLUMNS: [&str; 9] =
    ["rank", "nickname", "score", "lives", "shots", "level", "verdict", "game", "tuning"];
const GAME_COLUMNS: [&str; 16] = [
    "game",
    "player",
    "nickname",
    "score",
    "lives",
    "shots",
    "level",
    "verdict",
    "reason",
    "late",
    "unranked",
    "seconds",
    "pace_percent",
    "opened_at",
    "updated_at",
    "tuning",
];

/// Returns a header line and a line for each standing.
///
/// # Errors
/// If the table cannot be written.
pub fn standings(standings: &Standings) -> Result<String, csv::Error> {
    let rows = standings.standings.iter().map(|ranked| {
        let standing = &ranked.standing;
        [
            ranked.rank.to_string(),
            escape_formula(standing.nickname.as_str()),
            standing.result.score.to_string(),
            standing.result.lives.to_string(),
            standing.result.shots.to_string(),
            standing.level.to_string(),
            verdict_columns(standing.verdict).0.to_owned(),
            standing.game.to_string(),
            escape_formula(&standing.tuning_name),
        ]
    });
    write_table(STANDING_COLUMNS, rows)
}

/// Returns a header line and a line for each game.
///
/// # Errors
/// If the table cannot be written.
pub fn games(games: &[GameView]) -> Result<String, csv::Error> {
    let rows = games.iter().map(|game| {
        let (status, reason) = verdict_columns(game.verdict);
        [
            game.game.to_string(),
            game.player.to_string(),
            escape_formula(game.nickname.as_str()),
            game.result.score.to_string(),
            game.result.lives.to_string(),
            game.result.shots.to_string(),
            game.level.to_string(),
            status.to_owned(),
            reason,
            game.late.to_string(),
            escape_formula(&unranked_cause(&game.rank)),
            (game.tick.millis() / 1000).to_string(),
            game.pace_percent.to_string(),
            format_timestamp(game.started_at),
            format_timestamp(game.updated_at),
            escape_formula(&game.tuning_name),
        ]
    });
    write_table(GAME_COLUMNS, rows)
}

fn write_table<const N: usize>(
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<String, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(columns)?;
    for row in rows {
        table.write_record(row)?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // Only strings were written, so nothing is lost.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Escapes a name that a spreadsheet would evaluate as a formula.
fn escape_formula(name: &str) -> String {
    let is_formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{name}") } else { name.to_owned() }
}

/// Formats a timestamp by RFC 3339, in UTC.
fn format_timestamp(at: Timestamp) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .map_or_else(String::new, |instant| instant.to_string())
}

/// Returns a verdict's name, and the reason of a rejection.
fn verdict_columns(verdict: Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Live => ("live", String::new()),
        Verdict::Verified => ("verified", String::new()),
        Verdict::Rejected { reason } => ("rejected", reason.to_string()),
    }
}

/// Returns why a game does not rank although its verdict allows it; nothing for a game that ranks.
fn unranked_cause(rank: &RankStatus) -> String {
    match rank {
        RankStatus::Ranked => String::new(),
        RankStatus::Unranked { cause } => cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_not_evaluated_as_formulas() {
        assert_eq!(escape_formula("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(escape_formula("Ada"), "Ada");
    }

    #[test]
    fn empty_table_has_a_header_line() {
        let header = "rank,nickname,score,lives,shots,level,verdict,game,tuning\n";
        assert_eq!(standings(&Standings::default()).unwrap(), header);
        assert_eq!(games(&[]).unwrap().lines().count(), 1);
        assert_eq!(format_timestamp(Timestamp(1_764_000_000_123)), "2025-11-24T16:00:00.123Z");
    }
}
