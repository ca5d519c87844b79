// The stack, which connects all parts.

import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { makeAlarms } from "./alarms.js";
import { makeArchive } from "./archive.js";
import { makeDeadLetters } from "./dead-letters.js";
import { environment } from "./environment.js";
import { output, publish } from "./outputs.js";
import { makeClient, makeIdentity } from "./identity.js";
import { makeProcessor } from "./processor.js";
import { serverPermissions } from "./permissions.js";
import { makeEntrance, makeServer } from "./server.js";
import type { Settings } from "./settings.js";
import { makeSite } from "./site.js";
import { makeStream } from "./stream.js";
import { makeTables } from "./tables.js";

export class AlienAttack extends Stack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, settings.prefix, { description: "Alien Attack: a browser arcade tournament" });
    const { prefix, image, originPrefixList } = settings;
    const stream = makeStream(this, settings);
    const tables = makeTables(this, settings);
    const deadLetters = makeDeadLetters(this, settings);
    const processor = makeProcessor(this, settings, stream, tables, deadLetters);
    const archive = makeArchive(this, settings, stream);
    const identity = makeIdentity(this, settings);
    const entrance = image && originPrefixList ? makeEntrance(this, originPrefixList) : undefined;
    const site = makeSite(this, settings, identity.login, entrance?.balancer);
    const client = makeClient(identity, settings, site.url);
    if (entrance && image) {
      const variables = {
        ...environment(stream, prefix),
        ALIEN_OIDC_ISSUER: identity.issuer,
        ALIEN_OIDC_CLIENT: client.userPoolClientId,
        // CloudFront and the load balancer append to X-Forwarded-For.
        ALIEN_PROXIES: "2",
      };
      makeServer(this, settings, entrance, image, variables, serverPermissions(stream, tables, deadLetters));
    }
    makeAlarms(this, settings, { stream, processor, deadLetters, balancer: entrance?.balancer });
    publish(this, prefix, {
      stream: stream.streamName,
      tables: tables.tables.tableName,
      registry: tables.registry.tableName,
      "dead-letters": deadLetters.queueUrl,
      processor: processor.functionName,
      archive: archive.bucketName,
      "user-pool": identity.pool.userPoolId,
      issuer: identity.issuer,
      client: client.userPoolClientId,
      pages: site.bucket.bucketName,
      site: site.url,
    });
    output(this, "prefix", prefix);
    output(this, "server", image ?? "none: deploy with -c image=ADDRESS to run servers");
  }
}
