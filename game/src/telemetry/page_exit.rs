//! Sends the last events when the page is hidden or closed.
//!
//! A hidden page may never be shown again. So the queue is stored, and its first batch is sent with a request that
//! continues after the page is closed.

use crate::bevy::prelude::*;
use shared::event::{Batch, EventKind};
use wasm_bindgen::JsValue;
use web_sys::{Event as PageEvent, Headers, RequestInit};

use super::{queue::Queue, sender::events_path, telemetry_state::Telemetry};
use crate::{
    network::http::bearer,
    page::{dom, visibility},
};

pub fn plugin(app: &mut App) {
    app.add_systems(Startup, listen_to_page_exit);
}

fn listen_to_page_exit(telemetry: Res<Telemetry>) {
    let hidden = telemetry.clone();
    visibility::on_hidden(move || {
        hidden.flush_buttons();
        send_all(&hidden);
    });
    let closed = telemetry.clone();
    if let Some(window) = dom::window() {
        dom::listen(&window, "pagehide", move |_: PageEvent| {
            closed.record_event(EventKind::Left);
            send_all(&closed);
        });
    }
}

/// Sends the first batch of each game, also while the page is being closed.
pub fn send_all(telemetry: &Telemetry) {
    for outbox in &telemetry.lock().outboxes {
        if let Some(batch) = outbox.queue.batch() {
            send_keepalive(&outbox.queue, &batch);
        }
    }
}

/// Sends without handling the response. The next visit sends the batch again if it was not acknowledged.
fn send_keepalive(queue: &Queue, batch: &Batch) {
    let (Some(window), Ok(body), Ok(headers)) = (dom::window(), serde_json::to_string(batch), Headers::new()) else {
        return;
    };
    let headers_set = headers
        .set("authorization", &bearer(&queue.token))
        .and_then(|()| headers.set("content-type", "application/json"));
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body));
    // web-sys has no setter for this property.
    let keepalive_set = js_sys::Reflect::set(&request, &"keepalive".into(), &true.into());
    if headers_set.and(keepalive_set.map(drop)).is_ok() {
        let _ = window.fetch_with_str_and_init(&events_path(queue.game), &request);
    }
}
