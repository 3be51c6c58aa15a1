import { expect, type Page } from "@playwright/test";
import { look } from "./look";
import { type Own, test } from "./own-instances";
import { signIn } from "./people";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 150_000 });

type Answer = { directive: string; instance_id: string; workflow_status: string };

/** An agent as people write them: reports what each step costs, and stops when it is told to. */
class Agent {
  readonly workflow: string;
  readonly #own: Own;
  #stage = 0;
  instance = "";

  constructor(own: Own, workflow = `agents_${crypto.randomUUID().replaceAll("-", "")}`) {
    this.#own = own;
    this.workflow = workflow;
  }

  async #send(method: string, path: string, body: object): Promise<Answer> {
    const { url, apiKey } = this.#own.server;
    const headers = { "X-Api-Key": apiKey, "Content-Type": "application/json" };
    return (await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })).json();
  }

  report(query: string, body: object): Promise<Answer> {
    return this.#send("POST", `/dhk/${this.workflow}?${query}`, body);
  }

  limit(budget: object): Promise<unknown> {
    return this.#send("PUT", `/api/workflows/${this.workflow}/budget`, { budget_enabled: true, ...budget });
  }

  /** Instances that are over, with what each of their steps cost. */
  async past(instances: number[][]): Promise<void> {
    for (const [index, costs] of instances.entries()) {
      const model_id = index % 2 === 0 ? "claude-sonnet-4-5" : "gpt-4.1";
      let query = "start=yes";
      for (const [step, cost_usd] of costs.entries()) {
        const final = step === costs.length - 1 ? "&final=yes" : "";
        const told = await this.report(`stagePath=${step + 1}&${query}${final}`, { cost_usd, model_id });
        query = `instance_id=${told.instance_id}`;
      }
    }
  }

  async begin(cost: number): Promise<string> {
    this.#stage = 1;
    this.instance = (await this.report("stagePath=1&start=yes", { cost_usd: cost })).instance_id;
    return this.instance;
  }

  /** Goes on until it is told to stop or has made so many steps; the last of them is the end. Gives how it stands then. */
  async work(steps: number, cost: number): Promise<Answer> {
    for (let left = steps; ; left -= 1) {
      this.#stage += 1;
      const final = left === 1 ? "&final=yes" : "";
      const query = `stagePath=${this.#stage}&instance_id=${this.instance}${final}`;
      const answer = await this.report(query, { cost_usd: cost, model_id: "claude-sonnet-4-5" });
      if (answer.directive === "stop" || left === 1) return answer;
    }
  }
}

async function openCosts(page: Page, { project }: Own, workflow: string): Promise<void> {
  await page.goto(`/projects/${project}/workflows/${workflow}?tab=costs`);
  await expect(page.getByRole("heading", { name: "Budget", exact: true })).toBeVisible();
}

async function openInstance(page: Page, { project }: Own, id: string): Promise<void> {
  await page.goto(`/projects/${project}/instances/${id}`);
  await expect(page.getByTestId("sentence")).toBeVisible();
}

const alerts = (page: Page) => page.getByRole("list", { name: "Cost alerts" }).getByRole("listitem");
const preview = (page: Page) => page.getByTestId("preview");

test("a budget pauses an agent; people see it at once, let it go on, and it completes", async ({ page, own }) => {
  const agent = new Agent(own);
  await agent.past([[0.5], [0.62], [1.5, 0.75, 0.75], [0.48], [0.55], [1.25, 1, 0.5]]);
  await signIn(page);
  await openCosts(page, own, agent.workflow);

  // What it would have done is shown while it is typed.
  await page.getByRole("switch", { name: "Budget is on" }).check();
  await page.getByLabel("Limit of an instance").fill("2");
  await page.getByRole("radio", { name: "Pause" }).check();
  await expect(preview(page)).toHaveText(
    "In the last 30 days this would have stopped 2 of 6 instances and saved $1.25.",
  );
  await expect(page.getByRole("list", { name: "The dearest of them" }).getByRole("link")).toHaveText([
    "$3.00",
    "$2.75",
  ]);
  await look(page, "workflow-costs-editor");
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText("The budget is saved.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save budget" })).toBeDisabled();

  // The agent spends; whoever looks at its instance sees it stop.
  const id = await agent.begin(0.7);
  await openInstance(page, own, id);
  await expect(page.getByRole("status", { name: "Updates" })).toHaveText("Live");
  const opened = await page.evaluate(() => performance.timeOrigin);
  expect(await agent.work(10, 0.7)).toMatchObject({ directive: "stop", workflow_status: "paused" });
  await expect(page.getByTestId("paused")).toContainText("Paused: cost $2.10 exceeds the limit $2.00");
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Paused");
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(opened);
  await expect(page.getByText("$2.10 of $2.00")).toBeVisible();
  await look(page, "instance-paused");
  await page.goto(`${new URL(page.url()).pathname}/replay`);
  await expect(page.getByTestId("paused")).toBeVisible();
  await expect(page.getByRole("img", { name: /^Cost so far/ }).getByText("Budget")).toBeVisible();
  await look(page, "replay-paused");

  // It is told on the tab of costs.
  await openCosts(page, own, agent.workflow);
  await expect(alerts(page)).toHaveCount(1);
  await expect(alerts(page)).toContainText("BUDGET EXCEEDED");
  await expect(alerts(page)).toContainText("Instance cost $2.10 exceeds budget limit $2.00");
  await look(page, "workflow-costs");
  await alerts(page).getByRole("link", { name: "Instance #7" }).click();
  await expect(page.getByRole("img", { name: /^Cost so far: 3 points from \$0 to \$2\.10$/ })).toBeVisible();
  await page.getByTestId("paused").getByRole("button", { name: "Resume" }).click();
  await expect(page.getByTestId("paused")).toHaveCount(0);
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Running");

  // The limit is lifted for this one: the agent goes on to its end.
  expect(await agent.work(2, 0.7)).toMatchObject({ workflow_status: "completed" });
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Completed");
  await openCosts(page, own, agent.workflow);
  await alerts(page)
    .getByRole("button", { name: /^Resolve: / })
    .click();
  await expect(page.getByText("No alert is open")).toBeVisible();
  await page.getByRole("radiogroup", { name: "Alerts" }).getByText("All").click();
  await expect(alerts(page)).toContainText("Resolved");
  await expect(alerts(page).getByRole("button")).toHaveCount(0);
});

test("a paused instance can be resumed where its alert stands", { tag: "@once" }, async ({ page, own }) => {
  const agent = new Agent(own);
  await agent.begin(0.5);
  await signIn(page);
  await openCosts(page, own, agent.workflow);
  await page.getByRole("switch", { name: "Budget is on" }).check();
  await page.getByLabel("Limit of an instance").fill("1");
  await page.getByRole("radio", { name: "Pause" }).check();
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText("The budget is saved.")).toBeVisible();
  await agent.work(5, 0.4);
  await alerts(page)
    .getByRole("button", { name: /^Resume instance #1/ })
    .click();
  await expect(alerts(page)).toContainText("Running");
  await expect(alerts(page).getByRole("button", { name: /^Resume/ })).toHaveCount(0);
  expect(await agent.work(1, 0)).toMatchObject({ workflow_status: "completed" });
});

test("instances that the limit of a day stopped are resumed together", { tag: "@once" }, async ({ page, own }) => {
  const first = new Agent(own);
  const agents = [first, new Agent(own, first.workflow), new Agent(own, first.workflow)];
  for (const agent of agents) await agent.begin(0.5);
  await first.limit({ budget_daily_limit_usd: 1, budget_action: "pause" });
  for (const agent of agents) expect(await agent.work(2, 0.1)).toMatchObject({ workflow_status: "paused" });
  await signIn(page);
  await openCosts(page, own, first.workflow);
  // One alert tells of the day; the others stand below it.
  await expect(alerts(page)).toHaveCount(1);
  const others = page.getByRole("list", { name: "Paused instances" });
  await expect(others.getByRole("listitem")).toHaveCount(2);
  await look(page, "workflow-costs-paused");
  await page.getByRole("button", { name: "Resume all 2" }).click();
  await expect(others).toBeHidden();
});

test("what cannot be saved is said at its field, and a suggested limit can be taken", { tag: "@once" }, async ({
  page,
  own,
}) => {
  const agent = new Agent(own);
  await agent.past([[0.5], [0.5], [0.5], [0.5], [0.5]]);
  await signIn(page);
  await openCosts(page, own, agent.workflow);
  await page.getByRole("button", { name: "Use $1.00 as the limit" }).click();
  const [limit, threshold] = [page.getByLabel("Limit of an instance"), page.getByLabel("Tell from")];
  await expect(limit).toHaveValue("$1");
  await threshold.fill("2");
  await expect(page.getByRole("region", { name: "Preview of the budget" })).toContainText("above the limit");
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText("This must not be above the limit of $1.00.")).toBeVisible();
  await expect(threshold).toBeFocused();
  await threshold.fill("0.8");
  await limit.fill("0");
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText(/^This must be dollars above 0/)).toBeVisible();
  await limit.fill("1");
  await expect(preview(page)).toHaveText(
    "The budget is off. Switched on, in the last 30 days this would have stopped none of 5 instances.",
  );
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText("The budget is saved.")).toBeVisible();
  await page.reload();
  await expect(limit).toHaveValue("$1");
  await expect(threshold).toHaveValue("$0.8");
});

test("what was unusual but expected is no measure for others", async ({ page, own }) => {
  const agent = new Agent(own);
  await agent.past([[0.5], [0.5], [0.5], [0.5]]);
  await signIn(page);
  await openCosts(page, own, agent.workflow);
  await page.getByRole("switch", { name: "Tell of unusual costs" }).check();
  await page.getByRole("button", { name: "Save budget" }).click();
  await expect(page.getByText("learning (4 of 5)")).toBeVisible();
  await agent.past([[0.5]]);
  const id = await agent.begin(4);
  await expect(alerts(page)).toContainText("COST ANOMALY");
  await look(page, "workflow-costs-unusual");
  await alerts(page)
    .getByRole("button", { name: /^This was expected/ })
    .click();
  await expect(page.getByText("No alert is open")).toBeVisible();
  await openInstance(page, own, id);
  const expected = page.getByRole("switch", { name: "Expected" });
  await expect(expected).toBeChecked();
  await expected.uncheck();
  await page.reload();
  await expect(expected).not.toBeChecked();
});

test("a viewer sees costs, budget and alerts, and changes nothing", { tag: "@once" }, async ({
  page,
  browser,
  own,
}) => {
  const agent = new Agent(own);
  await agent.past([[3]]);
  await signIn(page);
  const headers = { Origin: own.server.url, "X-Project-Id": own.project };
  const budget = { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" };
  await page.request.put(`/api/workflows/${agent.workflow}/budget`, { headers, data: budget });
  const id = await agent.begin(2);
  const invited = await page.request.post(`/api/projects/${own.project}/invitations`, {
    headers,
    data: { email: `${crypto.randomUUID().slice(0, 4)}@a.example`, role: "viewer" },
  });
  const viewer = await (await browser.newContext({ baseURL: own.server.url })).newPage();
  await viewer.goto(new URL((await invited.json()).link).pathname);
  await viewer.getByRole("textbox", { name: "Password" }).fill("a long enough password");
  await viewer.getByRole("button", { name: "Make account and join" }).click();
  await viewer.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await openCosts(viewer, own, agent.workflow);
  await expect(viewer.getByText("Pause: The instance takes no further steps")).toBeVisible();
  await expect(alerts(viewer)).toHaveCount(1);
  await expect(viewer.getByRole("main").getByRole("button", { name: /Save|Resolve|Resume|expected/ })).toHaveCount(0);
  await look(viewer, "workflow-costs-viewer");
  await openInstance(viewer, own, id);
  await expect(viewer.getByTestId("paused")).toContainText("Paused: cost $2.00 exceeds the limit $1.00");
  await expect(viewer.getByTestId("paused").getByRole("button")).toHaveCount(0);
  await expect(viewer.getByRole("switch")).toHaveCount(0);
  await viewer.context().close();
});
