//! Lines of text in our own letters, all equally wide.

use std::fmt::{self, Write};

use art::GLYPH;

/// From one letter to the next.
pub const ADVANCE: f32 = GLYPH.0 as f32 + 1.0;
/// From one line to the next.
pub const LINE: f32 = GLYPH.1 as f32 + 4.0;

/// Where a text's given point lies on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// The text without accents, which our letters lack; what is not in our letters even so is shown by a sign.
pub fn plain(text: &str) -> String {
    let decomposed = String::from(js_sys::JsString::from(text).normalize("NFD"));
    decomposed.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect()
}

/// Seconds as minutes and seconds.
pub fn minutes(seconds: f32) -> impl fmt::Display {
    let seconds = seconds.ceil().max(0.0) as u32;
    fmt::from_fn(move |out| write!(out, "{}:{:02}", seconds / 60, seconds % 60))
}

/// The width of a text, pixels, at scale 1.
pub fn width(text: impl fmt::Display) -> f32 {
    struct Letters(usize);
    impl Write for Letters {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.chars().count();
            Ok(())
        }
    }
    let mut letters = Letters(0);
    // Counting cannot fail.
    let _ = write!(letters, "{text}");
    (letters.0 as f32 * ADVANCE - 1.0).max(0.0)
}

/// The text in lines of at most that width, pixels at scale 1, broken between words where it can be.
pub fn wrap(text: &str, most: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if width(&*line) + ADVANCE + width(word) + 1.0 <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// How far left of the given point a text of that width begins.
pub fn lead(align: Align, width: f32) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Centre => width / 2.0,
        Align::Right => width,
    }
}
