// The processor: a Lambda function that runs `backend lambda`. Lambda invokes it once at a time for each shard, so the
// batches of each game stay in order.

import { Duration } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Stream } from "aws-cdk-lib/aws-kinesis";
import { Code, EventSourceMapping, Function, Runtime, StartingPosition } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { environment } from "./environment.js";
import { makeLogs } from "./logs.js";
import { allow, processorPermissions } from "./permissions.js";
import type { Settings } from "./settings.js";
import type { Tables } from "./tables.js";

/** The maximum that Lambda allows. */
const MAX_RECORD_AGE_HOURS = 168;

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
    // Inline, so that the role has its permissions before the function runs.
    inlinePolicies: {
      processor: new PolicyDocument({ statements: [...processorPermissions(stream, tables, deadLetters), write] }),
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
    environment: {
      ...environment(stream, settings.prefix),
      ALIEN_FLUSH_INTERVAL: settings.flushIntervalSeconds.toString(),
    },
    memorySize: 1024,
    timeout: Duration.minutes(1),
  });
  connectToStream(processor, settings, stream, deadLetters);
  return processor;
}

/**
 * Connects the processor to the stream.
 *
 * The processor sends invalid records to the dead-letter queue itself. It reports a record as failed only if a retry can
 * succeed, for example after a table was throttled. Lambda retries until one hour before the stream deletes the record,
 * because a missing batch makes all later batches of the same game fail. Then Lambda sends the position of the record to
 * the dead-letter queue. The alarm for lag is raised long before.
 */
function connectToStream(processor: Function, settings: Settings, stream: Stream, deadLetters: Queue) {
  new EventSourceMapping(processor, "Events", {
    target: processor,
    eventSourceArn: stream.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    // The maximum. The processor writes a game once for all its records in a batch.
    batchSize: 10_000,
    maxBatchingWindow: Duration.seconds(settings.flushIntervalSeconds),
    parallelizationFactor: 1,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: -1,
    maxRecordAge: Duration.hours(Math.min(settings.retentionHours - 1, MAX_RECORD_AGE_HOURS)),
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
}
