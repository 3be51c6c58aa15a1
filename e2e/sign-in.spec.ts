import { expect } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { ADMIN, signIn } from "./people";

test("signing in leads to the overview, and out again ends it", async ({ page }) => {
  await page.goto("/sign-in");
  await expectAccessible(page);
  await expectFits(page);
  const project = await signIn(page);
  await expectAccessible(page);
  await expectFits(page);
  if (await page.getByRole("button", { name: "Menu" }).isVisible())
    await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: ADMIN.email }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.goto(`/projects/${project}`);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("who must sign in first comes to the page that was asked for @once", async ({ page }) => {
  const project = await signIn(page);
  await page.context().clearCookies();
  const place = `/projects/${project}/checks?q=%26+%C3%A4&status=down`;
  await page.goto(place);
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel(/^Password/).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(`**${place}`);
  await expect(page.getByLabel(/Search/)).toHaveValue("& ä");
});

test("a sign-in that ends while a page is open leads back to it @once", async ({ page }) => {
  const project = await signIn(page);
  await page.goto(`/projects/${project}/alerts`);
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Channels" }).click();
  await page.waitForURL(`**/sign-in?next=${encodeURIComponent(`/projects/${project}/channels`)}`);
});

test("a wrong password says so and keeps the address", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("nobody@example.com");
  await page.getByLabel(/^Password/).fill("a wrong password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("The address or the password is not right")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("nobody@example.com");
  await expectAccessible(page);
});

test("a project of others and one that never was are the same page", async ({ page }) => {
  await signIn(page);
  for (const id of ["00000000-0000-4000-8000-000000000000", "not-a-project"]) {
    const response = await page.goto(`/projects/${id}`);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
  }
});

test("the keyboard leads around and shows its map", async ({ page }) => {
  const project = await signIn(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByLabel("Find").fill("Settings");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/projects/${project}/settings`);
});
