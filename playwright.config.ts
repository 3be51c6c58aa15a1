import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./scripts/chromium";

const SERVICE = "alert.spec.ts";
/** Tests of what happens, whatever it looks like: they run once. */
const BEHAVIOUR =
  /(approvals|approve-scanners|bad-input|connection|everywhere|foreign|live|paging|providers|stale-tab|viewer)\.spec\.ts/;
/** Colours are all that is different in the dark: every page, and the dialogs, forms and menus that open in them. */
const COLOURS =
  /(screens|accounts|budget|channels|check-detail|checks|compare|history|instance|metrics|people|replay|signal-rules)\.spec\.ts/;
/** The tag of such tests among others. */
const ONCE = /@once/;
const executablePath = findChromium();

export default defineConfig({
  testDir: "e2e",
  outputDir: ".test/e2e/results",
  globalSetup: "./e2e/global-setup.ts",
  forbidOnly: true,
  workers: 2,
  timeout: 90_000,
  // Twice the usual wait: a busy machine of two cores is no fault of the product.
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: ".test/reports/playwright.json" }]],
  use: {
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath !== null && { executablePath }),
      // As root there is no sandbox; and nothing but the pages under test should open connections.
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    },
  },
  projects: [
    // What needs no browser runs once, not once for each way of looking at a page.
    { name: "service", testMatch: SERVICE },
    { name: "light", testIgnore: SERVICE, use: { ...devices["Desktop Chrome"], colorScheme: "light" } },
    {
      name: "dark",
      testMatch: COLOURS,
      grepInvert: ONCE,
      use: { ...devices["Desktop Chrome"], colorScheme: "dark" },
    },
    { name: "phone", testIgnore: [SERVICE, BEHAVIOUR], grepInvert: ONCE, use: { ...devices["Pixel 7"] } },
  ],
});
