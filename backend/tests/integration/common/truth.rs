//! What must be true after any disaster: every acknowledged event is on the stream, once the same that was played, the
//! standings are those computed anew from it, and as many events have passed as stand on it.

use std::{collections::HashMap, sync::Arc};

use backend::{
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

/// A game as the stream has it.
#[derive(Default)]
struct Logged {
    next_seq: Seq,
    buttons: ButtonLog,
}

/// Asserts it, and says how much it was asserted of.
pub async fn assert_holds(engines: &Engines, report: &Report) {
    let (logged, events) = read_all(&*engines.stream).await;
    let lost = count_lost(report, &logged);
    let ((kept, progress), (again, passed_again)) = (computed(engines).await, recomputed(engines).await);
    println!("{report}");
    println!("{lost} acknowledged events lost; {} standings, the same when recomputed: {}", kept.len(), kept == again);
    println!("{events} events on the stream, and {} were processed", progress.events);
    assert_eq!(lost, 0);
    assert!(!kept.is_empty());
    assert_eq!(kept, again);
    assert_eq!((progress.events, passed_again.events), (events, events));
}

/// The games, and how many events the stream has in all.
async fn read_all(stream: &dyn Stream) -> (HashMap<GameId, Logged>, u64) {
    let mut events = 0;
    let mut games: HashMap<GameId, Logged> = HashMap::new();
    for shard in stream.shards().await.unwrap() {
        let mut position = None;
        let mut status = ReadStatus::More;
        while status == ReadStatus::More {
            let stretch = stream.read(&shard.id, position.clone(), 1000).await.unwrap();
            for record in stretch.records {
                position = Some(record.sequence_number);
                // Some tests put on the stream what is no record.
                if let Ok(Record::Events { game, batch, .. }) = serde_json::from_slice(&record.bytes) {
                    events += batch.events.len() as u64;
                    let logged = games.entry(game).or_default();
                    for (seq, event) in batch.numbered() {
                        assert!(seq <= logged.next_seq, "the stream has a gap in game {game}");
                        if seq == logged.next_seq {
                            logged.next_seq = seq.plus(1);
                            if let EventKind::Buttons(log) = &event.kind {
                                logged.buttons.append(log);
                            }
                        }
                    }
                }
            }
            status = stretch.status;
        }
    }
    (games, events)
}

/// Acknowledged events that the stream lacks, or has with other buttons.
fn count_lost(report: &Report, logged: &HashMap<GameId, Logged>) -> u32 {
    let lost = |game: &PlayedGame| match logged.get(&game.game) {
        None => game.acknowledged.0,
        Some(logged) if !logged.buttons.iter().zip(game.buttons.iter()).all(|(a, b)| a == b) => game.acknowledged.0,
        Some(logged) => game.acknowledged.0.saturating_sub(logged.next_seq.0),
    };
    let told = report.games.iter().map(|game| (game, lost(game))).filter(|(_, lost)| *lost > 0);
    told.map(|(PlayedGame { game, acknowledged, .. }, lost)| {
        println!("of game {game} {} events were acknowledged, and {lost} are lost", acknowledged.0);
        lost
    })
    .sum()
}

/// The standings once all has been processed, and what has passed by then.
async fn computed(engines: &Engines) -> (Vec<PlayerRow>, ShardProgress) {
    Processor::new(&engines).catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    let standings = engines.store.standings(SessionId::OPEN_PLAY, 0, usize::MAX).await.unwrap();
    let flow = ProcessorStatus::new(Arc::clone(&engines.store));
    (standings, flow.progress().await.unwrap())
}

async fn recomputed(engines: &Engines) -> (Vec<PlayerRow>, ShardProgress) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
    computed(&Engines { store, ..engines.clone() }).await
}
