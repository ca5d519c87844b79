//! Files that the player opens, by the button or by dropping them on the page.

use bevy::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use super::{
    dom,
    mailbox::{Mailbox, add_mailbox},
    trouble,
};

/// Two hours of restless play take less.
const MOST_BYTES: f64 = 2e6;

/// A file was read.
#[derive(Message, Debug, Clone)]
pub struct FileCame {
    pub name: String,
    pub text: String,
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<FileCame>(app);
    listen_to_button(&mailbox);
    listen_to_drops(&mailbox);
}

/// The button stands for the browser's own, which cannot be styled.
fn listen_to_button(mailbox: &Mailbox<FileCame>) {
    let Some(input) = dom::element::<HtmlInputElement>("replay-file") else {
        return;
    };
    let chooser = input.clone();
    dom::listen_to("open-replay", "click", move |_: Event| chooser.click());
    let (mailbox, source) = (mailbox.clone(), input.clone());
    dom::listen(&input, "change", move |_: Event| {
        read_first(source.files(), &mailbox);
        // The same file may be chosen again.
        source.set_value("");
    });
}

fn listen_to_drops(mailbox: &Mailbox<FileCame>) {
    let Some(window) = dom::window() else {
        return;
    };
    dom::listen(&window, "dragover", |event: DragEvent| event.prevent_default());
    let mailbox = mailbox.clone();
    dom::listen(&window, "drop", move |event: DragEvent| {
        event.prevent_default();
        read_first(event.data_transfer().and_then(|transfer| transfer.files()), &mailbox);
    });
}

fn read_first(files: Option<FileList>, mailbox: &Mailbox<FileCame>) {
    let Some(file) = files.and_then(|files| files.get(0)) else {
        return;
    };
    if file.size() > MOST_BYTES {
        trouble::show(&format!("{} is too large to be a game.", file.name()));
        return;
    }
    let mailbox = mailbox.clone();
    spawn_local(async move { read(file, &mailbox).await });
}

async fn read(file: File, mailbox: &Mailbox<FileCame>) {
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    match text {
        Some(text) => mailbox.post(FileCame { name: file.name(), text }),
        None => trouble::show(&format!("{} cannot be read.", file.name())),
    }
}
