// Log groups. Logs are kept for one month; the default of CloudWatch is for ever.

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
