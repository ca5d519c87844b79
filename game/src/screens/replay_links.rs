//! The page's links to watch a game and to save its replay.

use shared::ids::GameId;
use web_sys::HtmlElement;

use crate::page::dom;

const WATCH_LINK: &str = "watch";
const SAVE_LINK: &str = "keep";

/// Shows the link to watch the game. Others can open it, too.
pub fn show_watch_link(game: GameId) {
    if let Some(link) = dom::element::<HtmlElement>(WATCH_LINK) {
        // Fails only for an invalid attribute name.
        let _ = link.set_attribute("href", &format!("/?watch={game}"));
        link.set_hidden(false);
    }
}

/// Shows the link to save the game's replay as a file.
pub fn show_save_link(game: GameId) {
    if let Some(link) = dom::element::<HtmlElement>(SAVE_LINK) {
        // Fails only for an invalid attribute name.
        let _ = link.set_attribute("href", &format!("/v1/games/{game}/replay"));
        let _ = link.set_attribute("download", &format!("alien-attack-{game}.json"));
        link.set_hidden(false);
    }
}

/// Hides both links.
pub fn hide_links() {
    dom::set_hidden(WATCH_LINK, true);
    dom::set_hidden(SAVE_LINK, true);
}
