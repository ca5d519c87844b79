import { test } from "node:test";
import { Match } from "aws-cdk-lib/assertions";
import { SMALL, template } from "./examples.js";

test("processor reads the stream in order and retries until an hour before the stream deletes a record", () => {
  template({ ...SMALL, retention: 24 }).hasResourceProperties("AWS::Lambda::EventSourceMapping", {
    EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^Stream"), "Arn"] },
    StartingPosition: "TRIM_HORIZON",
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 10,
    ParallelizationFactor: 1,
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: -1,
    MaximumRecordAgeInSeconds: 23 * 60 * 60,
    DestinationConfig: {
      OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("^DeadLetters"), "Arn"] } },
    },
  });
});

test("processor has its settings in environment variables", () => {
  const small = template({ ...SMALL, architecture: "arm64" });
  small.hasResourceProperties("AWS::Lambda::Function", {
    Runtime: "provided.al2023",
    Handler: "bootstrap",
    Architectures: ["arm64"],
    // Longer than three attempts of a call, each with a timeout of 9 seconds.
    Timeout: 60,
    Environment: {
      Variables: {
        ALIEN_KINESIS: { Ref: Match.stringLikeRegexp("^Stream") },
        ALIEN_DYNAMODB: "alien-attack",
        ALIEN_FLUSH_INTERVAL: "10",
        ALIEN_LOG_JSON: "true",
      },
    },
  });
});
