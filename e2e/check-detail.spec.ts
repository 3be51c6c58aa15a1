import { type APIRequestContext, expect, type Page, type TestInfo } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";
import type { Server } from "./server";

async function signIn(page: Page): Promise<string> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByRole("textbox", { name: "Password" }).fill("password-for-the-browser-tests");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}

// Colours half way through a transition are nobody's.
test.use({ contextOptions: { reducedMotion: "reduce" } });

type Made = { name: string; id: string; ping: (suffix?: string, body?: string) => Promise<void> };

async function makeCheck(server: Server, request: APIRequestContext, info: TestInfo): Promise<Made> {
  const name = `Detail ${info.project.name} ${info.testId.slice(-6)} ${Date.now()}`;
  const answer = await request.post(`${server.url}/api/v3/checks/`, {
    headers: { "X-Api-Key": server.apiKey },
    data: { name, tags: "nightly db-1", desc: "Dumps the database.", timeout: 86_400, grace: 3600 },
  });
  expect(answer.status()).toBe(201);
  const { uuid } = await answer.json();
  const ping = async (suffix = "", data?: string): Promise<void> => {
    const sent = await request.post(`${server.url}/ping/${uuid}${suffix}`, data === undefined ? {} : { data });
    expect(sent.status()).toBe(200);
  };
  return { name, id: uuid, ping };
}

/** Looks at the page in this state: nothing inaccessible, nothing that overflows, and a picture to look at. */
async function inspect(page: Page, info: TestInfo, state: string): Promise<void> {
  await expectAccessible(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await page.screenshot({ path: info.outputPath(`${state}.png`), fullPage: true });
}

const statusOf = (page: Page) => page.getByRole("status", { name: "Status" });

test("a check turns green by itself, goes down and comes back, before one's eyes", async ({
  page,
  server,
  request,
}, info) => {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) problems.push(message.text());
  });
  const project = await signIn(page);
  const check = await makeCheck(server, request, info);
  await page.goto(`/projects/${project}/checks/${check.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(check.name);
  await expect(page.getByTestId("waiting")).toContainText("Waiting for the first signal…");
  await expect(page.getByTestId("waiting")).toContainText(`/ping/${check.id}'`);
  await expect(statusOf(page)).toHaveText("New");
  await inspect(page, info, "waiting");

  await check.ping("", "<script>alert(1)</script>");
  await expect(page.getByTestId("waiting")).toContainText("The first signal has arrived.");
  await expect(statusOf(page)).toHaveText("Up");
  await expect(page.getByTestId("sentence")).toContainText("Up. Last signal");

  await page.getByRole("button", { name: /^Body of signal #1/ }).click();
  const body = page.getByRole("region", { name: "Body" });
  await expect(body).toHaveText("<script>alert(1)</script>");
  expect(await body.locator("script").count()).toBe(0);
  await inspect(page, info, "body");
  await page.keyboard.press("Escape");
  await expect(body).toBeHidden();

  await check.ping("/start");
  await check.ping("/3");
  await expect(statusOf(page)).toHaveText("Down");
  await expect(page.getByTestId("sentence")).toContainText(/Down for .*: it reported exit status 3\./);
  await expect(page.getByRole("table", { name: "Downtime" })).toContainText("still down");
  await check.ping();
  await expect(statusOf(page)).toHaveText("Up");
  await expect(page.getByRole("table", { name: "Downtime" })).not.toContainText("still down");
  await expect(page.getByRole("img", { name: /^Durations of 1 run/ })).toBeVisible();
  await page.getByRole("button", { name: "As a table" }).click();
  await expect(page.getByRole("table", { name: "Run durations" })).toContainText("failure");
  await inspect(page, info, "up");
  expect(problems).toEqual([]);
});

test("its events are filtered and paged in the address", async ({ page, server, request }, info) => {
  const project = await signIn(page);
  const check = await makeCheck(server, request, info);
  for (let sent = 0; sent < 52; sent += 1) await check.ping(sent === 10 ? "/fail" : "/log");
  await page.goto(`/projects/${project}/checks/${check.id}`);
  const events = page.getByRole("table", { name: "Events" });
  await expect(events).toContainText("#52");
  await expect(events.getByText("#1", { exact: true })).toBeHidden();
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(events.getByText("#1", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(events).toContainText("#52");

  const filter = page.getByRole("group", { name: "Show only" });
  await filter.getByText("Failure").click();
  await expect(page).toHaveURL(/kinds=fail/);
  await expect(events.getByRole("row")).toHaveCount(2);
  await expect(events).toContainText("#11");
  await filter.getByText("Failure").click();
  await filter.getByText("Ignored").click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await inspect(page, info, "filtered");
  await page.getByRole("link", { name: "Show all events" }).click();
  await expect(events).toContainText("#52");
});

test("it is paused, muted for a while, and deleted with a way back", async ({ page, server, request }, info) => {
  const project = await signIn(page);
  const check = await makeCheck(server, request, info);
  await check.ping();
  await page.goto(`/projects/${project}/checks/${check.id}?snippet=python`);
  await expect(page.getByRole("tab", { name: "Python" })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: "systemd" }).click();
  await expect(page).toHaveURL(/snippet=systemd/);
  await expect(page.getByRole("tabpanel")).toContainText(`/ping/${check.id}`);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(statusOf(page)).toHaveText("Paused");
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(statusOf(page)).toHaveText("New");

  await page.getByRole("button", { name: "Mute alerts" }).click();
  await page.getByRole("menuitem", { name: "Until …" }).click();
  const until = page.getByLabel("Day and time");
  await until.fill("2001-01-01T08:00");
  await page.getByRole("button", { name: "Mute", exact: true }).click();
  await expect(page.getByText("It must be in the future.")).toBeVisible();
  await expect(until).toHaveValue("2001-01-01T08:00");
  await inspect(page, info, "mute");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Mute alerts" }).click();
  await page.getByRole("menuitem", { name: "For 8 hours" }).click();
  await expect(page.getByText(/Alerts are muted until \d{4}-\d\d-\d\d \d\d:\d\d UTC/)).toBeVisible();
  await inspect(page, info, "muted");
  await page.getByRole("button", { name: "Unmute" }).click();
  await expect(page.getByText(/Alerts are muted until/)).toBeHidden();

  const row = page.getByRole("row").filter({ hasText: check.name });
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(new RegExp(`/projects/${project}/checks$`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Checks");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row).toBeVisible();
  await row.getByRole("link", { name: check.name }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(check.name);
  const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
  await inspect(page, info, "deleted");
  expect((await deleted).status()).toBe(200);
  const gone = await page.goto(`/projects/${project}/checks/${check.id}`);
  expect(gone?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});
