//! The invaders: who is alive, where they are, and how they march as one.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{LevelParams, MAX_ROWS, Point, Px, Size};
use crate::tuning::MarchStyle;

/// The place of an invader in its formation. Row 0 is the top, column 0 the rightmost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The row, from the top.
    pub row: usize,
    /// The column, from the right.
    pub column: usize,
}

/// A side of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// How the formation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum March {
    /// All at once.
    Together {
        /// A tick.
        speed: Px,
        /// Towards which side, now or once it has dropped.
        towards: Side,
        /// What is left of a drop.
        drop: Px,
    },
    /// One each tick, from the lowest row up and in a row from the left.
    InTurn {
        /// Towards which side, now or once all have dropped.
        towards: Side,
        /// By how much each moves when it is its turn.
        step: Point,
        /// All places before this one have had their turn.
        turn: u16,
    },
}

/// All invaders of a level. They keep their places in the formation, so one offset moves them all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formation {
    /// The living, a bit for each column, a word for each row.
    alive: ArrayVec<u32, MAX_ROWS>,
    /// The centre of the invader in row 0, column 0, before it has had its turn.
    origin: Point,
    /// How it goes on.
    march: March,
}

impl Formation {
    /// The full formation as a level opens.
    pub(crate) fn new(params: &LevelParams) -> Formation {
        let march = match params.march {
            MarchStyle::Together => March::Together { speed: params.march_speed, towards: Side::Left, drop: Px::ZERO },
            MarchStyle::InTurn => {
                // As if a round had ended: the first tick then sees whether there is room for the next.
                let turn = (params.rows * params.columns) as u16;
                March::InTurn { towards: Side::Right, step: Point::default(), turn }
            }
        };
        Formation { alive: (0..params.rows).map(|_| (1 << params.columns) - 1).collect(), origin: params.first, march }
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
    pub fn invaders(&self, params: &LevelParams) -> impl Iterator<Item = (Slot, Point)> {
        self.alive.iter().enumerate().flat_map(move |(row, columns)| {
            bits(*columns).map(move |column| {
                let slot = Slot { row, column };
                (slot, self.centre(slot, params))
            })
        })
    }

    /// Marches on by one tick, and says whether the formation turned at an edge.
    pub(crate) fn step(&mut self, params: &LevelParams) -> bool {
        match self.march {
            March::Together { speed, towards, drop } if drop > Px::ZERO => {
                let by = speed.min(drop);
                self.origin.y += by;
                self.march = March::Together { speed, towards, drop: drop - by };
                false
            }
            March::Together { speed, towards, .. } => self.march_together(speed, towards, params),
            March::InTurn { towards, step, turn } => self.march_in_turn(towards, step, turn, params),
        }
    }

    /// Sideways, or, where an invader would leave the field, down from the next tick on and then the other way.
    fn march_together(&mut self, speed: Px, towards: Side, params: &LevelParams) -> bool {
        let by = towards.times(speed);
        let leaves = self.would_leave(towards, speed, params);
        if leaves {
            let speed = (speed + params.march_acceleration).min(params.march_limit);
            self.march = March::Together { speed, towards: towards.opposite(), drop: params.drop_distance };
        } else {
            self.origin.x += by;
        }
        leaves
    }

    /// Gives the next invader its turn. Once all have had theirs, the next round goes on sideways, or down where an
    /// invader would leave the field.
    fn march_in_turn(&mut self, towards: Side, step: Point, turn: u16, params: &LevelParams) -> bool {
        if let Some(next) = self.next_living(turn, params) {
            self.march = March::InTurn { towards, step, turn: next + 1 };
            return false;
        }
        self.origin = self.origin + step;
        let far = if towards == Side::Right && self.living() == 1 { params.last_march_step } else { params.march_step };
        let leaves = self.would_leave(towards, far, params);
        let (towards, step) = if leaves {
            (towards.opposite(), Point { x: Px::ZERO, y: params.drop_distance })
        } else {
            (towards, Point { x: towards.times(far), y: Px::ZERO })
        };
        // The first of the round has its turn at once: a round takes as many ticks as invaders live.
        let turn = self.next_living(0, params).map_or(0, |first| first + 1);
        self.march = March::InTurn { towards, step, turn };
        leaves
    }

    /// The first place from `turn` on in which an invader lives.
    fn next_living(&self, turn: u16, params: &LevelParams) -> Option<u16> {
        (turn..(params.rows * params.columns) as u16).find(|place| {
            let (from_below, from_left) = (usize::from(*place) / params.columns, usize::from(*place) % params.columns);
            self.alive[params.rows - 1 - from_below] & 1 << (params.columns - 1 - from_left) != 0
        })
    }

    fn would_leave(&self, towards: Side, by: Px, params: &LevelParams) -> bool {
        let columns = self.columns();
        match towards {
            Side::Left => self.column_x(31 - columns.leading_zeros() as usize, params) - by < Px::ZERO,
            Side::Right => self.column_x(columns.trailing_zeros() as usize, params) + by > params.width,
        }
    }

    /// Removes the first living invader, by rows and columns, whose box holds the point.
    #[inline]
    pub(crate) fn shoot(&mut self, at: Point, params: &LevelParams) -> Option<(Slot, Point)> {
        // Rows stand further apart than a box is high, so only the nearest can hold the point, or, while rows have
        // their turns to drop, some above it. Most rockets are nowhere near, and dividing is slow.
        let (below_top, ahead) = (at.y - self.origin.y + params.invader.half_height, self.turn_step().y);
        if below_top < Px::ZERO || below_top > params.row_spacing.times(self.alive.len() as i32) + ahead {
            return None;
        }
        self.shoot_near(at, below_top, ahead, params)
    }

    fn shoot_near(&mut self, at: Point, below_top: Px, ahead: Px, params: &LevelParams) -> Option<(Slot, Point)> {
        let nearest = below_top.raw() / params.row_spacing.raw();
        let rows_ahead = if ahead > Px::ZERO { ahead.raw() / params.row_spacing.raw() + 1 } else { 0 };
        for row in (nearest - rows_ahead).max(0)..=nearest.min(self.alive.len() as i32 - 1) {
            let row = row as usize;
            for column in bits(self.alive[row]) {
                let centre = self.centre(Slot { row, column }, params);
                if holds(centre, params.invader, at) {
                    self.alive[row] &= !(1 << column);
                    return Some((Slot { row, column }, centre));
                }
            }
        }
        None
    }

    /// The centre of the lowest living invader of a column.
    pub(crate) fn front(&self, column: usize, params: &LevelParams) -> Option<Point> {
        let row = self.alive.iter().rposition(|row| row & (1 << column) != 0)?;
        Some(self.centre(Slot { row, column }, params))
    }

    /// The columns in which an invader lives, a bit for each.
    pub(crate) fn columns(&self) -> u32 {
        self.alive.iter().fold(0, |all, row| all | row)
    }

    /// The lower edge of the lowest living invader.
    pub(crate) fn lower_edge(&self, params: &LevelParams) -> Option<Px> {
        let row = self.alive.iter().rposition(|row| *row != 0)?;
        let lowest = match self.march {
            March::Together { .. } => Some(self.row_y(row, params)),
            // The lowest row has its turns first.
            March::InTurn { .. } => {
                bits(self.alive[row]).map(|column| self.centre(Slot { row, column }, params).y).max()
            }
        };
        lowest.map(|centre| centre + params.invader.half_height)
    }

    /// Whether the box of an invader overlaps the ship's.
    pub(crate) fn touches(&self, ship: Point, params: &LevelParams) -> bool {
        let (width, height) =
            (params.invader.half_width + params.ship.half_width, params.invader.half_height + params.ship.half_height);
        self.invaders(params)
            .any(|(_, invader)| distance(invader.x, ship.x) < width && distance(invader.y, ship.y) < height)
    }

    fn centre(&self, slot: Slot, params: &LevelParams) -> Point {
        let place = Point { x: self.column_x(slot.column, params), y: self.row_y(slot.row, params) };
        match self.march {
            March::InTurn { step, turn, .. } if had_turn(slot, turn, params) => place + step,
            March::InTurn { .. } | March::Together { .. } => place,
        }
    }

    /// By how much those who have had their turn are ahead.
    fn turn_step(&self) -> Point {
        match self.march {
            March::InTurn { step, .. } => step,
            March::Together { .. } => Point::default(),
        }
    }

    fn column_x(&self, column: usize, params: &LevelParams) -> Px {
        self.origin.x - params.column_spacing.times(column as i32)
    }

    fn row_y(&self, row: usize, params: &LevelParams) -> Px {
        self.origin.y + params.row_spacing.times(row as i32)
    }
}

impl Side {
    fn opposite(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }

    /// That far towards this side.
    pub(crate) fn times(self, by: Px) -> Px {
        match self {
            Side::Left => -by,
            Side::Right => by,
        }
    }
}

fn had_turn(slot: Slot, turn: u16, params: &LevelParams) -> bool {
    let place = (params.rows - 1 - slot.row) * params.columns + (params.columns - 1 - slot.column);
    place < usize::from(turn)
}

/// Whether a box holds a point.
pub(crate) fn holds(centre: Point, size: Size, at: Point) -> bool {
    distance(centre.x, at.x) <= size.half_width && distance(centre.y, at.y) <= size.half_height
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

    fn level_one() -> (Formation, LevelParams) {
        let params = LevelParams::new(&Tuning::default(), 1);
        (Formation::new(&params), params)
    }

    #[test]
    fn it_opens_as_the_original_does() {
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
    fn it_drops_by_the_drop_distance_and_turns() {
        let (mut formation, params) = level_one();
        let side = |formation: &Formation| match formation.march {
            March::Together { towards, drop, .. } => (towards, drop > Px::ZERO),
            March::InTurn { .. } => unreachable!("classic marches together"),
        };
        while !formation.step(&params) {}
        let top = formation.origin.y;
        assert_eq!(side(&formation), (Side::Right, true));
        while side(&formation).1 {
            formation.step(&params);
        }
        assert_eq!(formation.origin.y - top, params.drop_distance);
        while !formation.step(&params) {}
        assert_eq!(side(&formation), (Side::Left, true));
    }

    #[test]
    fn each_turn_adds_the_acceleration() {
        let tuning = Tuning { invader_acceleration: 6.0.into(), ..Tuning::default() };
        let params = LevelParams::new(&tuning, 1);
        let mut formation = Formation::new(&params);
        while !formation.step(&params) {}
        let March::Together { speed, .. } = formation.march else { unreachable!("classic marches together") };
        assert_eq!(speed, params.march_speed + params.march_acceleration);
    }

    fn arcade() -> (Formation, LevelParams) {
        let params = LevelParams::new(&Tuning::arcade(), 1);
        (Formation::new(&params), params)
    }

    fn centres(formation: &Formation, params: &LevelParams) -> Vec<Point> {
        formation.invaders(params).map(|(_, at)| at).collect()
    }

    #[test]
    fn in_turn_one_moves_each_tick_and_a_round_takes_as_many_ticks_as_invaders_live() {
        let (mut formation, params) = arcade();
        for living in [55, 54] {
            let opening = centres(&formation, &params);
            for tick in 1..=living {
                let before = centres(&formation, &params);
                formation.step(&params);
                let now = centres(&formation, &params);
                let moved: Vec<_> = before.iter().zip(&now).filter(|(a, b)| a != b).collect();
                assert_eq!(moved.len(), 1, "tick {tick} of {living}");
                assert_eq!(moved[0].1.x - moved[0].0.x, Px::whole(2));
            }
            let now = centres(&formation, &params);
            assert!(opening.iter().zip(&now).all(|(a, b)| b.x - a.x == Px::whole(2) && b.y == a.y));
            formation.shoot(now[20], &params).unwrap();
        }
    }

    #[test]
    fn in_turn_the_lowest_left_goes_first() {
        let (mut formation, params) = arcade();
        let before: Vec<_> = formation.invaders(&params).collect();
        formation.step(&params);
        let moved = before.into_iter().zip(formation.invaders(&params)).find(|(a, b)| a != b).unwrap();
        assert_eq!(moved.0.0, Slot { row: 4, column: 10 });
    }

    #[test]
    fn in_turn_an_edge_sends_all_eight_pixels_down_and_back() {
        let (mut formation, params) = arcade();
        while !formation.step(&params) {}
        let edge = centres(&formation, &params);
        assert!(edge.iter().all(|at| (Px::ZERO..=params.width).contains(&at.x)));
        for _ in 1..55 {
            formation.step(&params);
        }
        let dropped = centres(&formation, &params);
        let top = |centres: &[Point]| centres.iter().map(|at| at.y).min().unwrap();
        assert_eq!(top(&dropped) - params.first.y, Px::whole(8));
        for _ in 0..55 {
            formation.step(&params);
        }
        assert!(centres(&formation, &params).iter().zip(&dropped).all(|(now, was)| was.x - now.x == Px::whole(2)));
    }

    #[test]
    fn in_turn_the_last_one_goes_three_pixels_to_the_right_and_two_to_the_left() {
        let (mut formation, params) = arcade();
        while formation.living() > 1 {
            let at = centres(&formation, &params)[0];
            formation.shoot(at, &params).unwrap();
        }
        let mut steps = std::collections::BTreeSet::new();
        for _ in 0..400 {
            let before = centres(&formation, &params)[0];
            formation.step(&params);
            steps.insert((centres(&formation, &params)[0].x - before.x).raw() >> 16);
        }
        // The first round had begun before the others were shot.
        steps.remove(&2);
        assert_eq!(steps.into_iter().collect::<Vec<_>>(), [-2, 0, 3]);
    }

    #[test]
    fn a_shot_removes_the_invader_whose_box_holds_it() {
        let (mut formation, params) = level_one();
        let (_, target) = formation.invaders(&params).last().unwrap();
        let edge = Point { x: target.x - params.invader.half_width, y: target.y + params.invader.half_height };
        let outside = Point { x: edge.x, y: edge.y + Px::from_raw(1) };
        assert!(formation.shoot(outside, &params).is_none());
        let (slot, _) = formation.shoot(edge, &params).unwrap();
        assert_eq!((slot.row, slot.column), (5, 10));
        assert_eq!(formation.living(), 65);
        assert!(formation.shoot(edge, &params).is_none());
    }
}
