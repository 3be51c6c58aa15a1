import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { addCheck, ownProject } from "./own-project";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

test("numbers of signals are drawn, and one out of its bounds takes the check down", async ({ page, server }) => {
  const project = await ownProject(page);
  const check = await addCheck(project, { name: "Nightly import", timeout: 86_400, grace: 3600 });
  const home = `${project.home}/checks/${check}`;
  const ping = async (query: string, data?: object): Promise<void> => {
    const sent = await page.request.post(`${server.url}/ping/${check}${query}`, data === undefined ? {} : { data });
    expect(sent.status()).toBe(200);
  };
  const metrics = page.getByRole("heading", { name: "Metrics", exact: true });
  await page.goto(home);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Nightly import");
  await expect(metrics).toBeHidden();

  // What is looked for has its place before anything has come.
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Add a metric" }).click();
  const first = page.getByRole("group", { name: "Metric 1" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(first.getByLabel("Name")).toBeFocused();
  await expect(first).toContainText("Give it a name.");
  await first.getByLabel("Name").fill("db.rows");
  await first.getByLabel("Smallest").fill("1");
  await first.getByLabel("Largest").fill("0.5");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(first).toContainText("It must not be below the smallest.");
  await look(page, "check-edit-metrics");
  await first.getByLabel("Largest").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(metrics).toBeVisible();
  await expect(page.getByRole("region", { name: "command that sends a number" })).toContainText("?metric=db.rows:120");
  await look(page, "check-metrics-waiting");

  for (const [rows, lag] of [
    [118, 2],
    [96, 5],
    [131, 3],
  ])
    await ping(`?metric=lag:${lag}`, { db: { rows } });
  const rows = page.getByRole("region", { name: "db.rows", exact: true });
  await expect(rows).toContainText("at least 1 is asked");
  await expect(rows).toContainText("131");
  await expect(rows.getByRole("img", { name: /^db\.rows: \d points? from \d+ to 131$/ })).toBeVisible();
  const lag = page.getByRole("region", { name: "lag", exact: true });
  await lag.getByRole("button", { name: "As a table: lag" }).click();
  await expect(lag.getByRole("table", { name: "lag" })).toContainText("From (UTC)");
  await page.getByRole("radiogroup", { name: "Period of the metrics" }).getByText("24 hours").click();
  await expect(page).toHaveURL(/metrics=day/);
  await expect(lag.getByRole("table", { name: "lag" })).toBeVisible();
  await look(page, "check-metrics");

  await ping("", { db: { rows: 0 } });
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Down");
  await expect(page.getByTestId("sentence")).toContainText("db.rows was 0, at least 1 is asked");
  await expect(rows).toContainText("outside of what is asked");
  const why = "db.rows was 0, at least 1 is asked";
  await expect(page.getByRole("table", { name: "Events" }).getByText(why).filter({ visible: true })).toHaveCount(1);
  await look(page, "check-metrics-down");
  await page.goto(`${project.home}/alerts`);
  await expect(page.getByText('"Nightly import" is down: db.rows was 0, at least 1 is asked.')).toBeVisible();

  await page.goto(`${home}/edit`);
  await expect(first.getByLabel("Name")).toHaveValue("db.rows");
  await page.getByRole("button", { name: "Remove metric 1" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(rows).toBeVisible();
  await expect(rows).not.toContainText("is asked");
});
