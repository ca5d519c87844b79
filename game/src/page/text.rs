//! Converts names and durations to text that the sheet's letters can show.

use std::fmt;

/// The text without accents, which the sheet's letters lack. Other missing letters are drawn as a placeholder.
pub fn without_accents(text: &str) -> String {
    let decomposed = String::from(js_sys::JsString::from(text).normalize("NFD"));
    decomposed.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)).collect()
}

/// Seconds as `m:ss`, rounded up; negative values show as `0:00`.
pub fn minutes_and_seconds(seconds: f32) -> impl fmt::Display {
    let seconds = seconds.ceil().max(0.0) as u32;
    fmt::from_fn(move |out| write!(out, "{}:{:02}", seconds / 60, seconds % 60))
}
