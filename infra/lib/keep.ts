// What becomes of data when the stack is deleted.

import { RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Settings } from "./settings.js";

/** Data outlives the stack, unless it is to be discarded with it. */
export function removal(settings: Settings): RemovalPolicy {
  return settings.discard ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}

/** A bucket that nobody reads without a right to, or without encryption on the way. */
export function privateBucket(scope: Construct, id: string, settings: Settings): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: removal(settings),
  });
}
