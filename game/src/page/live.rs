//! What the server tells as it happens, for as long as the page lives.

use std::{rc::Rc, time::Duration};

use gloo_timers::future::sleep;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventSource, MessageEvent};

use super::dom;

/// After so long an address that has answered with an error is asked again.
const AGAIN: Duration = Duration::from_secs(2);

/// What is heard.
pub enum Heard {
    /// An event of that kind, and its data.
    Event(&'static str, String),
    /// Whether there is a connection; also that there still is none.
    Connection(bool),
}

/// Listens at an address for events of some kinds.
pub fn listen(address: String, kinds: &'static [&'static str], hear: Rc<dyn Fn(Heard)>) {
    let Ok(source) = EventSource::new(&address) else {
        return;
    };
    for kind in kinds {
        let hear = Rc::clone(&hear);
        dom::listen(&source, kind, move |event: MessageEvent| {
            if let Some(data) = event.data().as_string() {
                hear(Heard::Event(kind, data));
            }
        });
    }
    let opened = Rc::clone(&hear);
    dom::listen(&source, "open", move |_: Event| opened(Heard::Connection(true)));
    let failed = source.clone();
    dom::listen(&source, "error", move |_: Event| {
        hear(Heard::Connection(false));
        // The browser tries again by itself, unless the server has answered with an error.
        if failed.ready_state() == EventSource::CLOSED {
            let (address, hear) = (address.clone(), Rc::clone(&hear));
            spawn_local(async move {
                sleep(AGAIN).await;
                listen(address, kinds, hear);
            });
        }
    });
}
