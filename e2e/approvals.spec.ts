import { expect, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { type OwnProject, ownProject } from "./own-project";

const PHONE = { width: 412, height: 839 };

/** Asks for approvals as the person who is signed in; gives their ids. Each has a little longer than the one before. */
async function ask(project: OwnProject, contexts: string[], more: Record<string, unknown> = {}): Promise<string[]> {
  const ids: string[] = [];
  for (const [at, context] of contexts.entries()) {
    const made = await project.ask("POST", "/api/approvals", { context, timeout_seconds: 600 + at * 100, ...more });
    ids.push(String(made["approval_id"]));
  }
  return ids;
}

const list = (page: Page) => page.getByRole("list", { name: "Waiting" });
const pane = (page: Page) => page.getByRole("region", { name: "Selected approval" });
const dialog = (page: Page) => page.getByRole("dialog");
const sentence = (page: Page) => page.getByTestId("sentence");

test("the inbox is worked through by keyboard alone", async ({ page }) => {
  const project = await ownProject(page);
  const [first, second] = await ask(project, ["First: deploy", "Second: refund", "Third: mail"], { risk: "low" });
  await page.goto(`${project.home}/approvals`);
  await expect(list(page).getByRole("link")).toHaveText(["First: deploy", "Second: refund", "Third: mail"]);
  await expect(pane(page).getByRole("heading", { level: 2 }).first()).toHaveText("First: deploy");
  await expect(page).toHaveURL(new RegExp(`approval=${first}`));
  await expect(page.getByRole("link", { name: /^Approvals/ }).getByLabel("3 waiting")).toBeVisible();

  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(pane(page).getByRole("heading", { level: 2 }).first()).toHaveText("Third: mail");
  await page.keyboard.press("k");
  // Not even before the pane shows it does a key act on another one.
  await page.keyboard.press("a");
  await expect(dialog(page)).toContainText("Approve: Second: refund");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await page.keyboard.press("a");
  await expect(page.getByLabel("Notes")).toBeFocused();
  await page.keyboard.type("Checked with");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("the carrier");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Approved.")).toBeVisible();
  await expect(list(page).getByRole("link")).toHaveText(["First: deploy", "Third: mail"]);

  await expect(pane(page).getByRole("heading", { level: 2 }).first()).toHaveText("Third: mail");
  await page.keyboard.press("d");
  await expect(dialog(page)).toContainText("Deny: Third: mail");
  await page.keyboard.press("Enter");
  await expect(list(page).getByRole("link")).toHaveText(["First: deploy"]);
  await expect(pane(page).getByRole("heading", { level: 2 }).first()).toHaveText("First: deploy");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/approvals/${first}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("First: deploy");

  await page.goto(`${project.home}/approvals/${second}`);
  await expect(sentence(page)).toHaveText(/^Approved by admin@localhost at /);
  await expect(page.getByRole("figure", { name: "Notes by admin@localhost" })).toContainText(
    "Checked with\nthe carrier",
  );
  const trail = page.getByRole("list", { name: "Audit trail" }).getByRole("listitem");
  await expect(trail.filter({ hasText: "Requested" })).toHaveCount(1);
  await expect(trail.filter({ hasText: "Decided: approved by admin@localhost on its page" })).toHaveCount(1);
  await page.keyboard.press("?");
  await expect(dialog(page).getByText("Approve and deny the selected approval")).toBeVisible();
});

test("the history tells what was decided and how fast, and can be searched", async ({ page }) => {
  const project = await ownProject(page);
  const [one, other] = await ask(project, ["Publish the article", "Delete the pictures"]);
  await project.ask("POST", `/api/approvals/${one}/decision`, { decision: "approve", notes: "Go" });
  await project.ask("POST", `/api/approvals/${other}/cancel`);
  await page.goto(`${project.home}/approvals?tab=history`);
  const rows = page.getByRole("region", { name: "Decided approvals" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText("Delete the pictures");
  await expect(rows.nth(2)).toContainText("Go");
  await expect(page.getByText("1 of 1", { exact: true })).toBeVisible();
  const people = page.getByRole("region", { name: "Response times by person" });
  await expect(people.getByRole("row")).toHaveCount(2);
  await expect(people).toContainText("100 %");
  // What is chosen before the page is awake is lost.
  await expect(async () => {
    await page.getByLabel("Status", { exact: true }).selectOption("cancelled");
    await expect(page).toHaveURL(/status=cancelled/, { timeout: 1000 });
  }).toPass();
  await expect(rows).toHaveCount(2);
  await page.getByLabel("Search by text or person").fill("article");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("link", { name: "Everything that was decided" }).click();
  await expect(rows).toHaveCount(3);
  await page.getByText("7 days").click();
  await expect(page).toHaveURL(/days=7/);
});

test("what runs out of time is seen to, and what comes in too, without loading anew", async ({ page }) => {
  const project = await ownProject(page);
  await page.goto(`${project.home}/approvals`);
  await expect(page.getByText("Agents ask here before they act")).toBeVisible();
  await expect(page.getByRole("region", { name: "command that asks for an approval" })).toContainText(
    `${new URL(page.url()).origin}/api/approvals`,
  );
  await expectAccessible(page);
  const [id] = await ask(project, ["Soon over"], { timeout_seconds: 8 });
  await expect(list(page).getByRole("link")).toHaveText(["Soon over"]);
  await expect(list(page).getByRole("timer")).toHaveText(/^0:0\d left$/);
  await page.getByRole("link", { name: "Soon over" }).press("Enter");
  await page.waitForURL(`**/approvals/${id}`);
  await expect(sentence(page)).toHaveText(/^Waiting for you, \d+ seconds? left\. If nobody answers it is denied\.$/);
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  await expect(sentence(page)).toHaveText(/^Denied at .*, because nobody answered in time\.$/, { timeout: 15_000 });
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Denied");
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Audit trail" })).toContainText("Out of time: denied");
  expect(loads).toBe(0);
});

test("what a requester wrote is plain text, and a change is told by sign and colour", async ({ page }) => {
  const project = await ownProject(page);
  const context =
    'Raise the limit <img src=x onerror="document.title=1">\n\nSee https://evil.example/ and \u202Ednim ruoy';
  const args = { before: { limit: 10, name: "orders" }, after: { limit: 500, name: "orders", burst: true } };
  const [id] = await ask(project, [context], { action: "limits.set", args, risk: "low", metadata: { ticket: 7 } });
  await page.goto(`${project.home}/approvals/${id}`);
  const asked = page.getByRole("region", { name: "Written by the requester, admin@localhost." });
  await expect(asked).toContainText("onerror=");
  await expect(asked.getByRole("link")).toHaveCount(0);
  await expect(page.getByRole("main").locator("img")).toHaveCount(0);
  // What would turn the direction of the text is written out.
  await expect(asked).toContainText("and [U+202E]dnim ruoy");
  const change = page.getByRole("region", { name: "What would change" });
  await expect(change).toContainText('removed:   "limit": 10');
  await expect(change).toContainText('added:   "limit": 500');
  const colours = await change
    .locator("[data-is=added], [data-is=removed]")
    .evaluateAll((lines) => lines.map((line) => getComputedStyle(line).backgroundColor));
  expect(new Set(colours).size).toBe(2);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Cancel the request" }).click();
  await dialog(page).getByRole("button", { name: "Cancel the request" }).click();
  await expect(sentence(page)).toHaveText(/^Cancelled by admin@localhost at /);
  // It was opened once, however often the page was shown anew.
  const { events } = await project.ask("GET", `/api/approvals/${id}/events`);
  expect((events as { kind: string }[]).filter(({ kind }) => kind === "viewed")).toHaveLength(1); // the shared shape
});

test("who asked for something dangerous cannot answer", async ({ page }) => {
  const project = await ownProject(page);
  const [id] = await ask(project, ["Delete the database"], { risk: "high" });
  await page.goto(`${project.home}/approvals/${id}`);
  await expect(page.getByText("As its risk is high, somebody else must decide.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await page.keyboard.press("a");
  await expect(dialog(page)).toHaveCount(0);
});

test("an instance says what it waits for, and at which stage", async ({ page }) => {
  const project = await ownProject(page);
  const stages = [{ name: "Build" }, { name: "Ship" }];
  const workflow = await project.ask("POST", "/api/workflows", { kind: "static", name: "Release", stages });
  const { ping_key: pingKey } = await project.ask("GET", `/api/projects/${project.id}`);
  const staged = await fetch(`${workflow["url"]}?stage=1&key=${pingKey}`);
  const { instance_id: instance } = await staged.json();
  const [id] = await ask(project, ["Ship it?"], { instance_id: instance, stage_path: "2" });
  await page.goto(`${project.home}/instances/${instance}`);
  const told = page.getByRole("main").getByText("Waiting for approval: Ship it?");
  await expect(told).toBeVisible();
  await expect(page.getByRole("listbox", { name: "Stages" }).getByRole("option", { name: "2 Ship" })).toContainText(
    "approval",
  );
  await expectAccessible(page);
  await page.getByRole("link", { name: "Ship it?" }).click();
  await expect(page.getByRole("link", { name: `instance ${instance}, stage 2` })).toBeVisible();
  await project.ask("POST", `/api/approvals/${id}/decision`, { decision: "deny" });
  await page.getByRole("link", { name: `instance ${instance}` }).click();
  await page.waitForURL(`**/instances/${instance}`);
  await expect(page.getByRole("main").getByText(/^by admin@localhost, /)).toBeVisible();
  await expect(told).toHaveCount(0);
});

test("the overview puts what waits first", async ({ page }) => {
  const project = await ownProject(page);
  await ask(project, ["One", "Two", "Three", "Four", "Five", "Six"]);
  await page.goto(project.home);
  const lines = page.getByRole("link", { name: /^Review: / });
  await expect(lines).toHaveCount(5);
  await expect(lines.first()).toHaveAccessibleName("Review: One");
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByLabel("Find", { exact: true }).and(page.getByRole("textbox")).fill("Six");
  await page.getByRole("button", { name: /^Six/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Six");
});

test("a viewer sees everything and is offered nothing", async ({ page, browser, baseURL }) => {
  const project = await ownProject(page);
  const [id] = await ask(project, ["Look at me"]);
  const email = `${crypto.randomUUID()}@example.com`;
  const { link } = await project.ask("POST", `/api/projects/${project.id}/invitations`, { email, role: "viewer" });
  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  const viewer = await context.newPage();
  await viewer.goto(new URL(String(link)).pathname);
  await viewer.getByRole("textbox", { name: "Password" }).fill("a long enough password");
  await viewer.getByRole("button", { name: "Make account and join" }).click();
  await viewer.waitForURL(`**${project.home}`);
  await expect(viewer.getByRole("link", { name: "Look at me" })).toBeVisible();
  await expect(viewer.getByText("Review")).toHaveCount(0);
  for (const path of ["", `/${id}`]) {
    await viewer.goto(`${project.home}/approvals${path}`);
    await expect(sentence(viewer)).toHaveText(/^Waiting for others, /);
    await expect(viewer.getByText("Your role in this project lets you look, but not decide.")).toBeVisible();
    await expect(viewer.getByRole("button", { name: /Approve|Deny|Cancel/ })).toHaveCount(0);
    for (const key of ["a", "d"]) await viewer.keyboard.press(key);
    await expect(dialog(viewer)).toHaveCount(0);
  }
  await context.close();
});

test.describe("on a phone", () => {
  test.use({ viewport: PHONE, isMobile: true, hasTouch: true });

  test("the list leads to the page, where it is answered", async ({ page }) => {
    const project = await ownProject(page);
    const [id] = await ask(project, ["Answer from the train", "Another"]);
    await page.goto(`${project.home}/approvals`);
    await expect(pane(page)).toBeHidden();
    await expectFits(page);
    await list(page).getByRole("link", { name: "Answer from the train" }).tap();
    await page.waitForURL(`**/approvals/${id}`);
    await page.getByRole("button", { name: "Deny", exact: true }).tap();
    await page.getByLabel("Notes").fill("Not now");
    await dialog(page).getByRole("button", { name: "Deny" }).tap();
    await expect(sentence(page)).toHaveText(/^Denied by admin@localhost at /);
    await expectFits(page);
    await expectAccessible(page);
  });
});
