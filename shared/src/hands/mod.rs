//! Hands and machines: figures of how a game was played, and marks where no hand plays so. Marks reject nothing; people
//! decide.
//!
//! The figures follow from the buttons and the rules alone. They show a program that presses faster, shorter or more evenly
//! than fingers do, or that aims better. They do not show a program that presses and misses like a hand: such a program gets
//! no mark.

mod button;
mod counter;
mod figures;
mod marks;
mod pace;

pub use button::Button;
pub use counter::HandCounter;
pub use figures::{ButtonFigures, HandFigures};
pub use marks::{HandMark, marks, pace_marks};
pub use pace::PaceFigures;
