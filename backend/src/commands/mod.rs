//! The subcommands of the binary, apart from `serve`.

pub mod dead_letters;
pub mod lambda;
pub mod process;
pub mod rebuild;
