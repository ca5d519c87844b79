//! How often a stranger may try: by address for everyone behind it, by name for those who guess at one.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{Quota, RateLimiter, clock::DefaultClock, state::keyed::DefaultKeyedStateStore};
use shared::account::AccountName;

/// A hall full of players may share one address.
const BY_ADDRESS: Quota = Quota::per_second(NonZeroU32::new(5).unwrap()).allow_burst(NonZeroU32::new(300).unwrap());
/// Five at once, then five a minute.
const BY_NAME: Quota = Quota::per_minute(NonZeroU32::new(5).unwrap());

/// Too many sign_in_limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; try again in a minute")]
pub struct TooMany;

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// Counts sign_in_limits.
pub struct SignInLimits {
    addresses: Limiter<IpAddr>,
    names: Limiter<AccountName>,
}

impl Default for SignInLimits {
    fn default() -> SignInLimits {
        SignInLimits { addresses: RateLimiter::keyed(BY_ADDRESS), names: RateLimiter::keyed(BY_NAME) }
    }
}

impl SignInLimits {
    /// What is forgotten this often needs no memory for ever.
    pub const FORGET_EVERY: Duration = Duration::from_secs(60);

    /// Counts one from that address.
    ///
    /// # Errors
    /// Where there were too many.
    pub fn from(&self, address: IpAddr) -> Result<(), TooMany> {
        self.addresses.check_key(&address).map_err(|_| TooMany)
    }

    /// Counts one at that name.
    ///
    /// # Errors
    /// Where there were too many.
    pub fn at(&self, name: &AccountName) -> Result<(), TooMany> {
        self.names.check_key(name).map_err(|_| TooMany)
    }

    /// Forgets those that have waited long enough.
    pub fn forget(&self) {
        self.addresses.retain_recent();
        self.names.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_takes_five_guesses_and_others_are_not_held_up() {
        let sign_in_limits = SignInLimits::default();
        let [ada, bo]: [AccountName; 2] = ["ada-1", "bo-1"].map(|name| name.parse().unwrap());
        for _ in 0..5 {
            assert_eq!(sign_in_limits.at(&ada), Ok(()));
        }
        assert_eq!(sign_in_limits.at(&ada), Err(TooMany));
        assert_eq!(sign_in_limits.at(&bo), Ok(()));
    }
}
