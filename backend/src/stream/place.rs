//! Places on the stream: shards, and positions within them.

use std::{fmt, str::FromStr};

use ethnum::U256;
use serde::{Deserialize, Serialize};

/// A part of the stream, whose records are read in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShardId(pub String);

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a record stands in its shard. Later records have greater positions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Position {
    /// The number that the engine gave; Kinesis' have up to 56 digits.
    pub sequence: U256,
    /// Which of the records that were written as one.
    pub part: u32,
}

impl From<u64> for Position {
    fn from(number: u64) -> Position {
        Position { sequence: number.into(), part: 0 }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.sequence, self.part)
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
        Ok(Position { sequence: sequence.parse().map_err(|_| NoPlace)?, part: part.parse().map_err(|_| NoPlace)? })
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
        assert!(place.position > u64::MAX.into());
    }

    proptest! {
        #[test]
        fn places_are_written_and_read(shard in "[a-zA-Z0-9-]{1,20}", high: u128, low: u128, part: u32) {
            let sequence = U256::from_words(high, low);
            let place = Place { shard: ShardId(shard), position: Position { sequence, part } };
            prop_assert_eq!(place.to_string().parse::<Place>(), Ok(place));
        }
    }
}
