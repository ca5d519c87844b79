//! Invariants that hold after any failure: every acknowledged event is on the stream as it was played, the standings
//! equal those recomputed from the stream, and the number of processed events equals the number on the stream.

use std::{collections::HashMap, sync::Arc};

use backend::{
    clock::Clock,
    domain::{
        processor::{Processor, Progress},
        processor_status::ProcessorStatus,
    },
    engine::{
        Engines,
        store::{EmbeddedStore, PlayerRow, ShardProgress},
        stream::{ReadStatus, Stream},
    },
};
use shared::{
    event::EventKind,
    ids::{GameId, Seq},
    record::Record,
    replay::ButtonLog,
    session::SessionId,
};
use tokio::sync::watch;
use tools::load::{PlayedGame, Report};

/// A game on the stream.
#[derive(Default)]
struct LoggedGame {
    next_seq: Seq,
    buttons: ButtonLog,
}

/// The games on the stream.
#[derive(Default)]
struct Log {
    games: HashMap<GameId, LoggedGame>,
    /// All events on the stream, including those that were sent twice.
    events: u64,
}

/// Asserts the invariants for games that bots have played, and prints on how much data.
pub async fn assert_invariants(engines: &Engines, report: &Report) {
    println!("{report}");
    let log = Log::read(&*engines.stream).await;
    let lost = count_lost(report, &log);
    let (standings, progress) = process(engines).await;
    let (recomputed, recomputed_progress) = recompute(engines).await;
    println!("{lost} acknowledged events lost; {} standings, {} recomputed", standings.len(), recomputed.len());
    println!("{} events on the stream, {} processed", log.events, progress.events);
    assert!(report.events > 0, "no events were acknowledged");
    assert_eq!(lost, 0);
    assert!(!standings.is_empty());
    assert_eq!(standings, recomputed);
    assert_eq!((progress.events, recomputed_progress.events), (log.events, log.events));
}

impl Log {
    async fn read(stream: &dyn Stream) -> Log {
        let mut log = Log::default();
        for shard in stream.shards().await.unwrap() {
            let mut position = None;
            let mut status = ReadStatus::More;
            while status == ReadStatus::More {
                let batch = stream.read(&shard.id, position.clone(), 1000).await.unwrap();
                for record in batch.records {
                    position = Some(record.sequence_number);
                    // Some tests append bytes that are not a record.
                    if let Ok(record) = serde_json::from_slice(&record.bytes) {
                        log.add(record);
                    }
                }
                status = batch.status;
            }
        }
        log
    }

    fn add(&mut self, record: Record) {
        let Record::Events { game, batch, .. } = record else { return };
        self.events += batch.events.len() as u64;
        let logged = self.games.entry(game).or_default();
        for (seq, event) in batch.numbered() {
            assert!(seq <= logged.next_seq, "the stream has a gap in game {game}");
            if seq == logged.next_seq {
                logged.next_seq = seq.plus(1);
                if let EventKind::Buttons(buttons) = &event.kind {
                    logged.buttons.append(buttons);
                }
            }
        }
    }
}

/// The number of acknowledged events that are missing on the stream, or are there with other buttons.
fn count_lost(report: &Report, log: &Log) -> u32 {
    let mut lost = 0;
    for played in &report.games {
        let lost_here =
            log.games.get(&played.game).map_or(played.acknowledged.0, |logged| count_missing(played, logged));
        if lost_here > 0 {
            println!("game {}: {lost_here} of {} acknowledged events lost", played.game, played.acknowledged.0);
        }
        lost += lost_here;
    }
    lost
}

fn count_missing(played: &PlayedGame, logged: &LoggedGame) -> u32 {
    let has_all_buttons = logged.buttons.ticks() >= played.buttons.ticks()
        && logged.buttons.iter().zip(played.buttons.iter()).all(|(logged, played)| logged == played);
    if has_all_buttons { played.acknowledged.0.saturating_sub(logged.next_seq.0) } else { played.acknowledged.0 }
}

/// Processes the rest of the stream, and returns the standings and the number of processed events.
async fn process(engines: &Engines) -> (Vec<PlayerRow>, ShardProgress) {
    Processor::new(engines, Clock::system()).catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    let standings = engines.store.standings(SessionId::OPEN_PLAY, 0, usize::MAX).await.unwrap();
    let flow = ProcessorStatus::new(Arc::clone(&engines.store), Clock::system());
    (standings, flow.progress().await.unwrap())
}

/// Processes the whole stream into empty tables.
async fn recompute(engines: &Engines) -> (Vec<PlayerRow>, ShardProgress) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
    process(&Engines { store, ..engines.clone() }).await
}
