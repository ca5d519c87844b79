// Two example configurations: the smallest stack, and a stack with all parts.

import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { readSettings } from "../lib/settings.js";
import { AlienAttack } from "../lib/stack.js";

export const SMALL = { processor: "test/stub", web: "test" };

export const WHOLE = {
  ...SMALL,
  image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/alien-attack:1",
  originPrefixList: "pl-0123abcd",
  domain: "play.example.com",
  zone: "Z0123456789ABC",
  certificate: "arn:aws:acm:us-east-1:123456789012:certificate/0123abcd",
  mail: "someone@example.com",
};

const cache = new Map<string, Template>();

/** The CloudFormation template of the stack with the given settings. */
export function template(context: Record<string, unknown>): Template {
  const key = JSON.stringify(context);
  const cached = cache.get(key) ?? Template.fromStack(new AlienAttack(new App(), readSettings(context)));
  cache.set(key, cached);
  return cached;
}
