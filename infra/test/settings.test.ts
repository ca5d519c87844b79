import assert from "node:assert/strict";
import { test } from "node:test";
import { BadSetting, readSettings } from "../lib/settings.js";
import { SMALL, WHOLE } from "./examples.js";

function refusal(context: Record<string, unknown>): string {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof BadSetting) return error.message;
    throw error;
  }
  return "";
}

test("the examples can be used", () => {
  assert.equal(readSettings(SMALL).prefix, "alien-attack");
  assert.equal(readSettings(WHOLE).domain?.name, "play.example.com");
});

test("a bad value is refused with what to give instead", () => {
  const bad: [Record<string, unknown>, string][] = [
    [
      { prefix: "Alien_Attack" },
      "prefix=Alien_Attack cannot be used: give -c prefix=..., 3 to 20 small letters, digits and hyphens",
    ],
    [{ shards: "many" }, "shards=many cannot be used: give -c shards=..., on-demand or a whole number from 1 to 500"],
    [{ shards: 0 }, "shards=0 cannot be used: give -c shards=..., on-demand or a whole number from 1 to 500"],
    [{ retention: "12" }, "retention=12 cannot be used: give -c retention=..., a whole number from 24 to 8760"],
    [{ architecture: "mips" }, "architecture=mips cannot be used: give -c architecture=..., x86_64 or arm64"],
    [{ cpu: 1000 }, "cpu=1000 cannot be used: give -c cpu=..., 512 or 256 or 1024 or 2048 or 4096 or 8192 or 16384"],
    [{ discard: "yes" }, "discard=yes cannot be used: give -c discard=..., false or true"],
    [
      { processor: "nowhere" },
      "processor=nowhere cannot be used: give -c processor=..., a folder with a file bootstrap",
    ],
    [
      { processor: undefined },
      "processor is missing: give -c processor=..., the folder that `cargo xtask package` makes",
    ],
    [
      { loginName: "my-cognito" },
      "loginName=my-cognito cannot be used: give -c loginName=..., small letters, digits and hyphens, without aws, amazon or cognito",
    ],
    [
      { callbacks: "http://example.com" },
      "callbacks=http://example.com cannot be used: give -c callbacks=..., https:// addresses, or http://localhost, with commas between",
    ],
    [{ mail: "nobody" }, "mail=nobody cannot be used: give -c mail=..., a mail address"],
  ];
  for (const [context, message] of bad) assert.equal(refusal({ ...SMALL, ...context }), message);
});

test("what belongs together must be given together", () => {
  assert.match(refusal({ ...SMALL, image: "alien-attack:1" }), /^originPrefixList is missing/);
  assert.match(refusal({ ...SMALL, domain: "play.example.com" }), /^zone is missing/);
  assert.match(refusal({ ...WHOLE, certificate: undefined }), /^certificate is missing/);
});

test("a mistyped name is no setting", () => {
  assert.match(refusal({ ...SMALL, imge: "alien-attack:1" }), /^there is no setting imge; there are architecture, /);
  assert.equal(refusal({ ...SMALL, "aws:cdk:enable-path-metadata": true }), "", "CDK has settings of its own");
});
