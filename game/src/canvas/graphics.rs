//! The life of the drawing context: the page creates it once, it is lost when a driver resets or a phone needs its memory, and
//! restored by the browser.

use crate::bevy::prelude::*;
use web_sys::{Event, HtmlCanvasElement};

use super::{layout, quad_batch::QuadBatch, renderer::Renderer, sizing::DrawnScale};
use crate::{
    FrameSet,
    page::{
        announcer::announce,
        dom,
        errors::{show_error, stop},
        mailbox::{Mailbox, add_mailbox},
    },
    simulation::Simulation,
};

/// The element that is visible while nothing can be drawn.
const NOTICE: &str = "graphics-lost";

/// The browser took the drawing context away.
#[derive(Message, Debug, Clone, Copy)]
pub struct GraphicsLost;

/// The drawing context is back, without anything that was in it.
#[derive(Message, Debug, Clone, Copy)]
struct GraphicsRestored;

pub fn plugin(app: &mut App) {
    let (lost, restored) = (add_mailbox::<GraphicsLost>(app), add_mailbox::<GraphicsRestored>(app));
    let quads = QuadBatch::new();
    if let Some(canvas) = dom::element::<HtmlCanvasElement>("playfield") {
        listen(&canvas, lost, restored);
        match Renderer::new(canvas, quads.sheet()) {
            Ok(renderer) => {
                app.insert_non_send(renderer);
            }
            Err(error) => {
                show_error(&error.to_string());
                app.set_runner(|_| AppExit::error());
            }
        }
    }
    app.insert_resource(quads).add_systems(
        Update,
        (
            (show_notice.run_if(on_message::<GraphicsLost>), restore.run_if(on_message::<GraphicsRestored>))
                .chain()
                .in_set(FrameSet::Input),
            draw_batch.after(FrameSet::Draw),
        ),
    );
}

fn listen(canvas: &HtmlCanvasElement, lost: Mailbox<GraphicsLost>, restored: Mailbox<GraphicsRestored>) {
    dom::listen(canvas, "webglcontextlost", move |event: Event| {
        // Otherwise the browser does not restore the context.
        event.prevent_default();
        lost.post(GraphicsLost);
    });
    dom::listen(canvas, "webglcontextrestored", move |_: Event| restored.post(GraphicsRestored));
}

fn show_notice() {
    dom::set_hidden(NOTICE, false);
    announce("The browser has stopped drawing the game.");
}

fn restore(mut renderer: NonSendMut<Renderer>, quads: Res<QuadBatch>) {
    match renderer.restore(quads.sheet()) {
        Ok(()) => dom::set_hidden(NOTICE, true),
        Err(error) => show_error(&error.to_string()),
    }
}

fn draw_batch(
    mut renderer: NonSendMut<Renderer>,
    mut quads: ResMut<QuadBatch>,
    simulation: Res<Simulation>,
    scale: Res<DrawnScale>,
) {
    let size = layout::canvas_size(simulation.game().params()).as_uvec2();
    if let Err(error) = renderer.draw(quads.quads(), size, scale.0) {
        stop(&error.to_string());
    }
    quads.clear();
}
