//! Generates texts about settings from the clap arguments that declare them.

use std::{ffi::OsStr, fmt::Write};

use clap::{Arg, Command};

const INTRODUCTION: &str = "\
# Settings

<!-- Generated from the program. After a change: cargo run --package backend -- settings > docs/settings.md -->

A setting comes from a flag, an environment variable, a line of a TOML file or its default, in this order. `--config FILE`
names the file. The file has the names of the flags in snake_case, e.g. `max_connections = 500` for `--max-connections`.
The environment and the file set a flag without a value to `true` or `false`, e.g. `ALIEN_WATCH=true`.

Secrets have no flag, because other users of a machine can see flags. The Lambda function has no flags at all.
";

/// The page `docs/settings.md`: a table of settings for each of `commands`, which has a title and arguments.
pub fn page(commands: &[Command]) -> String {
    let mut page = INTRODUCTION.to_owned();
    for command in commands {
        // Writing into a string cannot fail.
        let _ = write!(page, "\n## {}\n\n{}", command.get_name(), table(command));
    }
    page
}

/// The settings of a command as a table in Markdown.
fn table(command: &Command) -> String {
    let header = ["Setting", "Environment variable", "Default", "Description"].map(str::to_owned);
    let rows = command.get_arguments().filter_map(|arg| {
        let variable = format!("`{}`", variable(arg)?);
        let default = default(arg).map(|default| format!("`{default}`")).unwrap_or_default();
        // A hidden flag should not be used.
        let flag = if arg.is_hide_set() { String::new() } else { format!("`{}`", flag(arg)) };
        Some([flag, variable, default, format!("{}.", description(arg))])
    });
    let rows: Vec<[String; 4]> = std::iter::once(header).chain(rows).collect();
    let mut widths = [0, 1, 2, 3].map(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or_default());
    // Descriptions are too long to be aligned.
    widths[3] = rows[0][3].len();
    let mut table = String::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(table, "| {} |", cells.join(" | ").trim_end());
        if index == 0 {
            let _ = writeln!(table, "| {} |", widths.map(|width| "-".repeat(width)).join(" | "));
        }
    }
    table
}

/// The variables of a command's settings with their descriptions, for a help text.
pub fn variables(command: &Command, is_listed: impl Fn(&Arg) -> bool) -> String {
    let mut text = String::from("Environment variables:\n");
    for arg in command.get_arguments().filter(|arg| is_listed(arg)) {
        if let Some(variable) = variable(arg) {
            let default = default(arg).map(|default| format!(" [default: {default}]")).unwrap_or_default();
            let _ = writeln!(text, "  {variable}\n          {}{default}", description(arg));
        }
    }
    text.trim_end().to_owned()
}

fn variable(arg: &Arg) -> Option<&str> {
    arg.get_env().and_then(OsStr::to_str)
}

/// The flag with the name of its value.
fn flag(arg: &Arg) -> String {
    let name = arg.get_long().unwrap_or_default();
    match arg.get_value_names().filter(|_| arg.get_action().takes_values()) {
        Some(values) => format!("--{name} {}", values.join(" ")),
        None => format!("--{name}"),
    }
}

fn default(arg: &Arg) -> Option<&str> {
    if !arg.get_action().takes_values() {
        return Some("false");
    }
    arg.get_default_values().first().and_then(|value| value.to_str())
}

fn description(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}
