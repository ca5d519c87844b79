//! The mystery ship: it crosses the playfield above the invaders. Its points depend on the number of finished rockets.

use serde::{Deserialize, Serialize};

use super::{LevelParams, Point, Px, Side, Size, rng::GameRng};

/// Width and height of the mystery ship, pixels.
pub const MYSTERY_SIZE: (i32, i32) = (16, 8);
const BOX: Size = Size::pixels(MYSTERY_SIZE.0, MYSTERY_SIZE.1);

/// Distance of the centre from the upper edge of the playfield.
const CENTRE_Y: Px = Px::whole(4);
/// Distance that the mystery ship moves every third tick.
const STEP: Px = Px::whole(2);
/// The mystery ship does not appear if fewer invaders are left.
const MIN_INVADERS: u32 = 8;
/// Points by the number of finished rockets, repeating.
const POINTS: [u32; 15] = [100, 50, 50, 100, 150, 100, 100, 50, 300, 100, 100, 100, 50, 150, 100];

/// Number of rockets after which both points and sides repeat: points repeat after 15, sides after 2.
const PERIOD: u32 = 30;

/// The timer and the flight of the mystery ship.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mystery {
    /// Ticks since the mystery ship last appeared. The seed chooses the first value.
    clock: u16,
    /// Rockets that were fired before this game, 0 to 29. They count for points and sides. The seed chooses them.
    #[serde(default)]
    earlier_rockets: u8,
    flight: Option<Flight>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Flight {
    x: Px,
    towards: Side,
}

/// A change during one tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MysteryChange {
    Appeared,
    Left,
}

impl Mystery {
    /// Draws how far the clock has run, and the earlier rockets.
    pub(super) fn draw(rng: &mut GameRng, params: &LevelParams) -> Mystery {
        let clock = rng.below(params.mystery_ticks.unwrap_or_default().into()) as u16;
        Mystery { clock, earlier_rockets: rng.below(PERIOD) as u8, flight: None }
    }

    /// The centre, if the mystery ship is in flight.
    pub fn at(&self) -> Option<Point> {
        self.flight.map(|flight| Point { x: flight.x, y: CENTRE_Y })
    }

    /// Advances by one tick. The mystery ship starts on the right if the number of earlier rockets and `shots`, the
    /// rockets fired in this game, is even. It does not appear while `can_appear` is false.
    pub(super) fn step(
        &mut self,
        third_tick: bool,
        living: u32,
        shots: u32,
        can_appear: bool,
        params: &LevelParams,
    ) -> Option<MysteryChange> {
        let interval = params.mystery_ticks?;
        self.clock = self.clock.saturating_add(1);
        match &mut self.flight {
            Some(flight) => {
                if third_tick {
                    flight.x += flight.towards.offset(STEP);
                }
                let has_left = flight.x < -BOX.half_width || flight.x > params.width + BOX.half_width;
                has_left.then(|| {
                    self.flight = None;
                    MysteryChange::Left
                })
            }
            None if self.clock >= interval && living >= MIN_INVADERS && can_appear => {
                self.clock = 0;
                self.flight = Some(match (shots + u32::from(self.earlier_rockets)) % 2 {
                    0 => Flight { x: params.width + BOX.half_width, towards: Side::Left },
                    _ => Flight { x: -BOX.half_width, towards: Side::Right },
                });
                Some(MysteryChange::Appeared)
            }
            None => None,
        }
    }

    /// Removes the mystery ship if the rocket hits it, and returns its centre.
    pub(super) fn hit(&mut self, rocket: Point) -> Option<Point> {
        let at = self.at().filter(|at| BOX.contains(*at, rocket))?;
        self.flight = None;
        Some(at)
    }

    /// Points for a hit, given the number of this game's finished rockets including the one that hit.
    pub(super) fn points(&self, finished_rockets: u32) -> u32 {
        POINTS[(finished_rockets as usize + usize::from(self.earlier_rockets)) % POINTS.len()]
    }

    /// Removes the mystery ship at the end of a level.
    pub(super) fn remove(&mut self) {
        self.flight = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Seed, *};
    use crate::tuning::Tuning;

    fn params() -> LevelParams {
        LevelParams::new(&Tuning::arcade(), 1)
    }

    /// The tick at which the mystery ship appears, if it does within `ticks`.
    fn appearance(ticks: u32, living: u32, can_appear: bool) -> Option<u32> {
        let (mut mystery, params) = (Mystery::default(), params());
        (1..=ticks)
            .find(|tick| mystery.step(tick % 3 == 0, living, 0, can_appear, &params) == Some(MysteryChange::Appeared))
    }

    #[test]
    fn mystery_ship_appears_every_1536_ticks_with_at_least_eight_invaders() {
        assert_eq!(appearance(5000, 8, true), Some(1536));
        assert_eq!(appearance(5000, 7, true), None);
        assert_eq!(appearance(5000, 55, false), None);
    }

    #[test]
    fn mystery_ship_starts_on_the_side_given_by_the_shots_and_moves_two_pixels_every_third_tick() {
        let params = params();
        for (shots, first, last) in [(4, 208, -10), (5, -8, 210)] {
            let mut mystery = Mystery { clock: 1535, ..Mystery::default() };
            assert_eq!(mystery.step(false, 55, shots, true, &params), Some(MysteryChange::Appeared));
            assert_eq!(mystery.at().unwrap().x, Px::whole(first));
            let crossing = (1..2000).take_while(|tick| mystery.step(tick % 3 == 0, 55, 9, true, &params).is_none());
            assert_eq!(crossing.count() as i32, (last - first).abs() / 2 * 3 - 1);
            assert_eq!(mystery.at(), None);
        }
    }

    #[test]
    fn eighth_rocket_and_every_fifteenth_after_it_give_300_points() {
        let mystery = Mystery::default();
        let rockets: Vec<u32> = (1..=40).filter(|rocket| mystery.points(*rocket) == 300).collect();
        assert_eq!(rockets, [8, 23, 38]);
        assert_eq!([1, 4, 15].map(|rocket| mystery.points(rocket)), [50, 150, 100]);
    }

    #[test]
    fn earlier_rockets_count_for_points_and_sides() {
        let mut mystery = Mystery { clock: 1535, earlier_rockets: 5, ..Mystery::default() };
        let rockets: Vec<u32> = (1..=40).filter(|rocket| mystery.points(*rocket) == 300).collect();
        assert_eq!(rockets, [3, 18, 33]);
        mystery.step(false, 55, 4, true, &params());
        assert_eq!(mystery.at().unwrap().x, Px::whole(-8), "an odd number of rockets");
    }

    #[test]
    fn seeds_choose_every_number_of_earlier_rockets_and_a_first_appearance_within_1536_ticks() {
        let params = params();
        let mut earlier_rockets = std::collections::BTreeSet::new();
        let (mut soonest, mut latest) = (u32::MAX, 0);
        for seed in 0..1000 {
            let mut mystery = Mystery::draw(&mut GameRng::new(Seed(seed)), &params);
            earlier_rockets.insert(mystery.earlier_rockets);
            let first = (1..=1536).find(|_| mystery.step(false, 55, 0, true, &params).is_some()).unwrap();
            (soonest, latest) = (soonest.min(first), latest.max(first));
        }
        assert_eq!(earlier_rockets, (0..30).collect());
        assert!(soonest < 20 && latest > 1516, "{soonest} to {latest}");
    }
}
