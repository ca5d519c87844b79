//! Bombs: by chance in preset classic; of three kinds, by columns and reloads, in preset arcade.

use rand_core::Rng;
use serde::{Deserialize, Serialize};

use super::{Bomb, BombKind, Game, GameEvent, Point, Px, formation::bits};
use crate::tuning::Bombing;

/// Columns from the left, counted from 1, in which plungers and squigglies fall: the machine's own table.
const COLUMNS: [usize; 21] = [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10];
/// The entries that each of them uses.
const PLUNGERS: std::ops::Range<usize> = 0..16;
const SQUIGGLIES: std::ops::Range<usize> = 6..21;

/// Below so many points, another bomb has to have moved more often than this before the next is dropped.
const RELOADS: [(u32, u16); 4] = [(300, 48), (1100, 16), (2100, 11), (3100, 8)];
const LAST_RELOAD: u16 = 7;

/// With so many invaders or fewer, bombs fall at their fastest.
const FEW: u32 = 8;
/// Each kind moves every third tick, by three ticks' worth.
const KINDS: [BombKind; 3] = [BombKind::Rolling, BombKind::Plunger, BombKind::Squiggly];
/// How far a bomb reaches to either side of its middle, pixels.
const REACH: i32 = 1;

/// Where the tables of columns go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pattern {
    plungers: u8,
    squigglies: u8,
}

impl Pattern {
    /// The next column of a kind, from 0 on the left; none for the kind that has no table.
    fn next(&mut self, kind: BombKind) -> Option<usize> {
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

impl Game {
    /// Bombs fall on, those that leave the field or meet a shield end, and new ones are dropped.
    pub(super) fn bomb(&mut self) {
        match self.params.bombing {
            Bombing::Random => self.move_bombs(1, |_| true),
            Bombing::Patterned => {
                let kind = KINDS[self.state.tick.0 as usize % KINDS.len()];
                let few = self.state.formation.living() <= FEW;
                let speed = if few { self.params.bomb_max_speed } else { self.params.bomb_min_speed };
                for bomb in self.state.bombs.iter_mut().filter(|bomb| bomb.kind == kind) {
                    bomb.speed = speed;
                }
                self.move_bombs(KINDS.len() as i32, |bomb| bomb.kind == kind);
            }
        }
    }

    fn move_bombs(&mut self, ticks: i32, moves: impl Fn(&Bomb) -> bool) {
        let (shields, params, events) = (&mut self.state.shields, &self.params, &mut self.events);
        let below = params.height + params.ship.half_height;
        self.state.bombs.retain(|bomb| {
            if !moves(bomb) {
                return true;
            }
            let from = bomb.at;
            bomb.at.y += bomb.speed.times(ticks);
            bomb.steps = bomb.steps.saturating_add(1);
            if let Some(at) = shields.stop(from, bomb.at.y, REACH, super::shield::Blast::Bomb, params) {
                events.push(GameEvent::ShieldHit { at });
                return false;
            }
            bomb.at.y <= below
        });
    }

    /// Drops new bombs.
    pub(super) fn drop_bombs(&mut self) {
        if self.state.quiet > 0 {
            self.state.quiet -= 1;
            return;
        }
        match self.params.bombing {
            Bombing::Random => self.drop_by_chance(),
            Bombing::Patterned => self.drop_by_pattern(),
        }
    }

    fn drop_by_chance(&mut self) {
        let bombing = self.state.formation.columns() & ((1 << self.params.bombing_columns) - 1);
        for column in bits(bombing) {
            if self.state.rng.next_u32() >= self.params.bomb_chance {
                continue;
            }
            let speed = self.draw_bomb_speed();
            self.drop_from(column, speed, BombKind::Plain);
        }
    }

    /// Evenly between the slowest and the fastest: the high word of draw times width, which is exact to 1/65536 of a
    /// pixel and needs no second draw.
    fn draw_bomb_speed(&mut self) -> Px {
        let (min, max) = (self.params.bomb_min_speed, self.params.bomb_max_speed);
        let width = (max - min).raw() as u64 + 1;
        let above = (u64::from(self.state.rng.next_u32()) * width) >> 32;
        min + Px::from_raw(above as i32)
    }

    /// The kind whose tick it is drops one, if none of it falls and the others have fallen far enough.
    fn drop_by_pattern(&mut self) {
        let kind = KINDS[self.state.tick.0 as usize % KINDS.len()];
        let reload = reload(self.state.score);
        let waits = self.state.bombs.iter().any(|bomb| bomb.kind == kind || bomb.steps <= reload);
        let barred = match kind {
            BombKind::Plunger => self.state.formation.living() == 1,
            BombKind::Squiggly => self.state.mystery.at().is_some(),
            BombKind::Plain | BombKind::Rolling => false,
        };
        if waits || barred {
            return;
        }
        let column = match self.state.pattern.next(kind) {
            Some(from_left) => (self.params.columns - 1).checked_sub(from_left % self.params.columns),
            None => self.column_above_ship(),
        };
        if let Some(column) = column {
            self.drop_from(column, self.params.bomb_min_speed, kind);
        }
    }

    /// The column whose front invader stands most nearly above the ship, no further aside than half a column.
    fn column_above_ship(&self) -> Option<usize> {
        let aside = |at: Point| (at.x - self.state.ship_x).raw().abs();
        let fronts = bits(self.state.formation.columns())
            .filter_map(|column| Some((column, aside(self.state.formation.front(column, &self.params)?))));
        let (column, aside) = fronts.min_by_key(|(_, aside)| *aside)?;
        (aside <= self.params.column_spacing.raw() / 2).then_some(column)
    }

    fn drop_from(&mut self, column: usize, speed: Px, kind: BombKind) {
        let Some(invader) = self.state.formation.front(column, &self.params) else {
            return;
        };
        let at = Point { x: invader.x, y: invader.y + self.params.invader.half_height };
        if self.state.bombs.try_push(Bomb { at, speed, kind, steps: 0 }).is_ok() {
            self.events.push(GameEvent::BombDropped { at });
        }
    }
}

fn reload(score: u32) -> u16 {
    RELOADS.iter().find(|(below, _)| score < *below).map_or(LAST_RELOAD, |(_, steps)| *steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plungers_and_squigglies_use_their_entries_over_and_over() {
        let mut pattern = Pattern::default();
        let mut columns = |kind, n| (0..n).map(|_| pattern.next(kind).unwrap() + 1).collect::<Vec<_>>();
        assert_eq!(columns(BombKind::Plunger, 17), [1, 7, 1, 1, 1, 4, 11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 1]);
        assert_eq!(columns(BombKind::Squiggly, 16), [11, 1, 6, 3, 1, 1, 11, 9, 2, 8, 2, 11, 4, 7, 10, 11]);
        assert_eq!(pattern.next(BombKind::Rolling), None);
    }

    #[test]
    fn the_reload_shortens_with_the_score() {
        let at = [0, 299, 300, 1099, 1100, 2099, 2100, 3099, 3100, 99_999].map(reload);
        assert_eq!(at, [48, 48, 16, 16, 11, 11, 8, 8, 7, 7]);
    }
}
