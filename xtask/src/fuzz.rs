//! `cargo xtask fuzz`: sends generated input to the decoders and the API.

use crate::{error::Error, run, tools, workspace};

/// Fuzzes each target for `seconds`.
///
/// # Errors
/// If cargo-fuzz cannot be installed, or an input makes a target fail. The input is stored in `fuzz/artifacts`.
pub fn fuzz(seconds: u32) -> Result<(), Error> {
    tools::ensure_cargo_command("fuzz")?;
    for target in ["decoders", "api"] {
        let limit = format!("-max_total_time={seconds}");
        // The workspace has no unsafe code for a sanitizer to check, and a sanitizer would need a nightly compiler.
        let mut fuzz = run::cargo(["fuzz", "run", "--sanitizer", "none", target, "--", &limit, "-print_final_stats=1"]);
        fuzz.env("CARGO_TARGET_DIR", workspace::target().join("fuzz"));
        run::step(&format!("Fuzzing the {target} for {seconds} s"), &mut fuzz)?;
    }
    Ok(())
}
