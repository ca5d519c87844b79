//! The player's nickname and tokens, kept in the browser's storage.

use crate::bevy::prelude::*;
use serde::{Deserialize, Serialize};
use shared::nickname::Nickname;

use super::early_name::EarlyName;
use crate::page::storage;

const IDENTITY_KEY: &str = "player";
/// The account page writes this value.
const ACCOUNT_KEY: &str = "account";

/// The player of this browser.
#[derive(Resource, Default, Serialize, Deserialize)]
pub struct Identity {
    pub nickname: Option<Nickname>,
    /// The token of a guest. It links the guest's games to one player.
    pub player_token: Option<String>,
}

/// The account that is signed in, as the account page stores it.
#[derive(Deserialize)]
struct Account {
    access_token: String,
}

pub fn plugin(app: &mut App) {
    let mut identity = storage::load::<Identity>(IDENTITY_KEY).unwrap_or_default();
    let early_name = EarlyName::read();
    if let EarlyName::Chosen(nickname) = &early_name {
        identity.set_nickname(nickname.clone());
    }
    app.insert_resource(identity).insert_resource(early_name);
}

/// The access token of the account that is signed in. Read it before each use, because the page renews it.
pub fn account_token() -> Option<String> {
    storage::load::<Account>(ACCOUNT_KEY).map(|account| account.access_token)
}

impl Identity {
    /// The account's token; without an account, the guest's.
    pub fn token(&self) -> Option<String> {
        account_token().or_else(|| self.player_token.clone())
    }

    pub fn set_nickname(&mut self, nickname: Nickname) {
        self.nickname = Some(nickname);
        storage::save(IDENTITY_KEY, self);
    }

    /// Stores a guest's token. Does nothing with an account, whose token the account page stores.
    pub fn store_token(&mut self, token: &str) {
        if account_token().is_none() {
            self.player_token = Some(token.to_owned());
            storage::save(IDENTITY_KEY, self);
        }
    }

    /// Deletes the guest's token, so that the server creates a new player.
    pub fn delete_token(&mut self) {
        self.player_token = None;
        storage::save(IDENTITY_KEY, self);
    }
}
