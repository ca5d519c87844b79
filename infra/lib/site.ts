// The site: pages from a bucket, the API from the servers, both by one name behind CloudFront.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Annotations, Duration } from "aws-cdk-lib";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import {
  AccessLevel,
  AllowedMethods,
  type BehaviorOptions,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  type ErrorResponse,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin, VpcOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { IApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { CfnRecordSet } from "aws-cdk-lib/aws-route53";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { privateBucket } from "./keep.js";
import { pagePolicy } from "./pages.js";
import type { Domain, Settings } from "./settings.js";

/** The name of CloudFront's own zone, the same for everybody. */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";
/** Otherwise CloudFront keeps these for ten seconds: a game that has just begun would stay unknown. */
const ERRORS = [404, 500, 502, 503, 504];

export interface Site {
  bucket: Bucket;
  url: string;
}

/** `login` is where pages get tokens; without `balancer` there are pages alone. */
export function makeSite(
  scope: Construct,
  settings: Settings,
  login: string,
  balancer?: IApplicationLoadBalancer,
): Site {
  const bucket = privateBucket(scope, "Pages", settings);
  const { domain } = settings;
  const named = domain && {
    domainNames: [domain.name],
    certificate: Certificate.fromCertificateArn(scope, "Certificate", domain.certificateArn),
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
  };
  const distribution = new Distribution(scope, "Site", {
    ...named,
    comment: settings.prefix,
    defaultRootObject: "index.html",
    defaultBehavior: pages(scope, settings, bucket, login),
    additionalBehaviors: balancer ? api(scope, settings, balancer) : {},
    errorResponses: ERRORS.map((httpStatus): ErrorResponse => ({ httpStatus, ttl: Duration.seconds(0) })),
    httpVersion: HttpVersion.HTTP2_AND_3,
  });
  Annotations.of(distribution).acknowledgeWarning(
    "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
    "The start page stands where a list would",
  );
  if (domain) nameIt(scope, domain, distribution);
  return { bucket, url: `https://${domain?.name ?? distribution.distributionDomainName}` };
}

/** Each file says by itself how long it may be kept: npm run upload. */
function pages(scope: Construct, settings: Settings, bucket: Bucket, login: string): BehaviorOptions {
  return {
    // With the right to list, what is missing is answered with 404 rather than 403.
    origin: S3BucketOrigin.withOriginAccessControl(bucket, {
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    }),
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    responseHeadersPolicy: safeHeaders(scope, settings, login),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  };
}

function safeHeaders(scope: Construct, settings: Settings, login: string): ResponseHeadersPolicy {
  const start = join(settings.web, "index.html");
  if (!existsSync(start)) {
    Annotations.of(scope).addWarningV2(
      "pages",
      `No ${start}: the game will not start. Run cargo xtask ship, and deploy again.`,
    );
  }
  const html = existsSync(start) ? readFileSync(start, "utf8") : "";
  return new ResponseHeadersPolicy(scope, "SafeHeaders", {
    responseHeadersPolicyName: `${settings.prefix}-pages`,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: pagePolicy(html, login), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
    },
  });
}

function api(
  scope: Construct,
  settings: Settings,
  balancer: IApplicationLoadBalancer,
): Record<string, BehaviorOptions> {
  const origin = VpcOrigin.withApplicationLoadBalancer(balancer, {
    // CloudFront reaches the balancer inside AWS's network, where it has no name to have a certificate for.
    protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
    // Longer than the pause between signs of life in what is live.
    readTimeout: Duration.seconds(60),
  });
  const live = behaviour(origin, CachePolicy.CACHING_DISABLED);
  const standings = behaviour(origin, forASecond(scope, settings));
  // The first that fits counts.
  return { "/v1/standings*": standings, "/v1/*": live, "/healthz": live, "/openapi.json": live };
}

function behaviour(origin: IOrigin, cachePolicy: BehaviorOptions["cachePolicy"] & {}): BehaviorOptions {
  return {
    origin,
    cachePolicy,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  };
}

/** A million viewers cost one read a second for each question. */
function forASecond(scope: Construct, settings: Settings): CachePolicy {
  const second = Duration.seconds(1);
  return new CachePolicy(scope, "ForASecond", {
    cachePolicyName: `${settings.prefix}-standings`,
    minTtl: second,
    defaultTtl: second,
    maxTtl: second,
    queryStringBehavior: CacheQueryStringBehavior.all(),
    headerBehavior: CacheHeaderBehavior.none(),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  });
}

function nameIt(scope: Construct, domain: Domain, distribution: Distribution) {
  const aliasTarget = { dnsName: distribution.distributionDomainName, hostedZoneId: CLOUDFRONT_ZONE };
  for (const type of ["A", "AAAA"]) {
    new CfnRecordSet(scope, `Name${type}`, { hostedZoneId: domain.zoneId, name: domain.name, type, aliasTarget });
  }
}
