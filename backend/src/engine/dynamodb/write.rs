//! Writes, and the conditions under which they apply.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;

use super::{
    DynamoError,
    item::{Item, Key, ROW, VERSION, json},
};

/// The stored row on which a write applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// Any row, or none.
    Any,
    /// No row.
    Absent,
    /// A row of that version.
    Version(u64),
    /// A row of exactly that JSON.
    Row(String),
}

impl Condition {
    /// The row is unchanged since it was read: it has that version, or does not exist.
    pub fn unchanged(version: Option<u64>) -> Condition {
        version.map_or(Condition::Absent, Condition::Version)
    }

    /// The row in the table equals this one.
    ///
    /// # Errors
    /// [`DynamoError::Damaged`] if the row has no form in JSON.
    pub fn equals(row: &impl Serialize) -> Result<Condition, DynamoError> {
        Ok(Condition::Row(json(row)?))
    }

    /// The condition in DynamoDB's language.
    pub fn expression(&self) -> Option<String> {
        let expression = match self {
            Condition::Any => return None,
            Condition::Absent => "attribute_not_exists(pk)",
            Condition::Version(_) => "#v = :v",
            Condition::Row(_) => "#r = :r",
        };
        Some(expression.to_owned())
    }

    /// The attributes that the expression names.
    pub fn names(&self) -> Option<HashMap<String, String>> {
        let name = |short: &str, name: &str| Some(HashMap::from([(short.to_owned(), name.to_owned())]));
        match self {
            Condition::Any | Condition::Absent => None,
            Condition::Version(_) => name("#v", VERSION),
            Condition::Row(_) => name("#r", ROW),
        }
    }

    /// The values that the expression names.
    pub fn values(&self) -> Option<HashMap<String, AttributeValue>> {
        let value = |short: &str, value| Some(HashMap::from([(short.to_owned(), value)]));
        match self {
            Condition::Any | Condition::Absent => None,
            Condition::Version(version) => value(":v", AttributeValue::N(version.to_string())),
            Condition::Row(row) => value(":r", AttributeValue::S(row.clone())),
        }
    }
}

/// A part of a transaction.
#[derive(Debug, Clone)]
pub enum Write {
    /// Writes a row.
    Put(Item, Condition),
    /// Deletes a row.
    Delete(Key, Condition),
    /// Leaves a row as it is; the transaction fails unless its condition holds.
    Check(Key, Condition),
}
