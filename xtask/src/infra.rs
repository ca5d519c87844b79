//! What runs on AWS: its description in infra/, its program, and a deployment to a local AWS.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{aws::LocalAws, error::Error, node::Packages, python, run, workspace};

/// How Lambda begins: the same program as everywhere, by its subcommand for Lambda.
const BOOTSTRAP: &str = "#!/bin/sh\nexec \"$LAMBDA_TASK_ROOT/backend\" lambda\n";

/// Checks the description, and deploys it to a local AWS.
///
/// # Errors
/// At the first check that fails.
pub fn check() -> Result<(), Error> {
    let infra = Packages::ensure("infra")?;
    run::step("Testing the infrastructure", &mut infra.npm(&["test"]))?;
    run::step("Writing its templates", &mut infra.npm(&["run", "--silent", "synth"]))?;
    let cfn_lint = python::ensure("cfn-lint", "infra/requirements.txt")?.join("cfn-lint");
    run::step("Linting the templates", &mut infra.program(&cfn_lint, &[]))?;
    let aws = LocalAws::start()?;
    deploy(&aws, Path::new("test/stub"))?;
    let destroy = ["destroy", "--force", "--context", "discard=true", "--context", "processor=test/stub"];
    run::step("Taking it off the local AWS", &mut cdk(&infra, &aws, &destroy))
}

/// Deploys to a local AWS by the very commands that deploy to AWS, with the folder of the processor's program, and
/// returns the file with what the stack tells of itself. The servers are left out, which would need Docker, and the tables
/// are written each second.
///
/// # Errors
/// Where anything is refused.
pub fn deploy(aws: &LocalAws, processor: &Path) -> Result<PathBuf, Error> {
    let infra = Packages::ensure("infra")?;
    let program = format!("processor={}", processor.display());
    let context = ["--context", "discard=true", "--context", "gather=1", "--context", &program];
    let bootstrap = [&["bootstrap"], &context[..]].concat();
    run::step("Preparing the local AWS", &mut cdk(&infra, aws, &bootstrap))?;
    let outputs = workspace::root().join("infra/cdk.out/outputs.json");
    let mut deploy = cdk(&infra, aws, &["deploy", "--require-approval", "never"]);
    run::step("Deploying to the local AWS", deploy.args(context).arg("--outputs-file").arg(&outputs))?;
    Ok(outputs)
}

fn cdk(infra: &Packages, aws: &LocalAws, arguments: &[&str]) -> Command {
    let mut cdk = infra.own("cdk", arguments);
    cdk.arg("--progress").arg("bar").envs(aws.variables()).env("CDK_DISABLE_CLI_TELEMETRY", "true");
    cdk
}

/// Builds what is deployed, and packs it.
///
/// # Errors
/// Where the server cannot be built or copied.
pub fn package() -> Result<PathBuf, Error> {
    run::step("Building the server", &mut run::cargo(["build", "--release", "--package", "backend"]))?;
    pack("release")
}

/// Puts what Lambda runs into a folder of its own, which the container's image is made of, too, and returns it.
///
/// # Errors
/// Where the server, which must have been built, cannot be copied.
pub fn pack(profile: &str) -> Result<PathBuf, Error> {
    let folder = workspace::target().join("package").join(profile);
    let (backend, bootstrap) = (folder.join("backend"), folder.join("bootstrap"));
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    fs::copy(workspace::target().join(profile).join("backend"), &backend).map_err(Error::file(&backend))?;
    fs::write(&bootstrap, BOOTSTRAP).map_err(Error::file(&bootstrap))?;
    fs::set_permissions(&bootstrap, fs::Permissions::from_mode(0o755)).map_err(Error::file(&bootstrap))?;
    Ok(folder)
}
