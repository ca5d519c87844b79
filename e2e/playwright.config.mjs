// Configuration of the browser tests.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // One browser at a time: without a GPU it draws by software.
  workers: 1,
  // A test that fails only sometimes shows a defect.
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: { viewport: { width: 1280, height: 720 }, launchOptions, screenshot: "only-on-failure" },
});
