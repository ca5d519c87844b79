//! Unconditional writes of many rows.

use std::time::Duration;

use aws_sdk_dynamodb::types::{PutRequest, ReturnConsumedCapacity::Total, WriteRequest};
use backon::{ExponentialBuilder, RetryableWithContext};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{DynamoError, MAX_CONCURRENT_CALLS, capacity::record_write, item::Item, table::Table};

/// Maximum number of items in one batch: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>.
const MAX_BATCH_ITEMS: usize = 25;
/// Maximum number of attempts to write a batch. DynamoDB may leave a part of it unprocessed.
const MAX_ATTEMPTS: usize = 5;
/// The pauses between these attempts: 50 to 100 ms at first, then twice as long each time.
const BACKOFF: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(Duration::from_millis(50)).with_max_times(MAX_ATTEMPTS - 1).with_jitter();

impl Table {
    /// Writes rows in any order, over rows that exist.
    ///
    /// # Errors
    /// [`DynamoError::Unprocessed`] if DynamoDB does not accept all of them, [`DynamoError::Call`] if it fails. A part
    /// of the rows may be written then.
    pub async fn put_all(&self, items: Vec<Item>) -> Result<(), DynamoError> {
        let batches: Vec<Vec<Item>> = items.chunks(MAX_BATCH_ITEMS).map(<[Item]>::to_vec).collect();
        let writes = stream::iter(batches).map(|batch| self.put_batch(batch));
        writes.buffer_unordered(MAX_CONCURRENT_CALLS).try_collect().await
    }

    async fn put_batch(&self, batch: Vec<Item>) -> Result<(), DynamoError> {
        let request = |Item(item)| {
            let put = PutRequest::builder().set_item(Some(item)).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        };
        let requests = batch.into_iter().map(request).collect::<Result<Vec<_>, DynamoError>>()?;
        // The SDK retries failed calls. It does not retry the unprocessed items of a successful call.
        let attempt = |requests| async {
            match self.write_batch(requests).await {
                Ok(unprocessed) if unprocessed.is_empty() => (unprocessed, Ok(())),
                Ok(unprocessed) => (unprocessed, Err(self.unprocessed())),
                Err(error) => (Vec::new(), Err(error)),
            }
        };
        let attempts = attempt.retry(BACKOFF).context(requests);
        let (_, result) = attempts.when(|error| matches!(error, DynamoError::Unprocessed { .. })).await;
        result
    }

    /// Writes once; returns the requests that DynamoDB left unprocessed.
    async fn write_batch(&self, requests: Vec<WriteRequest>) -> Result<Vec<WriteRequest>, DynamoError> {
        let request = self.client.batch_write_item().request_items(&self.name, requests);
        let response = request.return_consumed_capacity(Total).send().await;
        let response = response.map_err(|error| self.failed("BatchWriteItem", error))?;
        record_write(response.consumed_capacity());
        Ok(response.unprocessed_items.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default())
    }

    fn unprocessed(&self) -> DynamoError {
        DynamoError::Unprocessed { table: self.name.clone(), attempts: MAX_ATTEMPTS }
    }
}
