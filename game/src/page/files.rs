//! Files that the player opens with the button or drops on the page.

use crate::bevy::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, FileList, HtmlInputElement};

use super::{
    dom,
    errors::show_error,
    mailbox::{Mailbox, add_mailbox},
};

/// The size limit of an opened file. Two hours of busy play take less.
const MAX_BYTES: f64 = 2e6;

/// The player opened a file, and its text was read.
#[derive(Message, Debug, Clone)]
pub struct FileOpened {
    pub name: String,
    pub text: String,
}

pub fn plugin(app: &mut App) {
    let mailbox = add_mailbox::<FileOpened>(app);
    listen_to_button(&mailbox);
    listen_to_drops(&mailbox);
}

/// The visible button replaces the browser's file input, which cannot be styled.
fn listen_to_button(mailbox: &Mailbox<FileOpened>) {
    let Some(input) = dom::element::<HtmlInputElement>("replay-file") else {
        return;
    };
    let chooser = input.clone();
    dom::listen_to("open-replay", "click", move |_: Event| chooser.click());
    let (mailbox, source) = (mailbox.clone(), input.clone());
    dom::listen(&input, "change", move |_: Event| {
        read_first(source.files(), &mailbox);
        // Otherwise choosing the same file again would not send an event.
        source.set_value("");
    });
}

fn listen_to_drops(mailbox: &Mailbox<FileOpened>) {
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

fn read_first(files: Option<FileList>, mailbox: &Mailbox<FileOpened>) {
    let Some(file) = files.and_then(|files| files.get(0)) else {
        return;
    };
    if file.size() > MAX_BYTES {
        show_error(&format!("{} is too large: a replay has at most {MAX_BYTES} bytes.", file.name()));
        return;
    }
    let mailbox = mailbox.clone();
    spawn_local(async move { read(file, &mailbox).await });
}

async fn read(file: File, mailbox: &Mailbox<FileOpened>) {
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    match text {
        Some(text) => mailbox.post(FileOpened { name: file.name(), text }),
        None => show_error(&format!("The browser cannot read {}. Choose the file again.", file.name())),
    }
}
