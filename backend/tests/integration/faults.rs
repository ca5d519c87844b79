//! All processes together behind a proxy that injects a fault into half of all calls to Kinesis, DynamoDB and SQS.

use std::time::{Duration, Instant};

use crate::common::{
    ServerProcess,
    aws::{LocalAws, config, wait_until_active},
    bots::Bots,
    fault_proxy::{Fault, FaultProxy},
    invariants::assert_invariants,
    kinesis::LocalKinesis,
    processors::{ProcessorProcess, shared_engines},
    relay::Relay,
    setting,
};
use aws_sdk_kinesis::{Client, primitives::Blob};
use backend::engine::{Engines, stream::Checkpoint};

const STREAM: &str = "shared";
/// How long bots play before each kill, and after the last one.
const PLAY_TIME: Duration = Duration::from_secs(5);
/// The time between two invalid records: they are more than one in a hundred.
const INVALID_RECORD_INTERVAL: Duration = Duration::from_millis(150);
/// The upper bound of a processor's memory, in bytes.
const MAX_PROCESSOR_MEMORY: u64 = 500_000_000;

/// While bots play, processors and the server are killed, shards are split and merged, and invalid records are appended.
/// `ALIEN_BOTS` and `ALIEN_KILLS` set the number of bots and kills.
#[tokio::test(flavor = "multi_thread")]
async fn faults_lose_no_acknowledged_event_and_count_none_twice() {
    let (bots, kills) = (setting("ALIEN_BOTS", 60), setting("ALIEN_KILLS", 3));
    let kinesis = LocalKinesis::start().await;
    let mut system = System::start(&kinesis).await;
    wait_until_active(&kinesis.client(), STREAM).await;
    system.proxy.set_fault_percent(50);
    let invalid_records = tokio::spawn(append_invalid_records(kinesis.client()));
    let running = Bots::start(system.relay.url(), bots);
    for kill in 0..kills {
        tokio::time::sleep(PLAY_TIME).await;
        match kill {
            0 => kinesis.split(STREAM, "shardId-000000000000", u128::MAX / 8).await,
            1 => kinesis.merge(STREAM, "shardId-000000000002", "shardId-000000000003").await,
            _ => {}
        }
        system.kill_and_restart().await;
    }
    tokio::time::sleep(PLAY_TIME).await;
    let report = running.stop().await;
    invalid_records.abort();
    assert_every_fault_was_injected(&system.proxy);
    system.proxy.set_fault_percent(0);
    system.recover().await;
    let engines = system.stop().await;
    assert_invariants(&engines, &report).await;
    assert_shards_ended(&engines).await;
    assert_only_invalid_records_are_dead_letters(&engines).await;
}

/// A server, two processors, and the proxy between them and AWS.
struct System {
    _aws: LocalAws,
    proxy: FaultProxy,
    relay: Relay,
    server: ServerProcess,
    processors: Vec<ProcessorProcess>,
    /// The largest memory of a processor so far.
    processor_memory: u64,
}

impl System {
    async fn start(kinesis: &LocalKinesis) -> System {
        let aws = LocalAws::start().await;
        let proxy = FaultProxy::start(&aws, kinesis).await;
        let relay = Relay::start().await;
        let server = ServerProcess::start_on_aws(&proxy.url(), &["--no-process"]).await;
        relay.set_target(server.address());
        let processors = vec![ProcessorProcess::start(&proxy.url()), ProcessorProcess::start(&proxy.url())];
        System { _aws: aws, proxy, relay, server, processors, processor_memory: 0 }
    }

    /// Kills the older processor and the server, and starts others.
    async fn kill_and_restart(&mut self) {
        self.measure_processors();
        drop(self.processors.remove(0));
        self.processors.push(ProcessorProcess::start(&self.proxy.url()));
        self.server.kill_and_restart().await;
        self.relay.set_target(self.server.address());
    }

    /// Waits until a new game is processed: the system recovers without help.
    async fn recover(&mut self) {
        let started = Instant::now();
        let ticket = self.server.ticket("After the faults").await;
        self.server.processed_game(&ticket, 0).await;
        self.measure_processors();
        println!(
            "recovered after {:.1?}; a processor used up to {} MB",
            started.elapsed(),
            self.processor_memory / 1_000_000
        );
        assert!(self.processor_memory < MAX_PROCESSOR_MEMORY);
    }

    fn measure_processors(&mut self) {
        let memory = self.processors.iter().map(ProcessorProcess::peak_memory).max().unwrap();
        self.processor_memory = self.processor_memory.max(memory);
    }

    /// Stops the server and kills the processors. Returns the engines, for use without faults.
    async fn stop(&mut self) -> Engines {
        assert!(self.server.stop().await.success());
        self.processors.clear();
        shared_engines(&config(&self.proxy.url())).await
    }
}

/// Appends bytes that are not a record.
async fn append_invalid_records(kinesis: Client) {
    for number in 0.. {
        let request = kinesis.put_record().stream_name(STREAM).partition_key(format!("invalid {number}"));
        request.data(Blob::new("invalid")).send().await.unwrap();
        tokio::time::sleep(INVALID_RECORD_INTERVAL).await;
    }
}

fn assert_every_fault_was_injected(proxy: &FaultProxy) {
    let injected = proxy.injected();
    println!("injected faults: {injected:?}");
    for fault in Fault::ALL {
        assert!(injected.contains_key(&fault), "{fault:?} was never injected");
    }
}

async fn assert_shards_ended(engines: &Engines) {
    let shards = engines.store.shards().await.unwrap();
    let ended = shards.values().filter(|row| row.checkpoint == Checkpoint::Ended).count();
    assert_eq!(ended, 3, "one shard was split and two were merged; all three are read to their ends");
}

async fn assert_only_invalid_records_are_dead_letters(engines: &Engines) {
    let dead_letters = engines.store.dead_letters(usize::MAX).await.unwrap();
    println!("{} dead letters", dead_letters.len());
    assert!(!dead_letters.is_empty());
    for dead_letter in dead_letters {
        let stored = engines.stream.read_record(&dead_letter.position).await.unwrap();
        assert_eq!(stored.as_deref(), Some(&b"invalid"[..]), "{}", dead_letter.reason);
    }
}
