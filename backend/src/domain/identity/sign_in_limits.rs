//! Rate limits of attempts to sign in: by client address, and by account name.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, clock::DefaultClock, state::keyed::DefaultKeyedStateStore};
use shared::account::AccountName;

/// The limit for one address. It is high because all players of an event may share one address.
const ADDRESS_QUOTA: Quota = Quota::per_second(NonZeroU32::new(5).unwrap()).allow_burst(NonZeroU32::new(300).unwrap());
/// The limit for one name: five at once, then five a minute.
const NAME_QUOTA: Quota = Quota::per_minute(NonZeroU32::new(5).unwrap());

/// Too many attempts to sign in from one address, or with one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; try again in a minute")]
pub struct TooManyAttempts;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// Counts attempts to sign in, by address and by name.
pub struct SignInLimits {
    addresses: Limiter<IpAddr>,
    names: Limiter<AccountName>,
}

impl Default for SignInLimits {
    fn default() -> SignInLimits {
        SignInLimits { addresses: RateLimiter::keyed(ADDRESS_QUOTA), names: RateLimiter::keyed(NAME_QUOTA) }
    }
}

impl SignInLimits {
    /// How often to call [`SignInLimits::remove_idle`], so that the counters do not use more and more memory.
    pub const CLEANUP_INTERVAL: Duration = Duration::from_secs(60);

    /// Counts an attempt from that address.
    ///
    /// # Errors
    /// If there were too many.
    pub fn check_address(&self, address: IpAddr) -> Result<(), TooManyAttempts> {
        self.addresses.check_key(&address).map_err(|_| TooManyAttempts)
    }

    /// Counts an attempt with that name.
    ///
    /// # Errors
    /// If there were too many.
    pub fn check_name(&self, name: &AccountName) -> Result<(), TooManyAttempts> {
        self.names.check_key(name).map_err(|_| TooManyAttempts)
    }

    /// Removes the counters of addresses and names that may make all their attempts again.
    pub fn remove_idle(&self) {
        self.addresses.retain_recent();
        self.names.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixth_attempt_with_a_name_is_rejected_and_other_names_are_not() {
        let limits = SignInLimits::default();
        let [ada, bo]: [AccountName; 2] = ["ada-1", "bo-1"].map(|name| name.parse().unwrap());
        for _ in 0..5 {
            assert_eq!(limits.check_name(&ada), Ok(()));
        }
        assert_eq!(limits.check_name(&ada), Err(TooManyAttempts));
        assert_eq!(limits.check_name(&bo), Ok(()));
    }
}
