// Publishes names and addresses for operators and other programs.

import { CfnOutput } from "aws-cdk-lib";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import { Construct } from "constructs";

/** Publishes each value as the SSM parameter /PREFIX/NAME and as the stack output Name. */
export function publish(scope: Construct, prefix: string, values: Record<string, string>) {
  const parameters = new Construct(scope, "Found");
  for (const [name, stringValue] of Object.entries(values)) {
    new StringParameter(parameters, name, { parameterName: `/${prefix}/${name}`, stringValue });
    output(parameters, name, stringValue);
  }
}

/** Adds a stack output. The output of `dead-letters` is called DeadLetters. */
export function output(scope: Construct, name: string, value: string) {
  const camel = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  new CfnOutput(scope, `Output${camel}`, { value }).overrideLogicalId(camel);
}
