// The stream of events. The tables are computed from it.

import { Duration } from "aws-cdk-lib";
import { Stream, StreamEncryption, StreamMode } from "aws-cdk-lib/aws-kinesis";
import type { Construct } from "constructs";
import { removalPolicy } from "./retention.js";
import type { Settings } from "./settings.js";

export function makeStream(scope: Construct, settings: Settings): Stream {
  const { prefix, shards, retentionHours } = settings;
  const capacity =
    shards === "on-demand"
      ? { streamMode: StreamMode.ON_DEMAND }
      : { streamMode: StreamMode.PROVISIONED, shardCount: shards };
  return new Stream(scope, "Stream", {
    ...capacity,
    streamName: prefix,
    retentionPeriod: Duration.hours(retentionHours),
    encryption: StreamEncryption.MANAGED,
    removalPolicy: removalPolicy(settings),
  });
}
