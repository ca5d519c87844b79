//! What all engines on AWS share: where they find it, and how they tell what went wrong.

use std::error::Error;

use aws_config::{BehaviorVersion, SdkConfig};

/// Region, credentials and endpoint from the SDK's usual places.
pub async fn config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).load().await
}

/// What went wrong, and what that came from, and so on.
pub fn told(error: impl Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told
}
