// The processor: `backend lambda` on the stream, one at a time for each shard, so that each game's batches keep their order.

import { Duration } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Stream } from "aws-cdk-lib/aws-kinesis";
import { Code, EventSourceMapping, Function, Runtime, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { environment } from "./environment.js";
import { makeLogs } from "./logs.js";
import { allow, processorRights } from "./rights.js";
import type { Settings } from "./settings.js";
import type { Tables } from "./tables.js";

/** Lambda takes no more. */
const LONGEST_AGE_HOURS = 168;

export function makeProcessor(
  scope: Construct,
  settings: Settings,
  stream: Stream,
  tables: Tables,
  deadLetters: Queue,
) {
  const name = `${settings.prefix}-processor`;
  const logGroup = makeLogs(scope, "ProcessorLogs", `/aws/lambda/${name}`);
  const write = allow("logs", ["CreateLogStream", "PutLogEvents"], [logGroup.logGroupArn]);
  const role = new Role(scope, "ProcessorRole", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    // Inline, so that nothing runs before it may.
    inlinePolicies: {
      processor: new PolicyDocument({ statements: [...processorRights(stream, tables, deadLetters), write] }),
    },
  });
  const processor = new Function(scope, "Processor", {
    functionName: name,
    runtime: Runtime.PROVIDED_AL2023,
    architecture: settings.architecture,
    handler: "bootstrap",
    code: Code.fromAsset(settings.processor),
    role: role.withoutPolicyUpdates(),
    logGroup,
    environment: { ...environment(stream, settings.prefix), ALIEN_GATHER: settings.gather.toString() },
    memorySize: 1024,
    timeout: Duration.minutes(1),
  });
  feed(processor, settings, stream, deadLetters);
  return processor;
}

/**
 * The processor puts what can never be processed into the queue itself, and reports as failed only what may go well
 * later, as when a table is throttled. So it is tried for as long as the stream has it: to give up sooner would tear a
 * hole into a game, whose later batches then fail, too. An hour before the stream forgets a batch its place goes to the
 * queue. Until then the alarm for lag calls somebody.
 */
function feed(processor: Function, settings: Settings, stream: Stream, deadLetters: Queue) {
  new EventSourceMapping(processor, "Events", {
    target: processor,
    eventSourceArn: stream.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    // As many as there may be: what is gathered of a game is written as one.
    batchSize: 10_000,
    maxBatchingWindow: Duration.seconds(settings.gather),
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: -1,
    maxRecordAge: Duration.hours(Math.min(settings.retentionHours - 1, LONGEST_AGE_HOURS)),
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
}
