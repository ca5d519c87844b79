//! The shields. Rockets, bombs and invaders erode them pixel by pixel.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

use super::{LevelParams, MAX_SHIELDS, Point, Px, Size};

/// Width and height of a shield, pixels.
pub const SHIELD_SIZE: (i32, i32) = (22, 16);

/// Distance between the centres of two shields, pixels.
const SPACING: i32 = 45;
/// Distance from the lower edge of the shields down to the ship's centre, pixels.
const ABOVE_SHIP: i32 = 12;

/// The pixels of a row, a bit each. The lowest bit is the leftmost pixel.
type Row = u32;

/// The pixels of a whole shield.
const WHOLE: [Row; SHIELD_SIZE.1 as usize] = bitmap([
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

/// The pixels that a rocket erodes around the point of impact.
const ROCKET_BLAST: [Row; 8] =
    bitmap([b"#...#..#", b"..#...#.", b".######.", b"########", b"########", b".######.", b"..#..#..", b"#..#...#"]);

/// The pixels that a bomb erodes around the point of impact.
const BOMB_BLAST: [Row; 8] =
    bitmap([b"..#...", b"#...#.", b"..##.#", b".####.", b"#.###.", b".####.", b"#.##.#", b".#..#."]);

/// Converts lines in which `#` is a pixel.
const fn bitmap<const WIDTH: usize, const HEIGHT: usize>(lines: [&[u8; WIDTH]; HEIGHT]) -> [Row; HEIGHT] {
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

/// The remaining pixels of a shield.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Shield([Row; SHIELD_SIZE.1 as usize]);

/// The shields of a level, from the left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shields(ArrayVec<Shield, MAX_SHIELDS>);

/// The shape of an impact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blast {
    Rocket,
    Bomb,
}

/// A vertical move of a shot during one tick.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shot {
    /// The position before the move.
    pub from: Point,
    /// The height after the move.
    pub to_y: Px,
    /// Distance from the middle of the shot to its sides, pixels.
    pub half_width: i32,
    /// The shape of the impact.
    pub blast: Blast,
}

/// A horizontal run of remaining pixels, in whole pixels of the playfield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Left end, pixels from the left edge of the playfield.
    pub x: i32,
    /// Row, pixels from the upper edge of the playfield.
    pub y: i32,
    /// Length, pixels.
    pub length: i32,
}

impl Shields {
    /// Whole shields, at the start of a level.
    pub(super) fn new(params: &LevelParams) -> Shields {
        Shields((0..params.shields).map(|_| Shield(WHOLE)).collect())
    }

    /// The number of remaining pixels.
    pub fn pixels(&self) -> u32 {
        self.0.iter().flat_map(|shield| shield.0).map(|row| row.count_ones()).sum()
    }

    /// The remaining pixels as runs, for drawing.
    pub fn runs(&self, params: &LevelParams) -> impl Iterator<Item = Run> {
        let (count, top) = (self.0.len(), top(params));
        self.0.iter().enumerate().flat_map(move |(i, shield)| {
            let left = left(i, count, params);
            shield.0.into_iter().enumerate().flat_map(move |(y, row)| {
                runs(row).map(move |(x, length)| Run { x: left + x, y: top + y as i32, length })
            })
        })
    }

    /// Erodes the shields where the path of a shot first meets one, and returns that point.
    #[inline]
    pub(super) fn hit(&mut self, shot: Shot, params: &LevelParams) -> Option<Point> {
        // Most shots are far from all shields.
        if self.0.is_empty() || shot.from.y.max(shot.to_y) < Shields::top(params) {
            return None;
        }
        self.hit_near(shot, params)
    }

    fn hit_near(&mut self, shot: Shot, params: &LevelParams) -> Option<Point> {
        let (x, from_y, to_y) = (pixel(shot.from.x), pixel(shot.from.y), pixel(shot.to_y));
        let path = from_y.min(to_y)..=from_y.max(to_y);
        let is_upwards = to_y < from_y;
        let is_hit = |y: &i32| (x - shot.half_width..=x + shot.half_width).any(|x| self.contains(x, *y, params));
        let y = if is_upwards { path.rev().find(is_hit) } else { path.into_iter().find(is_hit) }?;
        self.erode(x, y, shot.blast, params);
        Some(Point { x: Px::whole(x), y: Px::whole(y) })
    }

    fn contains(&self, x: i32, y: i32, params: &LevelParams) -> bool {
        let row = usize::try_from(y - top(params)).unwrap_or(usize::MAX);
        let count = self.0.len();
        self.0.iter().enumerate().any(|(i, shield)| {
            let column = x - left(i, count, params);
            (0..SHIELD_SIZE.0).contains(&column) && shield.0.get(row).is_some_and(|row| row & 1 << column != 0)
        })
    }

    fn erode(&mut self, x: i32, y: i32, blast: Blast, params: &LevelParams) {
        let (mask, width) = match blast {
            Blast::Rocket => (&ROCKET_BLAST, 8),
            Blast::Bomb => (&BOMB_BLAST, 6),
        };
        let corner = (x - width / 2, y - mask.len() as i32 / 2);
        for (dy, row) in (0..).zip(mask) {
            self.clear(corner.0, corner.1 + dy, *row, params);
        }
    }

    /// Erodes the pixels that an invader covers.
    pub(super) fn erode_under(&mut self, centre: Point, invader: Size, params: &LevelParams) {
        let (upper, lower) = (pixel(centre.y - invader.half_height), pixel(centre.y + invader.half_height));
        let (left, right) = (pixel(centre.x - invader.half_width), pixel(centre.x + invader.half_width));
        let row = (1 << (right - left).clamp(0, 31)) - 1;
        for y in upper.max(top(params))..lower.min(top(params) + SHIELD_SIZE.1) {
            self.clear(left, y, row, params);
        }
    }

    /// Clears the set bits in a row of the playfield. The lowest bit is at `x`.
    fn clear(&mut self, x: i32, y: i32, bits: Row, params: &LevelParams) {
        let row = usize::try_from(y - top(params)).unwrap_or(usize::MAX);
        let count = self.0.len();
        for (i, shield) in self.0.iter_mut().enumerate() {
            let shift = x - left(i, count, params);
            let shifted =
                if shift >= 0 { bits.checked_shl(shift as u32) } else { bits.checked_shr(shift.unsigned_abs()) };
            if let Some(row) = shield.0.get_mut(row) {
                *row &= !shifted.unwrap_or_default();
            }
        }
    }

    /// The upper edge of the shields.
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

/// The left edge of shield `i` of `count`. The shields are centred on the playfield.
fn left(i: usize, count: usize, params: &LevelParams) -> i32 {
    let from_middle = (2 * i as i32 - (count as i32 - 1)) * SPACING;
    (pixel(params.width) + from_middle - SHIELD_SIZE.0) / 2
}

/// The runs of set bits, as start and length.
fn runs(mut row: Row) -> impl Iterator<Item = (i32, i32)> {
    std::iter::from_fn(move || {
        let start = row.trailing_zeros();
        let length = row.checked_shr(start)?.trailing_ones();
        row &= !(((1_u32 << length) - 1) << start);
        Some((start as i32, length as i32))
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

    fn shoot(shields: &mut Shields, from: Point, to_y: i32, half_width: i32, blast: Blast) -> Option<Point> {
        let params = LevelParams::new(&Tuning::arcade(), 1);
        shields.hit(Shot { from, to_y: Px::whole(to_y), half_width, blast }, &params)
    }

    #[test]
    fn four_shields_are_evenly_spaced_and_centred() {
        let (shields, params) = arcade();
        let tops: Vec<(i32, i32)> =
            shields.runs(&params).filter(|run| run.y == top(&params)).map(|run| (run.x, run.length)).collect();
        assert_eq!(tops.len(), 4);
        assert!(tops.windows(2).all(|pair| pair[1].0 - pair[0].0 == SPACING && pair[1].1 == 14));
        // The spacing is odd, so the margins can differ by one pixel.
        assert!((199..=200).contains(&(tops[0].0 + tops[3].0 + 14)), "the left and right margins are equal");
    }

    #[test]
    fn runs_contain_every_pixel_once() {
        let (mut shields, params) = arcade();
        shoot(&mut shields, at(33, 206), 170, 0, Blast::Rocket);
        let drawn: i32 = shields.runs(&params).map(|run| run.length).sum();
        assert_eq!(drawn as u32, shields.pixels());
    }

    #[test]
    fn rocket_erodes_from_below_and_bomb_from_above() {
        let (mut shields, params) = arcade();
        let whole = shields.pixels();
        let middle = left(0, 4, &params) + 3;
        let below = shoot(&mut shields, at(middle, 200), 170, 0, Blast::Rocket).unwrap();
        assert_eq!(below.y, Px::whole(top(&params) + 15), "the lowest pixel of the column");
        let eroded = shields.pixels();
        assert!(eroded < whole);
        let above = shoot(&mut shields, at(middle, 170), 200, 1, Blast::Bomb).unwrap();
        assert_eq!(above.y, Px::whole(top(&params)), "the highest pixel within the width of the bomb");
        assert!(shields.pixels() < eroded);
    }

    #[test]
    fn several_rockets_make_a_hole() {
        let (mut shields, params) = arcade();
        let middle = left(1, 4, &params) + 11;
        let shots = (0..20).take_while(|_| shoot(&mut shields, at(middle, 206), 150, 0, Blast::Rocket).is_some());
        let needed = shots.count();
        assert!((2..=8).contains(&needed), "{needed} shots");
    }

    #[test]
    fn rocket_between_two_shields_hits_nothing() {
        let (mut shields, params) = arcade();
        let gap = left(1, 4, &params) - 5;
        assert_eq!(shoot(&mut shields, at(gap, 206), 150, 0, Blast::Rocket), None);
        assert_eq!(shields, arcade().0);
    }

    #[test]
    fn invader_erodes_the_pixels_that_it_covers() {
        let (mut shields, params) = arcade();
        let (x, y) = (left(0, 4, &params) + 11, top(&params) + 8);
        let size = Size { half_width: Px::whole(20), half_height: Px::whole(20) };
        shields.erode_under(at(x, y), size, &params);
        assert!(shields.runs(&params).all(|run| run.x >= left(1, 4, &params)), "no pixel of the first shield remains");
        assert_eq!(shields.pixels(), arcade().0.pixels() / 4 * 3);
    }
}
