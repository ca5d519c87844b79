//! The mystery ship: it crosses the field above the invaders, and its score depends on how many rockets have ended.

use serde::{Deserialize, Serialize};

use super::{LevelParams, Point, Px, Side, Size, formation::holds};

/// The mystery ship's width and height, pixels.
pub const MYSTERY_SIZE: (i32, i32) = (16, 8);
const BOX: Size = Size { half_width: Px::whole(MYSTERY_SIZE.0 / 2), half_height: Px::whole(MYSTERY_SIZE.1 / 2) };

/// How far below the upper edge of the field its centre flies.
const HEIGHT: Px = Px::whole(4);
/// It moves by this every third tick.
const STEP: Px = Px::whole(2);
/// It stays away while fewer invaders live.
const LEAST_INVADERS: u32 = 8;
/// What it is worth, by the rockets that have ended, over and over.
const SCORES: [u32; 15] = [100, 50, 50, 100, 150, 100, 100, 50, 300, 100, 100, 100, 50, 150, 100];

/// When it comes, and where it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mystery {
    /// Ticks since it came last.
    clock: u16,
    flight: Option<Flight>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Flight {
    x: Px,
    towards: Side,
}

/// What it did in a tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Appearance {
    Came,
    Left,
}

impl Mystery {
    /// Its centre, while it flies.
    pub fn at(&self) -> Option<Point> {
        self.flight.map(|flight| Point { x: flight.x, y: HEIGHT })
    }

    /// One tick on. `shots` are the player's, which decide its side; `may_come` is false while something else keeps
    /// it away.
    pub(crate) fn step(
        &mut self,
        third_tick: bool,
        living: u32,
        shots: u32,
        may_come: bool,
        params: &LevelParams,
    ) -> Option<Appearance> {
        let every = params.mystery_ticks?;
        self.clock = self.clock.saturating_add(1);
        match &mut self.flight {
            Some(flight) => {
                if third_tick {
                    flight.x += flight.towards.times(STEP);
                }
                let gone = flight.x < -BOX.half_width || flight.x > params.width + BOX.half_width;
                gone.then(|| {
                    self.flight = None;
                    Appearance::Left
                })
            }
            None if self.clock >= every && living >= LEAST_INVADERS && may_come => {
                self.clock = 0;
                self.flight = Some(match shots % 2 {
                    0 => Flight { x: params.width + BOX.half_width, towards: Side::Left },
                    _ => Flight { x: -BOX.half_width, towards: Side::Right },
                });
                Some(Appearance::Came)
            }
            None => None,
        }
    }

    /// Lets a rocket hit it; gives its centre.
    pub(crate) fn shoot(&mut self, rocket: Point) -> Option<Point> {
        let at = self.at().filter(|at| holds(*at, BOX, rocket))?;
        self.flight = None;
        Some(at)
    }

    /// What it is worth once so many rockets have ended.
    pub(crate) fn worth(ended: u32) -> u32 {
        SCORES[ended as usize % SCORES.len()]
    }

    /// It leaves as the level ends.
    pub(crate) fn dismiss(&mut self) {
        self.flight = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::Tuning;

    fn params() -> LevelParams {
        LevelParams::new(&Tuning::arcade(), 1)
    }

    /// The tick at which it comes, of so many.
    fn comes(ticks: u32, living: u32, may_come: bool) -> Option<u32> {
        let (mut mystery, params) = (Mystery::default(), params());
        (1..=ticks).find(|tick| mystery.step(tick % 3 == 0, living, 0, may_come, &params) == Some(Appearance::Came))
    }

    #[test]
    fn it_comes_every_1536_ticks_while_eight_invaders_live_and_nothing_keeps_it_away() {
        assert_eq!(comes(5000, 8, true), Some(1536));
        assert_eq!(comes(5000, 7, true), None);
        assert_eq!(comes(5000, 55, false), None);
    }

    #[test]
    fn it_comes_from_the_side_that_the_shots_say_and_crosses_two_pixels_every_third_tick() {
        let params = params();
        for (shots, first, last) in [(4, 208, -10), (5, -8, 210)] {
            let mut mystery = Mystery { clock: 1535, flight: None };
            assert_eq!(mystery.step(false, 55, shots, true, &params), Some(Appearance::Came));
            assert_eq!(mystery.at().unwrap().x, Px::whole(first));
            let crossing = (1..2000).take_while(|tick| mystery.step(tick % 3 == 0, 55, 9, true, &params).is_none());
            assert_eq!(crossing.count() as i32, (last - first).abs() / 2 * 3 - 1);
            assert_eq!(mystery.at(), None);
        }
    }

    #[test]
    fn the_eighth_rocket_wins_300_and_then_every_fifteenth() {
        let wins: Vec<u32> = (1..=40).filter(|ended| Mystery::worth(*ended) == 300).collect();
        assert_eq!(wins, [8, 23, 38]);
        assert_eq!((Mystery::worth(1), Mystery::worth(4), Mystery::worth(15)), (50, 150, 100));
    }
}
