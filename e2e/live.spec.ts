import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { addCheck, ownProject } from "./own-project";

const SOON = { timeout: 15_000 };

test("the counts of the sidebar and the title of the tab change when a check goes down", async ({ page, server }) => {
  const project = await ownProject(page);
  const id = await addCheck(project, { name: "Watched" });
  await page.request.get(`${server.url}/ping/${id}`);
  await page.goto(`${project.home}/checks`);
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  const nav = page.getByRole("navigation", { name: "Project" });
  await expect(nav.getByRole("link")).toHaveText([
    "Overview",
    "Checks",
    "Workflows",
    "Approvals",
    "Costs",
    "Alerts",
    "Channels",
    "Settings",
  ]);
  await expect(page).toHaveTitle("Checks · Pulsetrail");

  await page.request.get(`${server.url}/ping/${id}/fail`);
  await expect(nav.getByLabel("1 down")).toHaveText("1", SOON);
  await expect(nav.getByLabel("1 open")).toHaveText("1");
  await expect(page).toHaveTitle("(1) Checks · Pulsetrail");
  // The count stays in front when the page changes.
  await nav.getByRole("link", { name: "Alerts" }).click();
  await expect(page).toHaveTitle("(1) Alerts · Pulsetrail");

  await page.request.get(`${server.url}/ping/${id}`);
  await expect(page).toHaveTitle("Alerts · Pulsetrail", SOON);
  if (await menu.isVisible()) await menu.click();
  await expect(nav.getByLabel("1 down")).toHaveCount(0);
  await expect(nav.getByLabel("1 open")).toHaveCount(0);
});
