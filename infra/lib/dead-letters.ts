// What can never be processed, with its reason, until somebody has looked at it.

import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { removal } from "./keep.js";
import type { Settings } from "./settings.js";

export function makeDeadLetters(scope: Construct, settings: Settings): Queue {
  return new Queue(scope, "DeadLetters", {
    queueName: `${settings.prefix}-dead-letters`,
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: removal(settings),
  });
}
