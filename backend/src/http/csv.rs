//! Standings and games as tables for spreadsheets.

use csv::Writer;
use shared::{
    api::{GameView, Standings},
    time::Timestamp,
    verdict::Verdict,
};

const STANDING: [&str; 9] = ["rank", "nickname", "score", "lives", "shots", "level", "verdict", "game", "tuning"];
const GAME: [&str; 15] = [
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
    "seconds",
    "pace_percent",
    "opened_at",
    "updated_at",
    "tuning",
];

/// A line for each standing, after one of heads.
///
/// # Errors
/// Where the text cannot be written, which memory alone can prevent.
pub fn standings(standings: &Standings) -> Result<String, csv::Error> {
    let rows = standings.standings.iter().map(|ranked| {
        let standing = &ranked.standing;
        [
            ranked.rank.to_string(),
            as_text(standing.nickname.as_str()),
            standing.result.score.to_string(),
            standing.result.lives.to_string(),
            standing.result.shots.to_string(),
            standing.level.to_string(),
            verdict(standing.verdict).0.to_owned(),
            standing.game.to_string(),
            as_text(&standing.tuning_name),
        ]
    });
    table(STANDING, rows)
}

/// A line for each game, after one of heads.
///
/// # Errors
/// Where the text cannot be written, which memory alone can prevent.
pub fn games(games: impl Iterator<Item = GameView>) -> Result<String, csv::Error> {
    let rows = games.map(|game| {
        let (status, reason) = verdict(game.verdict);
        [
            game.game.to_string(),
            game.player.to_string(),
            as_text(game.nickname.as_str()),
            game.result.score.to_string(),
            game.result.lives.to_string(),
            game.result.shots.to_string(),
            game.level.to_string(),
            status.to_owned(),
            reason,
            game.late.to_string(),
            (game.tick.millis() / 1000).to_string(),
            game.pace_percent.to_string(),
            instant(game.started_at),
            instant(game.updated_at),
            as_text(&game.tuning_name),
        ]
    });
    table(GAME, rows)
}

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<String, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(heads)?;
    for row in rows {
        table.write_record(row)?;
    }
    let bytes = table.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // What was written were strings.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A spreadsheet takes a cell that begins like this for a formula: a stranger's name must not be one.
fn as_text(name: &str) -> String {
    let is_formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{name}") } else { name.to_owned() }
}

/// RFC 3339, in UTC.
fn instant(at: Timestamp) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .map_or_else(String::new, |instant| instant.to_string())
}

/// A verdict's word, and the reason of one that rejects.
fn verdict(verdict: Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Live => ("live", String::new()),
        Verdict::Verified => ("verified", String::new()),
        Verdict::Rejected { reason } => ("rejected", reason.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_formulas() {
        assert_eq!(as_text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(as_text("Ada"), "Ada");
    }

    #[test]
    fn an_empty_table_has_its_heads() {
        let heads = "rank,nickname,score,lives,shots,level,verdict,game,tuning\n";
        assert_eq!(standings(&Standings::default()).unwrap(), heads);
        assert_eq!(games(std::iter::empty()).unwrap().lines().count(), 1);
        assert_eq!(instant(Timestamp(1_764_000_000_123)), "2025-11-24T16:00:00.123Z");
    }
}
