//! The formation of invaders: which invaders live, where they are, and which one a rocket hits.

mod march;

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{LevelParams, MAX_ROWS, Point, Px, geometry::distance};

pub use march::March;

/// The slot of an invader in its formation. Row 0 is the top row, column 0 the rightmost column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The row, counted from 0 at the top.
    pub row: usize,
    /// The column, counted from 0 at the right.
    pub column: usize,
}

/// The invaders of a level. Each keeps its slot, so that one offset moves all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// The living invaders: a bit per column, a word per row.
    alive: ArrayVec<u32, MAX_ROWS>,
    /// The centre of slot row 0, column 0 at the start of the current round of the march.
    origin: Point,
    /// The march.
    march: March,
}

impl Formation {
    /// The full formation at the start of a level.
    pub(super) fn new(params: &LevelParams) -> Formation {
        let alive = (0..params.rows).map(|_| (1 << params.columns) - 1).collect();
        Formation { alive, origin: params.first, march: March::new(params) }
    }

    /// Moves the whole formation to the right, or to the left by a negative distance.
    pub(super) fn shift(&mut self, distance: Px) {
        self.origin.x += distance;
    }

    /// Whether every invader has been shot.
    pub fn is_empty(&self) -> bool {
        self.alive.iter().all(|row| *row == 0)
    }

    /// The number of living invaders.
    pub fn living(&self) -> u32 {
        self.alive.iter().map(|row| row.count_ones()).sum()
    }

    /// The living invaders with their centres, by rows from the top and by columns from the right.
    pub fn invaders(&self, params: &LevelParams) -> impl Iterator<Item = (Slot, Point)> {
        self.alive.iter().enumerate().flat_map(move |(row, columns)| {
            set_bits(*columns).map(move |column| {
                let slot = Slot { row, column };
                (slot, self.centre(slot, params))
            })
        })
    }

    /// Removes the first living invader, by rows and columns, whose box contains the rocket. Returns its slot and
    /// centre.
    #[inline]
    pub(super) fn hit(&mut self, rocket: Point, params: &LevelParams) -> Option<(Slot, Point)> {
        // Most rockets are far from all invaders. This check is fast because it does not divide.
        let (below_top, row_lead) = (rocket.y - self.origin.y + params.invader.half_height, self.march.lead().y);
        if below_top < Px::ZERO || below_top > params.row_spacing.times(self.alive.len() as i32) + row_lead {
            return None;
        }
        self.hit_near(rocket, below_top, row_lead, params)
    }

    /// Rows are further apart than an invader is high, so only the nearest row can contain the rocket. While rows drop
    /// one after the other, some rows above it can, too.
    fn hit_near(&mut self, rocket: Point, below_top: Px, row_lead: Px, params: &LevelParams) -> Option<(Slot, Point)> {
        let nearest = below_top.raw() / params.row_spacing.raw();
        let rows_above = if row_lead > Px::ZERO { row_lead.raw() / params.row_spacing.raw() + 1 } else { 0 };
        for row in (nearest - rows_above).max(0)..=nearest.min(self.alive.len() as i32 - 1) {
            let row = row as usize;
            for column in set_bits(self.alive[row]) {
                let centre = self.centre(Slot { row, column }, params);
                if params.invader.contains(centre, rocket) {
                    self.alive[row] &= !(1 << column);
                    return Some((Slot { row, column }, centre));
                }
            }
        }
        None
    }

    /// The centre of the lowest living invader of a column.
    pub(super) fn front(&self, column: usize, params: &LevelParams) -> Option<Point> {
        let row = self.alive.iter().rposition(|row| row & (1 << column) != 0)?;
        Some(self.centre(Slot { row, column }, params))
    }

    /// The columns with a living invader, a bit per column.
    pub(super) fn columns(&self) -> u32 {
        self.alive.iter().fold(0, |all, row| all | row)
    }

    /// The lower edge of the lowest living invader.
    pub(super) fn lower_edge(&self, params: &LevelParams) -> Option<Px> {
        let row = self.alive.iter().rposition(|row| *row != 0)?;
        let lowest = match self.march {
            March::Together { .. } => Some(self.row_y(row, params)),
            // Some invaders of the row have not dropped yet. Higher rows drop later, so none of them is lower.
            March::InTurn { .. } => {
                set_bits(self.alive[row]).map(|column| self.centre(Slot { row, column }, params).y).max()
            }
        };
        lowest.map(|centre| centre + params.invader.half_height)
    }

    /// Whether the box of an invader overlaps the box of the ship.
    pub(super) fn touches(&self, ship: Point, params: &LevelParams) -> bool {
        let (width, height) =
            (params.invader.half_width + params.ship.half_width, params.invader.half_height + params.ship.half_height);
        self.invaders(params)
            .any(|(_, invader)| distance(invader.x, ship.x) < width && distance(invader.y, ship.y) < height)
    }

    fn centre(&self, slot: Slot, params: &LevelParams) -> Point {
        let centre = Point { x: self.column_x(slot.column, params), y: self.row_y(slot.row, params) };
        if self.march.has_moved(slot, params) { centre + self.march.lead() } else { centre }
    }

    fn column_x(&self, column: usize, params: &LevelParams) -> Px {
        self.origin.x - params.column_spacing.times(column as i32)
    }

    fn row_y(&self, row: usize, params: &LevelParams) -> Px {
        self.origin.y + params.row_spacing.times(row as i32)
    }
}

/// The positions of the set bits, lowest first.
pub(super) fn set_bits(mut word: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = word.trailing_zeros();
        word &= word.wrapping_sub(1);
        (bit < 32).then_some(bit as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::Tuning;

    fn level_one() -> (Formation, LevelParams) {
        let params = LevelParams::new(&Tuning::default(), 1);
        (Formation::new(&params), params)
    }

    #[test]
    fn initial_formation_matches_the_original() {
        let (formation, params) = level_one();
        let invaders: Vec<_> = formation.invaders(&params).collect();
        assert_eq!(invaders.len(), 66);
        let (slot, first) = invaders[0];
        assert_eq!((slot.row, slot.column), (0, 0));
        assert_eq!((first.x, first.y), (Px::whole(300), Px::ZERO));
        let (_, last) = invaders[65];
        assert!((last.x.to_f32() - (300.0 - 10.0 * 200.0 / 10.2)).abs() < 0.01);
        assert_eq!(last.y, Px::whole(100));
    }

    #[test]
    fn rocket_removes_the_invader_whose_box_contains_it() {
        let (mut formation, params) = level_one();
        let (_, target) = formation.invaders(&params).last().unwrap();
        let edge = Point { x: target.x - params.invader.half_width, y: target.y + params.invader.half_height };
        let outside = Point { x: edge.x, y: edge.y + Px::from_raw(1) };
        assert!(formation.hit(outside, &params).is_none());
        let (slot, _) = formation.hit(edge, &params).unwrap();
        assert_eq!((slot.row, slot.column), (5, 10));
        assert_eq!(formation.living(), 65);
        assert!(formation.hit(edge, &params).is_none());
    }
}
