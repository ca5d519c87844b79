import assert from "node:assert/strict";
import { test } from "node:test";
import { BadSetting, readSettings } from "../lib/settings.js";
import { SMALL, WHOLE } from "./examples.js";

function messageOf(context: Record<string, unknown>): string {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof BadSetting) return error.message;
    throw error;
  }
  return "";
}

test("example configurations are valid", () => {
  assert.equal(readSettings(SMALL).prefix, "alien-attack");
  assert.equal(readSettings(WHOLE).domain?.name, "play.example.com");
});

test("invalid value is rejected with the allowed values", () => {
  const bad: [Record<string, unknown>, string][] = [
    [
      { prefix: "Alien_Attack" },
      "prefix=Alien_Attack is invalid; set -c prefix=VALUE to 3 to 20 lowercase letters, digits and hyphens",
    ],
    [{ shards: "many" }, "shards=many is invalid; set -c shards=VALUE to on-demand or a whole number from 1 to 500"],
    [{ shards: 0 }, "shards=0 is invalid; set -c shards=VALUE to on-demand or a whole number from 1 to 500"],
    [{ retention: "12" }, "retention=12 is invalid; set -c retention=VALUE to a whole number from 24 to 8760"],
    [{ architecture: "mips" }, "architecture=mips is invalid; set -c architecture=VALUE to x86_64 or arm64"],
    [{ cpu: 1000 }, "cpu=1000 is invalid; set -c cpu=VALUE to 512 or 256 or 1024 or 2048 or 4096 or 8192 or 16384"],
    [{ discard: "yes" }, "discard=yes is invalid; set -c discard=VALUE to false or true"],
    [
      { processor: "nowhere" },
      "processor=nowhere is invalid; set -c processor=VALUE to a folder with the file bootstrap",
    ],
    [
      { processor: undefined },
      "processor is missing; set -c processor=VALUE to the folder that `cargo xtask package` prints",
    ],
    [
      { loginName: "my-cognito" },
      "loginName=my-cognito is invalid; set -c loginName=VALUE to lowercase letters, digits and hyphens, without the words aws, amazon and cognito",
    ],
    [
      { callbacks: "http://example.com" },
      "callbacks=http://example.com is invalid; set -c callbacks=VALUE to addresses that start with https:// or http://localhost, separated by commas",
    ],
    [{ mail: "nobody" }, "mail=nobody is invalid; set -c mail=VALUE to a mail address"],
  ];
  for (const [context, message] of bad) assert.equal(messageOf({ ...SMALL, ...context }), message);
});

test("settings that need each other are required together", () => {
  assert.match(messageOf({ ...SMALL, image: "alien-attack:1" }), /^originPrefixList is missing/);
  assert.match(messageOf({ ...SMALL, domain: "play.example.com" }), /^zone is missing/);
  assert.match(messageOf({ ...WHOLE, certificate: undefined }), /^certificate is missing/);
});

test("unknown setting is rejected", () => {
  assert.match(
    messageOf({ ...SMALL, imge: "alien-attack:1" }),
    /^unknown setting imge; the settings are architecture, /,
  );
  assert.equal(messageOf({ ...SMALL, "aws:cdk:enable-path-metadata": true }), "", "settings of CDK are ignored");
});
