//! The list of steps of `cargo xtask test`.

use super::step::{Part, Step};
use crate::{
    debian::Install, documents, e2e, error::Error, infra, local_aws, modules, node::Packages, profile::Profile, run,
    server, web,
};

/// All steps, in the order in which they run.
pub const STEPS: [Step; 15] = [
    Step { part: Part::Rust, name: "formatting", needs: &[], run: |_| check_formatting() },
    Step { part: Part::Rust, name: "import cycles", needs: &[], run: |_| modules::check_all() },
    Step { part: Part::Rust, name: "paths in documents", needs: &[], run: |_| documents::check() },
    Step { part: Part::Rust, name: "lints", needs: &[], run: |_| lint() },
    Step { part: Part::Rust, name: "documentation", needs: &[], run: |_| build_documentation() },
    Step { part: Part::Rust, name: "Rust tests", needs: &[], run: |_| run_rust_tests() },
    Step { part: Part::Pages, name: "pages", needs: &[], run: |_| check_pages() },
    Step { part: Part::Pages, name: "lints of the browser tests", needs: &[], run: |_| lint_browser_tests() },
    Step { part: Part::Web, name: "lints of the game", needs: &[], run: web::lint },
    Step { part: Part::Web, name: "build of the game", needs: &[], run: build_game },
    Step { part: Part::Web, name: "build of the server", needs: &[], run: |_| server::build_debug() },
    Step {
        part: Part::Web,
        name: "browser tests",
        needs: &["build of the game", "build of the server"],
        run: e2e::test,
    },
    Step { part: Part::Infra, name: "infrastructure tests", needs: &[], run: |_| infra::test() },
    Step { part: Part::Infra, name: "templates", needs: &[], run: |_| infra::lint_templates() },
    Step { part: Part::Infra, name: "deployment to a local AWS", needs: &[], run: |_| infra::deploy_and_destroy() },
];

fn check_formatting() -> Result<(), Error> {
    run::step("Checking the formatting of the Rust code", &mut run::cargo(["fmt", "--all", "--check"]))
}

fn lint() -> Result<(), Error> {
    let mut clippy = run::cargo(["clippy", "--all-targets", "--", "--deny", "warnings"]);
    run::step("Linting the Rust code", &mut clippy)
}

fn build_documentation() -> Result<(), Error> {
    let mut doc = run::cargo(["doc", "--no-deps"]);
    run::step("Building the documentation", doc.env("RUSTDOCFLAGS", "--deny warnings"))
}

fn run_rust_tests() -> Result<(), Error> {
    let local_aws = local_aws::ensure()?;
    Packages::ensure("backend/tests")?;
    let mut test = run::cargo(["test", "--no-fail-fast"]);
    run::step("Running the Rust tests", test.env("ALIEN_LOCAL_AWS", local_aws))
}

fn check_pages() -> Result<(), Error> {
    run::step("Checking the pages", &mut Packages::ensure("web")?.npm(&["test"]))
}

fn lint_browser_tests() -> Result<(), Error> {
    run::step("Checking the browser tests", &mut Packages::ensure("e2e")?.npm(&["run", "--silent", "lint"]))
}

fn build_game(install: Install) -> Result<(), Error> {
    web::build(Profile::Dev, install)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_needs_only_earlier_steps_of_its_part() {
        for (index, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                let earlier = STEPS[..index].iter().find(|other| other.name == *need);
                assert!(earlier.is_some_and(|other| other.part == step.part), "{} needs {need}", step.name);
            }
        }
    }

    #[test]
    fn names_of_steps_are_unique() {
        for (index, step) in STEPS.iter().enumerate() {
            assert!(STEPS[..index].iter().all(|other| other.name != step.name), "{}", step.name);
        }
    }
}
