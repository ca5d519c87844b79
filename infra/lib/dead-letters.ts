// The queue for dead letters: records that the processor cannot process, each with the reason.

import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { removalPolicy } from "./retention.js";
import type { Settings } from "./settings.js";

export function makeDeadLetters(scope: Construct, settings: Settings): Queue {
  return new Queue(scope, "DeadLetters", {
    queueName: `${settings.prefix}-dead-letters`,
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    removalPolicy: removalPolicy(settings),
  });
}
