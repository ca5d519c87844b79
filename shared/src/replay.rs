//! Button logs with their run-length codec, and replays of whole games.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    rules::{Buttons, Game, State},
    tuning::Tuning,
};

pub use crate::rules::Seed;

/// Maximum length of a game, in ticks: two hours.
pub const MAX_TICKS: u32 = 2 * 60 * 60 * 60;

/// The buttons of consecutive ticks, stored as runs of equal buttons. Neighbouring runs always differ.
///
/// The encoding of a run is the LEB128 number `(ticks - 1) * 8 + buttons`: one byte up to 16 ticks, two up to 2048.
/// In JSON, a button log is that encoding in base64 without padding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "std::borrow::Cow<'_, str>", into = "String")]
pub struct ButtonLog {
    runs: Vec<Run>,
    ticks: u32,
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ButtonLog {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("Run-length encoded buttons in base64 without padding"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ButtonLog {}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    buttons: Buttons,
    ticks: u32,
}

/// The reason why an encoded button log is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The text is not base64 without padding.
    #[error("the button log is not base64 without padding")]
    NotBase64,
    /// The last run is incomplete, or a run has more than five bytes.
    #[error("the button log has an incomplete run, or a run of more than five bytes")]
    BrokenRun,
    /// The log has more than [`MAX_TICKS`] ticks.
    #[error("the button log has more than {MAX_TICKS} ticks")]
    TooLong,
}

impl ButtonLog {
    /// The number of ticks in this log. A decoded log has at most [`MAX_TICKS`].
    pub fn ticks(&self) -> u32 {
        self.ticks
    }

    /// Whether this log has no ticks.
    pub fn is_empty(&self) -> bool {
        self.ticks == 0
    }

    /// Appends one tick.
    pub fn push(&mut self, buttons: Buttons) {
        self.push_run(Run { buttons, ticks: 1 });
    }

    /// Appends all ticks of `other`.
    pub fn append(&mut self, other: &ButtonLog) {
        for run in &other.runs {
            self.push_run(*run);
        }
    }

    /// Removes the ticks from `ticks` on. Does nothing to a shorter log.
    pub fn truncate(&mut self, ticks: u32) {
        while self.ticks > ticks
            && let Some(run) = self.runs.pop()
        {
            self.ticks -= run.ticks;
            let kept = ticks.saturating_sub(self.ticks);
            if kept > 0 {
                self.push_run(Run { ticks: kept, ..run });
            }
        }
    }

    fn push_run(&mut self, run: Run) {
        self.ticks += run.ticks;
        match self.runs.last_mut() {
            Some(last) if last.buttons == run.buttons => last.ticks += run.ticks,
            _ => self.runs.push(run),
        }
    }

    /// The number of ticks before the first one in which a button is held; `None` if there is none.
    pub fn ticks_before_button(&self) -> Option<u32> {
        match self.runs.as_slice() {
            [first, ..] if !first.buttons.is_empty() => Some(0),
            // Neighbouring runs differ.
            [idle, _, ..] => Some(idle.ticks),
            _ => None,
        }
    }

    /// Iterates over the buttons of each tick.
    pub fn iter(&self) -> impl Iterator<Item = Buttons> {
        self.runs.iter().flat_map(|run| std::iter::repeat_n(run.buttons, run.ticks as usize))
    }

    /// Encodes this log as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.runs.len() * 2);
        for run in &self.runs {
            let mut number = u64::from(run.ticks - 1) << 3 | u64::from(run.buttons.bits());
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
        bytes
    }

    /// Decodes a log from bytes.
    ///
    /// # Errors
    /// [`CodecError::BrokenRun`] if a run is invalid, [`CodecError::TooLong`] above [`MAX_TICKS`] ticks.
    pub fn decode(mut bytes: &[u8]) -> Result<ButtonLog, CodecError> {
        let mut log = ButtonLog::default();
        while !bytes.is_empty() {
            let (run, rest) = decode_run(bytes)?;
            if log.ticks.saturating_add(run.ticks) > MAX_TICKS {
                return Err(CodecError::TooLong);
            }
            log.push_run(run);
            bytes = rest;
        }
        Ok(log)
    }
}

fn decode_run(bytes: &[u8]) -> Result<(Run, &[u8]), CodecError> {
    let mut number = 0_u64;
    for (i, byte) in bytes.iter().enumerate().take(5) {
        number |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            let ticks = u32::try_from(number >> 3).map_err(|_| CodecError::TooLong)?;
            let run = Run { buttons: Buttons::from_bits_truncate(number as u8 & 7), ticks: ticks.saturating_add(1) };
            return Ok((run, &bytes[i + 1..]));
        }
    }
    Err(CodecError::BrokenRun)
}

impl TryFrom<std::borrow::Cow<'_, str>> for ButtonLog {
    type Error = CodecError;
    fn try_from(text: std::borrow::Cow<'_, str>) -> Result<ButtonLog, CodecError> {
        let bytes = STANDARD_NO_PAD.decode(text.as_bytes()).map_err(|_| CodecError::NotBase64)?;
        ButtonLog::decode(&bytes)
    }
}

impl From<ButtonLog> for String {
    fn from(log: ButtonLog) -> String {
        STANDARD_NO_PAD.encode(log.encode())
    }
}

impl FromIterator<Buttons> for ButtonLog {
    fn from_iter<I: IntoIterator<Item = Buttons>>(buttons: I) -> ButtonLog {
        let mut log = ButtonLog::default();
        buttons.into_iter().for_each(|buttons| log.push(buttons));
        log
    }
}

/// A replay: everything needed to play a game again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Replay {
    /// Version of the rules that the game was played by.
    pub rules_version: u16,
    /// Seed of the game's random generator.
    pub seed: Seed,
    /// The tuning of the game.
    pub tuning: Tuning,
    /// The buttons of each tick.
    pub log: ButtonLog,
}

impl Replay {
    /// Plays the game to the end of the log and returns the final state. Ticks after the end of the game have no effect.
    pub fn run(&self) -> State {
        let mut game = Game::new(self.tuning.clone(), self.seed);
        for buttons in self.log.iter() {
            game.step(buttons);
        }
        game.state().clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_log() -> impl Strategy<Value = ButtonLog> {
        let run = (0_u8..8, 1_u32..5000);
        proptest::collection::vec(run, 0..60).prop_map(|runs| {
            let ticks = |(bits, n): (u8, u32)| std::iter::repeat_n(Buttons::from_bits_truncate(bits), n as usize);
            runs.into_iter().flat_map(ticks).collect()
        })
    }

    proptest! {
        #[test]
        fn decoding_restores_the_encoded_log(log in any_log()) {
            prop_assert_eq!(ButtonLog::decode(&log.encode()).unwrap(), log.clone());
            let json = serde_json::to_string(&log).unwrap();
            prop_assert_eq!(serde_json::from_str::<ButtonLog>(&json).unwrap(), log);
        }

        #[test]
        fn decoding_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(log) = ButtonLog::decode(&bytes) {
                prop_assert!(log.ticks() <= MAX_TICKS);
                prop_assert_eq!(ButtonLog::decode(&log.encode()).unwrap(), log);
            }
        }

        #[test]
        fn append_concatenates_two_logs(first in any_log(), second in any_log()) {
            let mut whole = first.clone();
            whole.append(&second);
            prop_assert!(whole.iter().eq(first.iter().chain(second.iter())));
            prop_assert_eq!(whole.ticks(), first.ticks() + second.ticks());
        }

        #[test]
        fn truncated_log_has_the_first_ticks(log in any_log(), ticks in 0_u32..200_000) {
            let mut truncated = log.clone();
            truncated.truncate(ticks);
            prop_assert_eq!(truncated, log.iter().take(ticks as usize).collect::<ButtonLog>());
        }
    }

    #[test]
    fn run_of_sixteen_ticks_takes_one_byte() {
        let log: ButtonLog = std::iter::repeat_n(Buttons::all(), 16).collect();
        assert_eq!(log.encode(), [0x7f]);
    }

    #[test]
    fn incomplete_run_is_rejected() {
        assert_eq!(ButtonLog::decode(&[0x80]), Err(CodecError::BrokenRun));
        assert_eq!(ButtonLog::decode(&[0xff; 9]), Err(CodecError::BrokenRun));
        assert_eq!(ButtonLog::decode(&[0xff, 0xff, 0xff, 0xff, 0x7f]), Err(CodecError::TooLong));
    }
}
