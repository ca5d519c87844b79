//! Fuzzes the decoders of `shared`. Each must accept or reject any bytes, and accepted values must keep their limits.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use serde_json::from_slice;
use shared::{
    api::{NewGame, Standings},
    event::{Batch, MAX_EVENTS},
    nickname::{MAX_CHARS, Nickname},
    record::Record,
    replay::{ButtonLog, MAX_TICKS, Replay},
    tuning::Tuning,
};

/// Longer replays are decoded but not played: they take time and do not add coverage. A minute, in ticks.
const MAX_PLAYED_TICKS: u32 = 60 * 60;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(log) = ButtonLog::decode(bytes) {
        assert!(log.ticks() <= MAX_TICKS);
        assert_eq!(ButtonLog::decode(&log.encode()), Ok(log));
    }
    if let Ok(batch) = from_slice::<Batch>(bytes)
        && batch.check().is_ok()
    {
        assert!((1..=MAX_EVENTS).contains(&batch.events.len()));
        assert!(batch.next_seq() > batch.first_seq);
        assert!(batch.numbered().count() == batch.events.len());
    }
    if let Ok(replay) = from_slice::<Replay>(bytes)
        && replay.log.ticks() <= MAX_PLAYED_TICKS
    {
        assert_eq!(replay.run().hash(), replay.run().hash());
    }
    let _ = from_slice::<NewGame>(bytes);
    let _ = from_slice::<Record>(bytes);
    let _ = from_slice::<Standings>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(name) = text.parse::<Nickname>() {
            assert!((1..=MAX_CHARS).contains(&name.as_str().chars().count()));
            assert_eq!(name.as_str().parse(), Ok(name));
        }
        let _ = Tuning::from_toml(Path::new("fuzzed.toml"), text);
    }
});
