import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { type Browser, expect, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { signIn } from "./people";
import { openReceiver } from "./receiver";

const PAGES = "app/projects/[project]";
const WRITES = ["POST", "PUT", "PATCH", "DELETE"] as const;

/** What a viewer may use: it copies, shows more or filters, or takes the viewer out. */
const READING =
  /^(Copy|Risk|Body of signal|Details|Leave|Search|Status|Agent|Tag|Type|All|Open|Acknowledged|Resolved|Waiting|Sent|Failed|Success|Start|Failure|Log|Missed|Ignored|Running|Timed out|Given up|Abandoned|\d+ (hours|days)|From|To|As a table|First difference|Previous|Next|First step|Last step|Play|Speed|A year|Workflow$|Model$|Show all|Only differences|Close|Compare|Id of the other)\b/;

type Json = Record<string, unknown>;

/** What has to be sent, where nothing would be bad input before anybody looks at who sends it. */
const BODIES: Record<string, Json> = { "/api/approvals/[id]/decision": { decision: "approve" } };

/** What concerns the person and no project, or is for others than people. */
const OF_NO_PROJECT = /^\/api\/(account|approve|auth|cron|invitations|sign-in-links|sign-up|\[\[)/;

type Asked = { method: string; path: string; body?: Json; project: string };
type Answered = { status: number; body: Json };

/** Asks as a script of this page would: with its cookies, from its origin. */
function ask(page: Page, asked: Asked): Promise<Answered> {
  return page.evaluate(async ({ method, path, body, project }) => {
    const answer = await fetch(path, {
      method,
      headers: { "X-Project-Id": project, ...(method !== "GET" && { "Content-Type": "application/json" }) },
      ...(method !== "GET" && { body: JSON.stringify(body ?? {}) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : {} };
  }, asked);
}

type Team = { project: string; ids: Record<string, string>; member: Page; viewer: Page };

async function join(browser: Browser, link: string): Promise<Page> {
  const { viewport = null, colorScheme = null, isMobile = false } = test.info().project.use;
  const { origin, pathname } = new URL(link);
  const page = await (await browser.newContext({ viewport, colorScheme, isMobile, baseURL: origin })).newPage();
  await page.goto(pathname);
  await page.getByRole("textbox", { name: "Password" }).fill("a long enough password");
  await page.getByRole("button", { name: "Make account and join" }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  return page;
}

/** A project with one of everything there is, somebody who may change it and somebody who may only look. */
async function makeTeam(admin: Page, browser: Browser): Promise<Team> {
  let project = await signIn(admin);
  const made = async (path: string, body: Json): Promise<Json> => {
    const answer = await ask(admin, { method: "POST", path, body, project });
    expect(answer.status, `POST ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  project = String((await made("/api/projects", { name: `Team ${randomUUID().slice(0, 8)}` }))["id"]);
  const gone = await openReceiver();
  gone.close();
  const channel = await made("/api/channels", { kind: "webhook", name: "Hook", config: { url: `${gone.url}/x` } });
  const check = await made("/api/v3/checks/", { name: "Backup", timeout: 3600, channels: "*", tags: "nightly" });
  for (const [end, body] of [
    ["", "<script>"],
    ["/fail", "it broke"],
  ])
    await fetch(`${check["ping_url"]}${end}`, { method: "POST", body: body ?? "" });
  await ask(admin, { method: "POST", path: `/api/channels/${channel["id"]}/test`, project });
  const stages = ["Extract", "Transform", "Load"].map((name) => ({ name }));
  const workflow = await made("/api/workflows", {
    kind: "static",
    name: "Pipeline",
    validation_mode: "strict",
    stages,
  });
  const { ping_key: pingKey } = (await ask(admin, { method: "GET", path: `/api/projects/${project}`, project })).body;
  const budget = { budget_enabled: true, budget_alert_threshold_usd: 0.01 };
  const costs = `/api/workflows/${workflow["id"]}`;
  await ask(admin, { method: "PUT", path: `${costs}/budget`, body: budget, project });
  const stage = (number: number) =>
    fetch(`${workflow["url"]}?stage=${number}&key=${pingKey}&agent=planner`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ cost_usd: 0.02 }),
    });
  const { instance_id: instance } = await (await stage(1)).json();
  await stage(3);
  const { session_id: command } = await made(`/api/instances/${instance}/fork`, { fork_from_stage: "1" });
  const { approval_id: approval } = await made("/api/approvals", { context: "May I?", instance_id: instance });
  const key = await made(`/api/projects/${project}/keys`, { name: "Deploy", scopes: ["read"] });
  const invite = (role: string) =>
    made(`/api/projects/${project}/invitations`, { email: `${randomUUID()}@example.com`, role });
  const [asMember, asViewer, left] = [await invite("member"), await invite("viewer"), await invite("viewer")];
  const first = async (path: string, list: string): Promise<string> => {
    const { body } = await ask(admin, { method: "GET", path, project });
    return String((body[list] as Json[] | undefined)?.[0]?.["id"]); // the contract's list shape
  };
  const me = await ask(admin, { method: "GET", path: "/api/account", project });
  return {
    project,
    member: await join(browser, String(asMember["link"])),
    viewer: await join(browser, String(asViewer["link"])),
    ids: {
      version: "v3",
      n: "1",
      step: "0",
      project,
      projects: project,
      check: String(check["uuid"]),
      checks: String(check["uuid"]),
      channel: String(channel["id"]),
      channels: String(channel["id"]),
      workflow: String(workflow["id"]),
      workflows: String(workflow["id"]),
      instance: String(instance),
      instances: String(instance),
      reservation: "res_0000000000000000",
      approval: String(approval),
      approvals: String(approval),
      commands: String(command),
      alerts: await first("/api/alerts", "alerts"),
      "cost-alerts": await first(`${costs}/cost-alerts`, "alerts"),
      deliveries: await first("/api/deliveries", "deliveries"),
      keyId: String((key["key"] as Json | undefined)?.["id"] ?? key["id"]), // whichever of both the answer has
      userId: String(me.body["id"]),
      invitationId: String(left["id"]),
    },
  };
}

/** A path of files as an address, with the ids of what is really there; `[id]` is named by what stands before it. */
function addressOf(path: string, ids: Record<string, string>): string {
  const segments = path.split("/");
  const named = segments.map((segment, at) => {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (name === undefined) return segment;
    const id = ids[name === "id" ? (segments[at - 1] ?? "") : name];
    if (id === undefined || !/^[\w-]+$/.test(id) || id === "undefined")
      throw new Error(`There is no ${name} for ${path}.`);
    return id;
  });
  return `/${named.join("/")}`;
}

const filesIn = (folder: string, name: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path === name || path.endsWith(`/${name}`))
    .map((path) => `${folder}/${path}`.replace(/^app\//, "").replace(new RegExp(`/${name}$`), ""))
    .sort();

/** What on the page can be used and is not known to be for reading. */
async function controlsOf(page: Page): Promise<string[]> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const names = await page.getByRole("main").evaluate((main) => {
    const nameOf = (element: Element): string => {
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return (element.getAttribute("aria-label") ?? label ?? element.textContent ?? "").trim();
    };
    const controls =
      "button:not([role=tab]), input:not([type=hidden]), textarea, select, [role=button], [contenteditable=true]";
    const links = [...main.querySelectorAll("a")].filter((link) => /\/(new|edit)\b/.test(link.pathname));
    const usable = [...main.querySelectorAll(controls)].filter(
      (element) => !element.matches(":disabled") && element.checkVisibility(),
    );
    return [...usable, ...links].map((element) => nameOf(element) || element.outerHTML);
  });
  return names.filter((name) => !READING.test(name));
}

test("a viewer is offered nothing that writes, on any page", async ({ page, browser }) => {
  test.setTimeout(300_000);
  const { ids, member, viewer } = await makeTeam(page, browser);
  const offered = { member: 0 };
  for (const path of filesIn(PAGES, "page.tsx")) {
    const address = addressOf(path, ids);
    await viewer.goto(address);
    expect(await controlsOf(viewer), address).toEqual([]);
    await expectAccessible(viewer);
    await expectFits(viewer);
    await member.goto(address);
    offered.member += (await controlsOf(member)).length;
  }
  // The same look finds what a member is offered.
  expect(offered.member).toBeGreaterThan(20);

  // Addresses that send signals are for those who may write.
  await viewer.goto(addressOf("projects/[project]/checks/[check]", ids));
  await expect(viewer.getByRole("heading", { name: "Report from anywhere" })).toBeVisible();
  await expect(viewer.getByText("In other services' words")).toHaveCount(0);

  // What is offered for reading can be read.
  await viewer.getByRole("button", { name: /^Body of signal #1/ }).click();
  await expect(viewer.getByRole("dialog").getByText("<script>")).toBeVisible();

  // To fork is to write; to compare is to read.
  const instance = addressOf("projects/[project]/instances/[instance]", ids);
  const step = viewer.getByRole("region", { name: "Selected step" });
  const costs = `${addressOf("projects/[project]/workflows/[workflow]", ids)}?tab=costs`;
  for (const address of [costs, `${instance}?step=0`, instance.replace(/[^/]+$/, `compare?a=${ids["instance"]}`)]) {
    await viewer.goto(address);
    if (address.endsWith("step=0")) await expect(step).toBeVisible();
    if (address === costs) await expect(viewer.getByRole("heading", { name: "Cost alerts" })).toBeVisible();
    expect(await controlsOf(viewer), address).toEqual([]);
  }
  await member.goto(`${instance}?step=0`);
  await expect(member.getByRole("button", { name: "Fork from here" })).toBeVisible();

  await viewer.goto(addressOf("projects/[project]", ids));
  await viewer.keyboard.press("?");
  await expect(viewer.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Go to Checks")).toBeVisible();
  await expect(viewer.getByText("New check")).toHaveCount(0);
  await viewer.keyboard.press("Escape");
  await viewer.keyboard.press("n");
  await viewer.keyboard.press("ControlOrMeta+k");
  await viewer.getByLabel("Find").fill("New");
  await expect(viewer.getByText("Nothing has that name.")).toBeVisible();
  expect(new URL(viewer.url()).pathname).toBe(addressOf("projects/[project]", ids));
  await Promise.all([member, viewer].map((one) => one.context().close()));
});

const NOTED = [
  "POST /api/projects",
  "POST /api/approvals/[id]/view",
  "POST /api/instances/compare",
  // A question that is too long for an address.
  "POST /api/instances/[id]/lookup",
  // What a budget would have done is looked at.
  "POST /api/workflows/[id]/budget/preview",
];

test("what a viewer writes by hand is refused", { tag: "@once" }, async ({ page, browser }) => {
  test.setTimeout(180_000);
  const { project, ids, member, viewer } = await makeTeam(page, browser);
  const stored = async (): Promise<unknown> => {
    const lists = ["channels", "v3/checks/", "workflows", "alerts"];
    const paths = [`projects/${project}`, ...lists, `projects/${project}/members`];
    return Promise.all(paths.map((path) => ask(page, { method: "GET", path: `/api/${path}`, project })));
  };
  const before = await stored();
  const addresses = filesIn("app/api", "route.ts").map((path) => `/${path}`);
  const refused: string[] = [];
  for (const address of addresses.filter((path) => !OF_NO_PROJECT.test(path))) {
    for (const method of WRITES) {
      // Anybody signed in may make a project of their own; that they looked, and what they compared, is noted.
      if (NOTED.includes(`${method} ${address}`)) continue;
      const path = addressOf(address.slice(1), ids);
      const { status } = await ask(viewer, { method, path, body: BODIES[address] ?? {}, project });
      expect([403, 404, 405], `${method} ${path}: ${status}`).toContain(status);
      if (status === 403) refused.push(`${method} ${address}`);
    }
  }
  expect(refused).toEqual(
    expect.arrayContaining([
      "POST /api/[version]/checks",
      "DELETE /api/[version]/checks/[id]",
      "POST /api/checks/[id]/mute",
      "POST /api/approvals",
      "POST /api/approvals/[id]/decision",
      "POST /api/approvals/[id]/cancel",
      "POST /api/approvals/[id]/claim",
      "POST /api/instances/[id]/fork",
      "POST /api/instances/[id]/rerun",
      "POST /api/instances/[id]/terminate",
      "POST /api/instances/[id]/resume",
      "POST /api/instances/[id]/reserve",
      "DELETE /api/instances/[id]/reservations/[reservation]",
      "PUT /api/workflows/[id]/budget",
      "PUT /api/costs/prices",
      "DELETE /api/costs/prices",
      "POST /api/costs/reprice",
      "PUT /api/instances/[id]/expected",
      "POST /api/cost-alerts/[id]/resolve",
      "POST /api/commands/[id]/claim",
      "DELETE /api/commands/[id]/claim",
      "POST /api/workflows",
      "PATCH /api/workflows/[id]",
      "DELETE /api/workflows/[id]",
      "POST /api/workflows/[id]/mute",
      "POST /api/channels",
      "PATCH /api/channels/[id]",
      "POST /api/alerts/[id]/acknowledge",
      "POST /api/deliveries/[id]/retry",
      "DELETE /api/projects/[id]",
      "PATCH /api/projects/[id]/members/[userId]",
    ]),
  );
  expect(await stored()).toEqual(before);

  // It is the role: the same by a member is done.
  const path = addressOf("api/checks/[id]/mute", ids);
  expect((await ask(member, { method: "POST", path, body: { until: null }, project })).status).toBeLessThan(300);
  for (const kept of ["keys", "audit", "invitations"]) {
    const answer = await ask(viewer, { method: "GET", path: `/api/projects/${project}/${kept}`, project });
    expect(answer.status, kept).toBe(403);
  }
  await Promise.all([member, viewer].map((one) => one.context().close()));
});
