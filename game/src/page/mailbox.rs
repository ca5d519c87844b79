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

/// Delivers what is in each mailbox. One system for all of them: the browser would compile dozens of systems before the first
/// frame.
#[derive(Resource, Default)]
struct Mailboxes(Vec<Box<dyn Fn(&mut World) + Send + Sync>>);

/// Adds the mailbox of `M` to the app and returns a handle for callbacks.
pub fn add_mailbox<M: Message>(app: &mut App) -> Mailbox<M> {
    let mailbox = Mailbox(Arc::default());
    app.add_message::<M>().insert_resource(mailbox.clone());
    let delivered = mailbox.clone();
    let deliver = move |world: &mut World| {
        let messages = delivered.take();
        if !messages.is_empty() {
            world.write_message_batch(messages);
        }
    };
    app.world_mut().get_resource_or_init::<Mailboxes>().0.push(Box::new(deliver));
    mailbox
}

/// Adds the system that delivers the messages.
pub fn plugin(app: &mut App) {
    app.init_resource::<Mailboxes>().add_systems(PreUpdate, deliver_messages);
}

fn deliver_messages(world: &mut World) {
    world.resource_scope(|world, mailboxes: Mut<Mailboxes>| mailboxes.0.iter().for_each(|deliver| deliver(world)));
}
