import assert from "node:assert/strict";
import { test } from "node:test";
import { SMALL, template, WHOLE } from "./examples.js";

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
}

const whole = template(WHOLE);

/** AWS does not support a resource for this action. */
const ANY_RESOURCE = ["ecr:GetAuthorizationToken"];

/** All statements with effect Allow, at any depth of a template. */
function allowed(value: unknown): Statement[] {
  if (typeof value !== "object" || value === null) return [];
  if ("Effect" in value && "Action" in value) return value.Effect === "Allow" ? [value as Statement] : [];
  return Object.values(value).flatMap(allowed);
}

function actions(statement: Statement): string[] {
  return [statement.Action].flat();
}

test("no statement allows all actions, and only one allows all resources", () => {
  const statements = allowed(whole.toJSON());
  assert.ok(statements.length > 10);
  for (const statement of statements) {
    for (const action of actions(statement)) assert.doesNotMatch(action, /\*/);
    if ([statement.Resource].flat().includes("*")) assert.deepEqual(actions(statement), ANY_RESOURCE);
  }
  assert.doesNotMatch(
    JSON.stringify(whole.toJSON()),
    /ManagedPolicyArns/,
    "managed policies of AWS allow more than is needed",
  );
});

test("processor has only these permissions", () => {
  const small = template(SMALL).toJSON();
  const role = Object.entries<any>(small.Resources).find(([id]) => id.startsWith("ProcessorRole"));
  const permissions = allowed(role).filter((statement) => statement.Resource);
  const name = (resource: any) =>
    JSON.stringify(resource).match(/(Stream|Tables|Registry|DeadLetters|ProcessorLogs)[0-9A-F]{8}/)?.[1];
  const described = permissions.map((permission) => [
    name(permission.Resource) + (JSON.stringify(permission.Resource).includes("/index/ranked") ? "/ranked" : ""),
    actions(permission).join(" "),
  ]);
  const stream = "DescribeStream DescribeStreamSummary ListShards GetShardIterator GetRecords";
  const items =
    "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem BatchWriteItem ConditionCheckItem DescribeTable";
  const of = (service: string, names: string) => names.replaceAll(/\w+/g, `${service}:$&`);
  assert.deepEqual(described, [
    ["Stream", of("kinesis", stream)],
    ["Stream", of("kinesis", "PutRecords")],
    ["Tables", of("dynamodb", items)],
    ["Tables/ranked", of("dynamodb", "Query")],
    ["Registry", of("dynamodb", "GetItem Query DescribeTable")],
    ["DeadLetters", of("sqs", "GetQueueUrl SendMessage")],
    ["ProcessorLogs", of("logs", "CreateLogStream PutLogEvents")],
  ]);
});

test("server has permissions only for the stream, the tables and the queue", () => {
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
