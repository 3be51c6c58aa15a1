import { expect, type Page } from "@playwright/test";
import { look } from "./look";
import { type Own, test } from "./own-instances";
import { signIn } from "./people";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

const steps = (page: Page) => page.getByRole("listbox", { name: "Steps" });
const stages = (page: Page) => page.getByRole("listbox", { name: "Stages" });
const panel = (page: Page) => page.getByRole("region", { name: "Selected step" });
const sentence = (page: Page) => page.getByTestId("sentence");

async function open(page: Page, { project }: Own, path: string): Promise<void> {
  await signIn(page);
  await page.goto(`/projects/${project}/instances/${path}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

test("an instance shows its stages, its branches side by side, and all of a step", async ({ page, own }) => {
  await open(page, own, own.filled.branched);
  await expect(sentence(page)).toHaveText("Completed in 5 min 30 s.");
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Completed");
  await expect(stages(page).getByRole("option")).toHaveText([
    "1 Ingest",
    "2",
    "2.1 Train on GPU A× 2",
    "2.2 Train on GPU B",
    "2.3",
    "2.3.1 Shard one",
    "2.3.2 Shard two",
    "3 Evaluate",
    "4 Publish",
  ]);
  await expect(steps(page).getByRole("option")).toHaveText([
    /^1 Ingest200 ms$/,
    /^2\.3\.1 Shard one59\.8 s$/,
    /^2\.1 Train on GPU A1 min 35 s$/,
    /^2\.3\.2 Shard two1 min 58 s$/,
    /^2\.2 Train on GPU B2 min 22 s$/,
    /^2\.1 Train on GPU A1 min 16 s$/,
    /^3 Evaluate1 min 9 s$/,
    /^4 Publish1 min 30 s$/,
  ]);
  // Branches begin where stage 1 ended, and overlap in time.
  const edges = await steps(page)
    .getByTestId("bar")
    .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect()).map(({ left, right }) => [left, right]));
  const [[, first = 0] = [], ...others] = edges;
  for (const [left = 0] of others.slice(0, 4)) expect(Math.abs(left - first)).toBeLessThan(4);
  expect(others[4]?.[0]).toBeGreaterThan(first + 20);
  await look(page, "instance-branched");

  await steps(page).getByRole("option", { name: "2.1 Train on GPU A" }).first().click();
  await expect(page).toHaveURL(/\?step=2$/);
  await expect(panel(page)).toContainText("Step 2: stage 2.1 (Train on GPU A)");
  for (const text of [
    "trainer-a",
    "rows are ready",
    "converged",
    "1.25 s",
    "large-model-2",
    "15,200 in, 830 out",
    "$0.045001",
  ])
    await expect(panel(page)).toContainText(text);
  await expect(page.getByRole("region", { name: "Payload" })).toContainText('"loss": 0.0312');
  await look(page, "instance-step");
  await page.reload();
  await expect(panel(page)).toContainText("Step 2: stage 2.1");
  // A stage leads to its newest step.
  await stages(page).getByRole("option", { name: "2.1 Train on GPU A" }).click();
  await expect(panel(page)).toContainText("Step 5: stage 2.1");
  await page.getByRole("button", { name: "Close the step" }).click();
  await expect(panel(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/step=/);
});

test("keys go through the steps", { tag: "@once" }, async ({ page, own }) => {
  await open(page, own, own.filled.branched);
  const isAt = (step: number) => expect(panel(page)).toContainText(`Step ${step}: `);
  await page.keyboard.press("j");
  await isAt(0);
  await page.keyboard.press("j");
  await isAt(1);
  await page.keyboard.press("k");
  await isAt(0);
  await steps(page).focus();
  await page.keyboard.press("ArrowDown");
  await isAt(1);
  await page.keyboard.press("End");
  await isAt(7);
  await expect(page).toHaveURL(/\?step=7$/);
  await page.keyboard.press("ArrowDown");
  await isAt(7);
  await page.keyboard.press("Home");
  await isAt(0);
  await page.keyboard.press("j");
  await isAt(1);
  const active = await steps(page).getAttribute("aria-activedescendant");
  await expect(page.locator(`#${active}`)).toHaveAttribute("aria-selected", "true");
  // Stages that did not come can be passed, but not selected.
  await stages(page).focus();
  await page.keyboard.press("Home");
  await isAt(0);
  await page.keyboard.press("ArrowDown");
  await isAt(0);
  await page.keyboard.press("ArrowDown");
  await isAt(5);
  await page.getByRole("button", { name: "Next step" }).click();
  await isAt(6);
});

test("a failed instance says when and why", async ({ page, own }) => {
  await open(page, own, `${own.filled.failed}?step=2`);
  await expect(sentence(page)).toHaveText(/^Failed at \d\d:\d\d UTC: Stage 2\.2 failed\.$/);
  await expect(stages(page).getByRole("option", { name: "2.2 Train on GPU B" })).toContainText("failed");
  // What the last completed one reached and this one did not.
  await expect(stages(page).getByRole("option", { name: "4 Publish" })).toContainText("pending");
  await expect(page.getByRole("region", { name: "Payload" })).toContainText("out of memory");
  await look(page, "instance-failed");
});

test("a running instance is followed step by step, and to its end", async ({ page, own }) => {
  await open(page, own, own.filled.running);
  await expect(sentence(page)).toHaveText(
    /^Running for \d+ minutes.*: stage 3 of 5 \(Train\), next expected by \d\d:\d\d UTC, else it fails\.$/,
  );
  await expect(page.getByRole("status", { name: "Updates" })).toHaveText("Live");
  await expect(stages(page).getByRole("option", { name: "4 Evaluate" })).toContainText("pending");
  await look(page, "instance-running");
  // Rows that are there stay what they are.
  const first = steps(page).getByRole("option").first();
  await first.evaluate((row) => row.setAttribute("data-known", "yes"));
  await own.maker.steps(own.filled.running, [{ path: "4", at: 230_000, agent: "judge" }]);
  await expect(steps(page).getByRole("option")).toHaveCount(4);
  await expect(sentence(page)).toContainText("stage 4 of 5 (Evaluate)");
  await expect(stages(page).getByRole("option", { name: "4 Evaluate" })).not.toContainText("pending");
  await own.maker.steps(own.filled.running, [{ path: "5", at: 250_000 }], { status: "completed" });
  await expect(sentence(page)).toHaveText("Completed in 4 min 10 s.");
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Completed");
  await expect(steps(page).getByRole("option")).toHaveCount(5);
  await expect(first).toHaveAttribute("data-known", "yes");
  await expect(page.getByRole("status", { name: "Updates" })).toHaveText("");
});

test("stages that are reported are seen as they come", { tag: "@once" }, async ({ page, own }) => {
  const report = async (query: string) => {
    const answer = await fetch(`${own.server.url}/dhk/watched_pipeline?${query}&key=${own.server.apiKey}`);
    expect(answer.status).toBe(200);
    return String((await answer.json()).instance_id);
  };
  const id = await report("stagePath=1&start=yes&stagename=Fetch&agent=fetcher");
  await open(page, own, id);
  await expect(page.getByRole("status", { name: "Updates" })).toHaveText("Live");
  await report("stagePath=2.1&stagename=Left&agent=left");
  await expect(sentence(page)).toContainText("stage 2.1 (Left)");
  await report("stagePath=2.2&stagename=Right&agent=right");
  await report("stagePath=3&final=yes&stagename=Join");
  await expect(sentence(page)).toHaveText(/^Completed in /);
  await expect(stages(page).getByRole("option")).toHaveText(["1 Fetch", "2", "2.1 Left", "2.2 Right", "3 Join"]);
});

test("without the stream a page asks now and then", { tag: "@once" }, async ({ page, own }) => {
  const id = "d00000000000000p1";
  await own.maker.instance({
    id,
    workflow: "ml_pipeline",
    status: "running",
    startedAgoMs: 1000,
    steps: [{ path: "1", at: 0 }],
  });
  await page.route("**/events?*", (route) => route.fulfill({ status: 404 }));
  await open(page, own, id);
  await expect(page.getByRole("status", { name: "Updates" })).toHaveText("Updated every 3 seconds");
  await own.maker.steps(id, [{ path: "2", at: 900 }]);
  await expect(steps(page).getByRole("option")).toHaveCount(2);
  await own.maker.steps(id, [{ path: "3", at: 950 }], { status: "completed" });
  await expect(sentence(page)).toHaveText(/^Completed/);
});

test("ten thousand steps are there at once, and few of them in the page", async ({ page, own }) => {
  await open(page, own, own.filled.long);
  await expect(steps(page).getByRole("option", { name: "1 Page 0, failed" })).toBeVisible();
  await expect(stages(page).getByRole("option", { name: /^0\.1 / })).toContainText("× 18");
  const drawn = () => page.getByRole("option").count();
  expect(await drawn()).toBeLessThan(80);
  // Frames that took long while everything arrives and is scrolled through.
  await page.evaluate(() => {
    const seen = { longest: 0 };
    Object.assign(window, { seenTasks: seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ type: "longtask", buffered: true });
  });
  await steps(page).focus();
  await page.keyboard.press("End");
  await expect(panel(page)).toContainText("Step 9999: stage");
  await expect(steps(page).getByRole("option", { name: "Page 9999" })).toBeVisible();
  for (const share of [0.5, 0.2, 0.9]) {
    await steps(page).evaluate((list, to) => list.scrollTo({ top: list.scrollHeight * to }), share);
    await expect(
      steps(page)
        .getByRole("option", { name: new RegExp(`Page ${share * 10}\\d\\d\\d`) })
        .first(),
    ).toBeVisible();
    expect(await drawn()).toBeLessThan(80);
  }
  const longest = await page.evaluate(
    () => (window as unknown as { seenTasks: { longest: number } }).seenTasks.longest,
  ); // put there above
  test.info().annotations.push({ type: "longest task, ms", description: String(longest) });
  expect(longest).toBeLessThan(1000);
  await page.keyboard.press("Home");
  await expect(panel(page)).toContainText("Step 0: ");
  await look(page, "instance-long");
});

test("an instance without a step, and one that is not there", { tag: "@once" }, async ({ page, own }) => {
  const id = "d00000000000000n1";
  await own.maker.instance({ id, workflow: "ml_pipeline", status: "running", startedAgoMs: 1000, steps: [] });
  await open(page, own, `${id}?step=7`);
  await expect(page.getByText("No stage has come yet")).toBeVisible();
  await own.maker.steps(id, [{ path: "1", at: 900 }]);
  await expect(steps(page).getByRole("option")).toHaveCount(1);
  const main = page.getByRole("main");
  const missing = await page.goto(`/projects/${own.project}/instances/d00000000000000zz`);
  expect(missing?.status()).toBe(404);
  const said = await main.textContent();
  // One of another project looks like one that is not there.
  const headers = { Origin: new URL(page.url()).origin };
  const made = await page.request.post("/api/projects", { headers, data: { name: "Another" } });
  const theirs = await page.goto(`/projects/${(await made.json()).id}/instances/${id}`);
  expect(theirs?.status()).toBe(404);
  expect(await main.textContent()).toBe(said);
});
