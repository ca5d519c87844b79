//! The invaders: who is alive, where they are, and how they march as one.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{INVADER_SIZE, LevelRates, MAX_ROWS, Point, Px};

const ROW_SPACING: Px = Px::whole(20);
const HALF_WIDTH: Px = Px::whole(INVADER_SIZE.0 / 2);
const HALF_HEIGHT: Px = Px::whole(INVADER_SIZE.1 / 2);

/// The place of an invader in its formation. Row 0 is the top, column 0 the rightmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The row, from the top.
    pub row: usize,
    /// The column, from the right.
    pub column: usize,
}

/// Which way the formation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum March {
    /// Towards the left edge.
    Left,
    /// Towards the right edge.
    Right,
    /// Down by what is left of the drop, then on towards the other edge.
    Down {
        /// Still to drop.
        left: Px,
        /// Whether it then goes right.
        then_right: bool,
    },
}

/// All invaders of a level. They keep their places in the formation, so one offset moves them all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// The living, a bit for each column, a word for each row.
    alive: ArrayVec<u32, MAX_ROWS>,
    /// The centre of the invader in row 0, column 0.
    origin: Point,
    /// March speed, a tick.
    speed: Px,
    /// Which way it goes.
    pub march: March,
}

impl Formation {
    /// The full formation as a level opens, going left.
    pub(crate) fn new(rates: &LevelRates) -> Formation {
        Formation {
            alive: (0..rates.rows).map(|_| (1 << rates.columns) - 1).collect(),
            origin: Point { x: Px::from_raw(rates.width.raw() / 2) + Px::whole(100), y: Px::ZERO },
            speed: rates.march_speed,
            march: March::Left,
        }
    }

    /// Whether every invader has been shot.
    pub fn is_empty(&self) -> bool {
        self.alive.iter().all(|row| *row == 0)
    }

    /// How many invaders live.
    pub fn living(&self) -> u32 {
        self.alive.iter().map(|row| row.count_ones()).sum()
    }

    /// The living invaders and the centres of their boxes.
    pub fn invaders(&self, rates: &LevelRates) -> impl Iterator<Item = (Slot, Point)> {
        self.alive.iter().enumerate().flat_map(move |(row, columns)| {
            bits(*columns).map(move |column| {
                let slot = Slot { row, column };
                (slot, self.centre(slot, rates))
            })
        })
    }

    /// Moves all by one tick: sideways, or, where an invader would leave the field, down and then the other way.
    /// Says whether it turned.
    pub(crate) fn step(&mut self, rates: &LevelRates) -> bool {
        match self.march {
            March::Left => self.sideways(-self.speed, rates),
            March::Right => self.sideways(self.speed, rates),
            March::Down { left, then_right } => {
                let drop = self.speed.min(left);
                self.origin.y += drop;
                self.march = match (left - drop, then_right) {
                    (rest, _) if rest > Px::ZERO => March::Down { left: rest, then_right },
                    (_, true) => March::Right,
                    (_, false) => March::Left,
                };
                false
            }
        }
    }

    fn sideways(&mut self, by: Px, rates: &LevelRates) -> bool {
        let columns = self.alive.iter().fold(0, |all, row| all | row);
        let leftmost = self.column_x(31 - columns.leading_zeros() as usize, rates) + by;
        let rightmost = self.column_x(columns.trailing_zeros() as usize, rates) + by;
        let leaves = if by < Px::ZERO { leftmost < Px::ZERO } else { rightmost > rates.width };
        if leaves {
            self.speed = (self.speed + rates.march_acceleration).min(rates.march_limit);
            self.march = March::Down { left: rates.drop_distance, then_right: by < Px::ZERO };
        } else {
            self.origin.x += by;
        }
        leaves
    }

    /// Removes the first living invader, by columns, whose box holds the point.
    pub(crate) fn shoot(&mut self, at: Point, rates: &LevelRates) -> Option<(Slot, Point)> {
        // Rows stand further apart than a box is high, so only the nearest can hold the point.
        let row = (at.y - self.origin.y + HALF_HEIGHT).raw().div_euclid(ROW_SPACING.raw());
        let row = usize::try_from(row).ok().filter(|row| *row < self.alive.len())?;
        let column =
            bits(self.alive[row]).find(|column| holds(self.centre(Slot { row, column: *column }, rates), at))?;
        self.alive[row] &= !(1 << column);
        let slot = Slot { row, column };
        Some((slot, self.centre(slot, rates)))
    }

    /// The centre of the lowest living invader of a column.
    pub(crate) fn front(&self, column: usize, rates: &LevelRates) -> Option<Point> {
        let row = self.alive.iter().rposition(|row| row & (1 << column) != 0)?;
        Some(self.centre(Slot { row, column }, rates))
    }

    /// The columns in which an invader lives, a bit for each.
    pub(crate) fn columns(&self) -> u32 {
        self.alive.iter().fold(0, |all, row| all | row)
    }

    /// The lower edge of the lowest living invader.
    pub(crate) fn lower_edge(&self) -> Option<Px> {
        let row = self.alive.iter().rposition(|row| *row != 0)?;
        Some(self.row_y(row) + HALF_HEIGHT)
    }

    /// Whether the box of an invader overlaps the box around `centre`.
    pub(crate) fn touches(&self, centre: Point, half_width: Px, half_height: Px, rates: &LevelRates) -> bool {
        self.invaders(rates).any(|(_, invader)| {
            distance(invader.x, centre.x) < HALF_WIDTH + half_width
                && distance(invader.y, centre.y) < HALF_HEIGHT + half_height
        })
    }

    fn centre(&self, slot: Slot, rates: &LevelRates) -> Point {
        Point { x: self.column_x(slot.column, rates), y: self.row_y(slot.row) }
    }

    fn column_x(&self, column: usize, rates: &LevelRates) -> Px {
        self.origin.x - rates.column_spacing.times(column as i32)
    }

    fn row_y(&self, row: usize) -> Px {
        self.origin.y + ROW_SPACING.times(row as i32)
    }
}

fn holds(centre: Point, at: Point) -> bool {
    distance(centre.x, at.x) <= HALF_WIDTH && distance(centre.y, at.y) <= HALF_HEIGHT
}

fn distance(a: Px, b: Px) -> Px {
    if a > b { a - b } else { b - a }
}

/// The set bits, lowest first.
pub(crate) fn bits(mut word: u32) -> impl Iterator<Item = usize> {
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

    fn level_one() -> (Formation, LevelRates) {
        let rates = LevelRates::new(&Tuning::default(), 1);
        (Formation::new(&rates), rates)
    }

    #[test]
    fn it_opens_as_the_original_does() {
        let (formation, rates) = level_one();
        let invaders: Vec<_> = formation.invaders(&rates).collect();
        assert_eq!(invaders.len(), 66);
        let (slot, first) = invaders[0];
        assert_eq!((slot.row, slot.column), (0, 0));
        assert_eq!((first.x, first.y), (Px::whole(300), Px::ZERO));
        let (_, last) = invaders[65];
        assert!((last.x.to_f32() - (300.0 - 10.0 * 200.0 / 10.2)).abs() < 0.01);
        assert_eq!(last.y, Px::whole(100));
    }

    #[test]
    fn it_drops_by_the_drop_distance_and_turns() {
        let (mut formation, rates) = level_one();
        while !formation.step(&rates) {}
        let top = formation.origin.y;
        while matches!(formation.march, March::Down { .. }) {
            formation.step(&rates);
        }
        assert_eq!(formation.march, March::Right);
        assert_eq!(formation.origin.y - top, rates.drop_distance);
        while !formation.step(&rates) {}
        assert!(matches!(formation.march, March::Down { then_right: false, .. }));
    }

    #[test]
    fn each_turn_adds_the_acceleration() {
        let tuning = Tuning { invader_acceleration: 6.0.into(), ..Tuning::default() };
        let rates = LevelRates::new(&tuning, 1);
        let mut formation = Formation::new(&rates);
        while !formation.step(&rates) {}
        assert_eq!(formation.speed, rates.march_speed + rates.march_acceleration);
    }

    #[test]
    fn a_shot_removes_the_invader_whose_box_holds_it() {
        let (mut formation, rates) = level_one();
        let (_, target) = formation.invaders(&rates).last().unwrap();
        let edge = Point { x: target.x - HALF_WIDTH, y: target.y + HALF_HEIGHT };
        let outside = Point { x: edge.x, y: edge.y + Px::from_raw(1) };
        assert!(formation.shoot(outside, &rates).is_none());
        let (slot, _) = formation.shoot(edge, &rates).unwrap();
        assert_eq!((slot.row, slot.column), (5, 10));
        assert_eq!(formation.living(), 65);
        assert!(formation.shoot(edge, &rates).is_none());
    }
}
