//! Tables of DynamoDB as the engines behind the store and the registry use them: rows under two keys, changed on
//! conditions, and several at once only where they must move together.
//!
//! Both tables have the same keys: `pk`, the partition, and `sk`, the order within it.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder,
        retry::{RetryPartition, TokenBucket},
    },
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        create_table::builders::CreateTableFluentBuilder, query::builders::QueryFluentBuilder,
        transact_write_items::TransactWriteItemsError,
    },
    primitives::Blob,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, ConditionCheck, ConsumedCapacity, Delete, KeySchemaElement,
        KeyType, Put, PutRequest, ReturnConsumedCapacity::Total, ReturnValue, ScalarAttributeType, Select, TableStatus,
        TransactWriteItem, WriteRequest,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};

use crate::engine::aws::{CutOff, error_chain};

/// Tries for what a batch leaves over.
const TRIES: u32 = 5;
/// A table is there within this time after it was made.
const MAKING: Duration = Duration::from_secs(120);
/// Items in one batch: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>.
const BATCH: usize = 25;
/// Calls under way for one piece of work.
const CALLS: usize = 32;
/// The attributes that every table has.
const PK: &str = "pk";
const SK: &str = "sk";
/// The row as JSON.
pub const ROW: &str = "row";
/// What conditions are on: how often the row was written, or a number of its own that grows.
const VERSION: &str = "version";
/// When DynamoDB may throw the row away, in seconds since 1970.
const EXPIRES_AT: &str = "expires_at";

/// Why a table did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DynamoError {
    /// A row is no longer as the condition wants it, or others are changing it now: read it again.
    #[error("a row was changed by another writer")]
    Conflict,
    /// There is no such table.
    #[error("there is no table {0}; have it made by --dynamodb-create")]
    Missing(String),
    /// A row is not as it was written.
    #[error("a row cannot be read: {0}")]
    Damaged(String),
    /// The service failed, or does not answer.
    #[error("DynamoDB failed: {0}")]
    Service(String),
}

/// Where a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The order within it.
    pub sk: String,
}

impl Key {
    /// A key in a partition.
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Key {
        Key { pk: pk.into(), sk: sk.into() }
    }

    /// The key of the only row of its partition.
    pub fn alone(pk: impl Into<String>) -> Key {
        Key::new(pk, "-")
    }

    fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// A row as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Item(HashMap<String, AttributeValue>);

impl Item {
    /// A row as JSON.
    ///
    /// # Errors
    /// Where it cannot be written down.
    pub fn new(key: &Key, row: &impl Serialize) -> Result<Item, DynamoError> {
        Ok(Item(key.attributes()).with(ROW, AttributeValue::S(json(row)?)))
    }

    /// A row that says all by its key.
    pub fn mark(key: &Key) -> Item {
        Item(key.attributes())
    }

    /// The same at a version.
    pub fn at_version(self, version: u64) -> Item {
        self.with(VERSION, AttributeValue::N(version.to_string()))
    }

    fn with(mut self, name: &str, value: AttributeValue) -> Item {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// The same with a text.
    pub fn with_text(self, name: &str, text: String) -> Item {
        self.with(name, AttributeValue::S(text))
    }

    /// The same with bytes.
    pub fn with_bytes(self, name: &str, bytes: Vec<u8>) -> Item {
        self.with(name, AttributeValue::B(Blob::new(bytes)))
    }

    /// The same, to be thrown away some time after that second.
    pub fn until(self, second: u64) -> Item {
        self.with(EXPIRES_AT, AttributeValue::N(second.to_string()))
    }

    /// The row.
    ///
    /// # Errors
    /// Where it is not as it was written.
    pub fn row<T: DeserializeOwned>(&self) -> Result<T, DynamoError> {
        serde_json::from_str(self.text(ROW)?).map_err(damaged)
    }

    /// Its version.
    ///
    /// # Errors
    /// Where it has none.
    pub fn version(&self) -> Result<u64, DynamoError> {
        let number = self.0.get(VERSION).and_then(|value| value.as_n().ok());
        number.ok_or_else(|| damaged("it has no version"))?.parse().map_err(damaged)
    }

    /// Its order within its partition.
    ///
    /// # Errors
    /// Where it has none.
    pub fn sk(&self) -> Result<&str, DynamoError> {
        self.text(SK)
    }

    /// Bytes of it.
    ///
    /// # Errors
    /// Where it has none of that name.
    pub fn bytes(&self, name: &str) -> Result<&[u8], DynamoError> {
        let bytes = self.0.get(name).and_then(|value| value.as_b().ok());
        Ok(bytes.ok_or_else(|| damaged(format!("it has no {name}")))?.as_ref())
    }

    fn text(&self, name: &str) -> Result<&str, DynamoError> {
        let text = self.0.get(name).and_then(|value| value.as_s().ok());
        Ok(text.ok_or_else(|| damaged(format!("it has no {name}")))?)
    }
}

/// What a row must be for a write to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Anything.
    Free,
    /// Not there.
    Absent,
    /// At that version.
    Version(u64),
    /// Written exactly so.
    Row(String),
}

impl Condition {
    /// The row as it was read: at that version, or not there.
    pub fn as_read(version: Option<u64>) -> Condition {
        version.map_or(Condition::Absent, Condition::Version)
    }

    /// The row exactly as this one is written.
    ///
    /// # Errors
    /// Where it cannot be written down.
    pub fn row(row: &impl Serialize) -> Result<Condition, DynamoError> {
        Ok(Condition::Row(json(row)?))
    }

    fn expression(&self) -> Option<&'static str> {
        match self {
            Condition::Free => None,
            Condition::Absent => Some("attribute_not_exists(pk)"),
            Condition::Version(_) => Some("#v = :v"),
            Condition::Row(_) => Some("#r = :r"),
        }
    }

    fn names(&self) -> Option<HashMap<String, String>> {
        let name = |short: &str, name: &str| Some(HashMap::from([(short.to_owned(), name.to_owned())]));
        match self {
            Condition::Free | Condition::Absent => None,
            Condition::Version(_) => name("#v", VERSION),
            Condition::Row(_) => name("#r", ROW),
        }
    }

    fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        let value = |short: &str, value| Some(HashMap::from([(short.to_owned(), value)]));
        match self {
            Condition::Free | Condition::Absent => None,
            Condition::Version(version) => value(":v", AttributeValue::N(version.to_string())),
            Condition::Row(row) => value(":r", AttributeValue::S(row.clone())),
        }
    }
}

/// One of several changes that move together.
#[derive(Debug, Clone)]
pub enum Write {
    /// Writes a row.
    Put(Item, Condition),
    /// Takes a row away.
    Delete(Key, Condition),
    /// Leaves a row as it is, which must be so.
    Check(Key, Condition),
}

/// Which rows of a partition.
#[derive(Debug, Clone, Copy)]
pub enum Range<'a> {
    /// All of them.
    All,
    /// Those whose order begins so.
    Prefix(&'a str),
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// A table by its name.
    pub fn new(config: &SdkConfig, name: String) -> Table {
        // The SDK would save on repeating where many calls fail, which is when they have to be; tries and their pauses are
        // limited as they are.
        let partition = RetryPartition::custom("tables").token_bucket(TokenBucket::unlimited()).build();
        let config = Builder::from(config).retry_partition(partition).retry_classifier(CutOff);
        Table { client: Client::from_conf(config.build()), name }
    }

    /// Makes sure that the table is there; where it is not, makes it as `finish` says, if given.
    ///
    /// # Errors
    /// Where it is not there, or cannot be made.
    pub async fn ensure(
        &self,
        finish: Option<impl FnOnce(CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, DynamoError>>,
    ) -> Result<(), DynamoError> {
        match (self.is_there().await, finish) {
            (Err(DynamoError::Missing(_)), Some(finish)) => {
                let request =
                    self.client.create_table().table_name(&self.name).billing_mode(BillingMode::PayPerRequest);
                let request = request.attribute_definitions(attribute(PK, ScalarAttributeType::S)?);
                let request = request.attribute_definitions(attribute(SK, ScalarAttributeType::S)?);
                let request = request.key_schema(key(PK, KeyType::Hash)?).key_schema(key(SK, KeyType::Range)?);
                match finish(request)?.send().await {
                    // Another server makes it at the same time.
                    Err(error) if error.code() == Some("ResourceInUseException") => {}
                    made => drop(made.map_err(service)?),
                }
                self.until_there().await
            }
            (is_there, _) => is_there.map(|_| ()),
        }
    }

    async fn until_there(&self) -> Result<(), DynamoError> {
        let started = Instant::now();
        while !self.is_there().await? {
            if started.elapsed() > MAKING {
                return Err(DynamoError::Service(format!("table {} is not there after {MAKING:?}", self.name)));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    async fn is_there(&self) -> Result<bool, DynamoError> {
        let answer = self.client.describe_table().table_name(&self.name).send().await;
        let answer = answer.map_err(|error| self.failed(error))?;
        Ok(answer.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active))
    }

    /// A row as it is now.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, DynamoError> {
        let request =
            self.client.get_item().table_name(&self.name).set_key(Some(key.attributes())).consistent_read(true);
        let answer = request.return_consumed_capacity(Total).send().await.map_err(|error| self.failed(error))?;
        READ.spent(answer.consumed_capacity());
        Ok(answer.item.map(Item))
    }

    /// Rows of several keys as they are now, in the order of the keys.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn get_all(&self, keys: Vec<Key>) -> Result<Vec<Option<Item>>, DynamoError> {
        // One by one: batches come back in any order and in part, for no less money.
        let reads = stream::iter(keys).map(async |key| self.get(&key).await);
        reads.buffered(CALLS).try_collect().await
    }

    /// Rows of a partition as they are now, in their order.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn rows(&self, pk: &str, range: Range<'_>) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true);
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let request = match range {
            Range::All => request.key_condition_expression("pk = :pk"),
            Range::Prefix(prefix) => request
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned())),
        };
        self.read(request, usize::MAX).await
    }

    /// Rows of a partition, the last first, after the first `skip`.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn last_rows(&self, pk: &str, skip: usize, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true).scan_index_forward(false);
        let request = request.key_condition_expression("pk = :pk");
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let mut items = self.read(request, skip.saturating_add(limit)).await?;
        Ok(items.split_off(skip.min(items.len())))
    }

    /// The first `limit` items that a query finds, page by page.
    async fn read(&self, request: QueryFluentBuilder, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = request.return_consumed_capacity(Total);
        // Where a limit is beyond what a page can hold, pages are as large as they come.
        let page = i32::try_from(limit).ok().filter(|page| *page > 0);
        let mut pages = request.set_limit(page).into_paginator().send();
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(|error| self.failed(error))?;
            READ.spent(page.consumed_capacity());
            found.extend(page.items.unwrap_or_default().into_iter().map(Item));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Up to `limit` rows of an index's partition, in its order.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn indexed(&self, index: &Index, partition: String, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).index_name(index.name);
        let request = request.key_condition_expression("#p = :p").expression_attribute_names("#p", index.partition);
        let request = request.expression_attribute_values(":p", AttributeValue::S(partition));
        self.read(request, limit).await
    }

    /// How many rows of an index's partition come before that order, or are there at all.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn count(&self, index: &Index, partition: String, before: Option<&[u8]>) -> Result<usize, DynamoError> {
        let request = self.client.query().table_name(&self.name).index_name(index.name);
        let request = request.select(Select::Count);
        let request = request.expression_attribute_names("#p", index.partition);
        let request = request.expression_attribute_values(":p", AttributeValue::S(partition));
        let request = match before {
            None => request.key_condition_expression("#p = :p"),
            Some(order) => request
                .key_condition_expression("#p = :p AND #o < :o")
                .expression_attribute_names("#o", index.order)
                .expression_attribute_values(":o", AttributeValue::B(Blob::new(order))),
        };
        let mut pages = request.return_consumed_capacity(Total).into_paginator().send();
        let mut counted = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed(error))?;
            READ.spent(page.consumed_capacity());
            counted += page.count().unsigned_abs() as usize;
        }
        Ok(counted)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`DynamoError::Conflict`] where the row there is not as the condition wants it.
    pub async fn put(&self, item: Item, condition: Condition) -> Result<(), DynamoError> {
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item.0));
        let request = request.set_condition_expression(condition.expression().map(str::to_owned));
        let request = request.set_expression_attribute_names(condition.names());
        let request = request.set_expression_attribute_values(condition.values());
        let answer = request.return_consumed_capacity(Total).send().await.map_err(|error| self.failed(error))?;
        WRITTEN.spent(answer.consumed_capacity());
        Ok(())
    }

    /// Writes rows, whatever is there, in any order.
    ///
    /// # Errors
    /// Where the service fails; some may be written then.
    pub async fn put_all(&self, items: Vec<Item>) -> Result<(), DynamoError> {
        let batches: Vec<Vec<Item>> = items.chunks(BATCH).map(<[Item]>::to_vec).collect();
        stream::iter(batches).map(|batch| self.put_batch(batch)).buffer_unordered(CALLS).try_collect().await
    }

    async fn put_batch(&self, batch: Vec<Item>) -> Result<(), DynamoError> {
        let put = |Item(item)| PutRequest::builder().set_item(Some(item)).build().map_err(service);
        let request = |item| Ok(WriteRequest::builder().put_request(put(item)?).build());
        let mut left = batch.into_iter().map(request).collect::<Result<Vec<_>, DynamoError>>()?;
        for pause in (0..TRIES).map(|tried| Duration::from_millis(50 << tried)) {
            let request =
                self.client.batch_write_item().request_items(&self.name, left).return_consumed_capacity(Total);
            let answer = request.send().await.map_err(|error| self.failed(error))?;
            WRITTEN.spent(answer.consumed_capacity());
            left = answer.unprocessed_items.and_then(|mut left| left.remove(&self.name)).unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        Err(DynamoError::Service("it takes no more at the moment".to_owned()))
    }

    /// Takes a row away, and gives it.
    ///
    /// # Errors
    /// Where the service fails.
    pub async fn take(&self, key: &Key) -> Result<Option<Item>, DynamoError> {
        let request = self.client.delete_item().table_name(&self.name).set_key(Some(key.attributes()));
        let request = request.return_values(ReturnValue::AllOld).return_consumed_capacity(Total);
        let answer = request.send().await.map_err(|error| self.failed(error))?;
        WRITTEN.spent(answer.consumed_capacity());
        Ok(answer.attributes.map(Item))
    }

    /// Makes all changes, or none of them.
    ///
    /// # Errors
    /// [`DynamoError::Conflict`] where a row is not as its condition wants it.
    pub async fn transact(&self, writes: Vec<Write>) -> Result<(), DynamoError> {
        let requests = writes.into_iter().map(|write| self.part(write)).collect::<Result<Vec<_>, _>>()?;
        let request =
            self.client.transact_write_items().set_transact_items(Some(requests)).return_consumed_capacity(Total);
        let answer = request.send().await.map_err(|error| match is_contended(&error) {
            true => DynamoError::Conflict,
            false => self.failed(error),
        })?;
        WRITTEN.spent(answer.consumed_capacity());
        Ok(())
    }

    fn part(&self, write: Write) -> Result<TransactWriteItem, DynamoError> {
        let part = TransactWriteItem::builder();
        let part = match write {
            Write::Put(Item(item), condition) => part.put(
                Put::builder()
                    .table_name(&self.name)
                    .set_item(Some(item))
                    .set_condition_expression(condition.expression().map(str::to_owned))
                    .set_expression_attribute_names(condition.names())
                    .set_expression_attribute_values(condition.values())
                    .build()
                    .map_err(service)?,
            ),
            Write::Delete(key, condition) => part.delete(
                Delete::builder()
                    .table_name(&self.name)
                    .set_key(Some(key.attributes()))
                    .set_condition_expression(condition.expression().map(str::to_owned))
                    .set_expression_attribute_names(condition.names())
                    .set_expression_attribute_values(condition.values())
                    .build()
                    .map_err(service)?,
            ),
            Write::Check(key, condition) => part.condition_check(
                ConditionCheck::builder()
                    .table_name(&self.name)
                    .set_key(Some(key.attributes()))
                    .set_condition_expression(condition.expression().map(str::to_owned))
                    .set_expression_attribute_names(condition.names())
                    .set_expression_attribute_values(condition.values())
                    .build()
                    .map_err(service)?,
            ),
        };
        Ok(part.build())
    }

    fn failed<E: std::error::Error + ProvideErrorMetadata + 'static>(&self, error: SdkError<E>) -> DynamoError {
        match error.code() {
            Some("ConditionalCheckFailedException" | "TransactionConflictException") => DynamoError::Conflict,
            Some("ResourceNotFoundException") => DynamoError::Missing(self.name.clone()),
            _ => service(error),
        }
    }
}

/// An index of a table.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// The attribute that it is partitioned by, a text.
    pub partition: &'static str,
    /// The attribute that it is in the order of, bytes.
    pub order: &'static str,
}

/// A key or an attribute of a table in the making.
///
/// # Errors
/// Never for what is written here; the builders cannot know.
pub fn attribute(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, DynamoError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().map_err(service)
}

/// A part of a table's or an index's key.
///
/// # Errors
/// Never for what is written here; the builders cannot know.
pub fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, DynamoError> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(service)
}

/// Whether a transaction gave way to another one, rather than failed.
fn is_contended(error: &SdkError<TransactWriteItemsError>) -> bool {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
        return false;
    };
    let reasons = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
    reasons.into_iter().any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict"))
}

/// Counts what calls cost, in units of capacity, by its name among the metrics.
struct Spending(&'static str);

const READ: Spending = Spending("alien_dynamodb_read_units");
const WRITTEN: Spending = Spending("alien_dynamodb_write_units");

impl Spending {
    fn spent<'c>(&self, capacities: impl IntoIterator<Item = &'c ConsumedCapacity>) {
        metrics::counter!("alien_dynamodb_calls_total").increment(1);
        let units: f64 = capacities.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
        // Reads cost halves of units.
        metrics::gauge!(self.0).increment(units);
    }
}

fn json(row: &impl Serialize) -> Result<String, DynamoError> {
    serde_json::to_string(row).map_err(damaged)
}

fn damaged(error: impl ToString) -> DynamoError {
    DynamoError::Damaged(error.to_string())
}

fn service(error: impl std::error::Error) -> DynamoError {
    DynamoError::Service(error_chain(error))
}
