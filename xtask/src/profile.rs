//! The two ways to build the game for the browser.

/// A build profile of the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Builds quickly. Used while developing and for the tests.
    Dev,
    /// Builds a small download, slowly. Used for deployment.
    Ship,
}

impl Profile {
    /// The name of the profile in the workspace's `Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Dev => "web-dev",
            Profile::Ship => "web",
        }
    }
}
