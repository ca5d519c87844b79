//! The top of the scoreboard, live.

use std::rc::Rc;

use bevy::prelude::*;
use shared::api::Standings;

use crate::{
    Step,
    draw::{
        font::{self, Align, LINE},
        painter::Painter,
        theme,
    },
    page::{
        live::{self, Heard},
        mailbox::add_mailbox,
    },
    session,
};

/// The best players, as the server last told, best first.
#[derive(Resource, Message, Default, Clone)]
pub struct Top(pub Vec<Leader>);

/// One of the best players.
#[derive(Clone)]
pub struct Leader {
    pub rank: u32,
    /// In our letters.
    pub name: String,
    pub score: u32,
}

impl From<Standings> for Top {
    fn from(standings: Standings) -> Top {
        let leaders = standings.standings.into_iter().map(|ranked| Leader {
            rank: ranked.rank,
            name: font::plain(ranked.standing.nickname.as_str()),
            score: ranked.standing.result.score,
        });
        Top(leaders.collect())
    }
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Top>(app);
    // A session brings its own.
    if session::code().is_none() {
        let hear = move |heard| {
            if let Heard::Event(_, data) = heard
                && let Ok(standings) = serde_json::from_str::<Standings>(&data)
            {
                mailbox.post(standings.into());
            }
        };
        live::listen("/v1/live".to_owned(), &["standings"], Rc::new(hear));
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
    const COLUMNS: f32 = 34.0;
    let half = COLUMNS * font::ADVANCE / 2.0;
    for (i, leader) in top.0.iter().take(count).enumerate() {
        let middle = at + Vec2::Y * LINE * i as f32;
        let colour = colour.unwrap_or(if i == 0 { theme::LEMON } else { theme::MIST });
        let name = format_args!("{:>2}  {}", leader.rank, leader.name);
        painter.text(name, middle - Vec2::X * half, Align::Left, 1.0, colour);
        painter.text(leader.score, middle + Vec2::X * half, Align::Right, 1.0, colour);
    }
}
