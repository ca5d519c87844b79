//! Password hashes by argon2id. Few are computed at a time, so that sign-ins leave processor time for games.

use argon2::{
    Argon2,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use shared::account::Password;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{IdentityError, internal};

/// Hashes computed at the same time. Each uses a processor for some 20 milliseconds, and 19 MiB of memory.
const MAX_CONCURRENT_HASHES: usize = 2;

/// Computes and verifies password hashes.
pub struct Passwords {
    permits: Semaphore,
    /// A hash to compare with if there is no such account, so that the response takes as long.
    placeholder: String,
}

impl Passwords {
    /// Creates the service with argon2's recommended costs.
    pub fn new() -> Result<Passwords, IdentityError> {
        let placeholder = hash(b"").map_err(internal("hash a password"))?;
        Ok(Passwords { permits: Semaphore::new(MAX_CONCURRENT_HASHES), placeholder })
    }

    /// Returns the password's hash with a random salt, in the PHC format.
    pub async fn hash(&self, password: Password) -> Result<String, IdentityError> {
        let _permit = self.permits.acquire().await.map_err(internal("wait for a free hash slot"))?;
        let hash = spawn_blocking(move || hash(password.as_bytes())).await;
        hash.map_err(internal("run the password hash"))?.map_err(internal("hash a password"))
    }

    /// Returns whether `hash` is of that password. Without a hash, returns `false` after the same time.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, IdentityError> {
        let _permit = self.permits.acquire().await.map_err(internal("wait for a free hash slot"))?;
        let hash = hash.unwrap_or_else(|| self.placeholder.clone());
        let is_valid = spawn_blocking(move || verify(password.as_bytes(), &hash)).await;
        is_valid.map_err(internal("run the password hash"))?.map_err(internal("read a password hash"))
    }
}

fn hash(password: &[u8]) -> Result<String, password_hash::Error> {
    Ok(Argon2::default().hash_password(password)?.to_string())
}

fn verify(password: &[u8], hash: &str) -> Result<bool, password_hash::phc::Error> {
    Ok(Argon2::default().verify_password(password, &PasswordHash::new(hash)?).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_accepted() {
        let passwords = Passwords::new().unwrap();
        let right: Password = "correct horse".parse().unwrap();
        let hash = passwords.hash(right.clone()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert_ne!(hash, passwords.hash(right.clone()).await.unwrap(), "each hash has its own salt");
        assert!(passwords.verify(right.clone(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".parse().unwrap(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(right, None).await.unwrap());
    }
}
