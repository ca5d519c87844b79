// Logs: kept for a month, and not for ever, as they would be.

import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";

export function makeLogs(scope: Construct, id: string, name: string): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName: name,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
