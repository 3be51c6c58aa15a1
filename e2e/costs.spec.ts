import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import pg from "pg";
import { test as base } from "./fixtures";
import { look } from "./look";
import { type OwnProject, ownProject } from "./own-project";
import { type Running, startServer } from "./server";

// A server of its own: what is there is what each test sends, and its days can be told by the database.
const test = base.extend<object, { own: Running }>({
  own: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright insists on a destructured argument.
    async ({}, use) => {
      const server = await startServer({ SIGNUPS: "open" });
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  server: async ({ own }, use) => use(own),
});

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 120_000 });

type Told = { model_id?: string; usage?: object; cost_usd?: number; tags?: string[] };

/** Reports steps to workflows of a project, as agents do from elsewhere. */
async function teller(page: Page, project: OwnProject) {
  const { ping_key: key } = await project.ask("GET", `/api/projects/${project.id}`);
  return async (workflow: string, agent: string, told: Told): Promise<void> => {
    const path = `/dhk/${workflow}?stagePath=1&start=yes&agent=${agent}&key=${key}`;
    const sent = await page.request.post(path, { data: told });
    expect(sent.status()).toBe(200);
  };
}

/** The same was spent on earlier days. */
async function repeatBefore(server: Running, { id }: OwnProject, days: number[]): Promise<void> {
  const db = new pg.Client({ connectionString: server.databaseUrl() });
  await db.connect();
  await db.query(
    `INSERT INTO cost_rollups SELECT project_id, workflow_id, day - ago, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens
       FROM cost_rollups, unnest($2::int[]) AS b (ago) WHERE project_id = $1`,
    [id, days],
  );
  await db.end();
}

/** A figure above the chart, with what is said about it. */
const figure = (page: Page, label: string) => page.getByText(label, { exact: true }).locator("..");

test("a project without costs says how they get here, and notices the first by itself", async ({ page }) => {
  const project = await ownProject(page);
  await page.goto(project.home);
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: "Costs" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Costs");
  await expect(page.getByText("Costs come with the steps of workflows")).toBeVisible();
  const command = page.getByRole("region", { name: "command that tells a cost" });
  await expect(command).toContainText('"model_id": "claude-sonnet-4-5"');
  await expect(page.getByRole("link", { name: "Export as CSV" })).toBeHidden();

  const tell = await teller(page, project);
  await tell("my_agents", "writer", { cost_usd: 0.25 });
  await expect(figure(page, "Today")).toContainText("$0.25", { timeout: 15_000 });
  await expect(figure(page, "Forecast")).toContainText("needs 3 days of costs");
  await page.getByRole("radiogroup", { name: "Told apart by" }).getByText("Tag").click();
  await expect(page.getByText("No step told a tag in these days")).toBeVisible();
  await look(page, "costs-no-tags");
});

test("what steps cost is told by day and group, as figures, chart, table and file", async ({ page, own }) => {
  const project = await ownProject(page);
  const tell = await teller(page, project);
  const usage = { input_tokens: 1000, output_tokens: 200 };
  await tell("night_report", "writer", { cost_usd: 3, model_id: "claude-opus-4-5", usage, tags: ["acme"] });
  await tell("night_report", "planner", { cost_usd: 1, model_id: "gpt-4.1", usage, tags: ["acme", "beta"] });
  await tell("mail_triage", "writer", { cost_usd: 0.5, model_id: "gpt-4.1", usage });
  await tell("mail_triage", "writer", { model_id: "nobody-knows-1", usage });
  await repeatBefore(own, project, [1, 2, 8, 40]);
  await page.goto(`${project.home}/costs`);
  await expect(figure(page, "Today")).toContainText("$4.50");
  await expect(figure(page, "Last 7 days")).toContainText("$13.50");
  await expect(figure(page, "Forecast")).toContainText("at the end of");
  // Four of the days are among the last thirty, and one among those before.
  await expect(page.getByText("$18.00 in all, 300 % more than in the 30 days before; 4 instances began")).toBeVisible();
  await expect(page.getByText("4 steps used a model whose price is not known")).toBeVisible();
  await expect(page.getByRole("img", { name: "Cost by day: 30 days, at most $4.50 a day" })).toBeVisible();
  const groups = (by: string) => page.getByRole("table").filter({ hasText: by });
  await expect(groups("Workflow").getByRole("row").nth(1)).toContainText(/night_report.*\$16\.00.*89 %/);
  await expect(page.getByRole("link", { name: "night_report" })).toHaveAttribute(
    "href",
    `${project.home}/workflows/night_report?tab=costs`,
  );
  await page.getByRole("button", { name: "As a table: cost by day" }).click();
  const twin = page.getByRole("table", { name: "Cost by day" });
  await expect(twin.getByRole("row")).toHaveCount(31);
  await expect(twin.getByRole("row").nth(1)).toContainText(/\d{4}-\d\d-\d\d\$4\.50\$4\.00\$0\.50/);
  await expect(twin.getByRole("row").nth(4)).toContainText("$0.00");
  await look(page, "costs");

  await page.getByRole("radiogroup", { name: "Told apart by" }).getByText("Model").click();
  await expect(page).toHaveURL(/by=model/);
  await expect(groups("Model").getByRole("row").nth(1)).toContainText("claude-opus-4-5");
  await expect(groups("Model").getByRole("row").nth(2)).toContainText(/gpt-4\.1.*\$6\.00/);
  await expect(groups("Model").getByRole("row").nth(3)).toContainText(/nobody-knows-1.*not known/);
  await page.getByRole("radiogroup", { name: "Period" }).getByText("7 days").click();
  await expect(page).toHaveURL(/days=7/);
  await expect(page.getByText("$13.50 in all")).toBeVisible();
  await expect(page.getByRole("img", { name: "Cost by day: 7 days, at most $4.50 a day" })).toBeVisible();
  await look(page, "costs-by-model");

  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toMatch(/^costs-by-model-[\d-]+-to-[\d-]+\.csv$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines[0]).toBe("day,group,steps,input_tokens,output_tokens,unpriced_steps,cost_usd,name");
  expect(lines).toHaveLength(1 + 3 * 3);
  expect(lines.at(-1)).toMatch(/,nobody-knows-1,1,1000,200,1,0,nobody-knows-1$/);

  await page.getByRole("radiogroup", { name: "Told apart by" }).getByText("Tag").click();
  await expect(groups("Tag").getByRole("row").nth(1)).toContainText(/acme.*\$4\.00/);
  await expect(page.getByText("A step with several tags counts under each")).toBeVisible();
  await page.goto(`${project.home}/costs?days=nonsense&by=agent`);
  await expect(groups("Agent").getByRole("row").nth(1)).toContainText(/writer.*\$14\.00/);
  await look(page, "costs-by-agent");
});
