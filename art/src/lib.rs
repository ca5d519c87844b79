//! The sprites and letters of Alien Attack, read from text files and laid out on one image, the sheet. The game and the
//! gallery draw from it.

pub mod palette;
mod sheet;
pub mod sprites;

pub use sheet::{GLYPH, Sheet, SheetRegion};
