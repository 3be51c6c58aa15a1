import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Server, theServer } from "./server";

/** Every rule of WCAG 2.0, 2.1 and 2.2 at the levels A and AA that axe can check. */
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/** What Chromium itself writes when a request that a test provokes is refused. */
const EXPECTED = /Failed to load resource: the server responded with a status of 4\d\d/;

/**
 * Resolves when the page listens: React marks what it has woken, and listens for keys when nothing else is to be done. What
 * comes before is lost on people too, but no person is that fast. Other pages than ours listen at once.
 */
async function awake(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    if (document.querySelector('script[src*="/_next/"]') === null) return true;
    if (!Object.keys(document.body).some((name) => name.startsWith("__react"))) return false;
    await new Promise((resolve) => requestIdleCallback(resolve));
    return true;
  });
}

/** Whoever opens a page with it finds it awake. */
function openAwake(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (url, options) => {
    const response = await goto(url, options);
    await awake(page);
    return response;
  };
  page.reload = async (options) => {
    const response = await reload(options);
    await awake(page);
    return response;
  };
}

/** Every page of a test must be silent: no error, and nothing that its Content-Security-Policy had to stop. */
export const test = base.extend<{ server: Server; expectedErrors: RegExp | null }>({
  /** What else a test provokes. */
  expectedErrors: [null, { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright insists on a destructured argument.
  server: async ({}, use) => use(theServer()),
  baseURL: async ({ server }, use) => use(server.url),
  page: async ({ page, expectedErrors }, use) => {
    const problems: string[] = [];
    const note = (text: string): void => {
      if (!EXPECTED.test(text) && expectedErrors?.test(text) !== true) problems.push(text);
    };
    page.on("pageerror", (error) => note(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") note(message.text());
    });
    openAwake(page);
    await use(page);
    expect(problems).toEqual([]);
  },
});

/** Fails with the rules and elements at fault unless the page is accessible. */
export async function expectAccessible(page: Page): Promise<void> {
  // A page that was just refreshed gets its title a moment after its text.
  await expect(page).toHaveTitle(/./);
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
}

/** Fails unless the page is no wider than its window. */
export async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}
