//! The configuration that all engines on AWS share: region, credentials, time limits and retries.

use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::{
    interceptors::InterceptorContext,
    retry::{ClassifyRetry, RetryAction},
};

/// Time limit of an operation with all of its attempts.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(9);
/// Time limit of one attempt.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum number of attempts of one operation. In practice its time limit ends it earlier.
const MAX_ATTEMPTS: u32 = 32;
/// Upper bound of the pause before the second attempt. Each further pause is up to twice as long.
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);
/// Upper bound of every pause. Pauses without a bound would leave only eight attempts in the operation's time, and one in
/// 256 operations would fail while half of all calls do.
const MAX_BACKOFF: Duration = Duration::from_millis(500);

/// Loads region, credentials and endpoint from the usual sources of the AWS SDK.
pub async fn config() -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(INITIAL_BACKOFF)
        .with_max_backoff(MAX_BACKOFF);
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(OPERATION_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    aws_config::defaults(BehaviorVersion::latest()).retry_config(retries).timeout_config(timeouts).load().await
}

/// Makes the SDK retry calls whose connection broke. By default it gives up, because the service may have carried out the
/// call. Our writes are conditional or idempotent, so a repeated one is harmless.
#[derive(Debug)]
pub struct RetryBrokenConnections;

impl ClassifyRetry for RetryBrokenConnections {
    fn classify_retry(&self, call: &InterceptorContext) -> RetryAction {
        match call.output_or_error() {
            Some(Err(error)) if error.is_connector_error() => RetryAction::transient_error(),
            Some(_) | None => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "retry broken connections"
    }
}
