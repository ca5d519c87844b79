//! The top of the scoreboard, live.

use bevy::prelude::*;
use shared::api::Standings;
use web_sys::{EventSource, MessageEvent};

use crate::{
    Step,
    draw::{
        font::{self, Align, LINE},
        painter::Painter,
        theme,
    },
    page::{dom, mailbox::add_mailbox},
};

/// The best players, as the server last told.
#[derive(Resource, Message, Default, Clone)]
pub struct Top(pub Standings);

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Top>(app);
    // The browser itself connects again when the link was cut.
    if let Ok(source) = EventSource::new("/v1/live") {
        dom::listen(&source, "standings", move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(standings) = serde_json::from_str(&text) {
                mailbox.post(Top(standings));
            }
        });
    }
    app.init_resource::<Top>().add_systems(Update, keep.in_set(Step::Listen));
}

fn keep(mut news: MessageReader<Top>, mut top: ResMut<Top>) {
    if let Some(latest) = news.read().last() {
        *top = latest.clone();
    }
}

/// The first `count` places as lines of text, from a point in the middle of the upper edge; without a colour, the
/// first place shines.
pub fn list(painter: &mut Painter, top: &Top, at: Vec2, count: usize, colour: Option<Color>) {
    const COLUMNS: usize = 34;
    for (i, ranked) in top.0.standings.iter().take(count).enumerate() {
        let name = font::plain(ranked.standing.nickname.as_str());
        let score = ranked.standing.run.score.to_string();
        let room = COLUMNS - 4 - score.len();
        let line = format!("{:>2}  {name:<room$}{score}", ranked.rank);
        let colour = colour.unwrap_or(if i == 0 { theme::LEMON } else { theme::MIST });
        painter.text(&line, at + Vec2::Y * LINE * i as f32, Align::Centre, 1.0, colour);
    }
}
