// The CDK app: one stack, by the settings of its context.

import { App } from "aws-cdk-lib";
import { BadSetting, readSettings } from "../lib/settings.js";
import { AlienAttack } from "../lib/stack.js";

try {
  const app = new App();
  new AlienAttack(app, readSettings(app.node.getAllContext()));
  app.synth();
} catch (error) {
  if (!(error instanceof BadSetting)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
