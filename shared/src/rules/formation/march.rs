//! How the formation marches: sideways, and down at an edge.

use serde::{Deserialize, Serialize};

use super::{
    super::{LevelParams, Point, Px, Side},
    Formation, Slot,
};
use crate::tuning::MarchStyle;

/// The march of a formation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum March {
    /// All invaders move in every tick.
    Together {
        /// Speed, per tick.
        speed: Px,
        /// The side that the formation marches towards, or will after the drop.
        towards: Side,
        /// Remaining distance of the drop at an edge.
        drop: Px,
    },
    /// One invader moves in each tick. A round moves every invader once: by rows from the lowest, and from the left
    /// within a row. This order numbers the slots.
    InTurn {
        /// The side that the formation marches towards, or will after the drop.
        towards: Side,
        /// The move of each invader in this round.
        step: Point,
        /// Number of the next slot to move in this round. Slots are numbered from the lowest row up and from left to right.
        turn: u16,
    },
}

impl March {
    /// The march at the start of a level.
    pub(super) fn new(params: &LevelParams) -> March {
        match params.march {
            MarchStyle::Together => March::Together { speed: params.march_speed, towards: Side::Left, drop: Px::ZERO },
            // A finished round: the first tick chooses whether the next round moves sideways or down.
            MarchStyle::InTurn => March::InTurn { towards: Side::Right, step: Point::default(), turn: slots(params) },
        }
    }

    /// The distance by which the invaders that have moved in this round are ahead of the others.
    pub(super) fn lead(&self) -> Point {
        match self {
            March::InTurn { step, .. } => *step,
            March::Together { .. } => Point::default(),
        }
    }

    /// Whether the slot has moved in this round.
    pub(super) fn has_moved(&self, slot: Slot, params: &LevelParams) -> bool {
        match self {
            March::InTurn { turn, .. } => {
                let number = (params.rows - 1 - slot.row) * params.columns + (params.columns - 1 - slot.column);
                number < usize::from(*turn)
            }
            March::Together { .. } => false,
        }
    }
}

impl Formation {
    /// Marches for one tick. Returns whether the formation turned at an edge.
    pub(in crate::rules) fn step(&mut self, params: &LevelParams) -> bool {
        match self.march {
            March::Together { speed, towards, drop } if drop > Px::ZERO => {
                let distance = speed.min(drop);
                self.origin.y += distance;
                self.march = March::Together { speed, towards, drop: drop - distance };
                false
            }
            March::Together { speed, towards, .. } => self.step_together(speed, towards, params),
            March::InTurn { towards, step, turn } => self.step_in_turn(towards, step, turn, params),
        }
    }

    /// Moves sideways. If an invader would leave the playfield, starts a drop and turns instead.
    fn step_together(&mut self, speed: Px, towards: Side, params: &LevelParams) -> bool {
        let turns = self.would_leave(towards, speed, params);
        if turns {
            let speed = (speed + params.march_acceleration).min(params.march_limit);
            self.march = March::Together { speed, towards: towards.opposite(), drop: params.drop_distance };
        } else {
            self.origin.x += towards.offset(speed);
        }
        turns
    }

    /// Moves the next invader. After the last one, starts a new round sideways, or down if an invader would leave the
    /// playfield.
    fn step_in_turn(&mut self, towards: Side, step: Point, turn: u16, params: &LevelParams) -> bool {
        if let Some(next) = self.next_living(turn, params) {
            self.march = March::InTurn { towards, step, turn: next + 1 };
            return false;
        }
        self.origin = self.origin + step;
        let is_last_to_the_right = towards == Side::Right && self.living() == 1;
        let distance = if is_last_to_the_right { params.last_march_step } else { params.march_step };
        let turns = self.would_leave(towards, distance, params);
        let (towards, step) = if turns {
            (towards.opposite(), Point { x: Px::ZERO, y: params.drop_distance })
        } else {
            (towards, Point { x: towards.offset(distance), y: Px::ZERO })
        };
        // The first invader moves in the same tick, so a round takes as many ticks as invaders live.
        let turn = self.next_living(0, params).map_or(0, |first| first + 1);
        self.march = March::InTurn { towards, step, turn };
        turns
    }

    /// The number of the first slot from `turn` on with a living invader.
    fn next_living(&self, turn: u16, params: &LevelParams) -> Option<u16> {
        (turn..slots(params)).find(|slot| {
            let (from_below, from_left) = (usize::from(*slot) / params.columns, usize::from(*slot) % params.columns);
            self.alive[params.rows - 1 - from_below] & 1 << (params.columns - 1 - from_left) != 0
        })
    }

    /// Whether a move of that distance takes an invader out of the playfield. Column 0 is the rightmost one.
    fn would_leave(&self, towards: Side, distance: Px, params: &LevelParams) -> bool {
        // A bit for each column with a living invader.
        let columns = self.columns();
        match towards {
            Side::Left => self.column_x(31 - columns.leading_zeros() as usize, params) - distance < Px::ZERO,
            Side::Right => self.column_x(columns.trailing_zeros() as usize, params) + distance > params.width,
        }
    }
}

/// The number of slots in the formation.
fn slots(params: &LevelParams) -> u16 {
    (params.rows * params.columns) as u16
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
    fn formation_drops_by_the_drop_distance_and_turns_at_an_edge() {
        let (mut formation, params) = level_one();
        let side_and_dropping = |formation: &Formation| match formation.march {
            March::Together { towards, drop, .. } => (towards, drop > Px::ZERO),
            March::InTurn { .. } => unreachable!("classic marches together"),
        };
        while !formation.step(&params) {}
        let top = formation.origin.y;
        assert_eq!(side_and_dropping(&formation), (Side::Right, true));
        while side_and_dropping(&formation).1 {
            formation.step(&params);
        }
        assert_eq!(formation.origin.y - top, params.drop_distance);
        while !formation.step(&params) {}
        assert_eq!(side_and_dropping(&formation), (Side::Left, true));
    }

    #[test]
    fn each_turn_at_an_edge_adds_the_acceleration() {
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
    fn in_turn_one_invader_moves_per_tick_and_a_round_moves_all() {
        let (mut formation, params) = arcade();
        for living in [55, 54] {
            let initial = centres(&formation, &params);
            for tick in 1..=living {
                let before = centres(&formation, &params);
                formation.step(&params);
                let now = centres(&formation, &params);
                let moved: Vec<_> = before.iter().zip(&now).filter(|(a, b)| a != b).collect();
                assert_eq!(moved.len(), 1, "tick {tick} of {living}");
                assert_eq!(moved[0].1.x - moved[0].0.x, Px::whole(2));
            }
            let now = centres(&formation, &params);
            assert!(initial.iter().zip(&now).all(|(a, b)| b.x - a.x == Px::whole(2) && b.y == a.y));
            formation.hit(now[20], &params).unwrap();
        }
    }

    #[test]
    fn in_turn_the_lowest_leftmost_invader_moves_first() {
        let (mut formation, params) = arcade();
        let before: Vec<_> = formation.invaders(&params).collect();
        formation.step(&params);
        let moved = before.into_iter().zip(formation.invaders(&params)).find(|(a, b)| a != b).unwrap();
        assert_eq!(moved.0.0, Slot { row: 4, column: 10 });
    }

    #[test]
    fn in_turn_all_invaders_drop_eight_pixels_at_an_edge_and_turn() {
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
    fn in_turn_the_last_invader_moves_three_pixels_right_and_two_left() {
        let (mut formation, params) = arcade();
        while formation.living() > 1 {
            let at = centres(&formation, &params)[0];
            formation.hit(at, &params).unwrap();
        }
        let mut steps = std::collections::BTreeSet::new();
        for _ in 0..400 {
            let before = centres(&formation, &params)[0];
            formation.step(&params);
            steps.insert((centres(&formation, &params)[0].x - before.x).raw() >> 16);
        }
        // The first round started while the other invaders lived.
        steps.remove(&2);
        assert_eq!(steps.into_iter().collect::<Vec<_>>(), [-2, 0, 3]);
    }
}
