//! Scales the canvas by the largest whole number of device pixels that fits the page.
//!
//! CSS scales the drawn picture, so that software rendering has few pixels to fill. WebKit blurs what CSS scales, so there the
//! picture is drawn at the scale of the screen.

use crate::bevy::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, ResizeObserver};

use super::layout::canvas_size;
use crate::{
    FrameSet,
    page::{
        dom,
        mailbox::{Mailbox, add_mailbox},
    },
    simulation::Simulation,
};

/// The largest scale at which the picture is drawn in WebKit.
const MAX_WEBKIT_SCALE: f32 = 4.0;

/// The number of drawn pixels for the width of each canvas pixel.
#[derive(Resource, Debug, Clone, Copy)]
pub struct DrawnScale(pub u32);

impl DrawnScale {
    /// `scale` is in device pixels for each canvas pixel.
    fn new(scale: f32) -> DrawnScale {
        let max = if dom::is_webkit() { MAX_WEBKIT_SCALE } else { 1.0 };
        DrawnScale(scale.clamp(1.0, max) as u32)
    }
}

/// The room for the canvas has another size or another pixel density.
#[derive(Message, Debug, Clone, Copy)]
struct Resized;

pub fn plugin(app: &mut App) {
    observe_room(&add_mailbox::<Resized>(app));
    let is_due = on_message::<Resized>.or_else(resource_exists_and_changed::<Simulation>);
    app.insert_resource(DrawnScale(1)).add_systems(Update, scale_to_page.run_if(is_due).in_set(FrameSet::Output));
}

fn observe_room(resized: &Mailbox<Resized>) {
    // A change of the pixel density alone changes no element's size.
    if let Some(window) = dom::window() {
        let resized = resized.clone();
        dom::listen(&window, "resize", move |_: Event| resized.post(Resized));
    }
    let resized = resized.clone();
    let observe = Closure::<dyn FnMut()>::new(move || resized.post(Resized));
    let observer = ResizeObserver::new(observe.as_ref().unchecked_ref());
    if let (Ok(observer), Some(stage)) = (observer, dom::element::<Element>("stage")) {
        observer.observe(&stage);
        // The browser keeps the observer for as long as the element is in the page.
        observe.forget();
    }
}

fn scale_to_page(simulation: Res<Simulation>, mut drawn: ResMut<DrawnScale>) {
    let (Some(window), Some(stage), Some(frame)) =
        (dom::window(), dom::element::<HtmlElement>("stage"), dom::element::<HtmlElement>("frame"))
    else {
        return;
    };
    let density = window.device_pixel_ratio() as f32;
    let size = canvas_size(simulation.game().params());
    let room = Vec2::new(stage.client_width() as f32, stage.client_height() as f32);
    let scale = scale(size, room, density);
    *drawn = DrawnScale::new(scale);
    let css = size * scale / density;
    for (name, length) in [("--width", css.x), ("--height", css.y)] {
        // Fails only for a read-only style.
        let _ = frame.style().set_property(name, &format!("{length}px"));
    }
}

/// Device pixels for each canvas pixel. `room` is in CSS pixels, `density` in device pixels per CSS pixel.
///
/// A whole number, except on small screens and on phones: there, rounding down would waste much room, or the pixels are
/// so small that uneven scaling does not show.
fn scale(size: Vec2, room: Vec2, density: f32) -> f32 {
    let fits = (room * density / size).min_element();
    if fits < 2.0 || fits < density { fits } else { fits.floor() }
}
