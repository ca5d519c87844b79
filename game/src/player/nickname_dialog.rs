//! The nickname dialog of the page.

use crate::bevy::prelude::*;
use shared::nickname::Nickname;
use web_sys::{Event, HtmlDialogElement, HtmlInputElement};

use super::identity::Identity;
use crate::{
    FrameSet,
    page::{dom, mailbox::add_mailbox, random::random_unit},
};

/// The player chose a nickname.
#[derive(Message)]
pub struct NicknameChosen(Nickname);

/// The player closed the dialog without a choice.
#[derive(Message)]
pub struct NicknameCancelled;

/// The systems that store the chosen nickname.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NicknameSystems;

pub fn plugin(app: &mut App) {
    let (chosen, cancelled) = (add_mailbox::<NicknameChosen>(app), add_mailbox::<NicknameCancelled>(app));
    dom::listen_to("nickname-form", "submit", move |event: Event| {
        event.prevent_default();
        match input_value().parse() {
            Ok(nickname) => {
                chosen.post(NicknameChosen(nickname));
                close_dialog();
            }
            Err(error) => show_problem(&format!("Choose another nickname: {error}.")),
        }
    });
    dom::listen_to("nickname-dialog", "cancel", move |_: Event| cancelled.post(NicknameCancelled));
    app.add_systems(Update, store_nickname.in_set(NicknameSystems).in_set(FrameSet::Input));
}

/// Opens the dialog with the current nickname, or with a random one. `problem` says why the current one was refused.
pub fn open_nickname_dialog(identity: &Identity, problem: Option<&str>) {
    match &identity.nickname {
        Some(nickname) => open_dialog(nickname.as_str(), problem),
        None => open_dialog(&random_nickname(), problem),
    }
    // Typing replaces the selected text.
    if let Some(input) = input() {
        input.select();
    }
}

/// Opens the dialog in the middle of typing, with the text so far.
pub fn continue_typing(text: &str) {
    open_dialog(text, None);
}

fn open_dialog(text: &str, problem: Option<&str>) {
    show_problem(problem.unwrap_or_default());
    if let Some(input) = input() {
        input.set_value(text);
    }
    if let Some(dialog) = dom::element::<HtmlDialogElement>("nickname-dialog").filter(|dialog| !dialog.open()) {
        // Fails only if the dialog is not in the page.
        let _ = dialog.show_modal();
    }
}

fn input() -> Option<HtmlInputElement> {
    dom::element("nickname-input")
}

fn random_nickname() -> String {
    const FIRST: [&str; 12] =
        ["Astro", "Bold", "Cosmic", "Dizzy", "Lunar", "Mighty", "Neon", "Quick", "Silent", "Solar", "Turbo", "Wild"];
    const LAST: [&str; 12] =
        ["Badger", "Comet", "Crab", "Falcon", "Jelly", "Lynx", "Manta", "Otter", "Panda", "Pixel", "Rocket", "Yak"];
    let pick = |words: [&'static str; 12]| words[(random_unit() * 12.0) as usize % 12];
    format!("{} {} {}", pick(FIRST), pick(LAST), (random_unit() * 100.0) as u8)
}

fn store_nickname(mut chosen: MessageReader<NicknameChosen>, mut identity: ResMut<Identity>) {
    for NicknameChosen(nickname) in chosen.read() {
        identity.set_nickname(nickname.clone());
    }
}

fn input_value() -> String {
    input().map(|input| input.value()).unwrap_or_default()
}

fn show_problem(problem: &str) {
    dom::set_text("nickname-problem", problem);
}

fn close_dialog() {
    if let Some(dialog) = dom::element::<HtmlDialogElement>("nickname-dialog") {
        dialog.close();
    }
}
