import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { addCheck, type OwnProject, ownProject } from "./own-project";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

type Made = { home: string; ping: (what: string, body?: object) => Promise<void>; key: string };

/** A check in a project of its own, and a way to signal to it. */
async function makeJob(page: Page, origin: string): Promise<Made & { check: string }> {
  const project: OwnProject = await ownProject(page);
  const key = String((await project.ask("GET", `/api/projects/${project.id}`))["ping_key"]);
  const fields = { name: "Warehouse sync", slug: "warehouse-sync", timeout: 86_400, grace: 3600 };
  const check = await addCheck(project, fields);
  const ping: Made["ping"] = async (what, body) => {
    const sent = await page.request.post(`${origin}${what}`, body === undefined ? {} : { data: body });
    expect(sent.status(), what).toBe(200);
  };
  return { home: `${project.home}/checks/${check}`, check, key, ping };
}

/** Clicks a link that downloads, and gives what came. */
async function downloaded(page: Page, label: string): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: label, exact: true }).click();
  const file = await coming;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

const facts = (page: Page, label: string) => page.getByText(label, { exact: true }).locator("..");

test("the history of a check is narrowed, shown and taken away", async ({ page, server }) => {
  const { home, check, ping } = await makeJob(page, server.url);
  const said = { status: "ok", message: "=1+1", duration: "1.5s", rows: 120, host: "db-1" };
  await ping(`/api/heartbeat/${check}`, said);
  await ping(`/api/heartbeat/${check}/3`, { message: "disk full", rows: 7 });
  for (let sent = 0; sent < 60; sent += 1) await ping(sent === 5 ? `/ping/${check}/log` : `/ping/${check}`);
  await page.goto(home);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("History");
  const signals = page.getByRole("region", { name: "Signals" });
  await expect(facts(page, "Signals").first()).toBeVisible();
  await expect(signals).toContainText("#62");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=13/);
  await expect(signals).toContainText("rows=120");
  await expect(signals).toContainText("took 1.5 s by its own measure");
  await expect(signals).toContainText("exit status 3");
  await expect(page.getByRole("img", { name: /^Time between signals: \d+ points/ })).toBeVisible();
  await page.getByRole("button", { name: "As a table" }).click();
  await expect(page.getByRole("table", { name: "Timing" })).toContainText("1.5 s");
  await look(page, "history");

  await page.getByRole("group", { name: "Show only" }).getByText("Failure").click();
  await expect(page).toHaveURL(/kinds=fail/);
  await expect(signals).toContainText("disk full");
  await expect(signals).not.toContainText("rows=120");
  const csv = await downloaded(page, "Export as CSV");
  expect(csv.name).toMatch(/^warehouse-sync-\d{4}-\d\d-\d\d\.csv$/);
  const lines = csv.text.split("\r\n");
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^2,.*,fail,pingura,,3,.*,disk full,"{""rows"":7}",/);

  await page.getByRole("group", { name: "Show only" }).getByText("Failure").click();
  await expect(page).not.toHaveURL(/kinds=/);
  await page.getByRole("radiogroup", { name: "Range" }).getByText("All").click();
  await expect(page).toHaveURL(/range=all/);
  const json = await downloaded(page, "Export as JSON");
  expect(json.name).toBe("warehouse-sync-history.json");
  const all = JSON.parse(json.text);
  expect(all).toHaveLength(62);
  expect(all[0]).toMatchObject({
    n: 1,
    message: "=1+1",
    metadata: { host: "db-1", rows: 120 },
    reported_duration_ms: 1500,
  });
  expect((await downloaded(page, "Export as JSON lines")).text.trimEnd().split("\n")).toHaveLength(62);

  await page.getByLabel("To (UTC)").fill("2001-01-31");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/to=2001-01-31/);
  await expect(page.getByText("There are no such signals in this range.")).toBeVisible();
  await look(page, "history-empty");
  await page.getByRole("link", { name: "Show the whole history" }).click();
  await expect(signals).toContainText("#62");
});

test("runs are listed with what was new, narrowed and counted", async ({ page, server }) => {
  const { home, check, key, ping } = await makeJob(page, server.url);
  await page.goto(`${home}/runs`);
  await expect(page.getByText("A run is when the start of a job is reported too")).toBeVisible();
  const run = async (id: string, start: object, finish: object): Promise<void> => {
    await ping(`/phk/${check}/start`, { key, run_id: id, metadata: start });
    await ping(`/phk/${check}/finish`, { key, run_id: id, ...finish });
  };
  await run("night-1", { host: "db-1" }, { status: "success", metadata: { rows: 120, size: "3 MB" } });
  await run("night-2", { host: "db-1" }, { status: "success", metadata: { rows: 98, warnings: 2 } });
  await run("night-3", { host: "db-2" }, { status: "fail", exit_code: 3, metadata: { rows: 98, warnings: 2 } });
  await ping(`/phk/${check}/start`, { key, run_id: "night-4" });
  await page.goto(home);
  await page.getByRole("link", { name: "Runs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Runs");
  const rows = page.getByRole("row").filter({ hasText: "night-" });
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(0)).toContainText("Running");
  await expect(rows.nth(1)).toContainText("host: db-1 → db-2");
  await expect(rows.nth(2)).toContainText("rows: 120 → 98");
  await expect(rows.nth(2)).toContainText("warnings: new, 2");
  await expect(rows.nth(2)).toContainText("size: gone, was 3 MB");
  await expect(rows.nth(3)).toContainText("rows=120");
  await expect(facts(page, "Success rate")).toContainText("66.66%");
  await look(page, "runs");

  await page.getByRole("radiogroup", { name: "Status" }).getByText("Failed", { exact: true }).click();
  await expect(page).toHaveURL(/status=failed/);
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("night-3");
  await expect(facts(page, "Success rate")).toContainText("66.66%");
});

test("an address that makes no sense shows the last 30 days", async ({ page, server }) => {
  const { home, check, ping } = await makeJob(page, server.url);
  await ping(`/ping/${check}`);
  for (const path of ["history", "runs"]) {
    const answer = await page.goto(`${home}/${path}?range=x&from=y&to=2026-99-99&kinds=bad&status=bad&cursor=%00`);
    expect(answer?.status()).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/History|Runs/);
  }
});
