// The environment variables that the server and the processor have in common.

import type { IStream } from "aws-cdk-lib/aws-kinesis";

export function environment(stream: IStream, prefix: string): Record<string, string> {
  return {
    ALIEN_KINESIS: stream.streamName,
    ALIEN_DYNAMODB: prefix,
    ALIEN_LOG_JSON: "true",
  };
}
