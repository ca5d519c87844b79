//! Tokens: what a browser holds to prove which game it plays and who it is.

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
    time::Timestamp,
};

/// How our own tokens are signed.
const OWN: Algorithm = Algorithm::HS256;
const GAME_AUDIENCE: &str = "alien-attack/game";
/// A secret that is shorter could be guessed, bytes.
const MIN_SECRET: usize = 32;
const PLAYER_AUDIENCE: &str = "alien-attack/player";
/// A game's events are taken this long after its ticket, in seconds: a browser may come back online late.
const GAME_LIFETIME: u64 = 24 * 60 * 60;
/// A guest stays the same player for this long after the last ticket, in seconds.
const GUEST_LIFETIME: u64 = 30 * 24 * 60 * 60;
/// An account's tokens are renewed this often, in seconds: only so long can one that was stolen be used.
const ACCESS_LIFETIME: u64 = 15 * 60;

/// What a verified game token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GameClaims {
    aud: String,
    exp: u64,
    /// The player.
    pub sub: PlayerId,
    /// The game.
    pub game: GameId,
    /// The number of the event that is due: all below it are durable.
    pub due: Seq,
}

/// What a verified token says of who holds it, whoever issued it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// Who it is.
    pub player: PlayerId,
    /// What it may do.
    pub role: Role,
    /// When the token was signed: what an account revokes is what was signed before.
    pub issued_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PlayerClaims {
    aud: String,
    exp: u64,
    sub: PlayerId,
    role: Role,
    /// Milliseconds, since seconds are too coarse to tell what was signed just before a revocation.
    issued_at: Timestamp,
}

/// The token cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is forged, worn out, or for something else")]
pub struct InvalidToken;

/// Whether a token says that it is signed as ours are, with a secret. Only says: who else signs, signs with a key pair.
pub fn is_self_issued(token: &str) -> bool {
    decode_header(token).is_ok_and(|header| header.alg == OWN)
}

/// What tokens are signed with, as a text that is too long to be guessed. It shows in no log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(String);

/// No secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has at least {MIN_SECRET} characters; make one by openssl rand -hex 32")]
pub struct InvalidSecret;

impl TryFrom<String> for Secret {
    type Error = InvalidSecret;

    fn try_from(text: String) -> Result<Secret, InvalidSecret> {
        if text.len() >= MIN_SECRET { Ok(Secret(text)) } else { Err(InvalidSecret) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The key that tokens are signed with.
pub struct Keys {
    signing: EncodingKey,
    verifying: DecodingKey,
    game: Validation,
    player: Validation,
}

impl Keys {
    /// The key in `path`, which is made at the first start and readable by its owner alone.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Keys> {
        let secret = match fs::read(path) {
            Ok(secret) if secret.len() >= MIN_SECRET => secret,
            Ok(_) => return Err(io::Error::other(format!("{} is too short to be a key", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
            Err(error) => return Err(error),
        };
        Ok(Keys::from_bytes(&secret))
    }

    /// A key that several servers share.
    pub fn shared(Secret(secret): &Secret) -> Keys {
        Keys::from_bytes(secret.as_bytes())
    }

    fn from_bytes(secret: &[u8]) -> Keys {
        Keys {
            signing: EncodingKey::from_secret(secret),
            verifying: DecodingKey::from_secret(secret),
            game: for_audience(GAME_AUDIENCE),
            player: for_audience(PLAYER_AUDIENCE),
        }
    }

    /// A token for sending a new game's events.
    pub fn sign_game(&self, game: GameId, sub: PlayerId) -> Result<String, InvalidToken> {
        self.sign(&GameClaims {
            aud: GAME_AUDIENCE.to_owned(),
            exp: get_current_timestamp() + GAME_LIFETIME,
            sub,
            game,
            due: Seq(0),
        })
    }

    /// The token for sending the same game's events from `due` on. It is worn out when the one before it is.
    pub fn renew_game(&self, claims: GameClaims, due: Seq) -> Result<String, InvalidToken> {
        self.sign(&GameClaims { due, ..claims })
    }

    /// A token that says who somebody is, and when it is worn out.
    pub fn sign_player(&self, principal: Principal) -> Result<(String, Timestamp), InvalidToken> {
        let lifetime = match principal.role {
            Role::Guest => GUEST_LIFETIME,
            Role::Player | Role::Manager => ACCESS_LIFETIME,
        };
        let exp = get_current_timestamp() + lifetime;
        let Principal { player: sub, role, issued_at } = principal;
        let token = self.sign(&PlayerClaims { aud: PLAYER_AUDIENCE.to_owned(), exp, sub, role, issued_at })?;
        Ok((token, Timestamp(exp * 1000)))
    }

    /// What a game token says, if it can be believed.
    pub fn verify_game(&self, token: &str) -> Result<GameClaims, InvalidToken> {
        self.verify(token, &self.game)
    }

    /// Who holds a token, if it can be believed. Whether it was revoked, [`crate::domain::identity`] knows.
    pub fn verify_player(&self, token: &str) -> Result<Principal, InvalidToken> {
        let PlayerClaims { sub, role, issued_at, .. } = self.verify(token, &self.player)?;
        Ok(Principal { player: sub, role, issued_at })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, InvalidToken> {
        encode(&Header::new(OWN), claims, &self.signing).map_err(|_| InvalidToken)
    }

    fn verify<C: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<C, InvalidToken> {
        decode(token, &self.verifying, validation).map(|data| data.claims).map_err(|_| InvalidToken)
    }
}

fn for_audience(audience: &str) -> Validation {
    let mut validation = Validation::new(OWN);
    validation.set_audience(&[audience]);
    validation
}

fn create(path: &Path) -> io::Result<Vec<u8>> {
    let mut secret = vec![0; MIN_SECRET];
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
    fn a_renewed_game_token_says_what_is_durable_and_lasts_no_longer() {
        let keys = Keys::from_bytes(&[7; MIN_SECRET]);
        let first = keys.verify_game(&keys.sign_game(GameId(1), PlayerId(2)).unwrap()).unwrap();
        assert_eq!(first.due, Seq(0), "of a new game nothing is durable");
        let soon = get_current_timestamp() + 60;
        let old = GameClaims { exp: soon, ..first };
        let new = keys.verify_game(&keys.renew_game(old, Seq(9)).unwrap()).unwrap();
        assert_eq!((new.exp, new.game, new.sub, new.due), (soon, GameId(1), PlayerId(2), Seq(9)));
    }
}
