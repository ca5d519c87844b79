//! The tuning that games are played by: read from a file, read again whenever that is saved, and explained to designers.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Map, Value, json};
use shared::tuning::{MAX_WAVES, Tuning, TuningError};
use tokio::sync::watch;

/// A watched file is looked at this often.
const LOOK: Duration = Duration::from_millis(250);

/// Why a tuning file cannot be played by.
#[derive(Debug, thiserror::Error)]
pub enum TuningFileError {
    /// It cannot be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It has mistakes.
    #[error(transparent)]
    Mistakes(#[from] TuningError),
}

/// Reads and checks a tuning file.
///
/// # Errors
/// Where it cannot be read, or names everything that is wrong with it.
pub fn read(file: &Path) -> Result<Tuning, TuningFileError> {
    let text = fs::read_to_string(file).map_err(|source| TuningFileError::File { path: file.to_owned(), source })?;
    Ok(Tuning::from_toml(file, &text)?)
}

/// Reads the file again whenever it is saved, for ever. A bad one keeps the last good one, and the log says why.
pub async fn watch(file: PathBuf, tuning: watch::Sender<Tuning>) {
    // Nothing yet: it may have been saved since it was first read.
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let text = fs::read_to_string(&file).ok();
        if text == seen {
            continue;
        }
        seen = text;
        match read(&file) {
            Ok(new) if new == *tuning.borrow() => {}
            Ok(new) => {
                tracing::info!(name = new.name, hash = %new.hash(), "the next games are played by the new tuning");
                tuning.send_replace(new);
            }
            Err(error) => tracing::error!("{error}\nthe last good tuning stays"),
        }
    }
}

/// What each value of a tuning does, a line each.
pub fn explain(tuning: &Tuning) -> String {
    let mut text = format!("{}, hash {}\n\n", tuning.name, tuning.hash());
    for (name, value) in styles(tuning) {
        line(&mut text, name, &value, style_about(name));
    }
    let defaults = Tuning::default();
    for ((field, value), (_, default)) in tuning.parameters().zip(defaults.parameters()) {
        let about = format!("{} {} to {}, in classic {default}.", field.about, field.min, field.max);
        line(&mut text, field.name, &value.to_string(), &about);
    }
    text
}

fn line(text: &mut String, name: &str, value: &str, about: &str) {
    // Writing into a string cannot fail.
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
        "sprites" => "Which drawings are played with: large or small. They decide how large everything is.",
        "march" => "How the formation marches: together, or in_turn, one invader each tick.",
        "bombing" => "How the invaders drop bombs: random, or patterned as the arcade machine does.",
        _ => {
            "How high the lowest row stands as each level opens, pixels above the bottom edge; then from the second on."
        }
    }
}

/// The JSON Schema of tuning files, for editors.
pub fn schema() -> Value {
    let mut properties = Map::new();
    let choice = |values: [&str; 2]| json!({"type": "string", "enum": values});
    properties.insert(
        "name".to_owned(),
        json!({"type": "string", "minLength": 1, "maxLength": 32,
        "description": "What players and the scoreboard call it."}),
    );
    properties.insert(
        "debug_mode".to_owned(),
        json!({"type": "boolean", "default": false,
        "description": "Draw the bounds of everything: a display option, no rule."}),
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
        "title": "A tuning of Alien Attack",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
