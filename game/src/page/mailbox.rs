//! Mailboxes carry messages from browser callbacks and server responses into the app, one for each message type.

use std::sync::{Arc, Mutex, PoisonError};

use crate::bevy::prelude::*;

/// A queue that callbacks post to. Systems read its contents as Bevy messages in the next frame.
#[derive(Resource)]
pub struct Mailbox<M>(Arc<Mutex<Vec<M>>>);

impl<M> Clone for Mailbox<M> {
    fn clone(&self) -> Mailbox<M> {
        Mailbox(Arc::clone(&self.0))
    }
}

impl<M> Mailbox<M> {
    pub fn post(&self, message: M) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    }

    fn take(&self) -> Vec<M> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Adds the mailbox of `M` to the app and returns a handle for callbacks.
pub fn add_mailbox<M: Message>(app: &mut App) -> Mailbox<M> {
    let mailbox = Mailbox(Arc::default());
    app.add_message::<M>().insert_resource(mailbox.clone()).add_systems(PreUpdate, deliver_messages::<M>);
    mailbox
}

fn deliver_messages<M: Message>(mailbox: Res<Mailbox<M>>, mut messages: MessageWriter<M>) {
    messages.write_batch(mailbox.take());
}
