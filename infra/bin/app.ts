// The CDK app. It has one stack, with the settings of the app's context.

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
