//! The ways to build the game for the browser.

/// A build profile of the game.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Builds quickly. Used while developing and for the tests.
    Dev,
    /// Builds quickly, with the game's tools for developers (its feature `dev`).
    DevTools,
    /// Builds a small download, slowly. Used for deployment.
    Ship,
}

impl Profile {
    /// The name of the profile in the workspace's `Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Dev | Profile::DevTools => "web-dev",
            Profile::Ship => "web",
        }
    }

    /// The content of the stamp of a complete build.
    pub fn stamp(self) -> &'static str {
        match self {
            Profile::Dev => "web-dev",
            Profile::DevTools => "web-dev with developer tools",
            Profile::Ship => "web",
        }
    }
}
