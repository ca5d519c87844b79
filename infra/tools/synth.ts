// Writes the templates of the tests' examples into cdk.out, for cfn-lint.

import { App } from "aws-cdk-lib";
import { readSettings } from "../lib/settings.js";
import { AlienAttack } from "../lib/stack.js";
import { SMALL, WHOLE } from "../test/examples.js";

for (const [name, context] of Object.entries({ small: SMALL, whole: WHOLE })) {
  const app = new App({ outdir: `cdk.out/${name}` });
  new AlienAttack(app, readSettings(context));
  app.synth();
}
