//! Keys and rows of a table.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use serde::{Serialize, de::DeserializeOwned};

use super::{DynamoError, PK, SK, damaged};

/// The attribute with the row as JSON.
pub const ROW: &str = "row";
/// The attribute with the row's version, which conditions compare: the number of writes, or another number that grows.
pub const VERSION: &str = "version";
/// The attribute with the format of the row's JSON.
const FORMAT: &str = "format";
/// The format of the rows that this server writes. It reads this one and all earlier ones; a row without a format has
/// format 1.
const ROW_FORMAT: u64 = 2;
/// The attribute with the time at which DynamoDB may delete the row, in seconds since 1970.
pub const EXPIRES_AT: &str = "expires_at";

/// The key of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The sort key within the partition.
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

    /// The key's attributes by name.
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// A row as DynamoDB stores it: attributes by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Item(pub(super) HashMap<String, AttributeValue>);

impl Item {
    /// An item that holds `row` as JSON.
    ///
    /// # Errors
    /// [`DynamoError::Damaged`] if the row has no form in JSON.
    pub fn new(key: &Key, row: &impl Serialize) -> Result<Item, DynamoError> {
        let item = Item(key.attributes()).with_text(ROW, json(row)?);
        Ok(item.with(FORMAT, AttributeValue::N(ROW_FORMAT.to_string())))
    }

    /// An item that has a key and nothing else.
    pub fn key_only(key: &Key) -> Item {
        Item(key.attributes())
    }

    /// Sets the version.
    pub fn with_version(self, version: u64) -> Item {
        self.with(VERSION, AttributeValue::N(version.to_string()))
    }

    /// Sets an attribute to a text.
    pub fn with_text(self, name: &str, text: String) -> Item {
        self.with(name, AttributeValue::S(text))
    }

    /// Sets an attribute to bytes.
    pub fn with_bytes(self, name: &str, bytes: Vec<u8>) -> Item {
        self.with(name, AttributeValue::B(Blob::new(bytes)))
    }

    /// Sets the time after which DynamoDB may delete the item, in seconds since 1970.
    pub fn with_expiry(self, second: u64) -> Item {
        self.with(EXPIRES_AT, AttributeValue::N(second.to_string()))
    }

    fn with(mut self, name: &str, value: AttributeValue) -> Item {
        self.0.insert(name.to_owned(), value);
        self
    }

    /// The row that the item holds as JSON.
    ///
    /// # Errors
    /// [`DynamoError::Newer`] if a newer server wrote it, [`DynamoError::Damaged`] if it holds none, or one of another type.
    pub fn row<T: DeserializeOwned>(&self) -> Result<T, DynamoError> {
        let format = self.number(FORMAT)?.unwrap_or(1);
        if format > ROW_FORMAT {
            return Err(DynamoError::Newer { found: format, supported: ROW_FORMAT });
        }
        serde_json::from_str(self.text(ROW)?).map_err(damaged)
    }

    /// The version.
    ///
    /// # Errors
    /// [`DynamoError::Damaged`] if the item has none.
    pub fn version(&self) -> Result<u64, DynamoError> {
        self.number(VERSION)?.ok_or_else(|| missing(VERSION))
    }

    /// An attribute's number. `None` if the item has no such attribute.
    fn number(&self, name: &str) -> Result<Option<u64>, DynamoError> {
        let number = self.0.get(name).and_then(|value| value.as_n().ok());
        number.map(|number| number.parse()).transpose().map_err(damaged)
    }

    /// The sort key.
    ///
    /// # Errors
    /// [`DynamoError::Damaged`] if the item has none.
    pub fn sk(&self) -> Result<&str, DynamoError> {
        self.text(SK)
    }

    /// An attribute's bytes.
    ///
    /// # Errors
    /// [`DynamoError::Damaged`] if the item has no such attribute.
    pub fn bytes(&self, name: &str) -> Result<&[u8], DynamoError> {
        let bytes = self.0.get(name).and_then(|value| value.as_b().ok());
        Ok(bytes.ok_or_else(|| missing(name))?.as_ref())
    }

    fn text(&self, name: &str) -> Result<&str, DynamoError> {
        let text = self.0.get(name).and_then(|value| value.as_s().ok());
        Ok(text.ok_or_else(|| missing(name))?)
    }
}

/// A row as JSON.
///
/// # Errors
/// [`DynamoError::Damaged`] if it has no form in JSON.
pub fn json(row: &impl Serialize) -> Result<String, DynamoError> {
    serde_json::to_string(row).map_err(damaged)
}

fn missing(attribute: &str) -> DynamoError {
    damaged(format!("the attribute {attribute} is missing or has another type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_format_is_read_and_a_newer_one_is_refused() {
        let item = Item::new(&Key::alone("key"), &7).unwrap();
        assert_eq!(item.row::<u32>().unwrap(), 7);
        let mut first = item.clone();
        first.0.remove(FORMAT);
        assert_eq!(first.row::<u32>().unwrap(), 7);
        let newer = item.with(FORMAT, AttributeValue::N((ROW_FORMAT + 1).to_string()));
        let error = newer.row::<u32>().unwrap_err().to_string();
        assert!(error.contains("format 3") && error.contains("update this server"), "{error}");
    }
}
