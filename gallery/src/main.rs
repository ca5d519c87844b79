//! The gallery: games that others are playing, several on one page, each replayed from its buttons by the same rules and
//! drawn on a canvas of its own. It needs no graphics processor and a tenth of the game's download.

mod monitor;
mod picture;

/// The page makes the monitors, one by one.
fn main() {}
