//! Tools for developers, compiled only with the cargo feature `dev`.
//!
//! The page's address switches tools on: `?dev=log,frames,level:5`.
//!
//! | tool      | description                                                                          |
//! | --------- | ------------------------------------------------------------------------------------ |
//! | `log`     | logs changes of screen, phase, level, session stage, link and start to the console   |
//! | `frames`  | shows the frame times of the last second over the canvas                             |
//! | `level:N` | starts a practice game at level N, 1 or more                                         |
//!
//! The object `window.alien` does the same from the browser's console, and more:
//!
//! | call                   | description                                                            |
//! | ---------------------- | ---------------------------------------------------------------------- |
//! | `alien.log(on)`        | switches the log on or off                                             |
//! | `alien.frames(on)`     | shows or hides the frame times                                         |
//! | `alien.level(n)`       | starts a practice game at level n with the tuning on the screen        |
//! | `alien.loseContext()`  | loses the canvas's WebGL context, as a driver's reset does             |
//! | `alien.panic()`        | panics inside a system                                                 |
//! | `alien.allocations()`  | returns the number of allocations since the page was loaded            |
//!
//! A game after a jump is never recorded: the jump ends the recording of the game before it.

mod allocations;
mod console;
mod faults;
mod frame_overlay;
mod level_jump;
mod state_log;

use crate::bevy::prelude::*;

use crate::page::dom;

/// A command of the developer.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
enum DevCommand {
    LogState(bool),
    ShowFrameTimes(bool),
    /// The level, from 1.
    JumpToLevel(u32),
    LoseContext,
    Panic,
}

pub fn plugin(app: &mut App) {
    console::plugin(app);
    state_log::plugin(app);
    frame_overlay::plugin(app);
    level_jump::plugin(app);
    faults::plugin(app);
    app.add_systems(Startup, send_address_commands);
}

/// Sends the commands in the page's address.
fn send_address_commands(mut commands: MessageWriter<DevCommand>) {
    for tool in dom::query("dev").unwrap_or_default().split(',').filter(|tool| !tool.is_empty()) {
        match parse_tool(tool) {
            Some(command) => {
                commands.write(command);
            }
            None => {
                let message = format!("\"{tool}\" is not a developer tool; use log, frames or level:N in ?dev=");
                web_sys::console::warn_1(&message.into());
            }
        }
    }
}

fn parse_tool(tool: &str) -> Option<DevCommand> {
    match tool {
        "log" => Some(DevCommand::LogState(true)),
        "frames" => Some(DevCommand::ShowFrameTimes(true)),
        _ => tool.strip_prefix("level:")?.parse().ok().filter(|level| *level >= 1).map(DevCommand::JumpToLevel),
    }
}
