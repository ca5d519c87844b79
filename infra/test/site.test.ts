import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Match } from "aws-cdk-lib/assertions";
import { pagePolicy } from "../lib/pages.js";
import { SMALL, template, WHOLE } from "./examples.js";

test("requests to the API go to the servers, and standings are cached for one second", () => {
  const whole = template(WHOLE);
  const distribution: any = Object.values(whole.findResources("AWS::CloudFront::Distribution"))[0];
  const behaviours: any[] = distribution.Properties.DistributionConfig.CacheBehaviors;
  const paths = behaviours.map((behaviour) => behaviour.PathPattern);
  assert.deepEqual(paths, ["/v1/standings*", "/v1/*", "/healthz", "/openapi.json"]);
  whole.hasResourceProperties("AWS::CloudFront::CachePolicy", {
    CachePolicyConfig: { MinTTL: 1, DefaultTTL: 1, MaxTTL: 1 },
  });
});

test("only CloudFront can connect to the load balancer, and only the load balancer to the servers", () => {
  const whole = template(WHOLE);
  whole.hasResourceProperties("AWS::ElasticLoadBalancingV2::LoadBalancer", { Scheme: "internal" });
  const groups = JSON.stringify(whole.findResources("AWS::EC2::SecurityGroup"));
  assert.doesNotMatch(groups, /SecurityGroupIngress/);
  const entries = Object.values(whole.findResources("AWS::EC2::SecurityGroupIngress")).map(
    (entry) => entry["Properties"],
  );
  assert.equal(entries.length, 2);
  assert.deepEqual(
    entries
      .map((entry) => [entry.SourcePrefixListId ?? Object.keys(entry.SourceSecurityGroupId)[0], entry.ToPort])
      .sort(),
    [
      ["Fn::GetAtt", 8080],
      ["pl-0123abcd", 80],
    ],
  );
});

test("stack without an image has no servers and an output that says so", () => {
  const small = template(SMALL);
  small.resourceCountIs("AWS::ECS::Service", 0);
  small.resourceCountIs("AWS::EC2::VPC", 0);
  small.hasOutput("Server", { Value: Match.stringLikeRegexp("^none: ") });
});

test("pages sign in with the authorization code flow and without a secret", () => {
  template(WHOLE).hasResourceProperties("AWS::Cognito::UserPoolClient", {
    GenerateSecret: false,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid", "profile"],
    CallbackURLs: ["http://localhost:8080/account.html", "https://play.example.com/account.html"],
    ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
  });
});

test("content security policy has the directives of the server's policy", () => {
  const policy = pagePolicy(
    '<script src="/a.js"></script><script type="module">go()</script>',
    "https://login.example",
  );
  assert.ok(policy.includes("'wasm-unsafe-eval' 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw=';"), policy);
  const server = readFileSync("../backend/src/http/pages.rs", "utf8");
  const fixed = policy.split("; ").filter((directive) => !/^(script|connect)-src/.test(directive));
  for (const directive of fixed) assert.ok(server.includes(directive), `the server's policy has no ${directive}`);
});
