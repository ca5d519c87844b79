//! Tokens that this server signs: game tokens for sending the events of one game, player tokens for guests and accounts,
//! and viewer tokens for big screens.

use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode, get_current_timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::{
    account::Role,
    ids::{GameId, PlayerId, Seq},
    session::SessionId,
    time::Timestamp,
};

use crate::clock;

/// The algorithm of tokens that this server signs.
const SELF_ISSUED_ALGORITHM: Algorithm = Algorithm::HS256;
const GAME_AUDIENCE: &str = "alien-attack/game";
const PLAYER_AUDIENCE: &str = "alien-attack/player";
const VIEWER_AUDIENCE: &str = "alien-attack/viewer";
/// The smallest length of a signing secret, in bytes. A shorter one could be guessed.
const MIN_SECRET_BYTES: usize = 32;
/// The lifetime of a game token from the ticket on, in seconds. A browser may be offline for hours before it sends events.
const GAME_TOKEN_SECONDS: u64 = 24 * 60 * 60;
/// The lifetime of a guest's token, in seconds. Each ticket renews it.
const GUEST_TOKEN_SECONDS: u64 = 30 * 24 * 60 * 60;
/// The lifetime of an account's access token, in seconds. It is short because it limits the use of a stolen token.
const ACCESS_TOKEN_SECONDS: u64 = 15 * 60;
/// The lifetime of a viewer token, in seconds: a week, so that a big screen outlasts any event.
const VIEWER_TOKEN_SECONDS: u64 = 7 * 24 * 60 * 60;

/// The claims of a verified game token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GameClaims {
    aud: String,
    exp: u64,
    /// The player.
    pub sub: PlayerId,
    /// The game.
    pub game: GameId,
    /// The number of the first event that is not yet durable.
    #[serde(rename = "due")]
    pub next_seq: Seq,
}

/// The holder of a verified token, issued by this server or by an external issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The player.
    pub player: PlayerId,
    /// What the player may do.
    pub role: Role,
    /// When the token was signed. An account can revoke all tokens that were signed before an instant.
    pub issued_at: Timestamp,
}

impl Principal {
    /// Creates a guest with a random player ID.
    ///
    /// # Errors
    /// If the operating system returns no random number.
    pub fn new_guest() -> Result<Principal, getrandom::Error> {
        Ok(Principal { player: PlayerId(getrandom::u64()?), role: Role::Guest, issued_at: clock::now() })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PlayerClaims {
    aud: String,
    exp: u64,
    sub: PlayerId,
    role: Role,
    /// In milliseconds: with seconds, a token signed just before a revocation would look as if signed after it.
    issued_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ViewerClaims {
    aud: String,
    exp: u64,
    session: SessionId,
}

/// The token's signature, audience or claims are invalid, or it is expired or revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("invalid or expired token; sign in again, or request a new ticket with POST /v1/games")]
pub struct InvalidToken;

/// A token cannot be signed.
#[derive(Debug, thiserror::Error)]
#[error("cannot sign a token")]
pub struct SigningError(#[source] jsonwebtoken::errors::Error);

/// Returns whether a token's header names the algorithm of this server's own tokens. The token is not verified. External
/// issuers use other algorithms, with key pairs.
pub fn is_self_issued(token: &str) -> bool {
    decode_header(token).is_ok_and(|header| header.alg == SELF_ISSUED_ALGORITHM)
}

/// The secret that signs tokens, at least 32 bytes. Its `Debug` output hides it from logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(String);

/// The secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key must have at least {MIN_SECRET_BYTES} bytes; create one with: openssl rand -hex 32")]
pub struct InvalidSecret;

impl TryFrom<String> for Secret {
    type Error = InvalidSecret;

    fn try_from(text: String) -> Result<Secret, InvalidSecret> {
        if text.len() >= MIN_SECRET_BYTES { Ok(Secret(text)) } else { Err(InvalidSecret) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Signs and verifies tokens.
pub struct TokenKeys {
    signing: EncodingKey,
    verifying: DecodingKey,
    game: Validation,
    player: Validation,
    viewer: Validation,
}

impl TokenKeys {
    /// Reads the key file. If it is missing, creates it with a random key, readable by its owner only.
    ///
    /// # Errors
    /// If the file cannot be read or written, or its content is too short.
    pub fn open(path: &Path) -> io::Result<TokenKeys> {
        let secret = match fs::read(path) {
            Ok(secret) if secret.len() >= MIN_SECRET_BYTES => secret,
            Ok(_) => {
                let message = format!("{} has fewer than {MIN_SECRET_BYTES} bytes, so it is not a key", path.display());
                return Err(io::Error::other(message));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => create_key_file(path)?,
            Err(error) => return Err(error),
        };
        Ok(TokenKeys::from_bytes(&secret))
    }

    /// Uses a secret that several servers share.
    pub fn shared(Secret(secret): &Secret) -> TokenKeys {
        TokenKeys::from_bytes(secret.as_bytes())
    }

    fn from_bytes(secret: &[u8]) -> TokenKeys {
        TokenKeys {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            game: validation_for(GAME_AUDIENCE),
            player: validation_for(PLAYER_AUDIENCE),
            viewer: validation_for(VIEWER_AUDIENCE),
        }
    }

    /// Signs the token for sending the events of a new game.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_game(&self, game: GameId, sub: PlayerId) -> Result<String, SigningError> {
        self.sign(&GameClaims {
            aud: GAME_AUDIENCE.to_owned(),
            exp: get_current_timestamp() + GAME_TOKEN_SECONDS,
            sub,
            game,
            next_seq: Seq(0),
        })
    }

    /// Signs the token for sending the events of the same game from `next_seq` on. Its expiry stays the same.
    ///
    /// # Errors
    /// If signing fails.
    pub fn renew_game(&self, claims: GameClaims, next_seq: Seq) -> Result<String, SigningError> {
        self.sign(&GameClaims { next_seq, ..claims })
    }

    /// Signs the token of a guest or account. Returns it with its expiry.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_player(&self, principal: Principal) -> Result<(String, Timestamp), SigningError> {
        let lifetime = match principal.role {
            Role::Guest => GUEST_TOKEN_SECONDS,
            Role::Player | Role::Manager => ACCESS_TOKEN_SECONDS,
        };
        let exp = get_current_timestamp() + lifetime;
        let Principal { player: sub, role, issued_at } = principal;
        let token = self.sign(&PlayerClaims { aud: PLAYER_AUDIENCE.to_owned(), exp, sub, role, issued_at })?;
        Ok((token, Timestamp(exp * 1000)))
    }

    /// Signs the token of a big screen that shows the games of a session. Returns it with its expiry.
    ///
    /// # Errors
    /// If signing fails.
    pub fn sign_viewer(&self, session: SessionId) -> Result<(String, Timestamp), SigningError> {
        let exp = get_current_timestamp() + VIEWER_TOKEN_SECONDS;
        let token = self.sign(&ViewerClaims { aud: VIEWER_AUDIENCE.to_owned(), exp, session })?;
        Ok((token, Timestamp(exp * 1000)))
    }

    /// Verifies a game token.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_game(&self, token: &str) -> Result<GameClaims, InvalidToken> {
        self.verify(token, &self.game)
    }

    /// Verifies the token of a guest or account, except whether it was revoked.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_player(&self, token: &str) -> Result<Principal, InvalidToken> {
        let PlayerClaims { sub, role, issued_at, .. } = self.verify(token, &self.player)?;
        Ok(Principal { player: sub, role, issued_at })
    }

    /// Verifies a viewer token, and returns its session.
    ///
    /// # Errors
    /// If the token is invalid or expired.
    pub fn verify_viewer(&self, token: &str) -> Result<SessionId, InvalidToken> {
        self.verify(token, &self.viewer).map(|ViewerClaims { session, .. }| session)
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, SigningError> {
        encode(&Header::new(SELF_ISSUED_ALGORITHM), claims, &self.signing).map_err(SigningError)
    }

    fn verify<C: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<C, InvalidToken> {
        decode(token, &self.verifying, validation).map(|data| data.claims).map_err(|_| InvalidToken)
    }
}

fn validation_for(audience: &str) -> Validation {
    let mut validation = Validation::new(SELF_ISSUED_ALGORITHM);
    validation.set_audience(&[audience]);
    validation
}

fn create_key_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut secret = vec![0; MIN_SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewed_game_token_has_the_new_sequence_number_and_the_old_expiry() {
        let keys = TokenKeys::from_bytes(&[7; MIN_SECRET_BYTES]);
        let first = keys.verify_game(&keys.sign_game(GameId(1), PlayerId(2)).unwrap()).unwrap();
        assert_eq!(first.next_seq, Seq(0), "no event of a new game is durable");
        let soon = get_current_timestamp() + 60;
        let old = GameClaims { exp: soon, ..first };
        let new = keys.verify_game(&keys.renew_game(old, Seq(9)).unwrap()).unwrap();
        assert_eq!((new.exp, new.game, new.sub, new.next_seq), (soon, GameId(1), PlayerId(2), Seq(9)));
    }
}
