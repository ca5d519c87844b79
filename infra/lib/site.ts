// The site: CloudFront serves the pages from a bucket and the API from the servers, under one domain.

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
import { privateBucket } from "./retention.js";
import { pagePolicy } from "./pages.js";
import type { Domain, Settings } from "./settings.js";

/** The ID of CloudFront's hosted zone. It is the same for all AWS accounts. */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";
/** Errors that CloudFront must not cache. By default it caches them for ten seconds, so a new game would be missing. */
const UNCACHED_ERRORS = [404, 500, 502, 503, 504];

/** The bucket of the pages, and the address of the site. */
export interface Site {
  bucket: Bucket;
  url: string;
}

/** Creates the site. `login` is the base URL of the sign-in page. Without `balancer` the site has only the pages. */
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
    errorResponses: UNCACHED_ERRORS.map((httpStatus): ErrorResponse => ({ httpStatus, ttl: Duration.seconds(0) })),
    httpVersion: HttpVersion.HTTP2_AND_3,
  });
  Annotations.of(distribution).acknowledgeWarning(
    "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
    "CloudFront serves index.html in place of a list",
  );
  if (domain) addDomain(scope, domain, distribution);
  return { bucket, url: `https://${domain?.name ?? distribution.distributionDomainName}` };
}

/** The behaviour for the pages. `npm run upload` sets the cache time of each file. */
function pages(scope: Construct, settings: Settings, bucket: Bucket, login: string): BehaviorOptions {
  return {
    // With the permission to list, S3 responds with 404 to a missing file. Otherwise it responds with 403.
    origin: S3BucketOrigin.withOriginAccessControl(bucket, {
      originAccessLevels: [AccessLevel.READ, AccessLevel.LIST],
    }),
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    responseHeadersPolicy: securityHeaders(scope, settings, login),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
  };
}

function securityHeaders(scope: Construct, settings: Settings, login: string): ResponseHeadersPolicy {
  const startPage = join(settings.web, "index.html");
  if (!existsSync(startPage)) {
    Annotations.of(scope).addWarningV2(
      "pages",
      `${startPage} does not exist, so browsers will block the game's script. Run cargo xtask ship and deploy again.`,
    );
  }
  const html = existsSync(startPage) ? readFileSync(startPage, "utf8") : "";
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
    // The load balancer has no domain, so it cannot have a certificate. The connection stays inside AWS's network.
    protocolPolicy: OriginProtocolPolicy.HTTP_ONLY,
    // Longer than the interval between keep-alive messages in live updates.
    readTimeout: Duration.seconds(60),
  });
  const live = behaviour(origin, CachePolicy.CACHING_DISABLED);
  const standings = behaviour(origin, cacheForOneSecond(scope, settings));
  // CloudFront uses the first pattern that matches.
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

/** Any number of viewers causes one request a second for each URL. */
function cacheForOneSecond(scope: Construct, settings: Settings): CachePolicy {
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

function addDomain(scope: Construct, domain: Domain, distribution: Distribution) {
  const aliasTarget = { dnsName: distribution.distributionDomainName, hostedZoneId: CLOUDFRONT_ZONE };
  for (const type of ["A", "AAAA"]) {
    new CfnRecordSet(scope, `Name${type}`, { hostedZoneId: domain.zoneId, name: domain.name, type, aliasTarget });
  }
}
