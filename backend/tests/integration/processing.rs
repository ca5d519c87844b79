//! The processor: the flow of events that managers see, dead letters and their retries, and records that are delivered
//! more than once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::common::{
    Api, ServerProcess, eventually,
    games::{batch, hold, is_rejected, wait_for_tick},
    now,
};
use backend::{
    clock::Clock,
    domain::{
        processor::{Processor, Progress},
        processor_status::ProcessorStatus,
    },
    engine::{
        Engines,
        store::{Changes, PlayerChange, PlayerRow, ShardProgress, ShardRow, StoreError},
        stream::{Checkpoint, PartitionKey, RecordPosition, ShardId, StoredRecord},
    },
};
use reqwest::{Method, StatusCode};
use shared::{
    api::{DeadLetterView, DeadLetters, FlowView, GameView, Tokens},
    ids::{GameId, PlayerId},
    record::{Record, TicketIssued},
    replay::Seed,
    rules::{Buttons, RULES_VERSION},
    session::{Participant, SessionId},
    time::{Tick, Timestamp},
    tuning::Tuning,
};
use tempfile::TempDir;
use tokio::sync::watch;

const GAME: GameId = GameId(7);
const PLAYER: PlayerId = PlayerId(3);

fn ticket() -> Record {
    Record::TicketIssued(Box::new(TicketIssued {
        game: GAME,
        player: PLAYER,
        session: SessionId::OPEN_PLAY,
        nickname: "Late".parse().unwrap(),
        seed: Seed(1),
        tuning: Tuning::arcade(),
        rules_version: RULES_VERSION,
        started_at: Timestamp(now().0 - 60_000),
        real_time: false,
    }))
}

/// The events of one second of the game, numbered from 0.
fn second(number: u32) -> Record {
    let batch = batch(number, vec![hold(60 * number, Buttons::FIRE, 60)]);
    Record::Events { game: GAME, player: PLAYER, received_at: now(), batch }
}

/// Embedded engines with these records on the stream.
async fn engines_with(records: &[Record]) -> (TempDir, Engines) {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    for record in records {
        engines.stream.append_record(record).await.unwrap();
    }
    (folder, engines)
}

/// The only shard of an embedded stream, and its records.
async fn read_shard(engines: &Engines) -> (ShardId, Vec<StoredRecord>) {
    let [shard] = &engines.stream.shards().await.unwrap()[..] else { panic!("an embedded stream has one shard") };
    let records = engines.stream.read(&shard.id, None, 9).await.unwrap().records;
    (shard.id.clone(), records)
}

#[tokio::test]
async fn processors_that_take_turns_write_no_dead_letters() {
    let (_folder, engines) = engines_with(&[]).await;
    let processors = [Processor::new(&engines, Clock::system()), Processor::new(&engines, Clock::system())];
    let (progress, _) = watch::channel(Progress::CaughtUp);
    for (turn, record) in [ticket(), second(0), second(1), second(2)].into_iter().enumerate() {
        engines.stream.append_record(&record).await.unwrap();
        processors[turn % 2].catch_up(&progress).await.unwrap();
    }
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
    assert_eq!(engines.store.game(GAME).await.unwrap().unwrap().next_seq.0, 3);
}

/// Appends the first events of a game before its ticket, which no server does, and an invalid record between them.
async fn append_unprocessable_records(server: &ServerProcess) {
    let stream = Engines::embedded(server.data()).unwrap().stream;
    stream.append_record(&second(0)).await.unwrap();
    stream.append(PartitionKey(0), b"invalid".to_vec()).await.unwrap();
    stream.append_record(&ticket()).await.unwrap();
}

async fn dead_letters(server: &Api, manager: &Tokens) -> Vec<DeadLetterView> {
    let found: DeadLetters = server.call(Method::GET, "/v1/dead-letters", Some(&manager.access_token), None).await;
    found.dead_letters
}

async fn retry(server: &Api, manager: &Tokens, dead_letter: &DeadLetterView) -> StatusCode {
    let path = format!("/v1/dead-letters/{}/retry", dead_letter.position);
    server.request(Method::POST, &path, Some(&manager.access_token), None).await.status()
}

#[tokio::test]
async fn dead_letters_have_a_reason_and_can_be_retried_once() {
    let mut server = ServerProcess::start(&[]).await;
    assert!(server.stop().await.success());
    append_unprocessable_records(&server).await;
    server.restart().await;
    let manager = server.sign_in_manager().await;
    let [no_ticket, invalid] = &dead_letters(&server, &manager).await[..] else { panic!("there are two dead letters") };
    assert!(!no_ticket.reason.is_empty());
    assert!(invalid.reason.contains("not a record"), "{}", invalid.reason);
    assert_ne!(no_ticket.reason, invalid.reason);

    assert_eq!(retry(&server, &manager, no_ticket).await, StatusCode::NO_CONTENT);
    assert_eq!(retry(&server, &manager, invalid).await, StatusCode::NO_CONTENT);
    assert_eq!(retry(&server, &manager, no_ticket).await, StatusCode::NOT_FOUND);
    let again = eventually("the events are processed, and the invalid record is a dead letter again", async || {
        let game: GameView = server.get(&format!("/v1/games/{GAME}")).await;
        match &dead_letters(&server, &manager).await[..] {
            [dead_letter] if game.next_seq.0 == 1 => Ok(dead_letter.clone()),
            dead_letters => Err(format!("{game:?} {dead_letters:?}")),
        }
    })
    .await;
    let position = |dead_letter: &DeadLetterView| dead_letter.position.parse::<RecordPosition>().unwrap();
    assert!(position(&again) > position(invalid) && again.reason == invalid.reason);
    let flow = server.event_flow_after(&manager, 1).await;
    assert_eq!((flow.events, flow.dead_letters, flow.rejected), (1, 1, 0));
}

#[tokio::test]
async fn event_flow_is_the_same_after_a_restart() {
    let mut server = ServerProcess::start(&[]).await;
    let manager = server.sign_in_manager().await;
    let mut ticket = server.ticket("Ada").await;
    wait_for_tick(&ticket, Tick(60)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.send_ok(&mut ticket, 1, vec![hold(61, Buttons::FIRE, 1), hold(62, Buttons::FIRE, 60)]).await;
    server.game_when(&ticket, is_rejected).await;
    let before = server.event_flow(&manager).await;
    assert_eq!((before.events, before.rejected), (3, 1));
    assert!(server.stop().await.success());
    server.restart().await;
    assert_eq!(FlowView { now: before.now, ..server.event_flow(&manager).await }, before);
}

/// Lambda delivers a batch again if it misses the response.
#[tokio::test]
async fn records_that_are_delivered_again_count_once_and_move_no_checkpoint_back() {
    let (_folder, engines) = engines_with(&[ticket(), second(0), second(1), second(2)]).await;
    let (shard, records) = read_shard(&engines).await;
    let checkpoint = |number: usize| Checkpoint::At(records[number - 1].sequence_number.clone());
    let flow = ProcessorStatus::new(Arc::clone(&engines.store), Clock::system());
    for (first, end, events) in [(0, 3, 2), (0, 2, 2), (0, 3, 2), (2, 4, 3), (0, 4, 3)] {
        Processor::new(&engines, Clock::system())
            .process(&shard, records[first..end].to_vec(), checkpoint(end))
            .await
            .unwrap();
        assert_eq!(flow.progress().await.unwrap().events, events);
        let row = &engines.store.shards().await.unwrap()[&shard];
        assert_eq!(row.checkpoint, checkpoint(events as usize + 1));
    }
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
}

/// For a moment two processors can process games of one player. One may find that its game changes nothing while the
/// other compares games that are outdated by then: the write of the other must conflict.
#[tokio::test]
async fn processing_a_game_makes_outdated_changes_of_its_player_conflict() {
    let (_folder, engines) = engines_with(&[ticket()]).await;
    let (shard, records) = read_shard(&engines).await;
    let checkpoint = Checkpoint::At(records[0].sequence_number.clone());
    let participant = Participant { session: SessionId::OPEN_PLAY, player: PLAYER };
    let read_row = async || engines.store.players_of(vec![participant]).await.unwrap().remove(0).1;
    Processor::new(&engines, Clock::system()).process(&shard, records.clone(), checkpoint.clone()).await.unwrap();
    let row = read_row().await;
    let outdated = PlayerChange { participant, row: PlayerRow { version: row.version + 1, ..PlayerRow::default() } };
    Processor::new(&engines, Clock::system()).process(&shard, records, checkpoint.clone()).await.unwrap();
    let changes = Changes { players: vec![outdated], ..Changes::default() };
    let progress = ShardProgress::default();
    let shard_row = ShardRow { checkpoint, progress, ended: BTreeSet::new(), copies: BTreeMap::new() };
    let result = engines.store.apply(changes, &shard, shard_row).await;
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
    assert!(row.standing.is_some());
    assert_eq!(read_row().await.standing, row.standing);
}
