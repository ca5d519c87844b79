//! The shields: worn away pixel by pixel, by rockets from below, by bombs from above, and by invaders that march over them.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{LevelParams, Point, Px, Size};

/// A shield's width and height, pixels.
pub const SHIELD_SIZE: (i32, i32) = (22, 16);
/// Shields at most.
pub const MAX_SHIELDS: usize = 6;

/// From one shield's centre to the next, pixels.
const SPACING: i32 = 45;
/// From the shields' lower edge down to the ship's centre, pixels.
const ABOVE_SHIP: i32 = 12;

/// A bit for each pixel of a row, the lowest for the left edge.
type Row = u32;

const WHOLE: [Row; SHIELD_SIZE.1 as usize] = drawing([
    b"....##############....",
    b"...################...",
    b"..##################..",
    b".####################.",
    b"######################",
    b"######################",
    b"######################",
    b"######################",
    b"######################",
    b"######################",
    b"######################",
    b"######################",
    b"########......########",
    b"#######........#######",
    b"######..........######",
    b"######..........######",
]);

/// What a rocket takes, around where it hits.
const ROCKET_BLAST: [Row; 8] =
    drawing([b"#...#..#", b"..#...#.", b".######.", b"########", b"########", b".######.", b"..#..#..", b"#..#...#"]);

/// What a bomb takes.
const BOMB_BLAST: [Row; 8] =
    drawing([b"..#...", b"#...#.", b"..##.#", b".####.", b"#.###.", b".####.", b"#.##.#", b".#..#."]);

const fn drawing<const WIDTH: usize, const HEIGHT: usize>(lines: [&[u8; WIDTH]; HEIGHT]) -> [Row; HEIGHT] {
    let mut rows = [0; HEIGHT];
    let mut y = 0;
    while y < HEIGHT {
        let mut x = 0;
        while x < WIDTH {
            if lines[y][x] == b'#' {
                rows[y] |= 1 << x;
            }
            x += 1;
        }
        y += 1;
    }
    rows
}

/// What is left of a shield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shield([Row; SHIELD_SIZE.1 as usize]);

/// All shields of a level, from the left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shields(ArrayVec<Shield, MAX_SHIELDS>);

/// What wears a shield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blast {
    Rocket,
    Bomb,
}

/// A run of pixels that are left, in whole pixels of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Its left end.
    pub x: i32,
    /// Its row.
    pub y: i32,
    /// Pixels.
    pub length: i32,
}

impl Shields {
    /// Whole shields.
    pub(crate) fn new(params: &LevelParams) -> Shields {
        Shields((0..params.shields).map(|_| Shield(WHOLE)).collect())
    }

    /// How many pixels are left.
    pub fn pixels(&self) -> u32 {
        self.0.iter().flat_map(|shield| shield.0).map(|row| row.count_ones()).sum()
    }

    /// What is left, as runs of pixels, to draw.
    pub fn runs(&self, params: &LevelParams) -> impl Iterator<Item = Run> {
        let (count, top) = (self.0.len(), top(params));
        self.0.iter().enumerate().flat_map(move |(i, shield)| {
            let left = left(i, count, params);
            shield.0.into_iter().enumerate().flat_map(move |(y, row)| {
                runs(row).map(move |(x, length)| Run { x: left + x, y: top + y as i32, length })
            })
        })
    }

    /// Follows a shot from one height to another, `reach` pixels to either side of its middle, and lets it wear the
    /// first pixel that it meets and those around. Says where that was.
    #[inline]
    pub(crate) fn stop(
        &mut self,
        from: Point,
        to: Px,
        reach: i32,
        blast: Blast,
        params: &LevelParams,
    ) -> Option<Point> {
        // Most shots are nowhere near.
        if self.0.is_empty() || from.y.max(to) < Shields::top(params) {
            return None;
        }
        self.stop_near(from, to, reach, blast, params)
    }

    fn stop_near(&mut self, from: Point, to: Px, reach: i32, blast: Blast, params: &LevelParams) -> Option<Point> {
        let (x, from_y, to_y) = (pixel(from.x), pixel(from.y), pixel(to));
        let path = from_y.min(to_y)..=from_y.max(to_y);
        let upwards = to_y < from_y;
        let met = |y: &i32| (x - reach..=x + reach).any(|x| self.holds(x, *y, params));
        let y = if upwards { path.rev().find(met) } else { path.into_iter().find(met) }?;
        self.wear(x, y, blast, params);
        Some(Point { x: Px::whole(x), y: Px::whole(y) })
    }

    fn holds(&self, x: i32, y: i32, params: &LevelParams) -> bool {
        let row = usize::try_from(y - top(params)).unwrap_or(usize::MAX);
        let count = self.0.len();
        self.0.iter().enumerate().any(|(i, shield)| {
            let column = x - left(i, count, params);
            (0..SHIELD_SIZE.0).contains(&column) && shield.0.get(row).is_some_and(|row| row & 1 << column != 0)
        })
    }

    fn wear(&mut self, x: i32, y: i32, blast: Blast, params: &LevelParams) {
        let (mask, width) = match blast {
            Blast::Rocket => (&ROCKET_BLAST, 8),
            Blast::Bomb => (&BOMB_BLAST, 6),
        };
        let corner = (x - width / 2, y - mask.len() as i32 / 2);
        for (dy, row) in (0..).zip(mask) {
            self.clear(corner.0, corner.1 + dy, *row, params);
        }
    }

    /// Wears what lies under an invader.
    pub(crate) fn trample(&mut self, centre: Point, invader: Size, params: &LevelParams) {
        let (upper, lower) = (pixel(centre.y - invader.half_height), pixel(centre.y + invader.half_height));
        let (left, right) = (pixel(centre.x - invader.half_width), pixel(centre.x + invader.half_width));
        let row = (1 << (right - left).clamp(0, 31)) - 1;
        for y in upper.max(top(params))..lower.min(top(params) + SHIELD_SIZE.1) {
            self.clear(left, y, row, params);
        }
    }

    /// Clears the pixels of a row whose bits are set, the lowest at `x`.
    fn clear(&mut self, x: i32, y: i32, bits: Row, params: &LevelParams) {
        let row = usize::try_from(y - top(params)).unwrap_or(usize::MAX);
        let count = self.0.len();
        for (i, shield) in self.0.iter_mut().enumerate() {
            let by = x - left(i, count, params);
            let moved = if by >= 0 { bits.checked_shl(by as u32) } else { bits.checked_shr(by.unsigned_abs()) };
            if let Some(row) = shield.0.get_mut(row) {
                *row &= !moved.unwrap_or_default();
            }
        }
    }

    /// The upper edge of all shields.
    pub fn top(params: &LevelParams) -> Px {
        Px::whole(top(params))
    }
}

fn pixel(at: Px) -> i32 {
    at.raw() >> 16
}

fn top(params: &LevelParams) -> i32 {
    pixel(params.height) - ABOVE_SHIP - SHIELD_SIZE.1
}

/// The left edge of the `i`th of `count` shields, which stand around the middle.
fn left(i: usize, count: usize, params: &LevelParams) -> i32 {
    let from_middle = (2 * i as i32 - (count as i32 - 1)) * SPACING;
    (pixel(params.width) + from_middle - SHIELD_SIZE.0) / 2
}

/// The runs of set bits: where each begins and how long it is.
fn runs(mut row: Row) -> impl Iterator<Item = (i32, i32)> {
    std::iter::from_fn(move || {
        let begin = row.trailing_zeros();
        let length = row.checked_shr(begin)?.trailing_ones();
        row &= !(((1_u32 << length) - 1) << begin);
        Some((begin as i32, length as i32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::Tuning;

    fn arcade() -> (Shields, LevelParams) {
        let params = LevelParams::new(&Tuning::arcade(), 1);
        (Shields::new(&params), params)
    }

    fn at(x: i32, y: i32) -> Point {
        Point { x: Px::whole(x), y: Px::whole(y) }
    }

    #[test]
    fn four_stand_evenly_around_the_middle() {
        let (shields, params) = arcade();
        let tops: Vec<(i32, i32)> =
            shields.runs(&params).filter(|run| run.y == top(&params)).map(|run| (run.x, run.length)).collect();
        assert_eq!(tops.len(), 4);
        assert!(tops.windows(2).all(|pair| pair[1].0 - pair[0].0 == SPACING && pair[1].1 == 14));
        // An odd spacing leaves one pixel to a side.
        assert!((199..=200).contains(&(tops[0].0 + tops[3].0 + 14)), "they mirror each other");
    }

    #[test]
    fn runs_draw_every_pixel_once() {
        let (mut shields, params) = arcade();
        shields.stop(at(33, 206), Px::whole(170), 0, Blast::Rocket, &params);
        let drawn: i32 = shields.runs(&params).map(|run| run.length).sum();
        assert_eq!(drawn as u32, shields.pixels());
    }

    #[test]
    fn a_rocket_wears_it_from_below_and_a_bomb_from_above() {
        let (mut shields, params) = arcade();
        let whole = shields.pixels();
        let middle = left(0, 4, &params) + 3;
        let below = shields.stop(at(middle, 200), Px::whole(170), 0, Blast::Rocket, &params).unwrap();
        assert_eq!(below.y, Px::whole(top(&params) + 15), "the lowest pixel of the column");
        let worn = shields.pixels();
        assert!(worn < whole);
        let above = shields.stop(at(middle, 170), Px::whole(200), 1, Blast::Bomb, &params).unwrap();
        assert_eq!(above.y, Px::whole(top(&params)), "the highest pixel within reach");
        assert!(shields.pixels() < worn);
    }

    #[test]
    fn enough_shots_make_a_hole() {
        let (mut shields, params) = arcade();
        let middle = left(1, 4, &params) + 11;
        let shots =
            (0..20).take_while(|_| shields.stop(at(middle, 206), Px::whole(150), 0, Blast::Rocket, &params).is_some());
        let needed = shots.count();
        assert!((2..=8).contains(&needed), "{needed} shots");
    }

    #[test]
    fn a_shot_beside_the_shields_flies_on() {
        let (mut shields, params) = arcade();
        let gap = left(1, 4, &params) - 5;
        assert_eq!(shields.stop(at(gap, 206), Px::whole(150), 0, Blast::Rocket, &params), None);
        assert_eq!(shields, arcade().0);
    }

    #[test]
    fn an_invader_tramples_what_it_covers() {
        let (mut shields, params) = arcade();
        let (x, y) = (left(0, 4, &params) + 11, top(&params) + 8);
        let size = Size { half_width: Px::whole(20), half_height: Px::whole(20) };
        shields.trample(at(x, y), size, &params);
        assert!(shields.runs(&params).all(|run| run.x >= left(1, 4, &params)), "the first is gone");
        assert_eq!(shields.pixels(), arcade().0.pixels() / 4 * 3);
    }
}
