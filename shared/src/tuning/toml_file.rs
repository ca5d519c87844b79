//! Reads the TOML files of designers, and reports all errors of a file. The browser leaves this out.

use std::{fmt, path::Path};

use super::{Tuning, ValidationError};

/// An invalid tuning file, with all reasons. Its text has a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TuningError {
    /// The file, as the caller named it.
    pub file: String,
    /// All reasons, at least one.
    pub errors: Vec<ValidationError>,
}

impl fmt::Display for TuningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.errors.iter().enumerate() {
            let separator = if i == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {error}", self.file)?;
        }
        Ok(())
    }
}

impl std::error::Error for TuningError {}

impl Tuning {
    /// Reads and validates TOML text. `file` is the name for errors; the function does not open it.
    ///
    /// # Errors
    /// Lists all errors, each with the file, the parameter, its value and the allowed range.
    pub fn from_toml(file: &Path, text: &str) -> Result<Tuning, TuningError> {
        let errors = match text.parse::<toml::Table>() {
            Ok(table) => match Tuning::from_table(table) {
                (tuning, errors) if errors.is_empty() => return Ok(tuning),
                (_, errors) => errors,
            },
            Err(error) => vec![ValidationError::Syntax(error.to_string().trim_end().to_owned())],
        };
        Err(TuningError { file: file.display().to_string(), errors })
    }

    /// Reads the parameters one by one, to report every invalid one. An invalid parameter keeps its default.
    fn from_table(table: toml::Table) -> (Tuning, Vec<ValidationError>) {
        let mut valid = toml::Table::new();
        let mut errors = Vec::new();
        for (field, value) in table {
            let single = toml::Table::from_iter([(field.clone(), value.clone())]);
            match Tuning::deserialize(single) {
                Ok(_) => {
                    valid.insert(field, value);
                }
                Err(error) => errors.push(ValidationError::Field { field, why: error.message().to_owned() }),
            }
        }
        // This cannot fail: each parameter was read before.
        let tuning = Tuning::deserialize(valid).unwrap_or_default();
        errors.extend(tuning.validation_errors());
        (tuning, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Tuning, TuningError> {
        Tuning::from_toml(Path::new("presets/mine.toml"), text)
    }

    #[test]
    fn empty_file_is_preset_classic() {
        assert_eq!(read("").unwrap(), Tuning::default());
    }

    #[test]
    fn preset_files_equal_the_built_in_presets_and_list_every_parameter() {
        let classic = include_str!("../../../presets/classic.toml");
        let arcade = include_str!("../../../presets/arcade.toml");
        assert_eq!(read(classic).unwrap(), Tuning::default());
        assert_eq!(read(arcade).unwrap(), Tuning::arcade());
        for (field, _) in Tuning::default().parameters() {
            for file in [classic, arcade] {
                assert!(file.contains(&format!("\n{} = ", field.name)), "{} is missing", field.name);
            }
        }
    }

    #[test]
    fn error_names_file_parameter_value_and_range() {
        let error = read("bomb_rate = 9\nship_speed = -1.5\n").unwrap_err().to_string();
        assert_eq!(
            error,
            "presets/mine.toml: bomb_rate is 9, but must be between 0 and 5\n\
             presets/mine.toml: ship_speed is -1.5, but must be between 10 and 600"
        );
    }

    #[test]
    fn unknown_parameters_and_wrong_types_are_rejected() {
        assert!(read("bombrate = 1").unwrap_err().to_string().contains("bombrate"));
        assert!(read("fps = \"fast\"").unwrap_err().to_string().contains("fps"));
        assert!(read("fps = nan").is_err());
        assert!(read("bomb_min_velocity = 90").unwrap_err().to_string().contains("bomb_max_velocity"));
        assert!(read("points_per_invader = 0.5").unwrap_err().to_string().contains("whole"));
        assert!(read("name = \"\"").unwrap_err().to_string().contains("name"));
    }

    #[test]
    fn conflicting_parameters_are_rejected() {
        let narrow = read("sprites = \"small\"\ngame_width = 150\ninvader_files = 14").unwrap_err().to_string();
        assert!(narrow.contains("game_width is 150, but 19 columns need 288"), "{narrow}");
        assert!(read("wave_heights = [700]").unwrap_err().to_string().contains("wave_heights holds 700"));
        assert!(read("march = \"sideways\"").unwrap_err().to_string().contains("in_turn"));
    }

    #[test]
    fn all_errors_of_a_file_are_reported_together() {
        let error =
            read("bombrate = 1\nfps = \"fast\"\nship_speed = 1\nmarch = \"sideways\"\nshields = 0.5").unwrap_err();
        let text = error.to_string();
        for expected in
            ["bombrate: unknown field", "fps: ", "ship_speed is 1", "march: unknown variant", "shields is 0.5"]
        {
            assert!(text.contains(&format!("presets/mine.toml: {expected}")), "{expected} is missing in\n{text}");
        }
        assert_eq!(error.errors.len(), 5);
    }
}
