//! Fits the canvas to the game's field and scales it by the largest whole number that fits the page.
//!
//! A CSS transform scales the canvas. So the drawn size, which winit watches, does not change, and software rendering
//! has few pixels to fill.

use bevy::{
    prelude::*,
    window::{PrimaryWindow, WindowResized},
};
use web_sys::{CssStyleDeclaration, Event, HtmlElement};

use super::layout::canvas_size;
use crate::{
    FrameSet,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
    },
    simulation::Simulation,
};

/// The page or the canvas has another size.
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
            fit_to_field.run_if(resource_exists_and_changed::<Simulation>),
            correct_css_size.run_if(on_message::<WindowResized>),
            scale_to_page.run_if(on_message::<Resized>),
        )
            .chain()
            .in_set(FrameSet::Output),
    );
}

/// Has winit resize the canvas for the game's field.
fn fit_to_field(
    simulation: Res<Simulation>,
    resized: Res<Mailbox<Resized>>,
    mut window: Single<&mut Window, With<PrimaryWindow>>,
) {
    let size = canvas_size(simulation.game().params()).as_uvec2();
    if window.resolution.physical_size() != size {
        window.resolution.set_physical_resolution(size.x, size.y);
    }
    resized.post(Resized);
}

/// Corrects the canvas's CSS size if the drawn size is wrong.
///
/// winit divides the size by the screen's pixel density and reads the drawn size from the browser. A browser that
/// emulates a phone reports that size without the density, so the canvas would be too small.
fn correct_css_size(
    simulation: Res<Simulation>,
    resized: Res<Mailbox<Resized>>,
    window: Single<&Window, With<PrimaryWindow>>,
) {
    let wanted = canvas_size(simulation.game().params());
    let actual = window.resolution.physical_size().as_vec2();
    // Rounding causes differences of up to two pixels.
    if (wanted - actual).abs().max_element() > 2.0
        && let Some(style) = style("playfield")
    {
        let css = css_size(&style) * wanted / actual;
        set_property(&style, "width", &format!("{}px", css.x));
        set_property(&style, "height", &format!("{}px", css.y));
    }
    resized.post(Resized);
}

fn scale_to_page(simulation: Res<Simulation>) {
    let (Some(window), Some(stage), Some(playfield), Some(frame)) =
        (dom::window(), dom::element::<HtmlElement>("stage"), style("playfield"), style("frame"))
    else {
        return;
    };
    let density = window.device_pixel_ratio() as f32;
    let size = canvas_size(simulation.game().params());
    let room = Vec2::new(stage.client_width() as f32, stage.client_height() as f32);
    let css = size * scale(size, room, density) / density;
    set_property(&frame, "--width", &format!("{}px", css.x));
    set_property(&frame, "--height", &format!("{}px", css.y));
    set_property(&frame, "--scale", &(css / css_size(&playfield)).x.to_string());
}

/// Device pixels for each canvas pixel. `room` is in CSS pixels, `density` in device pixels per CSS pixel.
///
/// A whole number, except on small screens and on phones: there, rounding down would waste much room, or the pixels are
/// so small that uneven scaling does not show.
fn scale(size: Vec2, room: Vec2, density: f32) -> f32 {
    let fits = (room * density / size).min_element();
    if fits < 2.0 || fits < density { fits } else { fits.floor() }
}

fn style(id: &str) -> Option<CssStyleDeclaration> {
    dom::element::<HtmlElement>(id).map(|element| element.style())
}

/// The size in an element's own style, CSS pixels.
fn css_size(style: &CssStyleDeclaration) -> Vec2 {
    let length = |name| {
        let text = style.get_property_value(name).unwrap_or_default();
        text.trim_end_matches("px").parse().unwrap_or(1.0)
    };
    Vec2::new(length("width"), length("height"))
}

fn set_property(style: &CssStyleDeclaration, name: &str, value: &str) {
    // Fails only for a read-only style.
    let _ = style.set_property(name, value);
}
