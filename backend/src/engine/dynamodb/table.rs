//! A table: single rows and queries.

use std::error::Error;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder,
        retry::{RetryPartition, TokenBucket},
    },
    error::{ProvideErrorMetadata, SdkError},
    operation::query::builders::QueryFluentBuilder,
    primitives::Blob,
    types::{AttributeValue, ReturnConsumedCapacity::Total, ReturnValue, Select},
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    DynamoError, MAX_CONCURRENT_CALLS,
    capacity::{record_read, record_write},
    item::{Item, Key},
    write::Condition,
};
use crate::engine::aws::RetryBrokenConnections;

/// Which rows of a partition a query returns.
#[derive(Debug, Clone, Copy)]
pub enum Range<'a> {
    /// All rows.
    All,
    /// The rows whose sort key begins with this text.
    Prefix(&'a str),
}

/// An index of a table.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// The name of the index.
    pub name: &'static str,
    /// The attribute that is its partition key, a text.
    pub partition: &'static str,
    /// The attribute that is its sort key, bytes.
    pub order: &'static str,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    pub(super) client: Client,
    pub(super) name: String,
}

impl Table {
    /// A handle for the table of that name, which may not exist yet.
    pub fn new(config: &SdkConfig, name: String) -> Table {
        // By default the SDK retries less while many calls fail, which is just when retries matter. The number of
        // attempts and their pauses limit the load as well.
        let partition = RetryPartition::custom("tables").token_bucket(TokenBucket::unlimited()).build();
        let config = Builder::from(config).retry_partition(partition).retry_classifier(RetryBrokenConnections);
        Table { client: Client::from_conf(config.build()), name }
    }

    /// Reads a row, strongly consistent. `None` if it does not exist.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, DynamoError> {
        let request =
            self.client.get_item().table_name(&self.name).set_key(Some(key.attributes())).consistent_read(true);
        let response = request.return_consumed_capacity(Total).send().await;
        let response = response.map_err(|error| self.failed("GetItem", error))?;
        record_read(response.consumed_capacity());
        Ok(response.item.map(Item))
    }

    /// Reads the rows of several keys, strongly consistent, in the order of the keys.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn get_all(&self, keys: Vec<Key>) -> Result<Vec<Option<Item>>, DynamoError> {
        // BatchGetItem costs the same, may return a part only, and in any order.
        let reads = stream::iter(keys).map(async |key| self.get(&key).await);
        reads.buffered(MAX_CONCURRENT_CALLS).try_collect().await
    }

    /// Reads rows of a partition, strongly consistent, in ascending order of their sort keys.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn query(&self, pk: &str, range: Range<'_>) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true);
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let request = match range {
            Range::All => request.key_condition_expression("pk = :pk"),
            Range::Prefix(prefix) => request
                .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
                .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned())),
        };
        self.read_pages(request, usize::MAX).await
    }

    /// Reads up to `limit` rows of a partition, strongly consistent, in ascending order of their sort keys.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn query_first(&self, pk: &str, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true);
        let request = request.key_condition_expression("pk = :pk");
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        self.read_pages(request, limit).await
    }

    /// Reads up to `limit` rows of a partition after the first `skip`, strongly consistent, in descending order of their
    /// sort keys.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn query_last(&self, pk: &str, skip: usize, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).consistent_read(true).scan_index_forward(false);
        let request = request.key_condition_expression("pk = :pk");
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let mut items = self.read_pages(request, skip.saturating_add(limit)).await?;
        Ok(items.split_off(skip.min(items.len())))
    }

    /// Reads up to `limit` rows of a partition of an index, in ascending order. Recent writes may be missing.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn query_index(&self, index: &Index, partition: String, limit: usize) -> Result<Vec<Item>, DynamoError> {
        let request = self.client.query().table_name(&self.name).index_name(index.name);
        let request = request.key_condition_expression("#p = :p").expression_attribute_names("#p", index.partition);
        let request = request.expression_attribute_values(":p", AttributeValue::S(partition));
        self.read_pages(request, limit).await
    }

    /// Counts the rows of a partition of an index: those whose sort key is less than `before`, or all.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn count(&self, index: &Index, partition: String, before: Option<&[u8]>) -> Result<usize, DynamoError> {
        let request = self.client.query().table_name(&self.name).index_name(index.name).select(Select::Count);
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
        let mut count = 0;
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed("Query", error))?;
            record_read(page.consumed_capacity());
            count += page.count().unsigned_abs() as usize;
        }
        Ok(count)
    }

    async fn read_pages(&self, request: QueryFluentBuilder, limit: usize) -> Result<Vec<Item>, DynamoError> {
        // DynamoDB takes a page size of 1 to `i32::MAX`; for other limits it chooses one.
        let page_size = i32::try_from(limit).ok().filter(|size| *size > 0);
        let request = request.return_consumed_capacity(Total).set_limit(page_size);
        let mut pages = request.into_paginator().send();
        let mut items = Vec::new();
        while items.len() < limit
            && let Some(page) = pages.next().await
        {
            let page = page.map_err(|error| self.failed("Query", error))?;
            record_read(page.consumed_capacity());
            items.extend(page.items.unwrap_or_default().into_iter().map(Item));
        }
        items.truncate(limit);
        Ok(items)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`DynamoError::Conflict`] if the condition does not hold, [`DynamoError::Call`] if DynamoDB fails.
    pub async fn put(&self, item: Item, condition: Condition) -> Result<(), DynamoError> {
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item.0));
        let request = request.set_condition_expression(condition.expression());
        let request = request.set_expression_attribute_names(condition.names());
        let request = request.set_expression_attribute_values(condition.values());
        let response = request.return_consumed_capacity(Total).send().await;
        let response = response.map_err(|error| self.failed("PutItem", error))?;
        record_write(response.consumed_capacity());
        Ok(())
    }

    /// Deletes a row and returns it. `None` if it did not exist.
    ///
    /// # Errors
    /// [`DynamoError::Call`] if DynamoDB fails.
    pub async fn take(&self, key: &Key) -> Result<Option<Item>, DynamoError> {
        let request = self.client.delete_item().table_name(&self.name).set_key(Some(key.attributes()));
        let request = request.return_values(ReturnValue::AllOld).return_consumed_capacity(Total);
        let response = request.send().await.map_err(|error| self.failed("DeleteItem", error))?;
        record_write(response.consumed_capacity());
        Ok(response.attributes.map(Item))
    }

    /// The error of a call that failed.
    pub(super) fn failed<E>(&self, call: &'static str, error: SdkError<E>) -> DynamoError
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        match error.code() {
            Some("ConditionalCheckFailedException" | "TransactionConflictException") => DynamoError::Conflict,
            Some("ResourceNotFoundException") => DynamoError::Missing(self.name.clone()),
            _ => DynamoError::Call { call, table: self.name.clone(), source: Box::new(error) },
        }
    }
}
