//! Replays in the browser, so that its arithmetic can be compared with the server's.

use shared::replay::Replay;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// Runs a [`Replay`], given as JSON, and returns the hash of the state that it ends in, 16 hexadecimal digits.
///
/// # Errors
/// Where the JSON is no replay.
#[wasm_bindgen]
pub fn replay_hash(replay_json: &str) -> Result<String, JsError> {
    let replay: Replay = serde_json::from_str(replay_json)?;
    Ok(replay.run().hash().to_string())
}
