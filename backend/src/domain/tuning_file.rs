//! Tuning files: reads one, watches it for changes, explains its parameters to designers, and has its JSON Schema.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Map, Value, json};
use shared::tuning::{MAX_WAVES, Tuning, TuningError};
use tokio::sync::watch;

/// How often a watched file is read.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Why a tuning file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TuningFileError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is invalid. The message lists all validation errors.
    #[error(transparent)]
    Invalid(#[from] TuningError),
}

/// Reads and validates a tuning file.
///
/// # Errors
/// If the file cannot be read or is invalid.
pub fn read(file: &Path) -> Result<Tuning, TuningFileError> {
    let text = fs::read_to_string(file).map_err(|source| TuningFileError::File { path: file.to_owned(), source })?;
    Ok(Tuning::from_toml(file, &text)?)
}

/// Reads the file for ever and sends each new tuning. If the file is invalid, logs the errors and keeps the last tuning.
pub async fn watch(file: PathBuf, tuning: watch::Sender<Tuning>) {
    // The first round always reads the file, which may have changed since the server read it.
    let mut last_text = None;
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        let text = fs::read_to_string(&file).ok();
        if text == last_text {
            continue;
        }
        last_text = text;
        match read(&file) {
            Ok(new) if new == *tuning.borrow() => {}
            Ok(new) => {
                tracing::info!(name = new.name, hash = %new.hash(), "tuning reloaded; new games use it");
                tuning.send_replace(new);
            }
            Err(error) => {
                tracing::error!("{error}\nthe server keeps the last valid tuning; correct the file and save it");
            }
        }
    }
}

/// Returns a text with one line for each parameter of a tuning: name, value, effect, range and default.
pub fn explain(tuning: &Tuning) -> String {
    let mut text = format!("{}, hash {}\n\n", tuning.name, tuning.hash());
    for (name, value) in styles(tuning) {
        write_line(&mut text, name, &value, style_about(name));
    }
    let defaults = Tuning::default();
    for ((field, value), (_, default)) in tuning.parameters().zip(defaults.parameters()) {
        let about = format!("{} {} to {}; default {default}.", field.about, field.min, field.max);
        write_line(&mut text, field.name, &value.to_string(), &about);
    }
    text
}

fn write_line(text: &mut String, name: &str, value: &str, about: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{name:<28} {value:<12} {about}");
}

fn styles(tuning: &Tuning) -> [(&'static str, String); 4] {
    let name = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let heights: Vec<String> = tuning.wave_heights.iter().map(ToString::to_string).collect();
    [
        ("sprites", name(json!(tuning.sprites))),
        ("march", name(json!(tuning.march))),
        ("bombing", name(json!(tuning.bombing))),
        ("wave_heights", if heights.is_empty() { "none".to_owned() } else { heights.join(" ") }),
    ]
}

fn style_about(name: &str) -> &'static str {
    match name {
        "sprites" => "The set of sprites: large or small. It decides the size of the ship and the invaders.",
        "march" => "How the formation marches: together, or in_turn with one invader per tick.",
        "bombing" => "How the invaders drop bombs: random, or patterned as the arcade machine does.",
        _ => {
            "Height of the lowest row at the start of each level, pixels. After the last level the list repeats from entry 2."
        }
    }
}

/// Returns the JSON Schema of tuning files, for editors.
///
/// It is written by hand because the ranges, defaults and descriptions are values of the field table in `shared`, which a
/// derived schema cannot read.
pub fn schema() -> Value {
    let mut properties = Map::new();
    let choice = |values: [&str; 2]| json!({"type": "string", "enum": values});
    properties.insert(
        "name".to_owned(),
        json!({"type": "string", "minLength": 1, "maxLength": 32,
        "description": "The name that players and the scoreboard see."}),
    );
    properties.insert(
        "debug_mode".to_owned(),
        json!({"type": "boolean", "default": false,
        "description": "Whether the game draws bounding boxes. It does not affect the rules."}),
    );
    for (name, mut property) in [
        ("sprites", choice(["large", "small"])),
        ("march", choice(["together", "in_turn"])),
        ("bombing", choice(["random", "patterned"])),
        (
            "wave_heights",
            json!({"type": "array", "maxItems": MAX_WAVES,
            "items": {"type": "number", "minimum": 0, "maximum": 600}}),
        ),
    ] {
        property["description"] = style_about(name).into();
        properties.insert(name.to_owned(), property);
    }
    for (field, default) in Tuning::default().parameters() {
        let [min, max, default] = [field.min, field.max, default].map(f64::from);
        let property = json!({"type": "number", "description": field.about, "minimum": min, "maximum": max,
            "default": default});
        properties.insert(field.name.to_owned(), property);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Alien Attack tuning",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
