//! Server-sent events. A subscription lasts as long as the page and reconnects by itself.

use std::{rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventSource, MessageEvent};

use crate::page::dom;

/// The delay before reconnecting after an HTTP error. The browser reconnects by itself after other failures.
const RECONNECT_DELAY: Duration = Duration::from_secs(2);

/// An update of a subscription.
pub enum ServerEvent {
    /// An event: its name and data.
    Data(&'static str, String),
    /// The connection was opened (`true`), or an attempt to connect failed (`false`).
    Connected(bool),
}

/// Subscribes to the events with these names at an address.
pub fn subscribe(address: String, names: &'static [&'static str], handler: Rc<dyn Fn(ServerEvent)>) {
    let Ok(source) = EventSource::new(&address) else {
        return;
    };
    for name in names {
        let handler = Rc::clone(&handler);
        dom::listen(&source, name, move |event: MessageEvent| {
            if let Some(data) = event.data().as_string() {
                handler(ServerEvent::Data(name, data));
            }
        });
    }
    let on_open = Rc::clone(&handler);
    dom::listen(&source, "open", move |_: Event| on_open(ServerEvent::Connected(true)));
    let failed = source.clone();
    dom::listen(&source, "error", move |_: Event| {
        handler(ServerEvent::Connected(false));
        // The browser reconnects by itself unless the server responded with an error.
        if failed.ready_state() == EventSource::CLOSED {
            let (address, handler) = (address.clone(), Rc::clone(&handler));
            spawn_local(async move {
                sleep(RECONNECT_DELAY).await;
                subscribe(address, names, handler);
            });
        }
    });
}
