import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { addCheck, ownProject } from "./own-project";

const GONE = "This has been deleted meanwhile, so nothing was saved.";

test.use({ contextOptions: { reducedMotion: "reduce" } });

// What somebody else did a moment before, while this tab still shows how it was. A tab that nobody looks at is not kept
// fresh, so its refreshing is held back.
test.beforeEach(({ page }) => page.route("**/api/health", (route) => route.abort()));
test.use({ expectedErrors: /ERR_FAILED/ });

test("deleting what is already gone is calm", async ({ page }) => {
  const project = await ownProject(page);
  const id = await addCheck(project, { name: "Twice" });
  await page.goto(`${project.home}/checks/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Twice");
  await project.ask("DELETE", `/api/v3/checks/${id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  const confirm = page.getByRole("dialog").getByRole("button", { name: /^Delete/ });
  // Either it asks, or it can be undone.
  await confirm.or(page.getByRole("button", { name: "Undo" })).waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await expect(page).toHaveURL(`${project.home}/checks`);
  await expect(page.getByText(/That did not work|Something went wrong/)).toHaveCount(0);
});

test("editing what is gone says so and keeps what was typed", async ({ page }) => {
  const project = await ownProject(page);
  const id = await addCheck(project, { name: "Edited in vain" });
  await page.goto(`${project.home}/checks/${id}/edit`);
  await page.getByLabel("Description").fill("A paragraph that took a while");
  await project.ask("DELETE", `/api/v3/checks/${id}`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("form").getByRole("alert")).toHaveText(GONE);
  await expect(page.getByLabel("Description")).toHaveValue("A paragraph that took a while");
});

test.describe("a refresh that finds the page gone", () => {
  // React may render it twice, and Next then reports its own "not found" as an error it recovered from (number 441).
  test.use({ expectedErrors: /ERR_FAILED|React error #441/ });

  test("pausing, muting and changing what is gone is told, without an error page", async ({ page }) => {
    const project = await ownProject(page);
    const id = await addCheck(project, { name: "Paused in vain" });
    await page.goto(`${project.home}/checks/${id}`);
    await project.ask("DELETE", `/api/v3/checks/${id}`);
    await page.getByRole("button", { name: "Pause" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
    await expect(page.getByText(/Something went wrong on/)).toHaveCount(0);
  });
});

test("an alert that is over already can still be acknowledged and resolved in peace", async ({ page, server }) => {
  const project = await ownProject(page);
  for (const button of ["Acknowledge", "Resolve"]) {
    const name = `${button} late`;
    const id = await addCheck(project, { name });
    for (const suffix of ["", "/fail"]) await page.request.get(`${server.url}/ping/${id}${suffix}`);
    await page.goto(`${project.home}/alerts?type=check.down`);
    const alert = page.getByRole("listitem").filter({ hasText: `"${name}" is down` });
    await expect(alert).toBeVisible();
    // The job came back, so the alert is resolved.
    await page.request.get(`${server.url}/ping/${id}`);
    await alert.getByRole("button", { name: `${button}:` }).click();
    await expect(alert.getByText(/Resolved/)).toBeVisible();
    await expect(alert.getByRole("button")).toHaveCount(0);
    await expect(page.getByText("That did not work")).toHaveCount(0);
  }
});

test("a channel that is gone is left in peace", async ({ page }) => {
  const project = await ownProject(page);
  const made = await project.ask("POST", "/api/channels", {
    kind: "email",
    name: "Mail",
    config: { to: "ops@example.org" },
  });
  await page.goto(`${project.home}/channels/${made["id"]}`);
  await page.getByLabel("Send to").fill("others@example.org");
  await project.ask("DELETE", `/api/channels/${made["id"]}`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("form").getByRole("alert")).toHaveText(GONE);
  await expect(page.getByLabel("Send to")).toHaveValue("others@example.org");
});
