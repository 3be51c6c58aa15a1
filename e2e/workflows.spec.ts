import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { type OwnProject, ownProject } from "./own-project";

const WORKFLOW_PAGE = /\/workflows\/swf[0-9a-z]{16}/;

const stageNames = (page: Page): Promise<string[]> =>
  page.getByLabel(/^Name of stage/).evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value)); // text fields

/** Signals a stage as a script would, and gives the status and the answer. */
async function signal(page: Page, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await page.request.get(path);
  return { status: answer.status(), body: await answer.json() };
}

/** A key of this project that may signal. */
async function pingKey({ ask, id }: OwnProject): Promise<string> {
  return String((await ask("GET", `/api/projects/${id}`))["ping_key"]);
}

async function makeStatic({ ask }: OwnProject, fields: Record<string, unknown> = {}): Promise<string> {
  const stages = ["Extract", "Train", "Publish"].map((name) => ({ name }));
  return String((await ask("POST", "/api/workflows", { kind: "static", name: "Nightly", stages, ...fields }))["id"]);
}

async function centre(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error("It is not in sight.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("a static workflow is made in the browser, put in order, changed and deleted with a way back", async ({
  page,
}) => {
  const project = await ownProject(page);
  await page.goto(`${project.home}/workflows/new`);
  await page.getByRole("button", { name: "Make workflow" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await expect(page.getByText("Give the stage a name.")).toHaveCount(2);
  await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Warehouse load");
  await page.getByLabel("Name of stage 1").fill("Train");
  await page.getByLabel("Name of stage 2").fill("Load");
  await page.getByRole("button", { name: "Add stage" }).click();
  await expect(page.getByLabel("Name of stage 3")).toBeFocused();
  await page.keyboard.type("Extract");
  await page.getByLabel("Timeout of stage 3", { exact: true }).fill("0");
  await page.getByRole("button", { name: "Make workflow" }).click();
  await expect(page.getByText("Enter at least one second and at most 365 days, or nothing.")).toBeVisible();
  await page.getByLabel("Timeout of stage 3", { exact: true }).fill("30");
  await expectAccessible(page);
  await expectFits(page);

  // By pointer: the last one to the top.
  await page.getByRole("button", { name: /^Drag Load/ }).evaluate((grip) => grip.scrollIntoView({ block: "center" }));
  const from = await centre(page.getByRole("button", { name: /^Drag Extract/ }));
  const to = await centre(page.getByRole("button", { name: /^Drag Train/ }));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y - 12, { steps: 5 });
  await page.mouse.up();
  expect(await stageNames(page)).toEqual(["Extract", "Train", "Load"]);
  await expect(page.getByLabel("Timeout of stage 1", { exact: true })).toHaveValue("30");
  await page.mouse.move(to.x, to.y + 300);
  expect(await stageNames(page)).toEqual(["Extract", "Train", "Load"]);

  // By keys, and the focus stays with what is moved.
  const grip = page.getByRole("button", { name: /^Drag Load/ });
  await grip.focus();
  await page.keyboard.press("ArrowUp");
  expect(await stageNames(page)).toEqual(["Extract", "Load", "Train"]);
  await expect(grip).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("button", { name: "Move Load up" }).click();
  await expect(page.getByRole("button", { name: "Move Load up" })).toBeFocused();
  await expect(page.getByText("Load is now stage 2 of 3.")).toBeAttached();
  await page.getByRole("radio", { name: "Strict" }).check();
  await expect(page.getByRole("textbox", { name: "Grace period" })).toHaveCount(0);
  await page.getByRole("button", { name: "Make workflow" }).click();
  await page.waitForURL(WORKFLOW_PAGE);
  await expect(page.getByTestId("sentence")).toHaveText("Waiting for the first signal.");

  await page.getByRole("link", { name: "Definition" }).click();
  const stages = page.getByRole("list", { name: "Stages" }).getByRole("listitem");
  await expect(stages).toHaveText([/^1Extractwithin 30 minutes$/, /^2Load$/, /^3Train$/]);
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("link", { name: "Change" }).click();
  await expect(page.getByRole("radio", { name: "Strict" })).toBeChecked();
  await page.getByRole("button", { name: "Remove Train" }).click();
  await page.getByLabel("Name of stage 2").fill("Load it");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(stages).toHaveText([/1Extract/, /2Load it/]);
  await expect(page.getByText("Version 2.")).toBeVisible();

  await page.getByRole("navigation", { name: "Parts of the workflow" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(`**${project.home}/workflows`);
  const row = page.getByRole("row").filter({ hasText: "Warehouse load" });
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await row.getByRole("link", { name: "Warehouse load" }).click();
  await page.waitForURL(WORKFLOW_PAGE);
  await page.getByRole("navigation", { name: "Parts of the workflow" }).getByRole("link", { name: "Settings" }).click();
  const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.getByRole("button", { name: "Delete" }).click();
  expect((await deleted).status()).toBeLessThan(300);
  await expect(page.getByText("A pipeline is watched as one thing")).toBeVisible();
});

test("the first signal turns the lesson green, and makes the workflow", async ({ page }) => {
  const project = await ownProject(page);
  await page.goto(`${project.home}/workflows`);
  const panel = page.getByTestId("waiting");
  await expect(panel).toContainText("Waiting for the first signal…");
  const command = String(await panel.getByRole("region").textContent());
  const [, path = ""] = /"https?:\/\/[^/]+([^"]+)"/.exec(command) ?? [];
  expect(path).toMatch(/^\/dhk\/my_pipeline\?stagePath=1&start=yes&key=/);
  expect(await signal(page, path)).toMatchObject({ status: 200, body: { workflow_status: "running" } });
  await page.mouse.move(10, 10);
  await expect(panel).toContainText("The first signal has arrived.");
  await expect(page.getByRole("row").filter({ hasText: "my_pipeline" })).toContainText("Running");
});

test("a workflow that is driven by signals is watched live, and strict mode refuses what skips a stage", async ({
  page,
}) => {
  const project = await ownProject(page);
  const id = await makeStatic(project, { validation_mode: "strict" });
  const key = await pingKey(project);
  const stage = (number: number, more = "") => signal(page, `/shk/${id}?stage=${number}&key=${key}${more}`);
  const home = `${project.home}/workflows/${id}`;
  await page.goto(home);
  await expect(page.getByTestId("sentence")).toHaveText("Waiting for the first signal.");
  expect((await stage(1, "&agent=planner")).status).toBe(200);
  await expect(page.getByTestId("sentence")).toContainText("Running: stage 1 of 3, Extract, for");
  await expect(page.getByRole("status", { name: "Health" })).toHaveText("Running");
  const row = page.getByRole("row").filter({ hasText: "#1" });
  await expect(row).toContainText("1 of 3");

  const refused = await stage(3, "&agent=writer");
  expect(refused).toMatchObject({ status: 400, body: { code: "stage_missed" } });
  await page.getByRole("link", { name: "Rejected pings" }).click();
  await expect(page).toHaveURL(`${home}?tab=rejected`);
  const rejected = page.getByRole("row").filter({ hasText: "A stage was skipped" });
  await expect(rejected).toContainText("Stage 2");
  await expect(rejected).toContainText("Stage 3");
  await rejected.getByText("Show").click();
  await expect(rejected).toContainText('"stage": "3"');
  await expect(rejected).not.toContainText(key);
  await expectAccessible(page);
  await expectFits(page);
  await page.goto(`${project.home}/alerts`);
  await expect(page.getByRole("listitem").filter({ hasText: "Nightly" }).first()).toContainText(/stage/i);

  await stage(2, "&agent=researcher");
  const data = { agent: "writer", handoff_reason: "facts are there" };
  expect((await page.request.post(`/shk/${id}?stage=3&key=${key}`, { data })).status()).toBe(200);
  await page.goto(home);
  await expect(page.getByTestId("sentence")).toContainText("The last run completed");
  await expect(page.getByRole("status", { name: "Health" })).toHaveText("Healthy");
  await page.getByRole("link", { name: "Hand-offs" }).click();
  const matrix = page.getByRole("region", { name: "Matrix of hand-offs" });
  await expect(
    matrix.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "researcher" }) }),
  ).toContainText("1");
  await expect(page.getByRole("region", { name: "Hand-offs with reasons" })).toContainText("facts are there");
  await expectAccessible(page);
  await expectFits(page);

  await stage(1);
  await stage(2, "&status=failed");
  await page.goto(project.home);
  await expect(page.getByText(/The last run failed .*/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Nightly" }).first()).toBeVisible();
});

test("tabs, filters and periods live in the address", async ({ page }) => {
  const project = await ownProject(page);
  const id = await makeStatic(project);
  const key = await pingKey(project);
  const home = `${project.home}/workflows/${id}`;
  for (const number of [2, 1, 3]) await signal(page, `/shk/${id}?stage=${number}&agent=first&key=${key}`);
  await signal(page, `/shk/${id}?stage=1&agent=second&key=${key}`);
  await page.goto(home);
  const rows = page.getByRole("region", { name: "Instances" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  // What is chosen before the page is awake is lost.
  await expect(async () => {
    await page.getByLabel("Status").selectOption("completed");
    await expect(page).toHaveURL(`${home}?status=completed`, { timeout: 1000 });
  }).toPass();
  await expect(rows).toHaveCount(2);
  await page.getByLabel("Agent").fill("second");
  await page.getByLabel("Agent").press("Enter");
  await expect(page.getByText("No instance matches")).toBeVisible();
  await expect(page).toHaveURL(`${home}?status=completed&agent=second`);
  await page.goBack();
  await expect(page.getByLabel("Agent")).toHaveValue("");
  await page.getByLabel("To (UTC)").fill("2020-01-01");
  await page.getByLabel("To (UTC)").press("Enter");
  await expect(page).toHaveURL(/to=2020-01-01/);
  await page.getByRole("link", { name: "All instances" }).click();
  await expect(rows).toHaveCount(3);
  await page.getByRole("link", { name: "Hand-offs" }).click();
  await page.getByText("90 days").click();
  await expect(page).toHaveURL(/tab=handoffs&days=90$/);
  await expect(page.getByRole("radio", { name: "90 days" })).toBeChecked();
  await page.goto(`${home}?tab=definition&snippet=python`);
  await expect(page.getByRole("region", { name: "Python snippet" })).toContainText(id);
  // What makes no sense shows the page as it is without.
  await page.goto(`${home}?tab=nonsense&cursor=zzz&status=odd`);
  await expect(rows).toHaveCount(3);
  await page.goto(`${project.home}/workflows?q=NIGHT`);
  await expect(page.getByRole("row").filter({ hasText: "Nightly" })).toBeVisible();
  await page.getByLabel("Search by name or id").fill("zzz");
  await expect(page).toHaveURL(/q=zzz/);
  await expect(page.getByText("No workflow matches")).toBeVisible();
});

test("the palette finds a workflow by its name @once", async ({ page }) => {
  const project = await ownProject(page);
  const id = await makeStatic(project, { name: "Quarterly close" });
  await page.goto(project.home);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.waitForURL(`**${project.home}/workflows`);
  await page.keyboard.press("Control+k");
  await page.getByLabel("Find", { exact: true }).and(page.getByRole("textbox")).fill("quarterly");
  await page.getByRole("button", { name: /^Quarterly close/ }).click();
  await expect(page).toHaveURL(`${project.home}/workflows/${id}`);
});

test("the modes are explained in motion, and stand still for who wants that @once", async ({ page }) => {
  const project = await ownProject(page);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${project.home}/workflows/new`);
  const strict = page.getByRole("figure", { name: "Strict" });
  const states = strict.getByRole("listitem");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expect(states.nth(1)).toHaveText(/Stage 1 was missed/);
  await expect(strict).toContainText("the signal is kept as rejected");
  await page.getByRole("button", { name: "Next step" }).click();
  await expect(states.nth(1)).toHaveText(/Stage 1 comes now/);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.reload();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(states.nth(1)).toHaveText(/Stage 1 was missed/, { timeout: 15_000 });
});
