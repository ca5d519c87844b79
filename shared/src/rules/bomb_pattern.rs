//! The tables of patterned bombing, taken from the arcade machine: which columns drop bombs, and how soon.

use serde::{Deserialize, Serialize};

use super::{BombKind, rng::GameRng};

/// Columns that drop plungers and squigglies, counted from 1 at the left.
const COLUMNS: [usize; 21] = [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10];
/// The entries of [`COLUMNS`] that plungers use.
const PLUNGERS: std::ops::Range<usize> = 0..16;
/// The entries of [`COLUMNS`] that squigglies use.
const SQUIGGLIES: std::ops::Range<usize> = 6..21;

/// Scores, and the reload below each of them.
const RELOADS: [(u32, u16); 4] = [(300, 48), (1100, 16), (2100, 11), (3100, 8)];
/// Ticks between two moves of a bomb.
const MOVE_INTERVAL: u32 = 3;
/// The reload above the last score of [`RELOADS`].
const LAST_RELOAD: u16 = 7;

/// The positions in the column tables. The seed chooses the first ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BombPattern {
    plungers: u8,
    squigglies: u8,
}

impl BombPattern {
    /// Draws the first positions.
    pub(super) fn draw(rng: &mut GameRng) -> BombPattern {
        BombPattern {
            plungers: rng.below(PLUNGERS.len() as u32) as u8,
            squigglies: rng.below(SQUIGGLIES.len() as u32) as u8,
        }
    }

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

/// Draws the ticks without bombs at the start of a level: what is left of the longest reload, as though another bomb
/// had been dropped before.
pub(super) fn draw_first_reload(rng: &mut GameRng) -> u16 {
    let longest = u32::from(reload(0)) * MOVE_INTERVAL;
    rng.below(longest + 1) as u16
}

/// The reload at a score: a bomb is only dropped once every other bomb has moved more often than this.
pub(super) fn reload(score: u32) -> u16 {
    RELOADS.iter().find(|(limit, _)| score < *limit).map_or(LAST_RELOAD, |(_, steps)| *steps)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{super::Seed, *};

    #[test]
    fn plungers_and_squigglies_repeat_their_table_entries() {
        let mut pattern = BombPattern::default();
        let mut columns = |kind, n| (0..n).map(|_| pattern.next_column(kind).unwrap() + 1).collect::<Vec<_>>();
        assert_eq!(columns(BombKind::Plunger, 17), [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 1]);
        assert_eq!(columns(BombKind::Squiggly, 16), [11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10, 11]);
        assert_eq!(pattern.next_column(BombKind::Rolling), None);
    }

    #[test]
    fn seeds_choose_every_first_position_and_every_first_reload() {
        let (mut positions, mut reloads) = (BTreeSet::new(), BTreeSet::new());
        for seed in 0..5000 {
            let mut rng = GameRng::new(Seed(seed));
            let BombPattern { plungers, squigglies } = BombPattern::draw(&mut rng);
            positions.insert((plungers, squigglies));
            reloads.insert(draw_first_reload(&mut rng));
        }
        assert_eq!(positions.len(), 16 * 15);
        assert_eq!(reloads, (0..=144).collect());
    }

    #[test]
    fn reload_shortens_as_the_score_grows() {
        let reloads = [0, 299, 300, 1099, 1100, 2099, 2100, 3099, 3100, 99_999].map(reload);
        assert_eq!(reloads, [48, 48, 16, 16, 11, 11, 8, 8, 7, 7]);
    }
}
