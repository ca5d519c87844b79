//! The metrics of the server: their names, units, help texts and buckets.
//!
//! Histograms have buckets instead of quantiles, so that those of several servers can be added up.

use std::sync::OnceLock;

use metrics::Unit;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

/// A metric that the server records.
struct Metric {
    name: &'static str,
    kind: Kind,
    unit: Unit,
    help: &'static str,
}

enum Kind {
    Counter,
    Gauge,
    /// A histogram with the upper bounds of its buckets.
    Histogram(&'static [f64]),
}

/// Bounds for the time of a request, seconds. A request is cut off after ten seconds.
const REQUEST_SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Bounds for the time from the receipt of a batch to its tables, seconds. A flush interval adds to it.
const LAG_SECONDS: &[f64] =
    &[0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0];
/// Bounds for the number of records in one commit.
const COMMIT_RECORDS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

const fn counter(name: &'static str, unit: Unit, help: &'static str) -> Metric {
    Metric { name, kind: Kind::Counter, unit, help }
}

const fn gauge(name: &'static str, unit: Unit, help: &'static str) -> Metric {
    Metric { name, kind: Kind::Gauge, unit, help }
}

const fn histogram(name: &'static str, unit: Unit, bounds: &'static [f64], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Histogram(bounds), unit, help }
}

/// All metrics of the server.
const METRICS: &[Metric] = &[
    // HTTP
    histogram(
        "alien_http_request_seconds",
        Unit::Seconds,
        REQUEST_SECONDS,
        "Time from a request to its response, by method, route and status",
    ),
    counter("alien_problems_total", Unit::Count, "Responses with an error, by status"),
    gauge("alien_viewers", Unit::Count, "Open connections that receive live updates"),
    counter("alien_scenes_total", Unit::Count, "Snapshots computed for live updates"),
    // From events to standings
    counter("alien_events_received_total", Unit::Count, "Events received, valid or not"),
    counter("alien_events_durable_total", Unit::Count, "Events stored on the stream and acknowledged"),
    counter("alien_events_processed_total", Unit::Count, "Events that the processor has applied to the tables"),
    counter("alien_games_rejected_total", Unit::Count, "Games that the processor has rejected, by reason"),
    counter("alien_dead_letters_total", Unit::Count, "Records that cannot be processed and became dead letters"),
    gauge("alien_behind_seconds", Unit::Seconds, "Time since the processor was last caught up with the stream"),
    histogram(
        "alien_lag_seconds",
        Unit::Seconds,
        LAG_SECONDS,
        "Time from the receipt of a batch of events until the processor applies it",
    ),
    // Engines
    histogram(
        "alien_commit_records",
        Unit::Count,
        COMMIT_RECORDS,
        "Records that one commit of the embedded event log stores",
    ),
    counter("alien_kinesis_get_calls_total", Unit::Count, "Calls that read records from Kinesis"),
    counter("alien_kinesis_put_calls_total", Unit::Count, "Calls that put records on Kinesis"),
    counter(
        "alien_kinesis_put_records_total",
        Unit::Count,
        "Records put on Kinesis, each with several of the server's",
    ),
    counter("alien_kinesis_put_bytes_total", Unit::Bytes, "Bytes put on Kinesis"),
    counter("alien_dynamodb_calls_total", Unit::Count, "Calls to DynamoDB"),
    // Gauges, because reads consume half units and counters are whole numbers.
    gauge("alien_dynamodb_read_units", Unit::Count, "Read capacity units of DynamoDB consumed since the start"),
    gauge("alien_dynamodb_write_units", Unit::Count, "Write capacity units of DynamoDB consumed since the start"),
];

/// The recorder of this process, which all its servers share. The first call installs it.
///
/// # Errors
/// If a histogram has no buckets.
pub fn recorder() -> Result<PrometheusHandle, BuildError> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let recorder = build()?;
    Ok(HANDLE
        .get_or_init(|| {
            let handle = recorder.handle();
            if metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("this process already has another metrics recorder; /metrics is empty");
            }
            handle
        })
        .clone())
}

/// A recorder that knows every metric's help text and buckets.
fn build() -> Result<PrometheusRecorder, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for metric in METRICS {
        if let Kind::Histogram(bounds) = metric.kind {
            builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), bounds)?;
        }
    }
    let recorder = builder.build_recorder();
    metrics::with_local_recorder(&recorder, || METRICS.iter().for_each(describe));
    Ok(recorder)
}

fn describe(Metric { name, kind, unit, help }: &Metric) {
    match kind {
        Kind::Counter => metrics::describe_counter!(*name, *unit, *help),
        Kind::Gauge => metrics::describe_gauge!(*name, *unit, *help),
        Kind::Histogram(_) => metrics::describe_histogram!(*name, *unit, *help),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// The text of /metrics after each metric was recorded once.
    fn rendered() -> String {
        let recorder = build().unwrap();
        metrics::with_local_recorder(&recorder, || {
            for metric in METRICS {
                match metric.kind {
                    Kind::Counter => metrics::counter!(metric.name).increment(1),
                    Kind::Gauge => metrics::gauge!(metric.name).set(1.0),
                    Kind::Histogram(_) => metrics::histogram!(metric.name, "route" => "/v1/games").record(1.0),
                }
            }
        });
        recorder.handle().render()
    }

    #[test]
    fn every_metric_has_a_help_text_and_a_type_and_every_histogram_has_buckets() {
        let text = rendered();
        for Metric { name, kind, help, .. } in METRICS {
            let label = match kind {
                Kind::Counter => "counter",
                Kind::Gauge => "gauge",
                Kind::Histogram(_) => "histogram",
            };
            assert!(text.contains(&format!("# HELP {name} {help}\n")), "{name} has no help in\n{text}");
            assert!(text.contains(&format!("# TYPE {name} {label}\n")), "{name} is no {label} in\n{text}");
            if let Kind::Histogram(_) = kind {
                assert!(text.contains(&format!("{name}_bucket{{route=\"/v1/games\",le=\"+Inf\"}} 1\n")), "{text}");
            }
        }
    }

    #[test]
    fn buckets_are_in_ascending_order() {
        for metric in METRICS {
            if let Kind::Histogram(bounds) = metric.kind {
                assert!(bounds.is_sorted(), "{}", metric.name);
            }
        }
    }

    #[test]
    fn every_recorded_metric_is_described() {
        let mut recorded = 0;
        for text in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
            for name in text.split('"').filter(|part| is_name(part)) {
                assert!(
                    METRICS.iter().any(|metric| metric.name == name),
                    "{name} has no help text in server/metrics.rs"
                );
                recorded += 1;
            }
        }
        assert!(recorded > METRICS.len(), "the search finds too little");
    }

    fn is_name(text: &str) -> bool {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        text.strip_prefix("alien_").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_letter))
    }

    fn sources(folder: &Path) -> Vec<String> {
        let mut texts = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => texts.extend(sources(&path)),
                false => texts.push(fs::read_to_string(path).unwrap()),
            }
        }
        texts
    }
}
