import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { addCheck, ownProject } from "./own-project";

test("keys do nothing behind a dialog @once", async ({ page }) => {
  const { home } = await ownProject(page);
  await page.goto(`${home}/settings`);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  // Were one of them on its way, this would not be the page that is reached.
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL(`**${home}/channels`);
  await page.goBack();
  await page.waitForURL(`**${home}/settings`);
});

test("the dialog for muting gives the focus back to where it was opened @once", async ({ page }) => {
  const project = await ownProject(page);
  const check = await addCheck(project, { name: "Nightly" });
  await page.goto(`${project.home}/checks/${check}`);
  const button = page.getByRole("button", { name: "Mute alerts" });
  await button.click();
  await page.getByRole("menuitem", { name: "Until …" }).click();
  await expect(page.getByLabel("Day and time")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
});
