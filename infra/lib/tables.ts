// The two tables. The server finds them by the prefix alone.

import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { removal } from "./keep.js";
import type { Settings } from "./settings.js";

/** The index that standings are read from in their order. */
export const RANKED = "ranked";

export interface Tables {
  /** Games, standings and checkpoints: computed from the stream, and can be again. */
  tables: TableV2;
  /** Accounts, sessions and seats: what people decided, which follows from no stream. */
  registry: TableV2;
}

export function makeTables(scope: Construct, settings: Settings): Tables {
  const common = {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    removalPolicy: removal(settings),
  };
  const tables = new TableV2(scope, "Tables", {
    ...common,
    tableName: `${settings.prefix}-tables`,
    globalSecondaryIndexes: [
      {
        indexName: RANKED,
        partitionKey: { name: "rank_of", type: AttributeType.STRING },
        sortKey: { name: "rank", type: AttributeType.BINARY },
        // Not the version, which changes more often.
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: ["row"],
      },
    ],
  });
  const registry = new TableV2(scope, "Registry", {
    ...common,
    tableName: `${settings.prefix}-registry`,
    timeToLiveAttribute: "expires_at",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !settings.discard,
  });
  return { tables, registry };
}
