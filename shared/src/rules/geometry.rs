//! Points, boxes and sides of the playfield.

use serde::{Deserialize, Serialize};

use super::Px;

/// A point of the playfield, relative to its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Distance to the right.
    pub x: Px,
    /// Distance down.
    pub y: Px,
}

impl std::ops::Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

/// The size of a box around a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Distance from the centre to the left and right edges.
    pub half_width: Px,
    /// Distance from the centre to the upper and lower edges.
    pub half_height: Px,
}

impl Size {
    /// A size in pixels. Both numbers must be even.
    pub(super) const fn pixels(width: i32, height: i32) -> Size {
        Size { half_width: Px::whole(width / 2), half_height: Px::whole(height / 2) }
    }

    /// Whether a box of this size around `centre` contains the point. The edges belong to the box.
    pub(super) fn contains(self, centre: Point, point: Point) -> bool {
        distance(centre.x, point.x) <= self.half_width && distance(centre.y, point.y) <= self.half_height
    }
}

/// A side of the playfield.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// The left side.
    Left,
    /// The right side.
    Right,
}

impl Side {
    pub(super) fn opposite(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }

    /// The horizontal offset of a move by `distance` towards this side.
    pub(super) fn offset(self, distance: Px) -> Px {
        match self {
            Side::Left => -distance,
            Side::Right => distance,
        }
    }
}

/// The distance between two coordinates.
pub(super) fn distance(a: Px, b: Px) -> Px {
    if a > b { a - b } else { b - a }
}
