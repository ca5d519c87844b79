//! `backend lambda`: the processor as a function of AWS Lambda, fed by the Kinesis event source, which reads the shards in
//! order and brings a batch again from the record on that could not be processed.

use std::{collections::BTreeMap, sync::Arc};

use aws_lambda_events::event::kinesis::{KinesisEvent, KinesisEventRecord};
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use crate::{
    domain::processor::{ProcessError, Processor},
    engine::{
        Engines,
        stream::{Checkpoint, InvalidPosition, KinesisStream, SequenceNumber, ShardId, StreamError},
    },
    settings::Config,
};

/// Records of Kinesis' that are processed at once, where they were not left to gather: what comes after one that fails is
/// brought again.
const STRETCH: usize = 100;
/// Tries where another processor writes at the same time, as after a time-out that it did not hear of.
const TRIES: usize = 3;

/// Why a stretch of a batch is to be brought again.
#[derive(Debug, thiserror::Error)]
enum LambdaError {
    #[error("this is no record of a shard: {0}")]
    RecordPosition(#[from] InvalidPosition),
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error(transparent)]
    Process(#[from] ProcessError),
}

/// Answers invocations for ever.
///
/// # Errors
/// Where an engine cannot be used, or this is no Lambda.
pub async fn run(config: &Config) -> Result<(), lambda_runtime::Error> {
    let (engines, stream) = Engines::on_aws(&config.aws()?).await?;
    let stretch = if config.flush_interval == 0 { STRETCH } else { usize::MAX };
    let function = Function { processor: Processor::new(&engines), stream, stretch };
    let function = &function;
    lambda_runtime::run(service_fn(async move |event: LambdaEvent<KinesisEvent>| {
        Ok::<Value, lambda_runtime::Error>(function.answer(event.payload).await)
    }))
    .await
}

struct Function {
    processor: Processor,
    stream: Arc<KinesisStream>,
    stretch: usize,
}

impl Function {
    /// Processes a batch, and names of each shard the first record that is to be brought again.
    async fn answer(&self, event: KinesisEvent) -> Value {
        let mut shards: BTreeMap<String, Vec<KinesisEventRecord>> = BTreeMap::new();
        for record in event.records {
            let shard = record.event_id.as_deref().and_then(|id| id.split_once(':')).map(|(shard, _)| shard);
            shards.entry(shard.unwrap_or_default().to_owned()).or_default().push(record);
        }
        let mut failures = Vec::new();
        for (shard, records) in shards {
            let shard = ShardId(shard);
            for stretch in records.chunks(self.stretch) {
                if let Err(error) = self.process(&shard, stretch).await {
                    tracing::error!(%shard, %error, "a batch is to be brought again");
                    let first = stretch.first().map(|record| record.kinesis.sequence_number.as_str());
                    failures.push(json!({"itemIdentifier": first}));
                    break;
                }
            }
        }
        json!({"batchItemFailures": failures})
    }

    async fn process(&self, shard: &ShardId, stretch: &[KinesisEventRecord]) -> Result<(), LambdaError> {
        let mut stored = Vec::new();
        let mut last = None;
        for record in stretch {
            let sequence: SequenceNumber = record.kinesis.sequence_number.parse()?;
            stored.extend(self.stream.unpack(shard, &sequence, &record.kinesis.data).await?);
            last = Some(sequence);
        }
        let Some(last) = last else {
            return Ok(());
        };
        let checkpoint = Checkpoint::At(last.end());
        for _ in 1..TRIES {
            match self.processor.process(shard, stored.clone(), checkpoint.clone()).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(%shard, %error, "processing failed; trying again");
                    self.processor.clear_cache();
                }
            }
        }
        Ok(self.processor.process(shard, stored, checkpoint).await?)
    }
}
