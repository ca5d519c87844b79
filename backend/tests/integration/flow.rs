//! The flow of events as managers see it, and second tries for what could not be processed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::common::{TestServer, batch, hold, is_rejected, until_playable};
use backend::{
    clock,
    domain::{
        processor::{Processor, Progress},
        processor_status::ProcessorStatus,
    },
    engine::{
        Engines,
        store::{Changes, PlayerChange, PlayerRow, ShardProgress, ShardRow, StoreError},
        stream::{Checkpoint, PartitionKey, RecordPosition},
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
use tokio::sync::watch;

const GAME: GameId = GameId(7);
const PLAYER: PlayerId = PlayerId(3);

fn opened() -> Record {
    Record::TicketIssued(Box::new(TicketIssued {
        game: GAME,
        player: PLAYER,
        session: SessionId::OPEN_PLAY,
        nickname: "Late".parse().unwrap(),
        seed: Seed(1),
        tuning: Tuning::arcade(),
        rules_version: RULES_VERSION,
        started_at: Timestamp(clock::now().0 - 60_000),
    }))
}

/// Second number `number` of the game.
fn second(number: u32) -> Record {
    let batch = batch(number, vec![hold(60 * number, Buttons::FIRE, 60)]);
    Record::Events { game: GAME, player: PLAYER, received_at: clock::now(), batch }
}

/// A game whose first events stand on the stream before its ticket, as no server of ours writes it, and a record that is
/// none.
async fn upset(server: &TestServer) {
    let stream = Engines::embedded(server.data()).unwrap().stream;
    stream.append_record(&second(0)).await.unwrap();
    stream.append(PartitionKey(0), b"poison".to_vec()).await.unwrap();
    stream.append_record(&opened()).await.unwrap();
}

#[tokio::test]
async fn processors_that_take_turns_set_nothing_aside() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    let processors = [Processor::new(&engines), Processor::new(&engines)];
    let (progress, _) = watch::channel(Progress::CaughtUp);
    for (turn, record) in [opened(), second(0), second(1), second(2)].into_iter().enumerate() {
        engines.stream.append_record(&record).await.unwrap();
        processors[turn % 2].catch_up(&progress).await.unwrap();
    }
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
    assert_eq!(engines.store.game(GAME).await.unwrap().unwrap().next_seq.0, 3);
}

async fn dead_letters(server: &TestServer, manager: &Tokens) -> DeadLetters {
    server.told(Method::GET, "/v1/dead-letters", Some(&manager.access_token), None).await
}

#[tokio::test]
async fn what_could_not_be_processed_is_told_with_its_reason_and_tried_again() {
    let mut server = TestServer::start(&[]);
    assert!(server.stop().success());
    upset(&server).await;
    server.restart();
    let manager = server.manager().await;
    let found = dead_letters(&server, &manager).await.dead_letters;
    assert_eq!(found.len(), 2);
    assert!(found[0].reason.contains("no ticket was issued"), "{}", found[0].reason);
    assert!(found[1].reason.contains("not a record"), "{}", found[1].reason);

    let retry = async |position: &str| {
        let path = format!("/v1/dead-letters/{position}/retry");
        server.ask(Method::POST, &path, Some(&manager.access_token), None).await.status()
    };
    assert_eq!(retry(&found[0].position).await, StatusCode::NO_CONTENT);
    assert_eq!(retry(&found[1].position).await, StatusCode::NO_CONTENT);
    assert_eq!(retry(&found[0].position).await, StatusCode::NOT_FOUND, "once");
    let started = Instant::now();
    loop {
        let game: GameView = server.get(&format!("/v1/games/{GAME}")).await;
        let left = dead_letters(&server, &manager).await.dead_letters;
        // The first is processed now; the other can never be, and is set aside anew.
        if game.next_seq.0 == 1 && left.len() == 1 {
            let position = |dead_letter: &DeadLetterView| dead_letter.position.parse::<RecordPosition>().unwrap();
            assert!(position(&left[0]) > position(&found[1]) && left[0].reason.contains("not a record"));
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{game:?} {left:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let flow = server.flow_of(&manager, 1).await;
    assert_eq!((flow.events, flow.dead_letters, flow.rejected), (1, 1, 0));
}

#[tokio::test]
async fn what_has_passed_is_told_by_a_server_that_starts_again() {
    let mut server = TestServer::start(&[]);
    let manager = server.manager().await;
    let mut ticket = server.ticket("Ada").await;
    until_playable(&ticket, Tick(60)).await;
    server.send_ok(&mut ticket, 0, vec![hold(0, Buttons::FIRE, 60)]).await;
    server.send_ok(&mut ticket, 1, vec![hold(60, Buttons::FIRE, 6_000), hold(6_060, Buttons::FIRE, 60)]).await;
    server.game_when(&ticket, is_rejected).await;
    let before = server.flow(&manager).await;
    assert_eq!((before.events, before.rejected), (3, 1));
    assert!(server.stop().success());
    server.restart();
    assert_eq!(FlowView { now: before.now, ..server.flow(&manager).await }, before);
}

#[tokio::test]
async fn what_is_brought_again_counts_once_and_takes_no_checkpoint_back() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    for record in [opened(), second(0), second(1), second(2)] {
        engines.stream.append_record(&record).await.unwrap();
    }
    let [shard] = &engines.stream.shards().await.unwrap()[..] else { unreachable!() };
    let records = engines.stream.read(&shard.id, None, 9).await.unwrap().records;
    let checkpoint = |number: usize| Checkpoint::At(records[number - 1].sequence_number.clone());
    let flow = ProcessorStatus::new(Arc::clone(&engines.store));
    // As Lambda brings a batch again whose answer it did not hear.
    for (first, end, progress) in [(0, 3, 2), (0, 2, 2), (0, 3, 2), (2, 4, 3), (0, 4, 3)] {
        Processor::new(&engines).process(&shard.id, records[first..end].to_vec(), checkpoint(end)).await.unwrap();
        assert_eq!(flow.progress().await.unwrap().events, progress);
        let row = &engines.store.shards().await.unwrap()[&shard.id];
        assert_eq!(row.checkpoint, checkpoint(progress as usize + 1));
    }
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
}

/// Of two processors that are at one player's games for a moment, one may find that its game changes nothing, and the other
/// compare games that are past by then: it must learn of that.
#[tokio::test]
async fn whoever_processes_a_players_game_refuses_what_others_have_computed_for_the_player() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    engines.stream.append_record(&opened()).await.unwrap();
    let [shard] = &engines.stream.shards().await.unwrap()[..] else { unreachable!() };
    let records = engines.stream.read(&shard.id, None, 9).await.unwrap().records;
    let checkpoint = Checkpoint::At(records[0].sequence_number.clone());
    let participant = Participant { session: SessionId::OPEN_PLAY, player: PLAYER };
    let row = async || engines.store.players_of(vec![participant]).await.unwrap().remove(0).1;
    Processor::new(&engines).process(&shard.id, records.clone(), checkpoint.clone()).await.unwrap();
    let computed = row().await;
    let stale = PlayerChange { participant, row: PlayerRow { version: computed.version + 1, ..PlayerRow::default() } };
    Processor::new(&engines).process(&shard.id, records, checkpoint.clone()).await.unwrap();
    let changes = Changes { players: vec![stale], ..Changes::default() };
    let shard_row = ShardRow { checkpoint, progress: ShardProgress::default() };
    let refused = engines.store.apply(changes, &shard.id, shard_row).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert_eq!(row().await.standing, computed.standing);
}
