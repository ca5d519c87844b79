// Generates api.d.ts from backend/openapi.json. With --check it writes nothing and fails if api.d.ts is out of date.

import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const SOURCE = new URL("../backend/openapi.json", import.meta.url);
const TARGET = new URL("api.d.ts", import.meta.url);
const HEADER = "// Generated from backend/openapi.json by `npm run generate`. Do not edit.\n\n";

const api = JSON.parse(readFileSync(SOURCE, "utf8"));
// The operation ids are not unique, so they cannot name types. Without them each path contains its operations.
for (const path of Object.values(api.paths)) {
  for (const operation of Object.values(path)) {
    delete operation.operationId;
  }
}
const options = { rootTypes: true, rootTypesNoSchemaPrefix: true, rootTypesKeepCasing: true };
const types = HEADER + astToString(await openapiTS(api, options));

if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, types);
} else if (readFileSync(TARGET, "utf8") !== types) {
  console.error("web/api.d.ts differs from backend/openapi.json. Run `npm run generate` in web/ and commit the file.");
  process.exitCode = 1;
}
