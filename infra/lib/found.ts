// What operators and other programs need to find.

import { CfnOutput } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";

/** Publishes each value as the parameter /PREFIX/NAME and as the stack's output Name. */
export function publish(scope: Construct, prefix: string, found: Record<string, string>) {
  const parameters = new Construct(scope, "Found");
  for (const [name, stringValue] of Object.entries(found)) {
    new StringParameter(parameters, name, { parameterName: `/${prefix}/${name}`, stringValue });
    output(parameters, name, stringValue);
  }
}

/** `dead-letters` comes out as DeadLetters. */
export function output(scope: Construct, name: string, value: string) {
  const camel = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  new CfnOutput(scope, `Output${camel}`, { value }).overrideLogicalId(camel);
}
