//! Generates the palette of the pages from `art::palette`, and checks that no page defines a colour of its own.
//! `UPDATE_PALETTE=1 cargo test -p art --test palette` writes the generated files again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use art::palette::{COLOURS, NIGHT, Rgb};

/// What to do when a generated file differs from the palette.
const REGENERATE: &str =
    "differs from art::palette; run `UPDATE_PALETTE=1 cargo test -p art --test palette` to write it again";

/// Pages whose `theme-color` is the background colour.
const PAGES: [&str; 4] = ["index.html", "web/pages/account.html", "web/pages/manage.html", "web/pages/scoreboard.html"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Adds the path to an error of the file system.
fn name_file(path: &Path) -> impl FnOnce(io::Error) -> io::Error {
    move |error| io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> io::Result<String> {
    fs::read_to_string(path).map_err(name_file(path))
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Compares a generated file with its expected content, or writes it if UPDATE_PALETTE is set.
fn check_generated(path: &Path, expected: &str) -> io::Result<()> {
    if std::env::var_os("UPDATE_PALETTE").is_some() {
        return fs::write(path, expected).map_err(name_file(path));
    }
    assert!(read(path)? == expected, "{} {REGENERATE}", path.display());
    Ok(())
}

/// Every colour literal (`#` and 3 to 8 hexadecimal digits) of a stylesheet or an image.
fn literals(text: &str) -> Vec<&str> {
    let starts = text.match_indices('#').map(|(start, _)| &text[start..]);
    let literal = |from: &'_ str| {
        let digits = from[1..].bytes().take_while(u8::is_ascii_hexdigit).count();
        let next = from.as_bytes().get(1 + digits);
        let ends = next.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'));
        (ends && [3, 4, 6, 8].contains(&digits)).then_some(1 + digits)
    };
    starts.filter_map(|from| literal(from).map(|length| &from[..length])).collect()
}

#[test]
fn palette_css_matches_the_palette() -> io::Result<()> {
    let properties: String = COLOURS.map(|(name, rgb)| format!("  --{name}: {};\n", hex(rgb))).concat();
    let css = format!(
        "/* Generated from art/src/palette.rs by `UPDATE_PALETTE=1 cargo test -p art --test palette`. Do not edit. */\n\n\
         :root {{\n{properties}}}\n"
    );
    check_generated(&root().join("web/pages/palette.css"), &css)
}

#[test]
fn theme_colour_of_every_page_matches_the_palette() -> io::Result<()> {
    const BEFORE: &str = "<meta name=\"theme-color\" content=\"";
    for page in PAGES {
        let path = root().join(page);
        let html = read(&path)?;
        let (head, tail) = html.split_once(BEFORE).expect("every page has a theme-color");
        let (_, tail) = tail.split_once('"').expect("the theme-color has an end");
        check_generated(&path, &format!("{head}{BEFORE}{}\"{tail}", hex(NIGHT)))?;
    }
    Ok(())
}

#[test]
fn stylesheets_contain_no_colour_literals() -> io::Result<()> {
    for entry in fs::read_dir(root().join("web"))? {
        let path = entry?.path();
        let is_stylesheet = path.extension().is_some_and(|extension| extension == "css");
        if is_stylesheet && !path.ends_with("palette.css") {
            let text = read(&path)?;
            assert_eq!(literals(&text), [""; 0], "{}: use a property of palette.css", path.display());
        }
    }
    Ok(())
}

#[test]
fn favicon_uses_only_colours_of_the_palette() -> io::Result<()> {
    let palette = COLOURS.map(|(_, rgb)| hex(rgb));
    let path = root().join("web/pages/favicon.svg");
    let text = read(&path)?;
    for literal in literals(&text) {
        assert!(
            palette.iter().any(|colour| colour == literal),
            "{}: {literal} is no colour of art::palette",
            path.display()
        );
    }
    Ok(())
}
