// How the browser tests run: Chromium by path (nothing is downloaded), two workers, one project a database.
import { defineConfig } from "@playwright/test";
import type { Options } from "./fixtures/base";

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig<object, Options>({
  testDir: "tests",
  globalSetup: "./fixtures/setup.ts",
  outputDir: "test-results",
  // Two cores; a file goes to one worker, unless it says that its tests may part.
  workers: 2,
  // Whatever needed it is listed as flaky, and is to be mended.
  retries: 1,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  globalTimeout: 25 * 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  snapshotPathTemplate: "{testDir}/{testFileName}-snapshots/{arg}{ext}",
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet },
    locale: "en-GB",
    timezoneId: "Europe/Vienna",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: "only-on-failure",
    trace: "on-first-retry",
  },
  projects: [
    { name: "sqlite", use: { database: "sqlite" } },
    // What a page does in the browser does not depend on the database; the long stories run on both.
    { name: "postgres", use: { database: "postgres" }, testMatch: /(tutorial|expiry|kill|program|story)\.spec\.ts/ },
    { name: "pictures", use: { database: "sqlite" }, testDir: "tools", testMatch: "pictures.spec.ts" },
    { name: "bench", retries: 0, use: { database: "sqlite", trace: "off" }, testDir: "tools", testMatch: "bench.spec.ts" },
    { name: "bench-postgres", retries: 0, use: { database: "postgres", trace: "off" }, testDir: "tools", testMatch: "bench.spec.ts" },
  ],
});
