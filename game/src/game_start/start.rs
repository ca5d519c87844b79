//! The first step: chooses between a tuning preview, practice and a recorded game.

use crate::bevy::prelude::*;

use super::{StartGame, StartProgress, is_practice_page, requests::TicketRequests};
use crate::{
    player::{EarlyName, Identity, NicknameCancelled, NicknameChosen, continue_typing, open_nickname_dialog},
    session::join_code,
    simulation::{Simulation, TuningPreview},
    state::{Link, Screen},
    telemetry::Telemetry,
};

/// Starts the game for a player who has chosen a nickname, or is typing one, while the page loaded.
pub fn start_after_early_name(early_name: Res<EarlyName>, mut starts: MessageWriter<StartGame>) {
    if *early_name != EarlyName::None {
        starts.write(StartGame);
    }
}

pub fn start_game(
    mut commands: Commands,
    mut starts: MessageReader<StartGame>,
    mut progress: ResMut<StartProgress>,
    mut link: ResMut<Link>,
    mut next: ResMut<NextState<Screen>>,
    identity: Res<Identity>,
    mut early_name: ResMut<EarlyName>,
    preview: Option<Res<TuningPreview>>,
    telemetry: Res<Telemetry>,
    requests: TicketRequests,
    mut is_waiting: Local<bool>,
) {
    let awaits_session = join_code().is_some() && requests.joined.is_none();
    *is_waiting |= starts.read().count() > 0 && !progress.is_in_progress() && !awaits_session;
    if !*is_waiting || telemetry.is_sending_first_ticks() {
        return;
    }
    *is_waiting = false;
    if let Some(preview) = preview {
        *link = Link::Unrecorded("TUNING PREVIEW".to_owned());
        commands.insert_resource(Simulation::preview(&preview));
        return next.set(Screen::Playing);
    }
    if is_practice_page() {
        *link = Link::Unrecorded("PRACTICE".to_owned());
        commands.insert_resource(Simulation::practice());
        return next.set(Screen::Playing);
    }
    if requests.is_waiting() {
        return next.set(Screen::Lobby);
    }
    if identity.nickname.is_some() {
        requests.send(&identity, &mut progress);
    } else {
        match &*early_name {
            EarlyName::Typed(text) => continue_typing(text),
            EarlyName::None | EarlyName::Chosen(_) => open_nickname_dialog(&identity, None),
        }
        *early_name = EarlyName::None;
        *progress = StartProgress::ChoosingNickname;
    }
}

pub fn continue_after_nickname(
    mut chosen: MessageReader<NicknameChosen>,
    mut cancelled: MessageReader<NicknameCancelled>,
    mut progress: ResMut<StartProgress>,
    identity: Res<Identity>,
    requests: TicketRequests,
) {
    if cancelled.read().count() > 0 && *progress == StartProgress::ChoosingNickname {
        *progress = StartProgress::Idle;
    }
    if chosen.read().count() > 0 && *progress == StartProgress::ChoosingNickname {
        requests.send(&identity, &mut progress);
    }
}
