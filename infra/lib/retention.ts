// Decides whether data is kept when the stack is deleted.

import { RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Settings } from "./settings.js";

/** The policy for resources with data: retain, unless the setting `discard` is true. */
export function removalPolicy(settings: Settings): RemovalPolicy {
  return settings.discard ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}

/** Creates an encrypted bucket without public access. Requests must use TLS. */
export function privateBucket(scope: Construct, id: string, settings: Settings): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    removalPolicy: removalPolicy(settings),
  });
}
