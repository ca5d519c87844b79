//! Our drawings and letters, kept as text files: what each thing of a game looks like, and the one image that all of them
//! lie on. Whoever draws a game, with a graphics processor or without, draws it from here.

pub mod palette;
mod sheet;
pub mod sprites;

pub use sheet::{GLYPH, Part, Sheet};
