//! Commitments to the seed that all games of a session share.
//!
//! The server publishes the commitment when it creates the session, and the seed when the games start. So nobody can
//! practise with the seed before, and the server cannot choose another one afterwards.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{hex::hex_bytes, rules::Seed};

hex_bytes! {
    /// Random bytes that are hashed together with a seed, so that nobody finds the seed by trying.
    SeedNonce, bytes: 16, pattern: "^[0-9a-f]{32}$"
}

hex_bytes! {
    /// The commitment to a seed: SHA-256 of the 16 bytes of its nonce and the 8 bytes of the seed, big-endian.
    SeedCommitment, bytes: 32, pattern: "^[0-9a-f]{64}$"
}

/// The seed that all games of a session share, with the nonce of its commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedSeed {
    /// Seed of each game's random generator.
    pub seed: Seed,
    /// Nonce of the commitment.
    pub nonce: SeedNonce,
}

/// The error for a revealed seed that is not the one of the commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the seed of this session is not the one that the server committed to, so its games are not fair")]
pub struct BrokenCommitment;

impl SharedSeed {
    /// The commitment to this seed.
    pub fn commitment(&self) -> SeedCommitment {
        let hash = Sha256::new().chain_update(self.nonce.0).chain_update(self.seed.0.to_be_bytes()).finalize();
        SeedCommitment(hash.into())
    }
}

impl SeedCommitment {
    /// Returns the revealed seed if this is the commitment to it.
    ///
    /// # Errors
    /// [`BrokenCommitment`] if it is the commitment to another seed or nonce.
    pub fn open(&self, revealed: &SharedSeed) -> Result<Seed, BrokenCommitment> {
        if revealed.commitment() == *self { Ok(revealed.seed) } else { Err(BrokenCommitment) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_shared_seed() -> impl Strategy<Value = SharedSeed> {
        (any::<u64>(), any::<[u8; 16]>())
            .prop_map(|(seed, nonce)| SharedSeed { seed: Seed(seed), nonce: SeedNonce(nonce) })
    }

    proptest! {
        #[test]
        fn commitment_opens_to_its_seed_and_to_no_other(shared in any_shared_seed(), bit in 0_usize..256) {
            let commitment = shared.commitment();
            prop_assert_eq!(commitment.open(&shared), Ok(shared.seed));
            let mut nonce = shared.nonce;
            nonce.0[bit / 8 % 16] ^= 1 << (bit % 8);
            prop_assert_eq!(commitment.open(&SharedSeed { nonce, ..shared }), Err(BrokenCommitment));
            let seed = Seed(shared.seed.0 ^ 1 << (bit % 64));
            prop_assert_eq!(commitment.open(&SharedSeed { seed, ..shared }), Err(BrokenCommitment));
            let mut other = commitment;
            other.0[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(other.open(&shared), Err(BrokenCommitment));
        }

        #[test]
        fn json_restores_seed_and_commitment(shared in any_shared_seed()) {
            let json = serde_json::to_string(&shared).unwrap();
            prop_assert_eq!(serde_json::from_str::<SharedSeed>(&json).unwrap(), shared);
            let json = serde_json::to_string(&shared.commitment()).unwrap();
            prop_assert_eq!(serde_json::from_str::<SeedCommitment>(&json).unwrap(), shared.commitment());
        }
    }

    /// Anyone can check a commitment: `printf NONCE_AND_SEED | xxd -r -p | sha256sum`.
    #[test]
    fn commitment_is_the_documented_hash() {
        let nonce = SeedNonce(std::array::from_fn(|i| i as u8));
        let shared = SharedSeed { seed: Seed(0x0102_0304_0506_0708), nonce };
        assert_eq!(shared.nonce.to_string(), "000102030405060708090a0b0c0d0e0f");
        assert_eq!(shared.commitment().to_string(), "234db4e93950f6fb9f8f0082da564feade0672f519bd3067b6d965364e8345a8");
    }
}
