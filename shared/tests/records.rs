//! Golden records: a file for each version with every kind of record. Each version must read the files of all earlier ones.
//! `UPDATE_GOLDEN=1 cargo test -p shared --test records` writes the file of this version again.

#![allow(clippy::unwrap_used, reason = "a failing test may panic")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use serde_json::Value;
use shared::{
    event::{Batch, Event, EventKind, SCHEMA_VERSION},
    ids::{GameId, PlayerId, Seq},
    ranking::RankDecision,
    record::{
        EndResult, GameEnded, GameMarked, GameModeration, ModerationAction, RECORD_VERSION, Record, TicketIssued,
    },
    replay::Seed,
    rules::{Buttons, StateHash},
    session::SessionId,
    standing::GameResult,
    time::{Tick, Timestamp},
    tuning::Tuning,
    verdict::{RejectionReason, Verdict},
};

const GAME: GameId = GameId(0x33ea_f637_0584_c34f);
const PLAYER: PlayerId = PlayerId(0x6f35_1a54_9a08_d230);
const SESSION: SessionId = SessionId(0x0a1a_1f03_d80a_b26c);

fn path(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/records/{version}.jsonl"))
}

fn read(version: u32) -> Vec<String> {
    fs::read_to_string(path(version)).unwrap().lines().map(ToOwned::to_owned).collect()
}

fn kinds() -> Vec<EventKind> {
    vec![
        EventKind::Loaded { ms: 900 },
        EventKind::Buttons(std::iter::repeat_n(Buttons::FIRE, 60).collect()),
        EventKind::Hash(StateHash(1)),
        EventKind::Frames { count: 60, p50_ms: 16, p95_ms: 33, max_ms: 70 },
        EventKind::Paused,
        EventKind::Resumed,
        EventKind::Error("out of memory".to_owned()),
        EventKind::Left,
        EventKind::Over(StateHash(2)),
    ]
}

/// A record of each kind, and an event of each kind.
fn records() -> Vec<Record> {
    let ticket = TicketIssued {
        game: GAME,
        player: PLAYER,
        session: SESSION,
        nickname: "Ada".parse().unwrap(),
        seed: Seed(7),
        tuning: Tuning::arcade(),
        rules_version: 2,
        started_at: Timestamp(1_795_478_400_000),
        real_time: true,
    };
    let events = kinds().into_iter().map(|kind| Event { tick: Tick(0), kind }).collect();
    let batch = Batch { schema: SCHEMA_VERSION, first_seq: Seq(0), events };
    let action = ModerationAction {
        session: SESSION,
        player: PLAYER,
        number: 1,
        nickname: Some("Polite".parse().unwrap()),
        removed: false,
    };
    let rejected = Verdict::Rejected { reason: RejectionReason::HashMismatch { at: Tick(60) } };
    let result = |verdict| EndResult {
        result: GameResult { score: 20, lives: 2, shots: 9 },
        level: 1,
        verdict,
        updated_at: Timestamp(1_795_478_410_000),
        reached_at: Timestamp(1_795_478_409_000),
    };
    let ended = GameEnded {
        game: GAME,
        player: PLAYER,
        session: SESSION,
        rules_version: 2,
        tick: Tick(60),
        hash: Some(StateHash(3)),
        next_seq: Seq(9),
        full: result(rejected),
        counted: result(Verdict::Live),
        max_button_lag_millis: 61_000,
        late: true,
        ended_at: Timestamp(1_795_478_420_000),
    };
    let moderation = GameModeration {
        game: GAME,
        player: PLAYER,
        decision: RankDecision::Unrank("played by a program".parse().unwrap()),
        decided_by: PlayerId(5),
        decided_at: Timestamp(1_795_478_430_000),
    };
    let mark = GameMarked {
        game: GAME,
        player: PLAYER,
        copy_of: GameId(6),
        at: Tick(600),
        marked_at: Timestamp(1_795_478_415_000),
    };
    vec![
        Record::TicketIssued(Box::new(ticket)),
        Record::Events { game: GAME, player: PLAYER, received_at: Timestamp(1_795_478_410_000), batch },
        Record::Moderated(action),
        Record::GameEnded(Box::new(ended)),
        Record::GameModerated(Box::new(moderation)),
        Record::GameMarked(Box::new(mark)),
    ]
}

#[test]
fn records_of_all_versions_are_read() {
    for version in 1..=RECORD_VERSION {
        for line in read(version) {
            Record::decode(line.as_bytes()).unwrap_or_else(|error| panic!("{error} in version {version}: {line}"));
        }
    }
}

#[test]
fn records_are_written_as_in_the_golden_file() {
    let lines: Vec<String> =
        records().iter().map(|record| String::from_utf8(record.encode().unwrap()).unwrap()).collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path(RECORD_VERSION), lines.join("\n") + "\n").unwrap();
    }
    assert_eq!(lines, read(RECORD_VERSION), "a change of a record's form needs another RECORD_VERSION");
    let read: Vec<Record> = lines.iter().map(|line| Record::decode(line.as_bytes()).unwrap()).collect();
    assert_eq!(read, records());
}

/// The names of the variants that a golden file has: records, and events in batches.
fn variants(version: u32) -> BTreeSet<String> {
    let name = |value: &Value| match value {
        Value::Object(fields) => fields.keys().next().unwrap().clone(),
        other => other.as_str().unwrap().to_owned(),
    };
    let mut names = BTreeSet::new();
    for line in read(version) {
        let record: Value = serde_json::from_str(&line).unwrap();
        names.insert(record["record"].as_str().unwrap().to_owned());
        let events = record["batch"]["events"].as_array().cloned().unwrap_or_default();
        names.extend(events.iter().map(|event| name(&event["what"])));
    }
    names
}

#[test]
fn golden_files_have_every_kind_of_record_and_event() {
    let events = [
        "buttons", "error", "events", "frames", "hash", "left", "loaded", "opened", "over", "paused", "resumed",
        "ruled",
    ];
    let first: BTreeSet<String> = events.into_iter().map(str::to_owned).collect();
    assert_eq!(variants(1), first);
    let second = &first | &BTreeSet::from(["ended".to_owned()]);
    assert_eq!(variants(2), second);
    let third = &second | &BTreeSet::from(["game_marked".to_owned(), "game_moderated".to_owned()]);
    assert_eq!(variants(3), third);
}
