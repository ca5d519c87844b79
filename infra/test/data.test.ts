import assert from "node:assert/strict";
import { test } from "node:test";
import { Match } from "aws-cdk-lib/assertions";
import { SMALL, template, WHOLE } from "./examples.js";

const HOLDS_DATA = [
  "AWS::Kinesis::Stream",
  "AWS::DynamoDB::GlobalTable",
  "AWS::S3::Bucket",
  "AWS::SQS::Queue",
  "AWS::Cognito::UserPool",
  "AWS::SecretsManager::Secret",
];

test("data is retained when the stack is deleted, unless discard is true", () => {
  for (const [discard, policy] of [
    ["false", "Retain"],
    ["true", "Delete"],
  ]) {
    const whole = template({ ...WHOLE, discard });
    for (const type of HOLDS_DATA) {
      const found = Object.entries(whole.findResources(type));
      assert.notEqual(found.length, 0, type);
      for (const [id, resource] of found) {
        assert.equal(resource["DeletionPolicy"], policy, id);
        assert.equal(resource["UpdateReplacePolicy"], policy, id);
      }
    }
  }
});

test("user pool and registry have deletion protection", () => {
  const small = template(SMALL);
  small.hasResourceProperties("AWS::Cognito::UserPool", { DeletionProtection: "ACTIVE" });
  small.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
    TableName: "alien-attack-registry",
    TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
    Replicas: [
      Match.objectLike({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ],
  });
});

test("index has the standings in ranked order", () => {
  template(SMALL).hasResourceProperties("AWS::DynamoDB::GlobalTable", {
    TableName: "alien-attack-tables",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    AttributeDefinitions: Match.arrayWith([
      { AttributeName: "rank_of", AttributeType: "S" },
      { AttributeName: "rank", AttributeType: "B" },
    ]),
    GlobalSecondaryIndexes: [
      {
        IndexName: "ranked",
        KeySchema: [
          { AttributeName: "rank_of", KeyType: "HASH" },
          { AttributeName: "rank", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["row"] },
      },
    ],
  });
});

test("stream is encrypted and has the configured capacity", () => {
  const encrypted = { StreamEncryption: { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" } };
  template(SMALL).hasResourceProperties("AWS::Kinesis::Stream", {
    ...encrypted,
    ShardCount: 1,
    RetentionPeriodHours: 168,
  });
  template({ ...SMALL, shards: "on-demand" }).hasResourceProperties("AWS::Kinesis::Stream", {
    ...encrypted,
    StreamModeDetails: { StreamMode: "ON_DEMAND" },
  });
});

test("buckets and queue require TLS, encrypt their data and block public access", () => {
  const small = template(SMALL);
  for (const type of ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"]) {
    small.allResourcesProperties(type, {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  }
  small.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1209600 });
  small.allResourcesProperties("AWS::S3::Bucket", {
    BucketEncryption: Match.anyValue(),
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
});

test("archive is compressed JSON lines in a folder for each day", () => {
  template(SMALL).hasResourceProperties("AWS::KinesisFirehose::DeliveryStream", {
    ExtendedS3DestinationConfiguration: {
      Prefix: "archive/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/",
      CompressionFormat: "GZIP",
      ProcessingConfiguration: {
        Enabled: true,
        Processors: [
          { Type: "AppendDelimiterToRecord", Parameters: [{ ParameterName: "Delimiter", ParameterValue: "\\n" }] },
        ],
      },
    },
  });
});
