//! The size of the canvas: the field with its margins, scaled by the largest whole number that fits the page.
//!
//! The browser scales, by a CSS transform: winit, which watches the canvas, never sees another size than the one that
//! we draw at, and the software that runs where there is no graphics processor has few pixels to fill.

use bevy::{
    prelude::*,
    window::{PrimaryWindow, WindowResized},
};
use shared::rules::LevelParams;
use web_sys::{CssStyleDeclaration, Event, HtmlElement};

use super::{
    dom,
    mailbox::{Mailbox, add_mailbox},
};
use crate::{Step, simulation::Simulation};

/// Room beside the field, pixels: its bounds are those of the sprites' centres.
pub const MARGIN: f32 = 12.0;
/// Room above the field, with score and level.
pub const ABOVE: f32 = 18.0;
/// Room below the ship, with lives and shots. So the arcade's screen is 240 pixels high, three times of which fill a
/// small laptop's.
const BELOW: f32 = 12.0;

/// The page, or what is to be shown on it, has another size.
#[derive(Message, Debug, Clone, Copy)]
struct Resized;

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Resized>(app);
    if let Some(window) = dom::window() {
        dom::listen(&window, "resize", move |_: Event| mailbox.post(Resized));
    }
    app.add_systems(
        Update,
        (
            fit_field.run_if(resource_exists_and_changed::<Simulation>),
            correct_canvas.run_if(on_message::<WindowResized>),
            fit_page.run_if(on_message::<Resized>),
        )
            .chain()
            .in_set(Step::Tell),
    );
}

/// The canvas around a game's field, pixels.
pub fn canvas(params: &LevelParams) -> Vec2 {
    Vec2::new(params.width.to_f32() + 2.0 * MARGIN, floor(params) + BELOW)
}

/// The lower edge of the ship on the canvas: its lower half stands below the field.
pub fn floor(params: &LevelParams) -> f32 {
    ABOVE + (params.height + params.ship.half_height).to_f32()
}

/// Has winit size the canvas for the field of the game.
fn fit_field(
    simulation: Res<Simulation>,
    resized: Res<Mailbox<Resized>>,
    mut window: Single<&mut Window, With<PrimaryWindow>>,
) {
    let size = canvas(simulation.game().params()).as_uvec2();
    if window.resolution.physical_size() != size {
        window.resolution.set_physical_resolution(size.x, size.y);
    }
    resized.post(Resized);
}

/// Winit divides the size by the density of the screen, and takes the browser's word for how many pixels that makes.
/// Where that word ignores the density, as in a browser that emulates a phone, the canvas is to be larger.
fn correct_canvas(
    simulation: Res<Simulation>,
    resized: Res<Mailbox<Resized>>,
    window: Single<&Window, With<PrimaryWindow>>,
) {
    let wanted = canvas(simulation.game().params());
    let got = window.resolution.physical_size().as_vec2();
    // A pixel more or less comes from rounding.
    if (wanted - got).abs().max_element() > 2.0
        && let Some(style) = style("playfield")
    {
        let css = css_size(&style) * wanted / got;
        set(&style, "width", &format!("{}px", css.x));
        set(&style, "height", &format!("{}px", css.y));
    }
    resized.post(Resized);
}

fn fit_page(simulation: Res<Simulation>) {
    let (Some(page), Some(stage), Some(playfield), Some(frame)) =
        (dom::window(), dom::element::<HtmlElement>("stage"), style("playfield"), style("frame"))
    else {
        return;
    };
    let density = page.device_pixel_ratio() as f32;
    let size = canvas(simulation.game().params());
    let room = Vec2::new(stage.client_width() as f32, stage.client_height() as f32);
    let css = size * scale(size, room, density) / density;
    set(&frame, "--width", &format!("{}px", css.x));
    set(&frame, "--height", &format!("{}px", css.y));
    set(&frame, "--scale", &(css / css_size(&playfield)).x.to_string());
}

/// How many device pixels a pixel of ours gets. `room` is in CSS pixels, `density` in device pixels for each of these.
///
/// A whole number, unless rounding would waste too much: on small screens, and on phones, whose pixels are fine enough.
fn scale(size: Vec2, room: Vec2, density: f32) -> f32 {
    let fits = (room * density / size).min_element();
    if fits < 2.0 || fits < density { fits } else { fits.floor() }
}

fn style(id: &str) -> Option<CssStyleDeclaration> {
    dom::element::<HtmlElement>(id).map(|element| element.style())
}

/// The size that an element's own style gives it, CSS pixels.
fn css_size(style: &CssStyleDeclaration) -> Vec2 {
    let length = |name| {
        let text = style.get_property_value(name).unwrap_or_default();
        text.trim_end_matches("px").parse().unwrap_or(1.0)
    };
    Vec2::new(length("width"), length("height"))
}

fn set(style: &CssStyleDeclaration, name: &str, value: &str) {
    // Fails only for styles that cannot be changed, which an element's own can.
    let _ = style.set_property(name, value);
}
