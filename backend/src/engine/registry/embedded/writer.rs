//! The thread that writes the registry. Writes that wait share one commit.

use redb::{Database, WriteTransaction};
use tokio::sync::mpsc;

use crate::{
    engine::{error::OperationError, registry::RegistryError},
    error_chain::error_chain,
};

/// Maximum number of writes in one commit.
const MAX_JOBS_PER_COMMIT: usize = 512;

/// Answers a request after the commit, with the error if that failed.
pub type Reply = Box<dyn FnOnce(Option<&RegistryError>) + Send>;
/// A write. It checks its conditions before it changes anything. It fails only if the engine fails; a refusal is in its
/// reply.
pub type Job = Box<dyn FnOnce(&WriteTransaction) -> Result<Reply, RegistryError> + Send>;

/// Commits jobs until the queue is closed.
pub fn run(database: &Database, mut queue: mpsc::Receiver<Job>) {
    let mut jobs = Vec::new();
    while queue.blocking_recv_many(&mut jobs, MAX_JOBS_PER_COMMIT) > 0 {
        if let Err(error) = commit(database, jobs.drain(..)) {
            tracing::error!(error = error_chain(&error), "cannot commit to the registry");
        }
    }
}

/// Runs jobs and commits them. If the engine fails, nothing is written; the jobs that did not run are dropped with their
/// replies.
fn commit(database: &Database, jobs: impl Iterator<Item = Job>) -> Result<(), RegistryError> {
    let failed = |error: redb::Error| RegistryError::from(OperationError::new("commit to the registry", error));
    let transaction = database.begin_write().map_err(|error| failed(error.into()))?;
    let mut replies = Vec::new();
    let mut result = Ok(());
    for job in jobs {
        match job(&transaction) {
            Ok(reply) => replies.push(reply),
            Err(error) => {
                result = Err(error);
                break;
            }
        }
    }
    let result = result.and_then(|()| transaction.commit().map_err(|error| failed(error.into())));
    replies.into_iter().for_each(|reply| reply(result.as_ref().err()));
    result
}
