//! Positions on the stream: shards, and the sequence numbers of records within a shard.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The name of a shard. The records of one shard are read in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShardId(pub String);

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The number that an engine assigned to a stored record, as decimal digits (1 to 128; Kinesis uses 56).
///
/// Numbers of one engine compare as numbers: a longer one is greater.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SequenceNumber(String);

impl SequenceNumber {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The extended sequence number after every record that was aggregated under this number.
    pub fn end(self) -> ExtendedSequenceNumber {
        ExtendedSequenceNumber { sequence_number: self, subsequence_number: u32::MAX }
    }
}

impl Ord for SequenceNumber {
    fn cmp(&self, other: &SequenceNumber) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &SequenceNumber) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for SequenceNumber {
    type Err = InvalidPosition;

    fn from_str(digits: &str) -> Result<SequenceNumber, InvalidPosition> {
        let is_number = (1..=128).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if is_number { Ok(SequenceNumber(digits.to_owned())) } else { Err(InvalidPosition(digits.to_owned())) }
    }
}

/// The order of a record within its shard, as in the Kinesis Client Library: the sequence number of the stored record,
/// and the index of the record within it where several were aggregated. As text `sequence_number.subsequence_number`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExtendedSequenceNumber {
    /// The number that the engine assigned.
    pub sequence_number: SequenceNumber,
    /// The index within the aggregated record, from 0.
    pub subsequence_number: u32,
}

impl ExtendedSequenceNumber {
    /// The extended sequence number of a record of an embedded engine, which counts its records.
    pub fn numbered(number: u64) -> ExtendedSequenceNumber {
        ExtendedSequenceNumber { sequence_number: SequenceNumber(format!("{number:020}")), subsequence_number: 0 }
    }

    /// The count of an embedded engine; `None` if it does not fit into 64 bits.
    pub fn number(&self) -> Option<u64> {
        self.sequence_number.0.parse().ok()
    }
}

impl fmt::Display for ExtendedSequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sequence_number.as_str(), self.subsequence_number)
    }
}

/// A text that is not a record position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a record position; use SHARD:NUMBER.INDEX, e.g. log:00000000000000000042.0")]
pub struct InvalidPosition(pub String);

impl FromStr for ExtendedSequenceNumber {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<ExtendedSequenceNumber, InvalidPosition> {
        let invalid = || InvalidPosition(text.to_owned());
        let (sequence_number, subsequence_number) = text.split_once('.').ok_or_else(invalid)?;
        Ok(ExtendedSequenceNumber {
            sequence_number: sequence_number.parse()?,
            subsequence_number: subsequence_number.parse().map_err(|_| invalid())?,
        })
    }
}

impl TryFrom<String> for ExtendedSequenceNumber {
    type Error = InvalidPosition;

    fn try_from(text: String) -> Result<ExtendedSequenceNumber, InvalidPosition> {
        text.parse()
    }
}

impl From<ExtendedSequenceNumber> for String {
    fn from(sequence_number: ExtendedSequenceNumber) -> String {
        sequence_number.to_string()
    }
}

/// The position of one record on the stream. As text `shard:sequence_number.subsequence_number`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordPosition {
    /// The shard.
    pub shard: ShardId,
    /// The order within the shard.
    #[serde(rename = "position")]
    pub sequence_number: ExtendedSequenceNumber,
}

impl fmt::Display for RecordPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.shard, self.sequence_number)
    }
}

impl FromStr for RecordPosition {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<RecordPosition, InvalidPosition> {
        let (shard, sequence_number) = text.rsplit_once(':').ok_or_else(|| InvalidPosition(text.to_owned()))?;
        Ok(RecordPosition { shard: ShardId(shard.to_owned()), sequence_number: sequence_number.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kinesis_sequence_numbers_are_parsed_and_compared() {
        let text = "shardId-000000000001:49590338271490256608559692538361571095921575989136588898.7";
        let position: RecordPosition = text.parse().unwrap();
        assert_eq!(position.to_string(), text);
        assert!(position.sequence_number > ExtendedSequenceNumber::numbered(u64::MAX));
    }

    proptest! {
        #[test]
        fn embedded_numbers_keep_their_order(a: u64, b: u64) {
            let (first, second) = (ExtendedSequenceNumber::numbered(a), ExtendedSequenceNumber::numbered(b));
            prop_assert_eq!(first.cmp(&second), a.cmp(&b));
            prop_assert_eq!(first.number(), Some(a));
        }

        #[test]
        fn positions_round_trip_as_text(
            shard in "[a-zA-Z0-9-]{1,20}",
            sequence_number in "[0-9]{1,56}",
            subsequence_number: u32,
        ) {
            let sequence_number = ExtendedSequenceNumber {
                sequence_number: SequenceNumber(sequence_number),
                subsequence_number,
            };
            let position = RecordPosition { shard: ShardId(shard), sequence_number };
            prop_assert_eq!(position.to_string().parse::<RecordPosition>(), Ok(position));
        }
    }
}
