// The browser tests: one browser at a time, since it draws by software where there is no GPU.

import { defineConfig } from "@playwright/test";
import { launchOptions } from "./browser.mjs";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 1,
  // A test that fails at times is a defect to find.
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: { viewport: { width: 1280, height: 720 }, launchOptions, screenshot: "only-on-failure" },
});
