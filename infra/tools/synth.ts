// Writes the templates of the two example configurations to cdk.out, where cfn-lint checks them.

import { App } from "aws-cdk-lib";
import { readSettings } from "../lib/settings.js";
import { AlienAttack } from "../lib/stack.js";
import { SMALL, WHOLE } from "../test/examples.js";

for (const [name, context] of Object.entries({ small: SMALL, whole: WHOLE })) {
  const app = new App({ outdir: `cdk.out/${name}` });
  new AlienAttack(app, readSettings(context));
  app.synth();
}
