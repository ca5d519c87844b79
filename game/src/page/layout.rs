//! The size of the canvas: the field with its margins, scaled by the largest whole number that fits the page.
//!
//! The browser scales, by a CSS transform: winit, which watches the canvas, never sees another size than the one that
//! we draw at, and the software that runs where there is no graphics processor has few pixels to fill.

use bevy::{prelude::*, window::PrimaryWindow};
use web_sys::{Event, HtmlElement};

use super::{
    dom,
    mailbox::{Mailbox, add_mailbox},
};
use crate::{Step, simulation::Simulation};

/// Room beside the field, pixels: its bounds are those of the sprites' centres.
pub const MARGIN: f32 = 12.0;
/// Room above the field, with score and level.
pub const ABOVE: f32 = 28.0;
/// Room below the field, with lives and shots; the ship's lower half reaches into it.
pub const BELOW: f32 = 30.0;

/// The window was resized, or turned.
#[derive(Message, Debug, Clone, Copy)]
struct Resized;

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<Resized>(app);
    mailbox.post(Resized);
    if let Some(window) = dom::window() {
        dom::listen(&window, "resize", move |_: Event| mailbox.post(Resized));
    }
    app.add_systems(
        Update,
        (fit_field.run_if(resource_exists_and_changed::<Simulation>), fit_page.run_if(on_message::<Resized>))
            .chain()
            .in_set(Step::Tell),
    );
}

/// The canvas for a field of that size, pixels.
pub fn canvas(field: Vec2) -> Vec2 {
    field + Vec2::new(2.0 * MARGIN, ABOVE + BELOW)
}

fn fit_field(
    simulation: Res<Simulation>,
    resized: Res<Mailbox<Resized>>,
    mut window: Single<&mut Window, With<PrimaryWindow>>,
) {
    let size = canvas(simulation.field()).as_uvec2();
    if window.resolution.physical_size() != size {
        window.resolution.set_physical_resolution(size.x, size.y);
        resized.post(Resized);
    }
}

fn fit_page(window: Single<&Window, With<PrimaryWindow>>) {
    let (Some(page), Some(stage), Some(frame)) =
        (dom::window(), dom::element::<HtmlElement>("stage"), dom::element::<HtmlElement>("frame"))
    else {
        return;
    };
    let density = page.device_pixel_ratio() as f32;
    let size = window.resolution.physical_size().as_vec2();
    let room = Vec2::new(stage.client_width() as f32, stage.client_height() as f32);
    let scale = scale(size, room, density);
    let css = size * scale / density;
    let style = frame.style();
    for (name, value) in
        [("--scale", scale.to_string()), ("--width", format!("{}px", css.x)), ("--height", format!("{}px", css.y))]
    {
        let _ = style.set_property(name, &value);
    }
}

/// How many device pixels a pixel of ours gets. `room` is in CSS pixels, `density` in device pixels for each of these.
///
/// A whole number, unless there is not even room for one CSS pixel: on phones held upright, whose pixels are fine enough.
fn scale(size: Vec2, room: Vec2, density: f32) -> f32 {
    let fits = (room * density / size).min_element();
    if fits < density { fits } else { fits.floor() }
}
