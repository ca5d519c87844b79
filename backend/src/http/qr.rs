//! QR codes as SVG.

use std::fmt::Write;

use qrcodegen::{DataTooLong, QrCode, QrCodeEcc};

/// The width of the light border in modules, as the standard requires.
const BORDER: i32 = 4;

/// Returns the text as a QR code with a light background.
///
/// # Errors
/// If the text is longer than about two thousand characters.
pub fn svg(text: &str) -> Result<String, DataTooLong> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)?;
    let size = code.size();
    let mut path = String::new();
    for (x, y) in (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y)) {
        // Writing to a string cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + BORDER, y + BORDER);
    }
    let width = size + 2 * BORDER;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{width}v{width}h-{width}z\"/><path d=\"{path}\"/></svg>"
    ))
}
