//! Completes the built pages: writes the size of the game for its progress bar, and compressed copies of the files.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::{error::Error, profile::Profile};

/// The element of index.html that the build replaces by the size of the game.
const UNKNOWN_SIZE: &str = "<meta name=\"game-bytes\" content=\"0\"";
/// The extensions of the files that get compressed copies.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "json", "mjs", "svg", "wasm"];

/// Completes the pages in the folder `dist`.
///
/// # Errors
/// If a file cannot be read or written.
pub fn finish(dist: &Path, profile: Profile) -> Result<(), Error> {
    write_game_size(dist)?;
    eprintln!("==> Compressing the pages");
    for file in files(dist)? {
        if COMPRESSIBLE.iter().any(|extension| file.extension().is_some_and(|own| own == *extension)) {
            compress(&file, profile)?;
        }
    }
    Ok(())
}

/// Writes the size of the game, in bytes, to index.html. The page cannot compute its progress from the length of a
/// compressed download.
fn write_game_size(dist: &Path) -> Result<(), Error> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).map_err(Error::file(&page))?;
    let wasm = files(dist)?.into_iter().find(|file| is_game(file));
    let bytes = match wasm {
        Some(wasm) => fs::metadata(&wasm).map_err(Error::file(&wasm))?.len(),
        None => 0,
    };
    let size = format!("<meta name=\"game-bytes\" content=\"{bytes}\"");
    fs::write(&page, html.replace(UNKNOWN_SIZE, &size)).map_err(Error::file(&page))
}

fn is_game(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("game-") && name.ends_with(".wasm")
}

fn compress(file: &Path, profile: Profile) -> Result<(), Error> {
    let bytes = fs::read(file).map_err(Error::file(file))?;
    let (brotli_quality, gzip_level) = match profile {
        Profile::Dev | Profile::DevTools => (5, Compression::fast()),
        Profile::Ship => (11, Compression::best()),
    };
    let params = BrotliEncoderParams { quality: brotli_quality, lgwin: 24, ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut compressed, &params).map_err(Error::file(file))?;
    write_copy(file, "br", &compressed)?;

    let mut gzip = GzEncoder::new(Vec::new(), gzip_level);
    let compressed = gzip.write_all(&bytes).and_then(|()| gzip.finish()).map_err(Error::file(file))?;
    write_copy(file, "gz", &compressed)
}

/// Writes `bytes` to a file with the same name and an additional extension.
fn write_copy(file: &Path, extension: &str, bytes: &[u8]) -> Result<(), Error> {
    let mut path = file.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    fs::write(&path, bytes).map_err(Error::file(PathBuf::from(path)))
}

/// Prints the size of each file in bytes: uncompressed, and compressed by gzip and brotli.
///
/// # Errors
/// If the folder cannot be read.
pub fn print_sizes(dist: &Path) -> Result<(), Error> {
    let size = |file: PathBuf| fs::metadata(&file).map_or(0, |file| file.len());
    println!("{:>10} {:>10} {:>10}  file", "raw", "gzip", "brotli");
    let mut all = files(dist)?;
    all.sort();
    for file in all {
        if file.extension().is_some_and(|own| own == "br" || own == "gz") {
            continue;
        }
        let copy = |extension: &str| size(PathBuf::from(format!("{}.{extension}", file.display())));
        let name = file.strip_prefix(dist).unwrap_or(&file).display().to_string();
        println!("{:>10} {:>10} {:>10}  {name}", size(file.clone()), copy("gz"), copy("br"));
    }
    Ok(())
}

/// All files in a folder and its subfolders.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::file(folder))? {
        let path = entry.map_err(Error::file(folder))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finish_writes_the_size_of_the_game_and_compressed_copies() {
        let dist = tempfile::tempdir().unwrap();
        let path = |name: &str| dist.path().join(name);
        fs::write(path("index.html"), format!("{UNKNOWN_SIZE} />")).unwrap();
        fs::write(path("gallery_bg.wasm"), vec![7; 21]).unwrap();
        fs::write(path("game-0123_bg.wasm"), vec![7; 4321]).unwrap();
        fs::write(path("icon.png"), [1]).unwrap();
        finish(dist.path(), Profile::Dev).unwrap();
        assert!(fs::read_to_string(path("index.html")).unwrap().contains("content=\"4321\""));
        let mut decompressed = Vec::new();
        brotli::BrotliDecompress(&mut fs::read(path("game-0123_bg.wasm.br")).unwrap().as_slice(), &mut decompressed)
            .unwrap();
        assert_eq!(decompressed, vec![7; 4321]);
        assert!(path("game-0123_bg.wasm.gz").exists());
        assert!(!path("icon.png.br").exists());
    }
}
