// The IAM permissions of the server, the processor and the readers of the stream, such as the archive. Each has only the actions that it needs.

import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IStream } from "aws-cdk-lib/aws-kinesis";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { RANKED, type Tables } from "./tables.js";

const READ_ITEMS = ["GetItem", "BatchGetItem", "Query"];
const WRITE_ITEMS = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"];

/** The permissions of `backend serve`: it writes and reads events, accounts, sessions, standings and dead letters. */
export function serverPermissions(
  stream: IStream,
  { tables, registry }: Tables,
  deadLetters: IQueue,
): PolicyStatement[] {
  const items = [...READ_ITEMS, ...WRITE_ITEMS, "DescribeTable"];
  return [
    allow(
      "kinesis",
      ["PutRecords", "ListShards", "GetShardIterator", "GetRecords", "DescribeStreamSummary"],
      [stream.streamArn],
    ),
    allow("dynamodb", items, [tables.tableArn, registry.tableArn]),
    allow("dynamodb", ["Query"], [rankedIndex(tables)]),
    allow(
      "sqs",
      [
        "GetQueueUrl",
        "GetQueueAttributes",
        "SendMessage",
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
      ],
      [deadLetters.queueArn],
    ),
  ];
}

/**
 * The permissions of the processor, and of its event source mapping, which reads the stream and writes to the queue. The
 * processor writes the ends of games to the stream.
 */
export function processorPermissions(
  stream: IStream,
  { tables, registry }: Tables,
  deadLetters: IQueue,
): PolicyStatement[] {
  return [
    readStream(stream),
    allow("kinesis", ["PutRecords"], [stream.streamArn]),
    allow("dynamodb", [...READ_ITEMS, ...WRITE_ITEMS, "DescribeTable"], [tables.tableArn]),
    allow("dynamodb", ["Query"], [rankedIndex(tables)]),
    allow("dynamodb", ["GetItem", "Query", "DescribeTable"], [registry.tableArn]),
    allow("sqs", ["GetQueueUrl", "SendMessage"], [deadLetters.queueArn]),
  ];
}

/** The permissions that Lambda and Firehose need to read a stream. */
export function readStream(stream: IStream): PolicyStatement {
  const actions = ["DescribeStream", "DescribeStreamSummary", "ListShards", "GetShardIterator", "GetRecords"];
  return allow("kinesis", actions, [stream.streamArn]);
}

/** Allows actions of one service, given without the name of the service. */
export function allow(service: string, actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions: actions.map((action) => `${service}:${action}`), resources });
}

function rankedIndex(tables: ITable): string {
  return `${tables.tableArn}/index/${RANKED}`;
}
