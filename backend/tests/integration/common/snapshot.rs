//! Responses without the values that differ between two runs, for snapshots.

use serde_json::Value;

/// Fields whose values differ between two runs.
const VARIABLE: [&str; 28] = [
    "access_token",
    "code",
    "ends_at",
    "expires_at",
    "game",
    "game_token",
    "hash",
    "lag_millis",
    "made_at",
    "newest",
    "nonce",
    "now",
    "opened_at",
    "pace_percent",
    "player",
    "player_token",
    "reached_at",
    "refresh_token",
    "seed",
    "seed_commitment",
    "session",
    "settled_at",
    "settles_at",
    "starts_at",
    "tuning",
    "tuning_hash",
    "updated_at",
    "viewer_token",
];

/// The value with `[name]` in place of the values of variable fields, and of `more` fields.
pub fn redact(mut value: Value, more: &[&str]) -> Value {
    redact_in_place(&mut value, more);
    value
}

fn redact_in_place(value: &mut Value, more: &[&str]) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.is_null() {
                    continue;
                }
                if VARIABLE.contains(&name.as_str()) || more.contains(&name.as_str()) {
                    *value = Value::String(format!("[{name}]"));
                } else {
                    redact_in_place(value, more);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| redact_in_place(value, more)),
        _ => {}
    }
}

/// The text with `[id]` in place of each id, which has 16 hexadecimal digits.
pub fn redact_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
    let redacted =
        words.map(|word| match word.trim_end_matches(|character: char| !character.is_ascii_alphanumeric()) {
            id if is_id(id) => word.replace(id, "[id]"),
            _ => word.to_owned(),
        });
    redacted.collect()
}

/// The CSV table with `[column]` in place of the cells of variable columns, and of `more` columns.
pub fn redact_csv(table: &str, more: &[&str]) -> String {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let cells = columns.iter().zip(&row).map(|(column, cell)| {
            // The name of the tuning is the same in each run.
            let is_variable = column != "tuning" && VARIABLE.contains(&column) || more.contains(&column);
            if is_variable { format!("[{column}]") } else { cell.to_owned() }
        });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
