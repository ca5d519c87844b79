//! Creates tables that do not exist.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus},
};

use super::{DynamoError, PK, SK, table::Table};

/// Time limit for a new table to become active.
const ACTIVATION_TIMEOUT: Duration = Duration::from_secs(120);
/// The interval between two checks whether a new table is active.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

impl Table {
    /// Checks that the table exists. If it does not and `extend` is given, creates it; `extend` may add indexes to the
    /// request.
    ///
    /// # Errors
    /// [`DynamoError::Missing`] if the table does not exist and is not to be created, [`DynamoError::NotActive`] if
    /// creation takes too long, [`DynamoError::Call`] if DynamoDB fails.
    pub async fn ensure(
        &self,
        extend: Option<impl FnOnce(CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, DynamoError>>,
    ) -> Result<(), DynamoError> {
        match (self.is_active().await, extend) {
            (Err(DynamoError::Missing(_)), Some(extend)) => self.create(extend).await,
            (is_active, _) => is_active.map(|_| ()),
        }
    }

    async fn create(
        &self,
        extend: impl FnOnce(CreateTableFluentBuilder) -> Result<CreateTableFluentBuilder, DynamoError>,
    ) -> Result<(), DynamoError> {
        let request = self.client.create_table().table_name(&self.name).billing_mode(BillingMode::PayPerRequest);
        let request = request.attribute_definitions(attribute(PK, ScalarAttributeType::S)?);
        let request = request.attribute_definitions(attribute(SK, ScalarAttributeType::S)?);
        let request = request.key_schema(key(PK, KeyType::Hash)?).key_schema(key(SK, KeyType::Range)?);
        match extend(request)?.send().await {
            // Another server is creating it.
            Err(error) if error.code() == Some("ResourceInUseException") => {}
            created => drop(created.map_err(|error| self.failed("CreateTable", error))?),
        }
        self.wait_until_active().await
    }

    async fn wait_until_active(&self) -> Result<(), DynamoError> {
        let started = Instant::now();
        while !self.is_active().await? {
            if started.elapsed() > ACTIVATION_TIMEOUT {
                return Err(DynamoError::NotActive { table: self.name.clone(), after: ACTIVATION_TIMEOUT });
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }

    async fn is_active(&self) -> Result<bool, DynamoError> {
        let response = self.client.describe_table().table_name(&self.name).send().await;
        let response = response.map_err(|error| self.failed("DescribeTable", error))?;
        Ok(response.table().and_then(|table| table.table_status()) == Some(&TableStatus::Active))
    }
}

/// Defines an attribute that is part of a key.
///
/// # Errors
/// [`DynamoError::Request`] if a part is missing, which the types rule out.
pub fn attribute(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, DynamoError> {
    Ok(AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build()?)
}

/// Defines a part of the key of a table or of an index.
///
/// # Errors
/// [`DynamoError::Request`] if a part is missing, which the types rule out.
pub fn key(name: &str, kind: KeyType) -> Result<KeySchemaElement, DynamoError> {
    Ok(KeySchemaElement::builder().attribute_name(name).key_type(kind).build()?)
}
