//! Metrics of the capacity that calls consume.

use aws_sdk_dynamodb::types::ConsumedCapacity;

/// Counts the read capacity units of a call.
pub fn record_read<'c>(capacities: impl IntoIterator<Item = &'c ConsumedCapacity>) {
    record("alien_dynamodb_read_units", capacities);
}

/// Counts the write capacity units of a call.
pub fn record_write<'c>(capacities: impl IntoIterator<Item = &'c ConsumedCapacity>) {
    record("alien_dynamodb_write_units", capacities);
}

fn record<'c>(metric: &'static str, capacities: impl IntoIterator<Item = &'c ConsumedCapacity>) {
    metrics::counter!("alien_dynamodb_calls_total").increment(1);
    let units: f64 = capacities.into_iter().filter_map(ConsumedCapacity::capacity_units).sum();
    // A gauge, because a counter takes whole numbers only and reads cost halves of units.
    metrics::gauge!(metric).increment(units);
}
