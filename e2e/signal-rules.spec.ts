import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { ownProject } from "./own-project";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

test("how signals are read is set in one place, told on the page, and seen in the events", async ({ page, server }) => {
  const { home } = await ownProject(page);
  await page.goto(`${home}/checks/new`);
  await page.getByLabel("Name").fill("Report of the night");
  const rules = page.getByRole("group", { name: "What a signal means" });
  await expect(rules.getByLabel("Failure keywords")).toBeHidden();
  for (const label of ["Only POST counts", "Leave out previews of links", "Look for keywords in the body of signals"])
    await rules.getByLabel(label).check({ force: true });
  await rules.getByLabel("Failure keywords").fill(`panic, ${"x".repeat(200)}`);
  await rules.getByLabel("Look for keywords in the body of signals").uncheck({ force: true });
  await page.getByRole("button", { name: "Make check" }).click();
  await expect(rules.getByText("This is too long.")).toBeVisible();
  await rules.getByLabel("Look for keywords in the body of signals").check({ force: true });
  await rules.getByLabel("Failure keywords").fill("panic");
  await rules.getByLabel("Success keywords").fill("all good, done");
  await look(page, "check-new-rules");
  await page.getByRole("button", { name: "Make check" }).click();
  await page.waitForURL(/\/checks\/[0-9a-f-]{36}$/);
  const check = page.url().split("/").at(-1) ?? "";

  const told = page.getByRole("list").filter({ hasText: "Only POST counts; other methods are left out." });
  await expect(told.getByRole("listitem")).toHaveText([
    "Only POST counts; other methods are left out.",
    "Previews of links and pages fetched in advance are left out.",
    "The body decides what a signal means: with “panic” it is a failure, with “all good” or “done” it is a success, else it is left out.",
  ]);

  const ping = (method: string, options: { data?: string; headers?: Record<string, string> } = {}) =>
    page.request.fetch(`${server.url}/ping/${check}`, { method, ...options });
  await ping("GET");
  await ping("POST", { data: "done", headers: { "User-Agent": "Slackbot-LinkExpanding 1.0" } });
  await ping("POST", { data: "nothing to say" });
  await ping("POST", { data: "the backup is done" });
  await page.reload();
  const reasons = [
    "left out: none of the keywords is in its body",
    "left out: a preview of the link, or a page fetched in advance",
    "left out: only POST counts",
  ];
  for (const path of ["", "/history"]) {
    await page.goto(`${home}/checks/${check}${path}`);
    await page.getByRole("group", { name: "Show only" }).getByText("Ignored").click();
    const rows = page.getByRole("row").filter({ hasText: "Ignored" });
    await expect(rows).toHaveCount(3);
    for (const [index, reason] of reasons.entries()) await expect(rows.nth(index)).toContainText(reason);
    await look(page, `check-rules${path.replace("/", "-")}`);
  }
  await expect(page.getByRole("row").filter({ hasText: "Success" })).toHaveCount(0);

  await page.goto(`${home}/checks/${check}/edit`);
  await expect(rules.getByLabel("Only POST counts")).toBeChecked();
  await expect(rules.getByLabel("Success keywords")).toHaveValue("all good, done");
  await rules.getByLabel("Look for keywords in the body of signals").uncheck({ force: true });
  await rules.getByLabel("Resume by hand").check({ force: true });
  await rules.getByLabel("Exit statuses that only warn").fill("1, 75-78");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/\/checks\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Exit status 1, 75-78 only warns: it counts as a success.")).toBeVisible();
  await expect(page.getByText(/The body decides/)).toBeHidden();
  await page.request.fetch(`${server.url}/ping/${check}/76`, { method: "POST" });
  await page.reload();
  await expect(page.getByTestId("sentence")).toContainText("Up.");
});
