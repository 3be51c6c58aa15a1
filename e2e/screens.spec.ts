import { expect, type Page } from "@playwright/test";
import pg from "pg";
import { askByMail } from "./approval-mail";
import { type Filled, fillProject } from "./filled";
import { test as base } from "./fixtures";
import { fillInstances, InstanceMaker } from "./instances";
import { look } from "./look";
import { signIn } from "./people";
import { openReceiver, type Receiver } from "./receiver";
import { type Running, startServer } from "./server";

// Every page that people see, in every way of looking at it, with a picture to look at.
type World = { server: Running; mail: Receiver; filled: Filled };

const test = base.extend<object, { world: World }>({
  // A server of its own, so that the pictures show what was put there and nothing else.
  world: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright insists on a destructured argument.
    async ({}, use) => {
      const mail = await openReceiver({ id: "mail-1" });
      const server = await startServer({
        SIGNUPS: "open",
        RESEND_API_KEY: "re_test",
        RESEND_BASE_URL: mail.url,
        EMAIL_FROM: "Pulsetrail <hello@example.org>",
      });
      const { close, ...filled } = await fillProject(server);
      await use({ server, mail, filled });
      close();
      mail.close();
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  server: async ({ world }, use) => use(world.server),
});

test.use({ contextOptions: { reducedMotion: "reduce" } });
// Each goes through many pages.
test.describe.configure({ timeout: 180_000 });

type Shown = { name: string; heading: string | RegExp };

/** Opens a page of the filled project, waits for its heading, and looks. */
async function visit(page: Page, path: string, { name, heading }: Shown): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(heading);
  await look(page, name);
}

test("links in mails", async ({ page, world }) => {
  const context = "Publish blog post: Q4 Earnings Report (1,500 words)\n\nIt goes to 12,000 subscribers.";
  const mail = await askByMail(world, { context, need: 2, action: "publish", args: { post: 7, to: ["all"] } });
  await visit(page, mail.approve, { name: "approve-link", heading: "Approve this?" });
  const high = await askByMail(world, { context: "Refund $8,200", risk: "high" });
  await visit(page, high.deny, { name: "approve-link-high", heading: "Deny this?" });
  await page.goto(mail.approve);
  const late = await page.context().newPage();
  await late.goto(mail.deny);
  await late.getByLabel("Notes").fill("Not before Friday.");
  await late.getByRole("button", { name: "Deny" }).click();
  await expect(late.getByRole("heading", { level: 1 })).toHaveText("Denied");
  await look(late, "approve-link-decided");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your answer was not counted");
  await look(page, "approve-link-refused");
});

test("before signing in", async ({ page, world }) => {
  await visit(page, "/", { name: "home", heading: /^Know when/ });
  await visit(page, "/sign-in", { name: "sign-in", heading: "Sign in" });
  await visit(page, "/sign-in?error=AccessDenied", { name: "sign-in-refused", heading: "Sign in" });
  await visit(page, "/sign-up", { name: "sign-up", heading: "Sign up" });
  await visit(page, "/nothing/here", { name: "not-found", heading: "There is nothing here" });
  await visit(page, "/invite/unknown", { name: "invitation-over", heading: "This invitation is over" });
  await visit(page, "/sign-in/link?token=unknown", { name: "link-over", heading: "Sign in" });

  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await expect(page.getByText("Look into your mail")).toBeVisible();
  await look(page, "sign-in-mailed");
  const link = await mailedLink(world.mail, "admin@localhost", /http\S+token=\w+/);
  await visit(page, link, { name: "link-confirm", heading: "Sign in" });
  const invited = await mailedLink(world.mail, "new.colleague@example.org", /http\S+\/invite\/\S+/);
  await visit(page, invited, { name: "invitation", heading: /^Join/ });
});

/** The first such link in a mail to this address. */
async function mailedLink(mail: Receiver, email: string, link: RegExp): Promise<string> {
  const linkIn = ({ body }: { body: string }): string | undefined => {
    const { to, text } = JSON.parse(body) as { to: string; text: string }; // as Resend takes it
    return to === email ? link.exec(text)?.[0] : undefined;
  };
  return linkIn(await mail.next((sent) => linkIn(sent) !== undefined)) ?? "";
}

test("a project with nothing in it", async ({ page }) => {
  await signIn(page);
  await page.goto("/projects/new");
  await look(page, "project-new");
  await page.getByLabel("Name").fill("Empty project");
  await page.getByRole("button", { name: "Make project" }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  const home = new URL(page.url()).pathname;
  await visit(page, home, { name: "overview-empty", heading: "Overview" });
  await visit(page, `${home}/checks`, { name: "checks-empty", heading: "Checks" });
  await visit(page, `${home}/workflows`, { name: "workflows-empty", heading: "Workflows" });
  await visit(page, `${home}/approvals`, { name: "approvals-empty", heading: "Approvals" });
  await visit(page, `${home}/approvals?tab=history`, { name: "approvals-history-empty", heading: "Approvals" });
  await visit(page, `${home}/costs`, { name: "costs-empty", heading: "Costs" });
  await visit(page, `${home}/alerts`, { name: "alerts-empty", heading: "Alerts" });
  await visit(page, `${home}/channels`, { name: "channels-empty", heading: "Channels" });
  await visit(page, `${home}/checks/new`, { name: "check-new-without-channels", heading: "New check" });
  await visit(page, `${home}/settings/keys`, { name: "keys-empty", heading: "Settings" });
});

test("overview, checks and their pages", async ({ page, world: { filled } }) => {
  await signIn(page);
  const home = `/projects/${filled.project}`;
  await visit(page, home, { name: "overview", heading: "Overview" });
  await visit(page, `${home}/checks`, { name: "checks", heading: "Checks" });
  await page.getByLabel("Select all on this page").check();
  await look(page, "checks-selected");
  await visit(page, `${home}/checks?q=zzz&tag=prod`, { name: "checks-no-match", heading: "Checks" });
  await visit(page, `${home}/checks/new`, { name: "check-new", heading: "New check" });
  await page.getByText("Cron", { exact: true }).click();
  await expect(page.getByRole("region", { name: "Preview of the schedule" }).getByRole("listitem")).toHaveCount(5);
  await look(page, "check-new-cron");
  await visit(page, `${home}/checks/${filled.checks.up}/edit`, { name: "check-edit", heading: /Database backup|Edit/ });
  for (const [state, id] of Object.entries(filled.checks))
    await visit(page, `${home}/checks/${id}`, { name: `check-${state}`, heading: /./ });
  await visit(page, `${home}/checks/${filled.checks.up}?kinds=ign`, { name: "check-no-match", heading: /./ });
  for (const part of ["runs", "history"])
    await visit(page, `${home}/checks/${filled.checks.up}/${part}`, {
      name: `check-${part}`,
      heading: /History|Runs/,
    });
  const signals = page.getByRole("region", { name: "Signals" });
  await expect(signals.getByRole("row").filter({ hasText: "did not come" })).toHaveCount(3);
  await page.getByRole("group", { name: "Show only" }).getByText("Missed").click();
  await expect(signals.getByRole("row")).toHaveCount(4);
  await look(page, "check-history-missed");
  await page.goto(`${home}/checks/${filled.checks.down}`);
  await page.getByRole("button", { name: /^Body of signal #2/ }).click();
  await expect(page.getByRole("region", { name: "Body" })).toContainText("<script>");
  await look(page, "check-body");
});

test("workflows and their pages", async ({ page, world: { filled } }) => {
  await signIn(page);
  const home = `/projects/${filled.project}/workflows`;
  await visit(page, home, { name: "workflows", heading: "Workflows" });
  await visit(page, `${home}?q=zzz`, { name: "workflows-no-match", heading: "Workflows" });
  await visit(page, `${home}/new`, { name: "workflow-new", heading: "New workflow" });
  await page.getByRole("button", { name: "Make workflow" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await look(page, "workflow-new-wrong");
  await page.getByText("Dynamic: learned as it runs").click();
  await look(page, "workflow-new-dynamic");
  for (const [name, id] of Object.entries(filled.workflows))
    for (const tab of ["instances", "costs", "definition", "handoffs", "rejected", "settings"])
      await visit(page, `${home}/${id}?tab=${tab}`, { name: `workflow-${name}-${tab}`, heading: /./ });
  await page.goto(`${home}/${filled.workflows.strict}?tab=rejected`);
  await page.getByText("Show", { exact: true }).first().click();
  await look(page, "workflow-rejected-signal");
  await visit(page, `${home}/${filled.workflows.strict}?status=paused`, { name: "workflow-no-match", heading: /./ });
});

test("approvals, those that wait and those that were decided", async ({ page, world: { filled } }) => {
  await signIn(page);
  const home = `/projects/${filled.project}/approvals`;
  await visit(page, home, { name: "approvals", heading: "Approvals" });
  await visit(page, `${home}?approval=${filled.approvals.change}`, {
    name: "approvals-selected",
    heading: "Approvals",
  });
  await visit(page, `${home}?tab=history`, { name: "approvals-history", heading: "Approvals" });
  await visit(page, `${home}?tab=history&q=zzz`, { name: "approvals-no-match", heading: "Approvals" });
  for (const [state, id] of Object.entries(filled.approvals))
    await visit(page, `${home}/${id}`, { name: `approval-${state}`, heading: /./ });
  await page.goto(`${home}/${filled.approvals.urgent}`);
  await page.getByRole("button", { name: "Deny" }).click();
  await expect(page.getByLabel("Notes")).toBeFocused();
  await look(page, "approval-deny");
});

test("alerts and channels", async ({ page, world: { filled } }) => {
  await signIn(page);
  const home = `/projects/${filled.project}`;
  await visit(page, `${home}/alerts`, { name: "alerts", heading: "Alerts" });
  for (const status of ["open", "acknowledged", "resolved"])
    await visit(page, `${home}/alerts?status=${status}`, { name: `alerts-${status}`, heading: "Alerts" });
  await visit(page, `${home}/alerts?status=acknowledged&type=channel.test`, { name: "alerts-none", heading: "Alerts" });
  await visit(page, `${home}/channels`, { name: "channels", heading: "Channels" });
  await visit(page, `${home}/channels/new`, { name: "channel-kinds", heading: "New channel" });
  for (const kind of ["email", "webhook", "slack", "discord", "pagerduty"])
    await visit(page, `${home}/channels/new?kind=${kind}`, { name: `channel-new-${kind}`, heading: /^New channel/ });
  await visit(page, `${home}/channels/${filled.channels.works}`, { name: "channel", heading: "Incident desk" });
  await visit(page, `${home}/channels/${filled.channels.fails}`, { name: "channel-failing", heading: /^#alerts/ });
  await page
    .getByRole("button", { name: /^Details of TEST: / })
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Message" })).toBeVisible();
  await look(page, "delivery");
});

test("an instance in every state", async ({ page, world: { server, filled } }) => {
  await signIn(page);
  const maker = await InstanceMaker.open(server.databaseUrl(), filled.project);
  const instances = await fillInstances(maker);
  await maker.close();
  for (const [state, id] of Object.entries(instances)) {
    const path = `/projects/${filled.project}/instances/${id}`;
    await visit(page, path, { name: `instance-${state}`, heading: /#\d+$/ });
    await visit(page, `${path}/replay?step=2`, { name: `replay-${state}`, heading: /^Replay of .+ #\d+$/ });
  }
  const compare = `/projects/${filled.project}/instances/compare`;
  await visit(page, compare, { name: "compare-nothing", heading: "Compare instances" });
  for (const [name, search] of [
    ["differ", `?a=${instances.branched}&b=${instances.failed}&row=1`],
    ["long", `?a=${instances.long}&b=${instances.branched}&only=differences`],
    ["workflows", `?a=${instances.running}&b=${instances.branched}&row=0`],
  ])
    await visit(page, `${compare}${search}`, { name: `compare-${name}`, heading: / beside / });
});

test("settings, the account, the palette and the sheet of keys", async ({ page, world: { filled } }) => {
  await signIn(page);
  const home = `/projects/${filled.project}`;
  for (const tab of ["", "people", "keys", "audit"])
    await visit(page, `${home}/settings/${tab}`, { name: `settings-${tab || "general"}`, heading: "Settings" });
  await visit(page, "/account", { name: "account", heading: "Account" });
  await page.goto(`${home}/settings/keys`);
  await page.getByRole("button", { name: "New key" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look(page, "key-new");
  await page.goto(home);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await look(page, "shortcuts");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByLabel("Find", { exact: true }).and(page.getByRole("textbox")).fill("work");
  await expect(page.getByRole("button", { name: /^Worker 01/ })).toBeVisible();
  await look(page, "palette");
  await page.keyboard.press("Escape");
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) {
    await menu.click();
    await expect(page.getByRole("navigation", { name: "Project" })).toBeVisible();
    await look(page, "menu");
  }
});

test("an error on our side", async ({ browser, contextOptions, world: { server, filled } }) => {
  const { use } = test.info().project;
  const { viewport = null, colorScheme = null, isMobile = false } = use;
  // Not the page of the other tests, which must be silent.
  const context = await browser.newContext({ ...contextOptions, viewport, colorScheme, isMobile, baseURL: server.url });
  const page = await context.newPage();
  await signIn(page);
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  await client.query("ALTER TABLE deliveries RENAME TO deliveries_away");
  await visit(page, `/projects/${filled.project}/alerts`, { name: "error", heading: /^Something went wrong/ });
  await client.query("ALTER TABLE deliveries_away RENAME TO deliveries");
  await client.end();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Alerts");
  await context.close();
});
