// What somebody should look at.

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

export interface Watched {
  stream: Stream;
  processor: Function;
  deadLetters: Queue;
  balancer: ApplicationLoadBalancer | undefined;
}

/** When it is above `above` in so many of the last five minutes, `text` is told. */
interface Rule {
  id: string;
  metric: IMetric;
  above: number;
  minutes: number;
  text: string;
}

export function makeAlarms(scope: Construct, settings: Settings, watched: Watched) {
  const topic = settings.mail ? makeTopic(scope, settings.mail) : undefined;
  for (const { id, metric, above, minutes, text } of rules(watched)) {
    const alarm = new Alarm(scope, `${id}Alarm`, {
      alarmName: `${settings.prefix}-${id}`,
      alarmDescription: text,
      metric,
      threshold: above,
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
  const most = { period, statistic: Stats.MAXIMUM };
  const lag = new Metric({
    namespace: "AWS/Lambda",
    metricName: "IteratorAge",
    dimensionsMap: { FunctionName: processor.functionName },
    ...most,
  });
  const common: Rule[] = [
    { id: "Lag", metric: lag, above: 60_000, minutes: 3, text: "The processor is a minute behind: standings are late" },
    {
      id: "Errors",
      metric: processor.metricErrors(sum),
      above: 0,
      minutes: 1,
      text: "The processor failed; its log says why",
    },
    {
      id: "DeadLetters",
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(most),
      above: 0,
      minutes: 1,
      text: "Something cannot be processed: the manager's desk shows what",
    },
    {
      id: "Throttled",
      metric: stream.metricWriteProvisionedThroughputExceeded(sum),
      above: 0,
      minutes: 3,
      text: "The stream has too few shards: deploy with more",
    },
  ];
  if (!balancer) return common;
  return [
    ...common,
    {
      id: "ServerErrors",
      metric: balancer.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, sum),
      above: 5,
      minutes: 2,
      text: "Servers answer with errors; their log says why",
    },
    {
      id: "NoServer",
      metric: balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, sum),
      above: 5,
      minutes: 2,
      text: "The load balancer reaches no server",
    },
  ];
}

/** Not encrypted at rest: CloudWatch could not use the key that AWS keeps for it, and the text is no secret. */
function makeTopic(scope: Construct, mail: string): Topic {
  const topic = new Topic(scope, "Alarms", { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(mail));
  return topic;
}
