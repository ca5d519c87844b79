//! What all engines on AWS share: where they find it, and how they tell what went wrong.

use std::{error::Error, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::{
    interceptors::InterceptorContext,
    retry::{ClassifyRetry, RetryAction},
};

/// A call, tried again where it fails for no reason of ours, must be done within this time.
const CALL_TIME: Duration = Duration::from_secs(9);
/// One of its tries.
const TRY_TIME: Duration = Duration::from_secs(2);
const TRIES: u32 = 8;
/// The first pause between two of them, at most; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// Region, credentials and endpoint from the SDK's usual places.
pub async fn config() -> SdkConfig {
    let tries = RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_PAUSE);
    let limits = TimeoutConfig::builder().operation_timeout(CALL_TIME).operation_attempt_timeout(TRY_TIME).build();
    aws_config::defaults(BehaviorVersion::latest()).retry_config(tries).timeout_config(limits).load().await
}

/// Calls whose connection breaks off are tried again, too, which the SDK by itself does not do: whether they were carried out
/// is not known, and the conditions on what they write take care of that.
#[derive(Debug)]
pub struct CutOff;

impl ClassifyRetry for CutOff {
    fn classify_retry(&self, call: &InterceptorContext) -> RetryAction {
        match call.output_or_error() {
            Some(Err(error)) if error.is_connector_error() => RetryAction::transient_error(),
            Some(_) | None => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "connections that break off"
    }
}

/// What went wrong, and what that came from, and so on.
pub fn error_chain(error: impl Error) -> String {
    let mut error_chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        error_chain = format!("{error_chain}: {error}");
        cause = error.source();
    }
    error_chain
}
