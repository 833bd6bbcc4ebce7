// How the browser tests run: Chromium by path (nothing is downloaded), one worker, one project a database.
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
  workers: 1,
  retries: 0,
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
    trace: "retain-on-failure",
  },
  projects: [
    { name: "sqlite", use: { database: "sqlite" } },
    // How a page looks does not depend on the database, so the audits run once.
    { name: "postgres", use: { database: "postgres" }, testIgnore: "a11y.spec.ts" },
    { name: "pictures", use: { database: "sqlite" }, testDir: "tools", testMatch: "pictures.spec.ts" },
    { name: "bench", use: { database: "sqlite", trace: "off" }, testDir: "tools", testMatch: "bench.spec.ts" },
  ],
});
