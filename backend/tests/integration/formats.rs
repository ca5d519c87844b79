//! Formats of stored data: records of newer servers stop a processor and harm nothing.

use crate::common::{
    ServerProcess,
    aws::LocalAws,
    eventually,
    games::{batch, hold},
    now,
};
use aws_sdk_kinesis::primitives::Blob;
use backend::{
    clock::Clock,
    domain::processor::{Leases, ProcessError, Processor, Progress},
    engine::{
        Engines,
        stream::{Checkpoint, ExtendedSequenceNumber, PartitionKey},
    },
};
use reqwest::{Method, StatusCode};
use shared::{
    ids::{GameId, PlayerId},
    record::{RECORD_VERSION, Record, TicketIssued},
    replay::Seed,
    rules::{Buttons, RULES_VERSION},
    session::SessionId,
    time::Timestamp,
    tuning::Tuning,
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
        assert_eq!(*reader.borrow(), Progress::Outdated(RECORD_VERSION + 1));
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
    assert!(text.contains("a newer server wrote a record of version 3") && text.contains("update it"), "{text}");
}
