//! The tables of patterned bombing, taken from the arcade machine: which columns drop bombs, and how soon.

use serde::{Deserialize, Serialize};

use super::BombKind;

/// Columns that drop plungers and squigglies, counted from 1 at the left.
const COLUMNS: [usize; 21] = [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10];
/// The entries of [`COLUMNS`] that plungers use.
const PLUNGERS: std::ops::Range<usize> = 0..16;
/// The entries of [`COLUMNS`] that squigglies use.
const SQUIGGLIES: std::ops::Range<usize> = 6..21;

/// Scores, and the reload below each of them.
const RELOADS: [(u32, u16); 4] = [(300, 48), (1100, 16), (2100, 11), (3100, 8)];
/// The reload above the last score of [`RELOADS`].
const LAST_RELOAD: u16 = 7;

/// The positions in the column tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BombPattern {
    plungers: u8,
    squigglies: u8,
}

impl BombPattern {
    /// Advances in the table of a kind and returns its column, counted from 0 at the left; `None` for a kind without
    /// a table.
    pub(super) fn next_column(&mut self, kind: BombKind) -> Option<usize> {
        let (cursor, entries) = match kind {
            BombKind::Plunger => (&mut self.plungers, &COLUMNS[PLUNGERS]),
            BombKind::Squiggly => (&mut self.squigglies, &COLUMNS[SQUIGGLIES]),
            BombKind::Plain | BombKind::Rolling => return None,
        };
        let column = entries[usize::from(*cursor) % entries.len()] - 1;
        *cursor = (*cursor + 1) % entries.len() as u8;
        Some(column)
    }
}

/// The reload at a score: a bomb is only dropped once every other bomb has moved more often than this.
pub(super) fn reload(score: u32) -> u16 {
    RELOADS.iter().find(|(limit, _)| score < *limit).map_or(LAST_RELOAD, |(_, steps)| *steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plungers_and_squigglies_repeat_their_table_entries() {
        let mut pattern = BombPattern::default();
        let mut columns = |kind, n| (0..n).map(|_| pattern.next_column(kind).unwrap() + 1).collect::<Vec<_>>();
        assert_eq!(columns(BombKind::Plunger, 17), [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 1]);
        assert_eq!(columns(BombKind::Squiggly, 16), [11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10, 11]);
        assert_eq!(pattern.next_column(BombKind::Rolling), None);
    }

    #[test]
    fn reload_shortens_as_the_score_grows() {
        let reloads = [0, 299, 300, 1099, 1100, 2099, 2100, 3099, 3100, 99_999].map(reload);
        assert_eq!(reloads, [48, 48, 16, 16, 11, 11, 8, 8, 7, 7]);
    }
}
