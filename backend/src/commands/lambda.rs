//! `backend lambda`: the processor as an AWS Lambda function.
//!
//! The Kinesis event source invokes the function with the records of each shard in order. After a failure it delivers
//! the batch again from the first record that the function reports.

use std::{collections::BTreeMap, sync::Arc};

use aws_lambda_events::event::kinesis::{KinesisEvent, KinesisEventRecord};
use clap::{Args, Command};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use crate::{
    clock::Clock,
    domain::processor::{ProcessError, Processor},
    engine::{
        Engines,
        stream::{Checkpoint, InvalidPosition, KinesisStream, SequenceNumber, ShardId, StreamError},
    },
    error_chain::error_chain,
    server::logging,
    settings::{AwsArgs, LogArgs, ProcessorArgs, from_environment, reference},
};

/// Maximum number of Kinesis records that are processed together without a flush interval. After a failure, fewer records
/// are delivered again.
const MAX_RECORDS: usize = 100;
/// Attempts to process records while another processor writes the same rows, e.g. an invocation that timed out.
const MAX_ATTEMPTS: usize = 3;

/// Settings of `backend lambda`.
#[derive(Debug, Args)]
struct Settings {
    #[command(flatten)]
    aws: AwsArgs,
    #[command(flatten)]
    processor: ProcessorArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// Why records must be delivered again.
#[derive(Debug, thiserror::Error)]
enum LambdaError {
    #[error("invalid sequence number")]
    SequenceNumber(#[from] InvalidPosition),
    #[error("cannot read the records")]
    Stream(#[from] StreamError),
    #[error("cannot process the records")]
    Process(#[from] ProcessError),
}

/// A command with the function's settings. Their flags are hidden, because the function has none.
pub fn settings() -> Command {
    Settings::augment_args(Command::new("lambda")).mut_args(|arg| arg.hide(true))
}

/// The variables of the function's settings, for the help text.
pub fn variables() -> String {
    reference::variables(&settings(), |_| true)
}

/// Handles invocations until the process ends.
///
/// # Errors
/// If an engine cannot be used, or the process does not run in AWS Lambda.
pub async fn run() -> Result<(), lambda_runtime::Error> {
    let settings: Settings = from_environment(&|name| std::env::var_os(name))?;
    logging::init(settings.log.log_json);
    let (engines, stream) = Engines::on_aws(&settings.aws.required()?).await?;
    let max_records = if settings.processor.flush_interval == 0 { MAX_RECORDS } else { usize::MAX };
    let function = Function { processor: Processor::new(&engines, Clock::system()), stream, max_records };
    let function = &function;
    lambda_runtime::run(service_fn(async move |event: LambdaEvent<KinesisEvent>| {
        Ok::<Value, lambda_runtime::Error>(function.handle(event.payload).await)
    }))
    .await
}

struct Function {
    processor: Processor,
    stream: Arc<KinesisStream>,
    /// Maximum number of Kinesis records that are processed together.
    max_records: usize,
}

impl Function {
    /// Processes a batch. The response names the first record of each shard that must be delivered again.
    async fn handle(&self, event: KinesisEvent) -> Value {
        let mut failures = Vec::new();
        for (shard, records) in by_shard(event) {
            for records in records.chunks(self.max_records) {
                if let Err(error) = self.process_with_retries(&shard, records).await {
                    let error = error_chain(&error);
                    tracing::error!(%shard, error, "cannot process records; Kinesis delivers them again");
                    let first = records.first().map(|record| record.kinesis.sequence_number.as_str());
                    failures.push(json!({"itemIdentifier": first}));
                    break;
                }
            }
        }
        json!({"batchItemFailures": failures})
    }

    async fn process_with_retries(&self, shard: &ShardId, records: &[KinesisEventRecord]) -> Result<(), LambdaError> {
        let mut unpacked = Vec::new();
        let mut last = None;
        for record in records {
            let sequence_number: SequenceNumber = record.kinesis.sequence_number.parse()?;
            unpacked.extend(self.stream.unpack(shard, &sequence_number, &record.kinesis.data).await?);
            last = Some(sequence_number);
        }
        let Some(last) = last else {
            return Ok(());
        };
        let checkpoint = Checkpoint::At(last.end());
        for _ in 1..MAX_ATTEMPTS {
            match self.processor.process(shard, unpacked.clone(), checkpoint.clone()).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(%shard, error = error_chain(&error), "cannot process records; trying again");
                    self.processor.clear_cache();
                }
            }
        }
        Ok(self.processor.process(shard, unpacked, checkpoint).await?)
    }
}

/// The records of each shard in order.
fn by_shard(event: KinesisEvent) -> BTreeMap<ShardId, Vec<KinesisEventRecord>> {
    let mut shards: BTreeMap<ShardId, Vec<KinesisEventRecord>> = BTreeMap::new();
    for record in event.records {
        let shard = record.event_id.as_deref().and_then(|id| id.split_once(':')).map(|(shard, _)| shard);
        shards.entry(ShardId(shard.unwrap_or_default().to_owned())).or_default().push(record);
    }
    shards
}
