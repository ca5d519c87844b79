//! Runs background tasks under one shutdown, and detects a task that ends by itself.

use std::{any::Any, collections::HashMap};

use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// Background tasks with names. Each runs until [`Supervisor::stop`].
#[derive(Default)]
pub struct Supervisor {
    tasks: JoinSet<()>,
    names: HashMap<Id, &'static str>,
    shutdown: CancellationToken,
}

/// A background task that stopped before the shutdown.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// The task returned.
    #[error("the background task {name} ended unexpectedly")]
    Ended {
        /// The name of the task.
        name: &'static str,
    },
    /// The task panicked.
    #[error("the background task {name} panicked: {message}")]
    Panicked {
        /// The name of the task.
        name: &'static str,
        /// The message of the panic.
        message: String,
    },
}

impl Supervisor {
    /// Starts a task. Shutdown drops it at its next `await`.
    pub fn spawn(&mut self, name: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        let shutdown = self.shutdown.clone();
        let handle = self.tasks.spawn(async move {
            // `None` means that the shutdown came first.
            let _ = shutdown.run_until_cancelled(task).await;
        });
        self.names.insert(handle.id(), name);
    }

    /// Waits until `stop_signal` completes or a task fails. The other tasks go on.
    ///
    /// # Errors
    /// If a task ends or panics before `stop_signal` completes.
    pub async fn run_until(&mut self, stop_signal: impl Future<Output = ()>) -> Result<(), TaskError> {
        tokio::select! {
            () = stop_signal => Ok(()),
            error = self.failure() => {
                tracing::error!("{error}; stopping the process");
                Err(error)
            }
        }
    }

    /// Stops all tasks and waits until they have ended.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        while let Some(ended) = self.tasks.join_next_with_id().await {
            if let Err(error) = ended {
                tracing::error!("{}", self.failed(error));
            }
        }
    }

    /// Waits until a task fails.
    async fn failure(&mut self) -> TaskError {
        match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => TaskError::Ended { name: self.name(id) },
            Some(Err(error)) => self.failed(error),
            None => std::future::pending().await,
        }
    }

    fn failed(&self, error: JoinError) -> TaskError {
        let name = self.name(error.id());
        match error.try_into_panic() {
            Ok(panic) => TaskError::Panicked { name, message: panic_message(&*panic) },
            // The supervisor aborts no task.
            Err(_) => TaskError::Ended { name },
        }
    }

    fn name(&self, id: Id) -> &'static str {
        self.names.get(&id).copied().unwrap_or("unknown")
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_is_a_failure_with_its_name() {
        let mut supervisor = Supervisor::default();
        supervisor.spawn("forever", pending());
        supervisor.spawn("short", ready(()));
        assert_eq!(supervisor.run_until(pending()).await, Err(TaskError::Ended { name: "short" }));
        supervisor.stop().await;
    }

    #[tokio::test]
    async fn a_task_that_panics_is_a_failure_with_its_name_and_message() {
        let mut supervisor = Supervisor::default();
        supervisor.spawn("broken", async { panic!("row {} is missing", 7) });
        let error = supervisor.run_until(pending()).await.unwrap_err();
        assert_eq!(error.to_string(), "the background task broken panicked: row 7 is missing");
    }

    #[tokio::test]
    async fn tasks_run_until_they_are_stopped() {
        let mut supervisor = Supervisor::default();
        let (alive, ended) = tokio::sync::oneshot::channel::<()>();
        supervisor.spawn("forever", async move {
            let _alive = alive;
            pending::<()>().await;
        });
        assert_eq!(supervisor.run_until(ready(())).await, Ok(()));
        supervisor.stop().await;
        assert!(ended.await.is_err(), "the task still runs");
    }

    #[tokio::test]
    async fn without_tasks_nothing_fails() {
        assert_eq!(Supervisor::default().run_until(ready(())).await, Ok(()));
    }
}
