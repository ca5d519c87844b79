// The two tables. The server derives their names from the prefix.

import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { removalPolicy } from "./retention.js";
import type { Settings } from "./settings.js";

/** The index that has the standings in ranked order. */
export const RANKED = "ranked";

export interface Tables {
  /** Games, standings and checkpoints. `backend rebuild` computes them again from the stream. */
  tables: TableV2;
  /** Accounts, sessions and seats. The stream does not contain them. */
  registry: TableV2;
}

export function makeTables(scope: Construct, settings: Settings): Tables {
  const common = {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.dynamoOwnedKey(),
    removalPolicy: removalPolicy(settings),
  };
  const tables = new TableV2(scope, "Tables", {
    ...common,
    tableName: `${settings.prefix}-tables`,
    globalSecondaryIndexes: [
      {
        indexName: RANKED,
        partitionKey: { name: "rank_of", type: AttributeType.STRING },
        sortKey: { name: "rank", type: AttributeType.BINARY },
        // Without the version of the row, which changes more often and would cost more writes.
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
