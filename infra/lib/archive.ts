// The archive: Firehose stores all events in S3, as compressed files of JSON lines, in a folder for each day. Firehose
// splits aggregated records into their events.

import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyDocument, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnDeliveryStream } from "aws-cdk-lib/aws-kinesisfirehose";
import type { Stream } from "aws-cdk-lib/aws-kinesis";
import { LogStream, type LogGroup } from "aws-cdk-lib/aws-logs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { privateBucket } from "./retention.js";
import { makeLogs } from "./logs.js";
import { allow, readStream } from "./permissions.js";
import type { Settings } from "./settings.js";

const BY_DAY = "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/";

export function makeArchive(scope: Construct, settings: Settings, stream: Stream): Bucket {
  const bucket = privateBucket(scope, "Archive", settings);
  const name = `${settings.prefix}-archive`;
  const logs = makeLogs(scope, "ArchiveLogs", `/aws/kinesisfirehose/${name}`);
  const logStream = new LogStream(logs, "Delivery", {
    logGroup: logs,
    logStreamName: "delivery",
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = makeRole(scope, stream, bucket, logs);
  new CfnDeliveryStream(scope, "ArchiveDelivery", {
    deliveryStreamName: name,
    deliveryStreamType: "KinesisStreamAsSource",
    kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: `archive/${BY_DAY}`,
      errorOutputPrefix: `errors/!{firehose:error-output-type}/${BY_DAY}`,
      compressionFormat: "GZIP",
      // Firehose writes a file when it reaches either limit.
      bufferingHints: { sizeInMBs: 64, intervalInSeconds: 300 },
      processingConfiguration: { enabled: true, processors: [addNewlines()] },
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: logs.logGroupName,
        logStreamName: logStream.logStreamName,
      },
    },
  });
  return bucket;
}

/** Adds a newline to each record. By default Firehose writes records without a separator. */
function addNewlines(): CfnDeliveryStream.ProcessorProperty {
  return { type: "AppendDelimiterToRecord", parameters: [{ parameterName: "Delimiter", parameterValue: "\\n" }] };
}

function makeRole(scope: Construct, stream: Stream, bucket: Bucket, logs: LogGroup): Role {
  const statements = [
    readStream(stream),
    allow("s3", ["GetBucketLocation", "ListBucket", "ListBucketMultipartUploads"], [bucket.bucketArn]),
    allow("s3", ["AbortMultipartUpload", "GetObject", "PutObject"], [bucket.arnForObjects("*")]),
    allow("logs", ["PutLogEvents"], [logs.logGroupArn]),
  ];
  return new Role(scope, "ArchiveRole", {
    assumedBy: new ServicePrincipal("firehose.amazonaws.com"),
    // Inline, so that the role has its permissions before the delivery starts.
    inlinePolicies: { archive: new PolicyDocument({ statements }) },
  });
}
