//! Text layout with the sheet's letters, which all have the same width.

use std::fmt::{self, Write};

use art::GLYPH;

/// The distance from one letter to the next, pixels at scale 1.
pub const ADVANCE: f32 = GLYPH.0 as f32 + 1.0;
/// The distance from one line to the next, pixels at scale 1.
pub const LINE: f32 = GLYPH.1 as f32 + 4.0;

/// The position of a given point on its line of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// The width of a text, pixels at scale 1.
pub fn text_width(text: impl fmt::Display) -> f32 {
    struct LetterCount(usize);
    impl Write for LetterCount {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.chars().count();
            Ok(())
        }
    }
    let mut letters = LetterCount(0);
    // Counting cannot fail.
    let _ = write!(letters, "{text}");
    (letters.0 as f32 * ADVANCE - 1.0).max(0.0)
}

/// Breaks a text between words into lines of at most `max_width` pixels at scale 1. A longer word gets its own line.
pub fn wrap(text: &str, max_width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&*line) + ADVANCE + text_width(word) + 1.0 <= max_width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The distance from the left end of a text of this width to its given point.
pub fn offset(align: Align, width: f32) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Centre => width / 2.0,
        Align::Right => width,
    }
}
