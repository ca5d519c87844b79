//! Tokens: what a browser holds to prove which game it plays and who it is.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, get_current_timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared::ids::{GameId, PlayerId};

const GAME_AUDIENCE: &str = "alien-attack/game";
const PLAYER_AUDIENCE: &str = "alien-attack/player";
/// A game's events are taken this long after its ticket, in seconds: a browser may come back online late.
const GAME_LIFETIME: u64 = 24 * 60 * 60;
/// A guest stays the same player for this long after the last ticket, in seconds.
const PLAYER_LIFETIME: u64 = 30 * 24 * 60 * 60;

/// What a verified game token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GameClaims {
    aud: String,
    exp: u64,
    /// The player.
    pub sub: PlayerId,
    /// The game.
    pub game: GameId,
}

/// What a verified player token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlayerClaims {
    aud: String,
    exp: u64,
    /// The player.
    pub sub: PlayerId,
}

/// The token cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is forged, worn out, or for something else")]
pub struct BadToken;

/// The key that tokens are signed with. It stays on this machine.
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
            Ok(secret) if secret.len() >= 32 => secret,
            Ok(_) => return Err(io::Error::other(format!("{} is too short to be a key", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
            Err(error) => return Err(error),
        };
        Ok(Keys {
            signing: EncodingKey::from_secret(&secret),
            verifying: DecodingKey::from_secret(&secret),
            game: for_audience(GAME_AUDIENCE),
            player: for_audience(PLAYER_AUDIENCE),
        })
    }

    /// A token for sending a game's events.
    pub fn sign_game(&self, game: GameId, sub: PlayerId) -> Result<String, BadToken> {
        self.sign(&GameClaims {
            aud: GAME_AUDIENCE.to_owned(),
            exp: get_current_timestamp() + GAME_LIFETIME,
            sub,
            game,
        })
    }

    /// A token for playing as the same player again.
    pub fn sign_player(&self, sub: PlayerId) -> Result<String, BadToken> {
        let exp = get_current_timestamp() + PLAYER_LIFETIME;
        self.sign(&PlayerClaims { aud: PLAYER_AUDIENCE.to_owned(), exp, sub })
    }

    /// What a game token says, if it can be believed.
    pub fn verify_game(&self, token: &str) -> Result<GameClaims, BadToken> {
        self.verify(token, &self.game)
    }

    /// What a player token says, if it can be believed.
    pub fn verify_player(&self, token: &str) -> Result<PlayerClaims, BadToken> {
        self.verify(token, &self.player)
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, BadToken> {
        encode(&Header::new(Algorithm::HS256), claims, &self.signing).map_err(|_| BadToken)
    }

    fn verify<C: DeserializeOwned>(&self, token: &str, validation: &Validation) -> Result<C, BadToken> {
        decode(token, &self.verifying, validation).map(|data| data.claims).map_err(|_| BadToken)
    }
}

fn for_audience(audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[audience]);
    validation
}

fn create(path: &Path) -> io::Result<Vec<u8>> {
    let mut secret = vec![0; 32];
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    Ok(secret)
}
