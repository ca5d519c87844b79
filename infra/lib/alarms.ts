// The CloudWatch alarms, and the topic that sends them by mail.

import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { type ApplicationLoadBalancer, HttpCodeElb, HttpCodeTarget } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { Stream } from "aws-cdk-lib/aws-kinesis";
import type { Function } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Settings } from "./settings.js";

/** The resources that the alarms watch. */
export interface Watched {
  stream: Stream;
  processor: Function;
  deadLetters: Queue;
  /** Undefined if the stack has no servers. */
  balancer: ApplicationLoadBalancer | undefined;
}

/** An alarm for a metric that is above a threshold. */
interface Rule {
  id: string;
  metric: IMetric;
  /** The alarm counts a minute in which the metric exceeds this value. */
  threshold: number;
  /** The number of such minutes, of the last five, that raises the alarm. */
  minutes: number;
  description: string;
}

export function makeAlarms(scope: Construct, settings: Settings, watched: Watched) {
  const topic = settings.mail ? makeTopic(scope, settings.mail) : undefined;
  for (const { id, metric, threshold, minutes, description } of rules(watched)) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      alarmName: `${settings.prefix}-${id}`,
      alarmDescription: description,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      datapointsToAlarm: minutes,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
    if (topic) alarm.addOkAction(new SnsAction(topic));
  }
}

function rules({ stream, processor, deadLetters, balancer }: Watched): Rule[] {
  const period = Duration.minutes(1);
  const sum = { period, statistic: Stats.SUM };
  const maximum = { period, statistic: Stats.MAXIMUM };
  const lag = new Metric({
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensionsMap: { FunctionName: processor.functionName },
    ...maximum,
  });
  const common: Rule[] = [
    {
      id: "Lag",
      metric: lag,
      threshold: 60_000,
      minutes: 3,
      description: "The processor is more than a minute behind the stream, so standings are outdated",
    },
    {
      id: "Errors",
      metric: processor.metricErrors(sum),
      threshold: 0,
      minutes: 1,
      description: "The processor failed; see its log",
    },
    {
      id: "DeadLetters",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(maximum),
      threshold: 0,
      minutes: 1,
      description: "The dead-letter queue has messages; see the manager's desk",
    },
    {
      id: "Throttled",
      metric: stream.metricWriteProvisionedThroughputExceeded(sum),
      threshold: 0,
      minutes: 3,
      description: "The stream rejects writes; deploy with more shards",
    },
  ];
  if (!balancer) return common;
  return [
    ...common,
    {
      id: "ServerErrors",
      metric: balancer.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sum),
      threshold: 5,
      minutes: 2,
      description: "Servers respond with errors; see their log",
    },
    {
      id: "NoServer",
      metric: balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, sum),
      threshold: 5,
      minutes: 2,
      description: "The load balancer gets no valid response from the servers",
    },
  ];
}

/** Not encrypted at rest: CloudWatch cannot use the key that AWS manages for SNS, and the text is not secret. */
function makeTopic(scope: Construct, mail: string): Topic {
  const topic = new Topic(scope, "Alarms", { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(mail));
  return topic;
}
