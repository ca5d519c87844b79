//! The gallery of the big screen: several live games on one page, each replayed from its buttons by the shared rules.
//!
//! Each game has its own 2D canvas, so the gallery needs no graphics processor. Its download is a tenth of the game's.

mod monitor;
mod renderer;

/// Does nothing: the page creates the monitors.
fn main() {}
