//! Passwords: hashed by argon2id, a few at a time, so that sign-ins cannot take all processors from the games.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use shared::account::Password;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{IdentityError, internal};

/// Hashes at once: each takes a processor for some 20 milliseconds, and 19 MiB.
const AT_ONCE: usize = 2;

/// Hashes and verifies.
pub struct Passwords {
    places: Semaphore,
    /// The hash of no password, to be compared with where there is no account.
    nobody: String,
}

impl Passwords {
    /// With argon2's own recommended costs.
    pub fn new() -> Result<Passwords, IdentityError> {
        Ok(Passwords { places: Semaphore::new(AT_ONCE), nobody: hash(b"")? })
    }

    /// The password's hash, with a salt of its own, in the PHC format.
    pub async fn hash(&self, password: Password) -> Result<String, IdentityError> {
        let _place = self.places.acquire().await.map_err(internal)?;
        spawn_blocking(move || hash(password.as_bytes())).await.map_err(internal)?
    }

    /// Whether it is the password of that hash; without one it never is, and takes as long.
    pub async fn verify(&self, password: Password, hash: Option<String>) -> Result<bool, IdentityError> {
        let _place = self.places.acquire().await.map_err(internal)?;
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let right = spawn_blocking(move || {
            let hash = PasswordHash::new(&hash).map_err(internal)?;
            Ok::<bool, IdentityError>(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        });
        right.await.map_err(internal)?
    }
}

fn hash(password: &[u8]) -> Result<String, IdentityError> {
    Ok(Argon2::default().hash_password(password).map_err(internal)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new().unwrap();
        let right: Password = "correct horse".parse().unwrap();
        let hash = passwords.hash(right.clone()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert_ne!(hash, passwords.hash(right.clone()).await.unwrap(), "each has a salt of its own");
        assert!(passwords.verify(right.clone(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".parse().unwrap(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(right, None).await.unwrap());
    }
}
