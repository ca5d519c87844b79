import assert from "node:assert/strict";
import { test } from "node:test";
import { SMALL, template, WHOLE } from "./examples.js";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
}

const whole = template(WHOLE);

/** Signing in to the image registry has no resource, by AWS's own reference. */
const ANY_RESOURCE = ["ecr:GetAuthorizationToken"];

/** All that allows anything, whichever resource of the template it stands in. */
function allowed(found: unknown): Statement[] {
  if (typeof found !== "object" || found === null) return [];
  if ("Effect" in found && "Action" in found) return found.Effect === "Allow" ? [found as Statement] : [];
  return Object.values(found).flatMap(allowed);
}

function actions(statement: Statement): string[] {
  return [statement.Action].flat();
}

test("no right is to any action, and hardly one is to any resource", () => {
  const statements = allowed(whole.toJSON());
  assert.ok(statements.length > 10);
  for (const statement of statements) {
    for (const action of actions(statement)) assert.doesNotMatch(action, /\*/);
    if ([statement.Resource].flat().includes("*")) assert.deepEqual(actions(statement), ANY_RESOURCE);
  }
  assert.doesNotMatch(
    JSON.stringify(whole.toJSON()),
    /ManagedPolicyArns/,
    "AWS's own policies allow more than is needed",
  );
});

test("the processor may do this and nothing else", () => {
  const small = template(SMALL).toJSON();
  const role = Object.entries<any>(small.Resources).find(([id]) => id.startsWith("ProcessorRole"));
  const rights = allowed(role).filter((statement) => statement.Resource);
  const name = (resource: any) =>
    JSON.stringify(resource).match(/(Stream|Tables|Registry|DeadLetters|ProcessorLogs)[0-9A-F]{8}/)?.[1];
  const told = rights.map((right) => [
    name(right.Resource) + (JSON.stringify(right.Resource).includes("/index/ranked") ? "/ranked" : ""),
    actions(right).join(" "),
  ]);
  const stream = "DescribeStream DescribeStreamSummary ListShards GetShardIterator GetRecords";
  const items =
    "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem BatchWriteItem ConditionCheckItem DescribeTable";
  const of = (service: string, names: string) => names.replaceAll(/\w+/g, `${service}:$&`);
  assert.deepEqual(told, [
    ["Stream", of("kinesis", stream)],
    ["Tables", of("dynamodb", items)],
    ["Tables/ranked", of("dynamodb", "Query")],
    ["Registry", of("dynamodb", "GetItem Query DescribeTable")],
    ["DeadLetters", of("sqs", "GetQueueUrl SendMessage")],
    ["ProcessorLogs", of("logs", "CreateLogStream PutLogEvents")],
  ]);
});

test("the server writes no more than events, tables and dead letters", () => {
  const task = Object.entries<any>(whole.findResources("AWS::IAM::Policy")).find(([id]) =>
    id.startsWith("TaskTaskRole"),
  );
  const services = new Set(
    allowed(task)
      .flatMap(actions)
      .map((action) => action.split(":")[0]),
  );
  assert.deepEqual([...services].sort(), ["dynamodb", "kinesis", "sqs"]);
});
