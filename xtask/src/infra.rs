//! Tests the CDK app in `infra/`, deploys it to a local AWS, and packs the program that it deploys.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{error::Error, local_aws::LocalAws, node::Packages, python, run, server, workspace};

/// The program that Lambda starts. It runs the server's program with the subcommand for Lambda.
const BOOTSTRAP: &str = "#!/bin/sh\nexec \"$LAMBDA_TASK_ROOT/backend\" lambda\n";

/// Runs all checks of the infrastructure, one after the other.
///
/// # Errors
/// If a check fails. The checks after it do not run.
pub fn check() -> Result<(), Error> {
    test()?;
    lint_templates()?;
    deploy_and_destroy()
}

/// Checks types and formatting of the CDK app, and runs its tests.
///
/// # Errors
/// If a test fails, or the npm packages cannot be installed.
pub fn test() -> Result<(), Error> {
    run::step("Testing the infrastructure", &mut Packages::ensure("infra")?.npm(&["test"]))
}

/// Writes the CloudFormation templates of two example configurations, and lints them with cfn-lint.
///
/// # Errors
/// If a template cannot be written, or cfn-lint reports a problem.
pub fn lint_templates() -> Result<(), Error> {
    let infra = Packages::ensure("infra")?;
    run::step("Writing the CloudFormation templates", &mut infra.npm(&["run", "--silent", "synth"]))?;
    let cfn_lint = python::ensure("cfn-lint", "infra/requirements.txt")?.join("cfn-lint");
    run::step("Linting the CloudFormation templates", &mut infra.program(&cfn_lint, &[]))
}

/// Deploys the stack with a placeholder processor to a local AWS, and deletes it.
///
/// # Errors
/// If the local AWS cannot be started, or a CDK command fails.
pub fn deploy_and_destroy() -> Result<(), Error> {
    let infra = Packages::ensure("infra")?;
    let aws = LocalAws::start()?;
    deploy(&aws, Path::new("test/stub"))?;
    let destroy = ["destroy", "--force", "--context", "discard=true", "--context", "processor=test/stub"];
    run::step("Deleting the stack from the local AWS", &mut cdk(&infra, &aws, &destroy))
}

/// Deploys the stack to a local AWS with the commands of a deployment to AWS. Returns the file with the stack outputs.
///
/// `processor` is the folder with the processor's program. The flush interval is one second. The stack has no servers,
/// which would need Docker.
///
/// # Errors
/// If a CDK command fails.
pub fn deploy(aws: &LocalAws, processor: &Path) -> Result<PathBuf, Error> {
    let infra = Packages::ensure("infra")?;
    let processor = format!("processor={}", processor.display());
    let context = ["--context", "discard=true", "--context", "flushInterval=1", "--context", &processor];
    let bootstrap = [&["bootstrap"], &context[..]].concat();
    run::step("Bootstrapping CDK on the local AWS", &mut cdk(&infra, aws, &bootstrap))?;
    let outputs = workspace::root().join("infra/cdk.out/outputs.json");
    let mut deploy = cdk(&infra, aws, &["deploy", "--require-approval", "never"]);
    run::step("Deploying to the local AWS", deploy.args(context).arg("--outputs-file").arg(&outputs))?;
    Ok(outputs)
}

fn cdk(infra: &Packages, aws: &LocalAws, arguments: &[&str]) -> Command {
    let mut cdk = infra.installed("cdk", arguments);
    cdk.arg("--progress").arg("bar").envs(aws.variables()).env("CDK_DISABLE_CLI_TELEMETRY", "true");
    cdk
}

/// Builds the server in the release profile and packs it. Returns the folder, as [`pack`] does.
///
/// # Errors
/// If the server cannot be built or copied.
pub fn package() -> Result<PathBuf, Error> {
    server::build_release()?;
    pack("release")
}

/// Copies the built server and Lambda's bootstrap to a folder, and returns the folder. The container image is built
/// from the same folder.
///
/// `profile` is the name of the server's build folder: `debug` or `release`.
///
/// # Errors
/// If the server is not built, or a file cannot be written.
pub fn pack(profile: &str) -> Result<PathBuf, Error> {
    let folder = workspace::target().join("package").join(profile);
    let (backend, bootstrap) = (folder.join("backend"), folder.join("bootstrap"));
    fs::create_dir_all(&folder).map_err(Error::file(&folder))?;
    fs::copy(server::path(profile), &backend).map_err(Error::file(&backend))?;
    fs::write(&bootstrap, BOOTSTRAP).map_err(Error::file(&bootstrap))?;
    fs::set_permissions(&bootstrap, fs::Permissions::from_mode(0o755)).map_err(Error::file(&bootstrap))?;
    Ok(folder)
}
