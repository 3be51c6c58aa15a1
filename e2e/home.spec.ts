import { expect } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";

test("the first page says what this is and that it runs", async ({ page }) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Pulsetrail/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Pulsetrail");
  await expect(page.getByText(/is running/i)).toBeVisible();
  expect(problems).toEqual([]);
});

test("the first page is accessible and fits its window", async ({ page }) => {
  await page.goto("/");
  await expectAccessible(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
