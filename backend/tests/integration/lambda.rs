//! The processor as a function of AWS Lambda: what it answers to batches of a local Kinesis' records, and what the tables
//! have then.

use std::sync::Arc;

use crate::common::{
    TestServer,
    aws::LocalAws,
    batch, hold,
    lambda::{Function, records},
    play_out,
    sharing::engines,
    until_playable,
};
use aws_sdk_kinesis::{primitives::Blob, types::PutRecordsRequestEntry};
use backend::{
    clock,
    domain::processor::{Processor, Progress},
    engine::{
        Engines,
        store::{DeadLetter, EmbeddedStore, GameRow, PlayerRow, Store},
    },
};
use serde_json::{Value, json};
use shared::{
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

/// Records that the function processes at once.
const STRETCH: usize = 100;

/// An answer that names these records.
fn named(records: &[&Value]) -> Value {
    let name = |record: &&Value| json!({"itemIdentifier": record["kinesis"]["sequenceNumber"]});
    json!({"batchItemFailures": records.iter().map(name).collect::<Vec<_>>()})
}

/// What the tables have of some games and of all players, what was set aside, and how many events have passed.
#[derive(Debug, PartialEq)]
struct Tables {
    games: Vec<(Option<GameRow>, ButtonLog)>,
    players: Vec<PlayerRow>,
    dead_letters: Vec<DeadLetter>,
    events: u64,
}

impl Tables {
    async fn read(store: &dyn Store, of: &[GameId]) -> Tables {
        let mut games = Vec::new();
        for game in of {
            games.push((store.game(*game).await.unwrap(), store.buttons(*game).await.unwrap()));
        }
        let players = store.standings(SessionId::OPEN_PLAY, 0, usize::MAX).await.unwrap();
        let dead_letters = store.dead_letters(usize::MAX).await.unwrap();
        let events = store.shards().await.unwrap().values().map(|row| row.progress.events).sum();
        Tables { games, players, dead_letters, events }
    }
}

#[tokio::test]
async fn a_game_is_processed_however_often_it_comes_and_poison_within_it_is_set_aside() {
    let aws = LocalAws::start();
    let server = TestServer::start_on_aws(aws.url(), &["--no-process"]);
    let mut function = Function::start(&aws).await;
    let mut ticket = server.ticket("Lambda").await;
    let (events, game) = play_out(&ticket, Buttons::FIRE);
    until_playable(&ticket, game.state().tick).await;
    let count = events.len() as u32;
    for (number, event) in (0..).zip(events) {
        server.send_ok(&mut ticket, number, vec![event]).await;
        if number == 0 {
            let poison = aws.kinesis().put_record().stream_name("shared").data(Blob::new("poison"));
            poison.partition_key(ticket.player.to_string()).send().await.unwrap();
        }
    }
    let store = async || engines(&aws.config()).await.store;
    let mut brought = Vec::new();
    for shard in engines(&aws.config()).await.stream.shards().await.unwrap() {
        brought.extend(records(&aws, &shard.id.0).await);
    }
    assert!(brought.len() > 3, "the ticket, poison and some events: {}", brought.len());

    let (last, before) = brought.split_last().unwrap();
    assert_eq!(function.deliver(before).await, named(&[]));
    let view = server.game_at(&ticket, count - 1).await;
    assert_eq!((view.verdict, view.next_seq), (Verdict::Live, Seq(count - 1)));
    assert_eq!(function.deliver(std::slice::from_ref(last)).await, named(&[]));
    let view = server.game_at(&ticket, count).await;
    assert_eq!((view.verdict, view.hash), (Verdict::Verified, game.state().hash()));
    assert_eq!(server.standings().await.standings[0].standing.game, ticket.game);

    let once = Tables::read(&*store().await, &[ticket.game]).await;
    assert_eq!((once.players.len(), once.events), (1, count.into()));
    let [DeadLetter { position, reason }] = &once.dead_letters[..] else { panic!("{:?}", once.dead_letters) };
    assert!(reason.starts_with("not a record"), "{reason}");
    let at = format!("{}:{}", position.shard, position.sequence_number.sequence_number.as_str());
    assert_eq!(brought[2]["eventID"], at, "what is set aside can be found");
    // AWS brings everything once at least, and as it was.
    for again in [&brought[..], before] {
        assert_eq!(function.deliver(again).await, named(&[]));
        assert_eq!(Tables::read(&*store().await, &[ticket.game]).await, once);
    }
}

/// A game's ticket and its first second, each as a record of Kinesis' on the shard of that hash.
fn begun(game: GameId, hash: u128) -> [PutRecordsRequestEntry; 2] {
    let opened = Record::TicketIssued(Box::new(TicketIssued {
        game,
        player: PlayerId(game.0),
        session: SessionId::OPEN_PLAY,
        nickname: format!("Player {}", game.0).parse().unwrap(),
        seed: Seed(game.0),
        tuning: Tuning::arcade(),
        rules_version: RULES_VERSION,
        started_at: Timestamp(clock::now().0 - 60_000),
    }));
    let events = batch(0, vec![hold(0, Buttons::FIRE, 60)]);
    let events = Record::Events { game, player: PlayerId(game.0), received_at: clock::now(), batch: events };
    [opened, events].map(|record| {
        let entry = PutRecordsRequestEntry::builder().partition_key("any").explicit_hash_key(hash.to_string());
        entry.data(Blob::new(serde_json::to_vec(&record).unwrap())).build().unwrap()
    })
}

#[tokio::test]
async fn where_the_tables_fail_the_answer_names_where_to_go_on_and_what_came_before_stays() {
    let aws = LocalAws::start();
    // It makes the stream and the tables.
    let _server = TestServer::start_on_aws(aws.url(), &["--no-process"]);
    let mut function = Function::start(&aws).await;
    let games: Vec<GameId> = (1..=STRETCH as u64).map(GameId).collect();
    let (alone, many) = games.split_last().unwrap();
    let entries = many.iter().flat_map(|game| begun(*game, 0)).chain(begun(*alone, u128::MAX));
    let put = aws.kinesis().put_records().stream_name("shared").set_records(Some(entries.collect()));
    assert_eq!(put.send().await.unwrap().failed_record_count, Some(0));
    let first = records(&aws, "shardId-000000000000").await;
    let last = records(&aws, "shardId-000000000003").await;
    assert_eq!((first.len(), last.len()), (2 * many.len(), 2));
    let both = [&first[..], &last[..]].concat();
    let engines = engines(&aws.config()).await;
    let known = async || {
        let rows = Tables::read(&*engines.store, &games).await.games;
        games.iter().zip(rows).filter_map(|(game, (row, _))| row.map(|_| *game)).collect::<Vec<_>>()
    };

    // Nothing can be read or written.
    function.deny("");
    assert_eq!(function.deliver(&both).await, named(&[&first[0], &last[0]]), "of each shard the first");
    assert_eq!(known().await, []);
    // A game of the second stretch cannot.
    function.deny(&format!("game/{}", games[70]));
    assert_eq!(function.deliver(&both).await, named(&[&first[STRETCH]]));
    let kept = [&many[..STRETCH / 2], &[*alone]].concat();
    assert_eq!(known().await, kept, "the first stretch, and the other shard");
    // All is written, but not that it was.
    function.deny("checkpoint");
    assert_eq!(function.deliver(&first[STRETCH..]).await, named(&[&first[STRETCH]]));
    assert_eq!(known().await, games);

    function.allow();
    assert_eq!(function.deliver(&first[STRETCH..]).await, named(&[]));
    let folder = tempfile::tempdir().unwrap();
    let undisturbed = Arc::new(EmbeddedStore::open(&folder.path().join("tables.redb")).unwrap());
    let anew = Engines { store: Arc::clone(&undisturbed) as _, ..engines.clone() };
    Processor::new(&anew).catch_up(&watch::channel(Progress::CaughtUp).0).await.unwrap();
    assert_eq!(Tables::read(&*engines.store, &games).await, Tables::read(&*undisturbed, &games).await);
}
