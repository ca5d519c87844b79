//! Reads tunings from JSON and other formats of serde, and rejects invalid ones.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Tuning;

impl Serialize for Tuning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Tuning::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Tuning {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tuning, D::Error> {
        let tuning = Tuning::deserialize(deserializer)?;
        match tuning.validation_errors().first() {
            None => Ok(tuning),
            Some(error) => Err(D::Error::custom(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_json_tuning_is_rejected() {
        let json =
            serde_json::to_string(&Tuning::arcade()).unwrap().replace("\"invader_files\":11.0", "\"invader_files\":0");
        let error = serde_json::from_str::<Tuning>(&json).unwrap_err().to_string();
        assert!(error.contains("invader_files is 0, but must be between 1 and 20"), "{error}");
    }

    #[test]
    fn json_preserves_six_decimal_places() {
        let tuning = Tuning { bomb_rate: 0.123456.into(), ..Tuning::default() };
        let json = serde_json::to_string(&tuning).unwrap();
        assert_eq!(serde_json::from_str::<Tuning>(&json).unwrap(), tuning);
    }
}
