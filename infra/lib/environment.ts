// What the server and the processor both are told.

import type { IStream } from "aws-cdk-lib/aws-kinesis";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

export function environment(stream: IStream, prefix: string, deadLetters: IQueue): Record<string, string> {
  return {
    ALIEN_KINESIS: stream.streamName,
    ALIEN_DYNAMODB: prefix,
    ALIEN_DEAD_LETTERS: deadLetters.queueUrl,
    ALIEN_LOG_JSON: "true",
  };
}
