//! The processor as a function of AWS Lambda: its responses to batches of records of a local Kinesis, and the tables that
//! it writes.

use std::sync::Arc;

use crate::common::{
    ServerProcess,
    aws::LocalAws,
    games::{batch, hold, play_out, wait_for_tick},
    lambda::{Function, records},
    now,
    processors::shared_engines,
};
use aws_sdk_kinesis::{primitives::Blob, types::PutRecordsRequestEntry};
use backend::{
    clock::Clock,
    domain::processor::{Processor, Progress},
    engine::{
        Engines,
        store::{DeadLetter, EmbeddedStore, GameRow, PlayerRow, Store},
    },
};
use serde_json::{Value, json};
use shared::{
    api::{GameView, Ticket},
    event::Event,
    ids::{GameId, PlayerId, Seq},
    record::{Record, TicketIssued},
    replay::{ButtonLog, Seed},
    rules::{Buttons, RULES_VERSION},
    session::SessionId,
    time::Timestamp,
    tuning::Tuning,
    verdict::Verdict,
};
use tokio::sync::watch;

/// The function processes this many records at once.
const BATCH_RECORDS: usize = 100;

/// A response that names the first failed record of each shard; later records of these shards are delivered again.
fn failures(records: &[&Value]) -> Value {
    let item = |record: &&Value| json!({"itemIdentifier": record["kinesis"]["sequenceNumber"]});
    json!({"batchItemFailures": records.iter().map(item).collect::<Vec<_>>()})
}

/// Rows of some games and of all players, all dead letters, and the number of processed events.
#[derive(Debug, PartialEq)]
struct Tables {
    games: Vec<(Option<GameRow>, ButtonLog)>,
    players: Vec<PlayerRow>,
    dead_letters: Vec<DeadLetter>,
    events: u64,
}

impl Tables {
    async fn read(store: &dyn Store, games: &[GameId]) -> Tables {
        let mut rows = Vec::new();
        for game in games {
            rows.push((store.game(*game).await.unwrap(), store.buttons(*game).await.unwrap()));
        }
        let players = store.standings(SessionId::OPEN_PLAY, 0, usize::MAX).await.unwrap();
        let dead_letters = store.dead_letters(usize::MAX).await.unwrap();
        let events = store.shards().await.unwrap().values().map(|row| row.progress.events).sum();
        Tables { games: rows, players, dead_letters, events }
    }
}

#[tokio::test]
async fn batches_that_are_delivered_again_change_nothing_and_an_invalid_record_is_dead_lettered() {
    let aws = LocalAws::start().await;
    let server = ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await;
    let mut function = Function::start(&aws).await;
    let mut ticket = server.ticket("Lambda").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    wait_for_tick(&ticket, game.state().tick).await;
    let count = events.len() as u32;
    send_with_invalid_record(&aws, &server, &mut ticket, events).await;
    let engines = shared_engines(&aws.config()).await;
    let all = read_all_records(&aws, &engines).await;
    assert!(all.len() > 3, "the ticket, an invalid record and some events: {}", all.len());

    let (last, others) = all.split_last().unwrap();
    assert_eq!(function.invoke(others).await, failures(&[]));
    let view: GameView = server.processed_game(&ticket, count - 1).await;
    // The last event only says that the game is over.
    assert_eq!((view.verdict, view.next_seq), (Verdict::Verified, Seq(count - 1)));
    assert_eq!(function.invoke(std::slice::from_ref(last)).await, failures(&[]));
    let view = server.processed_game(&ticket, count).await;
    assert_eq!((view.verdict, view.hash), (Verdict::Verified, Some(game.state().hash())));
    assert_eq!(server.standings().await.standings[0].standing.game, ticket.game);

    let tables = Tables::read(&*engines.store, &[ticket.game]).await;
    assert_eq!((tables.players.len(), tables.events), (1, count.into()));
    let [DeadLetter { position, .. }] = &tables.dead_letters[..] else { panic!("{:?}", tables.dead_letters) };
    let event_id = format!("{}:{}", position.shard, position.sequence_number.sequence_number.as_str());
    assert_eq!(all[2]["eventID"], event_id, "the position of the dead letter is that of the invalid record");
    // AWS delivers each batch at least once.
    for again in [&all[..], others] {
        assert_eq!(function.invoke(again).await, failures(&[]));
        assert_eq!(Tables::read(&*engines.store, &[ticket.game]).await, tables);
    }
}

/// Sends events one by one, and appends an invalid record to their shard after the first.
async fn send_with_invalid_record(aws: &LocalAws, server: &ServerProcess, ticket: &mut Ticket, events: Vec<Event>) {
    for (number, event) in (0..).zip(events) {
        server.send_ok(ticket, number, vec![event]).await;
        if number == 0 {
            let invalid = aws.kinesis().put_record().stream_name("shared").data(Blob::new("invalid"));
            invalid.partition_key(ticket.player.to_string()).send().await.unwrap();
        }
    }
}

async fn read_all_records(aws: &LocalAws, engines: &Engines) -> Vec<Value> {
    let mut all = Vec::new();
    for shard in engines.stream.shards().await.unwrap() {
        all.extend(records(aws, &shard.id.0).await);
    }
    all
}

/// A ticket and the first second of its game, each as a Kinesis record on the shard of `hash`.
fn first_records(game: GameId, hash: u128) -> [PutRecordsRequestEntry; 2] {
    let ticket = Record::TicketIssued(Box::new(TicketIssued {
        game,
        player: PlayerId(game.0),
        session: SessionId::OPEN_PLAY,
        nickname: format!("Player {}", game.0).parse().unwrap(),
        seed: Seed(game.0),
        tuning: Tuning::arcade(),
        rules_version: RULES_VERSION,
        started_at: Timestamp(now().0 - 60_000),
        real_time: false,
    }));
    let events = batch(0, vec![hold(0, Buttons::FIRE, 60)]);
    let events = Record::Events { game, player: PlayerId(game.0), received_at: now(), batch: events };
    [ticket, events].map(|record| {
        let entry = PutRecordsRequestEntry::builder().partition_key("any").explicit_hash_key(hash.to_string());
        entry.data(Blob::new(serde_json::to_vec(&record).unwrap())).build().unwrap()
    })
}

#[tokio::test]
async fn failed_writes_are_reported_by_shard_and_earlier_writes_stay() {
    let aws = LocalAws::start().await;
    // It creates the stream and the tables.
    let _server = ServerProcess::start_on_aws(aws.url(), &["--no-process"]).await;
    let mut function = Function::start(&aws).await;
    let games: Vec<GameId> = (1..=BATCH_RECORDS as u64).map(GameId).collect();
    // All games but one are on the first shard.
    let (alone, many) = games.split_last().unwrap();
    let entries = many.iter().flat_map(|game| first_records(*game, 0)).chain(first_records(*alone, u128::MAX));
    let put = aws.kinesis().put_records().stream_name("shared").set_records(Some(entries.collect()));
    assert_eq!(put.send().await.unwrap().failed_record_count, Some(0));
    let first = records(&aws, "shardId-000000000000").await;
    let last = records(&aws, "shardId-000000000003").await;
    assert_eq!((first.len(), last.len()), (2 * many.len(), 2));
    let both = [&first[..], &last[..]].concat();
    let engines = shared_engines(&aws.config()).await;
    let stored_games = async || {
        let rows = Tables::read(&*engines.store, &games).await.games;
        games.iter().zip(rows).filter_map(|(game, (row, _))| row.map(|_| *game)).collect::<Vec<_>>()
    };

    // No call succeeds.
    function.deny_calls_with("");
    assert_eq!(function.invoke(&both).await, failures(&[&first[0], &last[0]]));
    assert_eq!(stored_games().await, []);
    // A game of the second batch of the first shard cannot be written.
    function.deny_calls_with(&format!("game/{}", games[70]));
    assert_eq!(function.invoke(&both).await, failures(&[&first[BATCH_RECORDS]]));
    let kept = [&many[..BATCH_RECORDS / 2], &[*alone]].concat();
    assert_eq!(stored_games().await, kept, "the first batch and the other shard");
    // All games are written, but not the checkpoint.
    function.deny_calls_with("checkpoint");
    assert_eq!(function.invoke(&first[BATCH_RECORDS..]).await, failures(&[&first[BATCH_RECORDS]]));
    assert_eq!(stored_games().await, games);

    function.allow_all_calls();
    assert_eq!(function.invoke(&first[BATCH_RECORDS..]).await, failures(&[]));
    assert_tables_are_those_of_an_undisturbed_processor(&engines, &games).await;
}

async fn assert_tables_are_those_of_an_undisturbed_processor(engines: &Engines, games: &[GameId]) {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
    let undisturbed = Engines { store, ..engines.clone() };
    Processor::new(&undisturbed, Clock::system()).catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    assert_eq!(Tables::read(&*engines.store, games).await, Tables::read(&*undisturbed.store, games).await);
}
