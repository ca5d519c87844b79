//! The way from the page's callbacks and the server's answers into the app: a mailbox for each kind of message.

use std::sync::{Arc, Mutex, PoisonError};

use bevy::prelude::*;

/// Where a callback leaves its messages; systems read them as Bevy messages in the next frame.
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

/// Sets up the mailbox of `M` and returns it, for callbacks to be given.
pub fn add_mailbox<M: Message>(app: &mut App) -> Mailbox<M> {
    let mailbox = Mailbox(Arc::default());
    app.add_message::<M>().insert_resource(mailbox.clone()).add_systems(PreUpdate, deliver::<M>);
    mailbox
}

fn deliver<M: Message>(mailbox: Res<Mailbox<M>>, mut messages: MessageWriter<M>) {
    messages.write_batch(mailbox.take());
}
