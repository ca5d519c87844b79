//! Exports the replay of a game to JavaScript, so that tests can compare the browser's arithmetic with the server's.

use shared::replay::Replay;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Runs a [`Replay`], given as JSON. Returns the hash of its last state as 16 hexadecimal digits.
///
/// # Errors
/// If the JSON is not a valid replay.
#[wasm_bindgen]
pub fn replay_hash(replay_json: &str) -> Result<String, JsError> {
    let replay: Replay = serde_json::from_str(replay_json)?;
    Ok(replay.run().hash().to_string())
}
