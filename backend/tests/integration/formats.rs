//! Servers of two versions on one stream: records of newer servers stop a processor, games of other rules keep their
//! results, and the end of a game becomes a record.

use std::sync::Arc;

use crate::common::{
    ServerProcess,
    aws::{self, LocalAws},
    eventually,
    games::{batch, hold},
    now,
    process::backend,
};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kinesis::primitives::Blob;
use backend::{
    clock::Clock,
    domain::processor::{Leases, NewerRecord, ProcessError, Processor, Progress},
    engine::{
        Engines,
        store::EmbeddedStore,
        stream::{Checkpoint, ExtendedSequenceNumber, PartitionKey},
    },
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use shared::{
    api::GameView,
    ids::{GameId, PlayerId},
    record::{GameEnded, RECORD_VERSION, Record, TicketIssued},
    replay::{ButtonLog, Seed},
    rules::{Buttons, RULES_VERSION},
    session::SessionId,
    time::{Tick, Timestamp},
    tuning::Tuning,
    verdict::Verdict,
};
use tokio::sync::watch;

const GAME: GameId = GameId(7);
const PLAYER: PlayerId = PlayerId(3);

fn ticket() -> Record {
    Record::TicketIssued(Box::new(TicketIssued {
        game: GAME,
        player: PLAYER,
        session: SessionId::OPEN_PLAY,
        nickname: "Ada".parse().unwrap(),
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

/// A record as a newer server may write it.
fn newer_record() -> Vec<u8> {
    format!("{{\"version\":{},\"record\":\"unknown\"}}", RECORD_VERSION + 1).into_bytes()
}

#[tokio::test]
async fn processor_stops_before_a_newer_record_and_releases_its_shard() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    engines.stream.append_record(&ticket()).await.unwrap();
    engines.stream.append_record(&second(0)).await.unwrap();
    engines.stream.append(PartitionKey(PLAYER.0), newer_record()).await.unwrap();
    engines.stream.append_record(&second(1)).await.unwrap();

    let mut leases = Leases::new(engines.stream.clone(), engines.store.clone()).unwrap();
    leases.round().await.unwrap();
    let processor = Processor::new(&engines, Clock::system()).with_leases(&leases);
    let (progress, reader) = watch::channel(Progress::CaughtUp);
    // It does not go on later either.
    for _ in 0..2 {
        let error = processor.catch_up(&progress).await.unwrap_err();
        assert!(matches!(error, ProcessError::Newer(_)) && error.to_string().contains("update it"), "{error}");
        assert_eq!(*reader.borrow(), Progress::Outdated(NewerRecord::Version(RECORD_VERSION + 1)));
    }
    // The records before it are processed, and it is neither skipped nor a dead letter.
    assert_eq!(engines.store.game(GAME).await.unwrap().unwrap().next_seq.0, 1);
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
    let [row] = &engines.store.shards().await.unwrap().into_values().collect::<Vec<_>>()[..] else {
        panic!("one shard")
    };
    assert_eq!(row.checkpoint, Checkpoint::At(ExtendedSequenceNumber::numbered(1)));
    // A newer processor can take the shard at once.
    leases.round().await.unwrap();
    assert!(leases.held().borrow().is_empty());
    assert!(engines.store.leases().await.unwrap().into_values().all(|lease| lease.owner.is_none()));
}

#[tokio::test]
async fn server_that_meets_a_newer_record_says_that_it_must_be_updated() {
    let aws = LocalAws::start().await;
    let server = ServerProcess::start_on_aws(aws.url(), &[]).await;
    let newer = aws.kinesis().put_record().stream_name("shared").partition_key("any").data(Blob::new(newer_record()));
    newer.send().await.unwrap();
    let text = eventually("the server is not ready", async || {
        let response = server.request(Method::GET, "/readyz", None, None).await;
        match response.status() {
            StatusCode::SERVICE_UNAVAILABLE => Ok(response.text().await.unwrap()),
            status => Err(status.to_string()),
        }
    })
    .await;
    let reason = format!("a newer server wrote a record of version {}", RECORD_VERSION + 1);
    assert!(text.contains(&reason) && text.contains("update it"), "{text}");
}

/// Processes what is on the stream, as a server of some rules. `None` if it met a record of a newer server.
async fn process(processor: &Processor) -> Option<()> {
    match processor.catch_up(&watch::channel(Progress::CaughtUp).0).await {
        Ok(()) => Some(()),
        Err(ProcessError::Newer(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// During a rolling upgrade to other rules, servers of both versions issue tickets and process the same stream.
#[tokio::test]
async fn servers_of_two_versions_on_one_stream_harm_no_game() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    let older = Processor::new(&engines, Clock::system());
    let newer = Processor::new(&engines, Clock::system()).with_rules_version(RULES_VERSION + 1);
    let game = async || engines.store.game(GAME).await.unwrap().unwrap();

    // A game is played at a server of the older version.
    engines.stream.append_record(&ticket()).await.unwrap();
    engines.stream.append_record(&second(0)).await.unwrap();
    assert_eq!(process(&older).await, Some(()));
    let played = game().await;
    assert!(played.state.tick.0 == 60 && played.recorded.is_none());

    // A server of the newer version issues a ticket. The older processor leaves the shard to the newer one.
    let Record::TicketIssued(other) = ticket() else { panic!("it is a ticket") };
    let other = TicketIssued { game: GameId(8), rules_version: RULES_VERSION + 1, ..*other };
    engines.stream.append_record(&Record::TicketIssued(Box::new(other))).await.unwrap();
    engines.stream.append_record(&second(1)).await.unwrap();
    assert_eq!(process(&older).await, None);
    assert_eq!(process(&newer).await, Some(()));

    // The game of the older rules keeps what was played. Its result is now on the stream.
    let kept = game().await;
    assert_eq!((kept.verdict, kept.counted), (played.verdict, played.counted));
    assert_eq!((kept.tick(), kept.result(), kept.hash()), (played.tick(), played.result(), played.hash()));
    assert_eq!(process(&newer).await, Some(()));
    assert_eq!(engines.store.dead_letters(9).await.unwrap(), []);
    let [row] = &engines.store.shards().await.unwrap().into_values().collect::<Vec<_>>()[..] else {
        panic!("one shard")
    };
    assert_eq!(row.ended.len(), 0, "the stream has the end");

    // Tables that the newer version computes again have it, too.
    let fresh = tempfile::tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(&fresh.path().join("tables.redb")).unwrap());
    let rebuilt = Engines { store, ..engines.clone() };
    let rebuilding = Processor::new(&rebuilt, Clock::system()).with_rules_version(RULES_VERSION + 1);
    assert_eq!(process(&rebuilding).await, Some(()));
    let again = rebuilt.store.game(GAME).await.unwrap().unwrap();
    assert_eq!((again.tick(), again.result(), again.counted), (kept.tick(), kept.result(), kept.counted));
    let standings = rebuilt.store.standings(SessionId::OPEN_PLAY, 0, 9).await.unwrap();
    let before = engines.store.standings(SessionId::OPEN_PLAY, 0, 9).await.unwrap();
    assert_eq!(standings[0].standing, before[0].standing);
}

/// The ends of games on a stream.
async fn ends(engines: &Engines) -> Vec<GameEnded> {
    let [shard] = &engines.stream.shards().await.unwrap()[..] else { panic!("an embedded stream has one shard") };
    let records = engines.stream.read(&shard.id, None, 99).await.unwrap().records;
    let decoded = records.iter().map(|record| Record::decode(&record.bytes).unwrap());
    decoded.filter_map(|record| if let Record::GameEnded(end) = record { Some(*end) } else { None }).collect()
}

#[tokio::test]
async fn end_of_a_game_becomes_a_record_once() {
    let folder = tempfile::tempdir().unwrap();
    let engines = Engines::embedded(folder.path()).unwrap();
    engines.stream.append_record(&ticket()).await.unwrap();
    engines.stream.append_record(&second(0)).await.unwrap();
    let processor = Processor::new(&engines, Clock::system());
    process(&processor).await;
    assert_eq!(ends(&engines).await, [], "the game is not over");
    // Other buttons for the same ticks: the game is rejected.
    let batch = batch(0, vec![hold(0, Buttons::LEFT, 60)]);
    let forged = Record::Events { game: GAME, player: PLAYER, received_at: now(), batch };
    engines.stream.append_record(&forged).await.unwrap();
    // Each processor reads the end that the first one has appended, also one that starts later or computes new tables.
    for _ in 0..2 {
        process(&processor).await;
        process(&Processor::new(&engines, Clock::system())).await;
    }
    let [end] = &ends(&engines).await[..] else { panic!("there is one end") };
    let row = engines.store.game(GAME).await.unwrap().unwrap();
    assert_eq!((end.full.verdict, end.next_seq, end.hash), (row.verdict, row.next_seq, row.hash()));
    assert!(!end.full.verdict.ranks());
    let fresh = tempfile::tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(&fresh.path().join("tables.redb")).unwrap());
    process(&Processor::new(&Engines { store, ..engines.clone() }, Clock::system())).await;
    assert_eq!(ends(&engines).await.len(), 1);
}

/// Writes the rows of a game as a server of rules version 2 stored them on DynamoDB: without a format, and with a state that
/// only it can read.
async fn put_rows_of_earlier_rules(aws: &LocalAws, ticket: &TicketIssued) {
    let dynamodb = aws_sdk_dynamodb::Client::new(&aws.config());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = async |pk: String, sk: &str, more: Vec<(&str, AttributeValue)>| {
        let mut request = dynamodb.put_item().table_name("shared-tables").item("pk", text(&pk)).item("sk", text(sk));
        for (name, value) in more {
            request = request.item(name, value);
        }
        request.send().await.unwrap();
    };
    let game = format!("game/{}", ticket.game);
    let pointer = format!("{:016x}/{}", ticket.started_at.0, ticket.game);
    let counted = json!({
        "run": {"score": 120, "lives": 2, "shots": 30}, "level": 1, "verdict": {"status": "verified"}, "updated_at": 9_000,
    });
    let segment =
        json!({"next_seq": 3, "verdict": {"status": "verified"}, "updated_at": 9_000, "counted": counted}).to_string();
    let buttons: ButtonLog = std::iter::repeat_n(Buttons::FIRE, 600).collect();
    put(game.clone(), "ticket", vec![("row", text(&serde_json::to_string(ticket).unwrap()))]).await;
    let bytes = |bytes: &[u8]| AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new(bytes));
    let segment = vec![
        ("row", text(&segment)),
        ("version", AttributeValue::N("1".to_owned())),
        ("state", bytes(b"a state of other rules")),
        ("buttons", bytes(&buttons.encode())),
    ];
    put(game, "stretch/00000001", segment).await;
    put(format!("player/{}", ticket.player), &pointer, Vec::new()).await;
    put(format!("session/{}", ticket.session), &pointer, Vec::new()).await;
}

#[tokio::test]
async fn games_of_earlier_rules_on_dynamodb_keep_their_results_and_are_recorded_once() {
    let aws = LocalAws::start().await;
    let server = ServerProcess::start_on_aws(aws.url(), &[]).await;
    let Record::TicketIssued(ticket) = ticket() else { panic!("it is a ticket") };
    let ticket = TicketIssued { rules_version: RULES_VERSION - 1, started_at: Timestamp(1_000), ..*ticket };
    put_rows_of_earlier_rules(&aws, &ticket).await;
    let view: GameView = server.get(&format!("/v1/games/{GAME}")).await;
    assert_eq!((view.verdict, view.result.score, view.replayable), (Verdict::Verified, 120, false));

    let upgrade = || {
        let mut command = backend();
        command.arg("upgrade").args(aws::SHARED).envs(aws::variables(aws.url()));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(upgrade().ends_with("appended to the stream: 1\n"));
    let path = format!("/v1/games/{GAME}");
    let view: GameView = eventually("the processor reads the end of the game", async || {
        let view: GameView = server.get(&path).await;
        if view.tick == Tick(600) { Ok(view) } else { Err(format!("{view:?}")) }
    })
    .await;
    assert_eq!((view.verdict, view.result.score, view.replayable), (Verdict::Verified, 120, false));
    assert!(upgrade().ends_with("appended to the stream: 0\n"));
    assert_eq!(server.dead_letter_count().await, 0);
    assert_eq!(server.standings().await.standings[0].standing.result.score, 120);
}
