//! The nickname that a new player types while the game loads.

use crate::bevy::prelude::*;
use shared::nickname::Nickname;
use web_sys::HtmlInputElement;

use crate::page::dom;

const INPUT: &str = "early-name-input";

/// What the player did with the page's field before the game took over.
#[derive(Resource, Debug, PartialEq, Eq)]
pub enum EarlyName {
    /// Nothing was typed.
    None,
    /// The text is unfinished, or is no nickname.
    Typed(String),
    /// The nickname was confirmed, so the game starts with it.
    Chosen(Nickname),
}

impl EarlyName {
    /// Reads the field, which the page hides once the game runs.
    pub fn read() -> EarlyName {
        let Some(input) = dom::element::<HtmlInputElement>(INPUT) else {
            return EarlyName::None;
        };
        let text = input.value().trim().to_owned();
        let has_focus = || dom::document()?.active_element().filter(|active| active.id() == INPUT);
        match text.parse() {
            Ok(nickname) if input.form().is_some_and(|form| form.has_attribute("data-chosen")) => {
                EarlyName::Chosen(nickname)
            }
            _ if text.is_empty() && has_focus().is_none() => EarlyName::None,
            _ => EarlyName::Typed(text),
        }
    }
}
