//! Signals that stop the process.

use std::{io, process};

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The exit code of a process that Ctrl-C ends, as shells report it.
const INTERRUPTED: i32 = 130;

/// Completes when Ctrl-C or a service manager asks the process to stop. A second signal ends the process at once.
///
/// # Errors
/// If the process cannot receive signals.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        received(&mut interrupt, &mut terminate).await;
        tokio::spawn(async move {
            received(&mut interrupt, &mut terminate).await;
            process::exit(INTERRUPTED);
        });
    })
}

async fn received(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
