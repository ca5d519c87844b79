//! The best players of the scoreboard, updated live.

use std::rc::Rc;

use crate::bevy::prelude::*;
use shared::api::Standings;

use super::join_code;
use crate::{
    FrameSet,
    network::server_events::{self, ServerEvent},
    page::{mailbox::add_mailbox, text::without_accents},
};

/// The best players, best first.
#[derive(Resource, Message, Default, Clone)]
pub struct TopPlayers(pub Vec<TopPlayer>);

#[derive(Clone)]
pub struct TopPlayer {
    pub rank: u32,
    /// The nickname without accents.
    pub name: String,
    pub score: u32,
}

impl From<Standings> for TopPlayers {
    fn from(standings: Standings) -> TopPlayers {
        let players = standings.standings.into_iter().map(|ranked| TopPlayer {
            rank: ranked.rank,
            name: without_accents(ranked.standing.nickname.as_str()),
            score: ranked.standing.result.score,
        });
        TopPlayers(players.collect())
    }
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<TopPlayers>(app);
    // With a join code, the session's updates include its standings.
    if join_code().is_none() {
        let handler = move |event| {
            if let ServerEvent::Data(_, data) = event
                && let Ok(standings) = serde_json::from_str::<Standings>(&data)
            {
                mailbox.post(standings.into());
            }
        };
        server_events::subscribe("/v1/live".to_owned(), &["standings"], Rc::new(handler));
    }
    app.init_resource::<TopPlayers>().add_systems(Update, store_top_players.in_set(FrameSet::Input));
}

fn store_top_players(mut updates: MessageReader<TopPlayers>, mut top: ResMut<TopPlayers>) {
    if let Some(latest) = updates.read().last() {
        *top = latest.clone();
    }
}
