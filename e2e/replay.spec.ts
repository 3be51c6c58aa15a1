import { expect, type Page } from "@playwright/test";
import { look } from "./look";
import { type Own, test } from "./own-instances";
import { signIn } from "./people";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

const slider = (page: Page) => page.getByRole("slider", { name: "Step" });
const steps = (page: Page) => page.getByRole("listbox", { name: "Steps" });
const stages = (page: Page) => page.getByRole("listbox", { name: "Stages" });
const chosen = (page: Page) => page.getByRole("region", { name: "Chosen step" });
const moment = (page: Page) => page.getByTestId("moment");
const isAt = (page: Page, step: number) => expect(slider(page)).toHaveAttribute("aria-valuenow", String(step));

async function open(page: Page, { project }: Own, path: string): Promise<void> {
  await signIn(page);
  await page.goto(`/projects/${project}/instances/${path}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Replay of /);
}

test("a step shows how everything stood when it had come", async ({ page, own }) => {
  await open(page, own, `${own.filled.forked}/replay?step=3`);
  await expect(page.getByTestId("where")).toHaveText("Step 3 of 5: stage 3 (Draft), failed, 10.5 s after the start");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /^Step 3 of 5: stage 3 \(Draft\), failed/);
  await expect(stages(page).getByRole("option")).toHaveText([
    "1 Plan",
    "2",
    "2.1 Search",
    "2.2 Read",
    "3 Draftfailed",
    "4 Reviewpending",
  ]);
  // What the fork took over is next to what it did itself, and told apart.
  await expect(steps(page).getByRole("option")).toHaveText([
    /^1 Plan, copied/,
    /^2\.1 Search, copied3 s$/,
    /^2\.2 Read, copied9\.5 s$/,
    /^3 Draft, failed1 s$/,
    /^3 Draft1 min 1 s$/,
    /^4 Review2\.5 s$/,
  ]);
  await expect(steps(page).locator("[data-later]")).toHaveCount(2);
  for (const text of [
    "Stages reached4",
    "Failed steps so far1",
    "Agent at workwriter",
    "Cost so far$0.2925, 1 without a price",
    "Tokens so far126,100 in, 362 out",
    "What came next3 (Draft) after 1 min 1 s",
  ])
    await expect(moment(page)).toContainText(text);
  await expect(chosen(page)).toContainText("Step 3: stage 3 (Draft)");
  await expect(chosen(page)).toContainText("Cost up to here$0.2925, 1 without a price");
  const difference = page.getByRole("region", { name: "Difference to step 2" });
  for (const text of ["Added /error", "Removed /depth", "Removed /found"]) await expect(difference).toContainText(text);
  await expect(difference).toContainText("context is too long");
  await expect(page.getByRole("img", { name: /^Cost so far: 6 points from \$0 to \$0\.39975$/ })).toBeVisible();
  await look(page, "replay-forked");

  // Before it failed nobody knew.
  await page.keyboard.press("[");
  await expect(stages(page).getByRole("option", { name: "3 Draft" })).toContainText("pending");
  await expect(moment(page)).toContainText("Failed steps so far0");
  await expect(chosen(page)).toContainText("Copied");
  await expect(page.getByRole("region", { name: "Difference to step 1" })).toContainText("Removed /found/1");
  await page.keyboard.press("]");
  await page.keyboard.press("]");
  await expect(stages(page).getByRole("option", { name: "3 Draft" })).toContainText("× 2");
  await expect(page.getByRole("region", { name: "Difference to step 3" })).toContainText("+ 1500");
  // A stage leads to its newest step until then, or to the first that is still to come.
  await stages(page).getByRole("option", { name: "4 Review" }).click();
  await isAt(page, 5);
  await stages(page).getByRole("option", { name: "2.1 Search" }).click();
  await isAt(page, 1);
});

test("keys, pointer and lists go to steps, and the address follows", async ({ page, own }) => {
  await open(page, own, `${own.filled.branched}/replay`);
  await isAt(page, 0);
  await slider(page).focus();
  const before = await page.evaluate(() => history.length);
  for (const [key, step] of [
    ["ArrowRight", 1],
    ["]", 2],
    ["ArrowUp", 3],
    ["[", 2],
    ["ArrowLeft", 1],
    ["End", 7],
    ["]", 7],
    ["Home", 0],
    ["[", 0],
    ["PageUp", 7],
  ] as const) {
    await page.keyboard.press(key);
    await isAt(page, step);
  }
  await expect(page).toHaveURL(/\/replay\?step=7$/);
  expect(await page.evaluate(() => history.length)).toBe(before);
  await page.reload();
  await isAt(page, 7);
  await expect(chosen(page)).toContainText("Step 7: stage 4 (Publish)");

  const box = await slider(page).boundingBox();
  const at = (share: number) => (box?.x ?? 0) + (box?.width ?? 0) * share;
  const y = (box?.y ?? 0) + 18;
  await page.mouse.move(at(0.99), y);
  await page.mouse.down();
  await page.mouse.move(at(0.5), y, { steps: 5 });
  await expect(slider(page)).toHaveAttribute("aria-valuenow", /^[234]$/);
  await page.mouse.move(at(0), y, { steps: 5 });
  await isAt(page, 0);
  await page.mouse.up();
  await page.mouse.move(at(0.9), y);
  await isAt(page, 0);
  await steps(page).getByRole("option", { name: "3 Evaluate" }).click();
  await isAt(page, 6);
  await expect(page).toHaveURL(/\?step=6$/);
  // Beyond the end is the last one.
  await page.goto(`${new URL(page.url()).pathname}?step=99`);
  await isAt(page, 7);
  await page.goto(`${new URL(page.url()).pathname}?step=nonsense&speed=3`);
  await isAt(page, 0);
});

test("it plays to the end, at the speed that was chosen", { tag: "@once" }, async ({ page, context, own }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, own, `${own.filled.forked}/replay`);
  await page.getByLabel("Speed").selectOption("16");
  await expect(page).toHaveURL(/speed=16/);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await isAt(page, 5);
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expect(page).toHaveURL(/step=5/);
  // From a step that is chosen meanwhile it goes on.
  await page.getByLabel("Speed").selectOption("2");
  await page.getByRole("button", { name: "Play" }).click();
  await steps(page).getByRole("option", { name: "3 Draft, failed" }).click();
  await isAt(page, 3);
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await isAt(page, 4);
  await slider(page).press("End");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  // Again from the begin; whoever takes the slider stops it.
  await page.getByLabel("Speed").selectOption("1");
  await page.getByRole("button", { name: "Play" }).click();
  await isAt(page, 0);
  await slider(page).press("ArrowRight");
  await isAt(page, 1);
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await page.getByRole("button", { name: "Next step" }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/replay\?step=2$/);
});

test("a running instance goes on for those at its end alone", { tag: "@once" }, async ({ page, own }) => {
  const id = "d00000000000000q1";
  const made = { id, workflow: "ml_pipeline", status: "running", startedAgoMs: 60_000 };
  await own.maker.instance({ ...made, steps: [] });
  await open(page, own, `${id}/replay?step=4`);
  await expect(page.getByText("There is nothing to replay yet")).toBeVisible();
  await expect(page.getByRole("region", { name: "command that reports a stage" })).toContainText(`instance_id=${id}`);
  await own.maker.steps(id, [
    { path: "1", at: 0, name: "Fetch", cost: 1_000_000 },
    { path: "2", at: 900, cost: 500_000 },
  ]);
  await isAt(page, 1);
  await expect(moment(page)).toContainText("Cost so far$1.50");
  await own.maker.steps(id, [{ path: "3", at: 30_000, cost: 250_000 }]);
  await isAt(page, 2);
  await expect(moment(page)).toContainText("Cost so far$1.75");
  await page.keyboard.press("[");
  await own.maker.steps(id, [{ path: "4", at: 31_000 }]);
  await expect(slider(page)).toHaveAttribute("aria-valuemax", "3");
  await isAt(page, 1);
  await expect(page.getByTestId("pause")).toHaveCount(1);
});

test("ten thousand steps are gone through, and few of them are in the page", async ({ page, own }) => {
  await open(page, own, `${own.filled.long}/replay?step=5000`);
  const cost = (step: number): number => {
    const micros = Array.from({ length: step + 1 }, (_, at) => 100 + (at % 13) * 30).reduce((sum, one) => sum + one, 0);
    return micros / 1_000_000;
  };
  await expect(moment(page)).toContainText(`Cost so far$${cost(5000)}`);
  await expect(steps(page).getByRole("option", { selected: true })).toContainText("Page 5000");
  const drawn = () => page.getByRole("listbox").getByRole("option").count();
  expect(await drawn()).toBeLessThan(80);
  await slider(page).press("End");
  await expect(chosen(page)).toContainText("Step 9999: stage");
  await expect(moment(page)).toContainText(`Cost so far$${cost(9999)}`);
  await expect(steps(page).getByRole("option", { selected: true })).toContainText("Page 9999");
  expect(await drawn()).toBeLessThan(80);
  await look(page, "replay-long");
  // The line of costs has a table beside it.
  await page.getByRole("button", { name: "As a table: cost so far" }).click();
  await expect(page.getByRole("table", { name: "Cost so far" }).getByRole("row").last()).toContainText("9999");
});

test("one goes there from the instance, and back", { tag: "@once" }, async ({ page, own }) => {
  await signIn(page);
  await page.goto(`/projects/${own.project}/instances/${own.filled.failed}`);
  await page.getByRole("link", { name: "Replay" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Replay of /);
  await expect(page.getByText("No step has a cost")).toBeVisible();
  await expect(moment(page)).toContainText("Cost so farnot known");
  await page.getByRole("main").getByRole("link", { name: "Instance" }).click();
  await expect(page).toHaveURL(new RegExp(`/instances/${own.filled.failed}$`));
  const missing = await page.goto(`/projects/${own.project}/instances/d00000000000000zz/replay`);
  expect(missing?.status()).toBe(404);
});
