//! The nickname: asked for in a dialog of the page, and remembered together with the proof of who plays.

use bevy::prelude::*;
use serde::{Deserialize, Serialize};
use shared::nickname::Nickname;
use web_sys::{Event, HtmlDialogElement, HtmlInputElement};

use crate::{
    Step, opening,
    page::{dom, mailbox::add_mailbox, storage},
    simulation::random_unit,
};

const KEY: &str = "player";
const ACCOUNT: &str = "account";

/// Who plays in this browser.
#[derive(Resource, Default, Serialize, Deserialize)]
pub struct Identity {
    pub nickname: Option<Nickname>,
    /// The server's proof that these are the same player's games.
    pub player_token: Option<String>,
}

/// Who is signed in at this browser, as the account page leaves it.
#[derive(Deserialize)]
struct Account {
    access_token: String,
}

/// The token of whoever is signed in, as it is just now: the page renews it.
pub fn account_token() -> Option<String> {
    storage::load::<Account>(ACCOUNT).map(|account| account.access_token)
}

impl Identity {
    /// Proof of who plays: whoever is signed in, or else the guest of the games before.
    pub fn token(&self) -> Option<String> {
        account_token().or_else(|| self.player_token.clone())
    }

    /// Keeps a guest's token; an account's is renewed elsewhere.
    pub fn keep_token(&mut self, token: &str) {
        if account_token().is_none() {
            self.player_token = Some(token.to_owned());
            storage::save(KEY, self);
        }
    }

    pub fn forget_token(&mut self) {
        self.player_token = None;
        storage::save(KEY, self);
    }
}

/// The player chose a nickname.
#[derive(Message)]
pub struct Named(Nickname);

/// The player closed the dialog without choosing.
#[derive(Message)]
pub struct Unnamed;

pub fn plugin(app: &mut App) {
    let (named, unnamed) = (add_mailbox::<Named>(app), add_mailbox::<Unnamed>(app));
    dom::listen_to("nickname-form", "submit", move |event: Event| {
        event.prevent_default();
        match chosen().parse() {
            Ok(nickname) => {
                named.post(Named(nickname));
                close();
            }
            Err(error) => complain(&format!("Please choose another: {error}.")),
        }
    });
    dom::listen_to("nickname-dialog", "cancel", move |_: Event| unnamed.post(Unnamed));
    app.insert_resource(storage::load::<Identity>(KEY).unwrap_or_default())
        .add_systems(Update, remember.in_set(Step::Listen).before(opening::begin));
}

/// Opens the dialog; with what is wrong with the name that is there, if that is why.
pub fn ask(identity: &Identity, problem: Option<&str>) {
    complain(problem.unwrap_or_default());
    let input = dom::element::<HtmlInputElement>("nickname-input");
    if let Some(input) = &input {
        match &identity.nickname {
            Some(nickname) => input.set_value(nickname.as_str()),
            None => input.set_value(&invented()),
        }
    }
    if let Some(dialog) = dom::element::<HtmlDialogElement>("nickname-dialog").filter(|dialog| !dialog.open()) {
        // Fails only where the dialog is not in the page.
        let _ = dialog.show_modal();
    }
    // So that typing replaces it.
    if let Some(input) = input {
        input.select();
    }
}

/// A name for whoever has no keyboard, or no time.
fn invented() -> String {
    const FIRST: [&str; 12] =
        ["Astro", "Bold", "Cosmic", "Dizzy", "Lunar", "Mighty", "Neon", "Quick", "Silent", "Solar", "Turbo", "Wild"];
    const LAST: [&str; 12] =
        ["Badger", "Comet", "Crab", "Falcon", "Jelly", "Lynx", "Manta", "Otter", "Panda", "Pixel", "Rocket", "Yak"];
    let one = |words: [&'static str; 12]| words[(random_unit() * 12.0) as usize % 12];
    format!("{} {} {}", one(FIRST), one(LAST), (random_unit() * 100.0) as u8)
}

fn remember(mut named: MessageReader<Named>, mut identity: ResMut<Identity>) {
    for Named(nickname) in named.read() {
        identity.nickname = Some(nickname.clone());
        storage::save(KEY, &*identity);
    }
}

fn chosen() -> String {
    dom::element::<HtmlInputElement>("nickname-input").map(|input| input.value()).unwrap_or_default()
}

fn complain(problem: &str) {
    dom::set_text("nickname-problem", problem);
}

fn close() {
    if let Some(dialog) = dom::element::<HtmlDialogElement>("nickname-dialog") {
        dialog.close();
    }
}
