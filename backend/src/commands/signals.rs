//! Signals that stop the process.

use std::{io, process};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

/// The exit code of a process that Ctrl-C ends, as shells report it.
const INTERRUPTED: i32 = 130;

/// Completes when Ctrl-C or a service manager asks the process to stop. A second signal ends the process at once, also while
/// the process starts.
///
/// # Errors
/// If the process cannot receive signals.
pub fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(async move {
        received(&mut interrupt, &mut terminate).await;
        // The receiver is gone if the process already stops for another reason.
        let _ = stop.send(());
        received(&mut interrupt, &mut terminate).await;
        process::exit(INTERRUPTED);
    });
    Ok(async move { stopped.await.unwrap_or_default() })
}

async fn received(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
