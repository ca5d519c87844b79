//! Standings as a table for spreadsheets.

use csv::Writer;
use shared::{api::Standings, verdict::Verdict};

const HEADS: [&str; 9] = ["rank", "nickname", "score", "lives", "shots", "level", "verdict", "game", "tuning"];

/// A line for each standing, after one of heads.
///
/// # Errors
/// Where the text cannot be written, which memory alone can prevent.
pub fn csv(standings: &Standings) -> Result<String, csv::Error> {
    let mut table = Writer::from_writer(Vec::new());
    table.write_record(HEADS)?;
    for ranked in &standings.standings {
        let standing = &ranked.standing;
        table.write_record([
            ranked.rank.to_string(),
            as_text(standing.nickname.as_str()),
            standing.run.score.to_string(),
            standing.run.lives.to_string(),
            standing.run.shots.to_string(),
            standing.level.to_string(),
            verdict(standing.verdict).to_owned(),
            standing.game.to_string(),
            as_text(&standing.tuning_name),
        ])?;
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

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Live => "live",
        Verdict::Verified => "verified",
        Verdict::Rejected { .. } => "rejected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_formulas() {
        assert_eq!(as_text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(as_text("Ada"), "Ada");
        assert_eq!(csv(&Standings::default()).unwrap(), "rank,nickname,score,lives,shots,level,verdict,game,tuning\n");
    }
}
