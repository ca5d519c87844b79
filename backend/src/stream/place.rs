//! Places on the stream: shards, and positions within them.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A part of the stream, whose records are read in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShardId(pub String);

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number that an engine gave to a record, as it wrote it: Kinesis' have 56 digits. Of one engine, longer ones are
/// greater.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sequence(String);

impl Sequence {
    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Sequence {
    /// Past all parts of the record.
    pub fn end(self) -> Position {
        Position { sequence: self, part: u32::MAX }
    }
}

impl Ord for Sequence {
    fn cmp(&self, other: &Sequence) -> Ordering {
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Sequence {
    fn partial_cmp(&self, other: &Sequence) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Sequence {
    type Err = NoPlace;

    fn from_str(digits: &str) -> Result<Sequence, NoPlace> {
        let is_number = (1..=128).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        if is_number { Ok(Sequence(digits.to_owned())) } else { Err(NoPlace) }
    }
}

/// Where a record stands in its shard. Later records have greater positions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Position {
    /// The number that the engine gave.
    pub sequence: Sequence,
    /// Which of the records that were written as one.
    pub part: u32,
}

impl Position {
    /// The position of a record that an engine of ours has numbered.
    pub fn numbered(number: u64) -> Position {
        Position { sequence: Sequence(format!("{number:020}")), part: 0 }
    }

    /// The number, if an engine of ours has given it.
    pub fn number(&self) -> Option<u64> {
        self.sequence.0.parse().ok()
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sequence.as_str(), self.part)
    }
}

/// What is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place on the stream")]
pub struct NoPlace;

impl FromStr for Position {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Position, NoPlace> {
        let (sequence, part) = text.split_once('.').ok_or(NoPlace)?;
        Ok(Position { sequence: sequence.parse()?, part: part.parse().map_err(|_| NoPlace)? })
    }
}

impl TryFrom<String> for Position {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Position, NoPlace> {
        text.parse()
    }
}

impl From<Position> for String {
    fn from(position: Position) -> String {
        position.to_string()
    }
}

/// A position in a shard: one record. As text `shard:sequence.part`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The shard.
    pub shard: ShardId,
    /// Where in it.
    pub position: Position,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.shard, self.position)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Place, NoPlace> {
        let (shard, position) = text.rsplit_once(':').ok_or(NoPlace)?;
        Ok(Place { shard: ShardId(shard.to_owned()), position: position.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kinesis_numbers_fit() {
        let text = "shardId-000000000001:49590338271490256608559692538361571095921575989136588898.7";
        let place: Place = text.parse().unwrap();
        assert_eq!(place.to_string(), text);
        assert!(place.position > Position::numbered(u64::MAX));
    }

    proptest! {
        #[test]
        fn numbers_of_ours_sort_as_numbers_do(a: u64, b: u64) {
            prop_assert_eq!(Position::numbered(a).cmp(&Position::numbered(b)), a.cmp(&b));
            prop_assert_eq!(Position::numbered(a).number(), Some(a));
        }

        #[test]
        fn places_are_written_and_read(shard in "[a-zA-Z0-9-]{1,20}", sequence in "[0-9]{1,56}", part: u32) {
            let place = Place { shard: ShardId(shard), position: Position { sequence: Sequence(sequence), part } };
            prop_assert_eq!(place.to_string().parse::<Place>(), Ok(place));
        }
    }
}
