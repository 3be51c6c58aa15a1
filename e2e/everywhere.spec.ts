import { randomUUID } from "node:crypto";
import { type APIRequestContext, expect, type Page, type Route } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { signIn } from "./people";
import type { Server } from "./server";

// Colours half way through a transition are nobody's.
test.use({ contextOptions: { reducedMotion: "reduce" } });

type Json = Record<string, unknown>;

async function post(request: APIRequestContext, server: Server, path: string, data: Json): Promise<Json> {
  const answer = await request.post(`${server.url}${path}`, { headers: { "X-Api-Key": server.apiKey }, data });
  expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
  return answer.json();
}

const makeCheck = (request: APIRequestContext, server: Server, name: string): Promise<Json> =>
  post(request, server, "/api/v3/checks/", { name, timeout: 86_400, grace: 3600 });

/** Keeps the answers for a page back until it is let go. */
async function holdBack(page: Page, path: string): Promise<{ asked: Promise<void>; letGo: () => void }> {
  let letGo = (): void => undefined;
  const gate = new Promise<void>((open) => {
    letGo = open;
  });
  let heard = (): void => undefined;
  const asked = new Promise<void>((hear) => {
    heard = hear;
  });
  await page.route(
    (url) => url.pathname === path,
    async (route: Route) => {
      heard();
      await gate;
      await route.continue();
    },
  );
  return { asked, letGo };
}

/** From now on, how much of the page moved by itself. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const seen = { sum: 0 };
    Object.assign(window, { seenShifts: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.sum += Number(Reflect.get(entry, "value"));
    }).observe({ type: "layout-shift" });
  });
  return () => page.evaluate(() => Number(Reflect.get(Reflect.get(window, "seenShifts"), "sum")));
}

const loading = (page: Page) => page.getByRole("status").filter({ hasText: "Loading" });

async function follow(page: Page, name: string): Promise<void> {
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name }).click();
}

test("a page on its way shows its shape, and nothing moves when it comes", async ({ page, server, request }) => {
  await makeCheck(request, server, `Shape ${randomUUID().slice(0, 8)}`);
  const project = await signIn(page);
  await page.goto(`/projects/${project}/channels`);
  // The shapes come after the page.
  await page.waitForLoadState("networkidle");
  for (const [name, path] of [
    ["Checks", "checks"],
    ["Alerts", "alerts"],
    ["Settings", "settings"],
  ] as const) {
    const held = await holdBack(page, `/projects/${project}/${path}`);
    await follow(page, name);
    await held.asked;
    await expect(loading(page)).toHaveCount(1);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(0);
    await expectAccessible(page);
    await expectFits(page);
    const shifts = await watchShifts(page);
    held.letGo();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(loading(page)).toHaveCount(0);
    expect(await shifts()).toBeLessThan(0.01);
    await page.unrouteAll();
  }
});

test("neither a refresh nor a filter shows a shape", async ({ page, server, request }) => {
  const name = `Still ${randomUUID().slice(0, 8)}`;
  const { uuid } = await makeCheck(request, server, name);
  const project = await signIn(page);
  await page.goto(`/projects/${project}/checks?q=${encodeURIComponent(name)}`);
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("New");
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seenLoading: seen });
    const look = (): void => {
      const said = [...document.querySelectorAll('[role="status"]')].map((element) => element.textContent);
      if (said.includes("Loading")) seen.push(location.href);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  const held = await holdBack(page, `/projects/${project}/checks`);
  await page.getByRole("combobox", { name: "Status" }).selectOption("up");
  await held.asked;
  await request.get(`${server.url}/ping/${uuid}`);
  // As long as a page of its own would be waited for.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  held.letGo();
  await expect(page).toHaveURL(/status=up/);
  await expect(row).toContainText("Up");
  await request.get(`${server.url}/ping/${uuid}/fail`);
  await expect(page.getByText("No check matches")).toBeVisible();
  expect(await page.evaluate(() => Reflect.get(window, "seenLoading"))).toEqual([]);
});

test("what is not there is 404 from the first byte", async ({ page }) => {
  const project = await signIn(page);
  for (const path of [`checks/${randomUUID()}`, `checks/${randomUUID()}/edit`, `channels/${randomUUID()}`, "nothing"]) {
    const answer = await page.goto(`/projects/${project}/${path}`);
    expect([path, answer?.status()]).toEqual([path, 404]);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
  expect((await page.goto(`/projects/${randomUUID()}`))?.status()).toBe(404);
});

test("which checks go down and come back is said by name", async ({ page, server, request }) => {
  const [first, second] = [`Backup ${randomUUID().slice(0, 8)}`, `Report ${randomUUID().slice(0, 8)}`];
  const ids: unknown[] = [];
  for (const name of [first, second]) ids.push((await makeCheck(request, server, name))["uuid"]);
  for (const id of ids) await request.get(`${server.url}/ping/${id}`);
  const project = await signIn(page);
  await page.goto(`/projects/${project}/alerts`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Alerts");
  await page.getByTestId("announcer").evaluate((element) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver(() => heard.push(element.textContent ?? "")).observe(element, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  // Other tests change checks of their own meanwhile, so it may be one of several sentences.
  const said = (words: string) =>
    expect.poll(() => page.evaluate(() => String(Reflect.get(window, "heard"))), { timeout: 15_000 }).toContain(words);
  await request.get(`${server.url}/ping/${ids[0]}/fail`);
  await said(`${first} is down.`);
  await request.get(`${server.url}/ping/${ids[1]}/fail`);
  await said(`${second} is down.`);
  await request.get(`${server.url}/ping/${ids[0]}`);
  await said(`${first} is up again.`);
});

test("a mail that nobody sends is said to be kept, before and after", async ({ page, server, request }) => {
  const project = await signIn(page);
  const name = `Mail ${randomUUID().slice(0, 8)}`;
  await page.goto(`/projects/${project}/channels/new?kind=email`);
  await expect(page.getByText("No mail service is set up")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Send to").fill("ops@example.org");
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("No mail service is set up", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The test was kept, not sent")).toBeVisible();
  const line = page.getByRole("listitem").filter({ hasText: `TEST: ${name}` });
  await expect(line.getByText("Kept", { exact: true })).toBeVisible();
  await expectAccessible(page);
  const channelId = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await page.goto(`/projects/${project}/channels`);
  await expect(page.getByRole("listitem").filter({ hasText: name })).toContainText("Kept");
  const check = await post(request, server, "/api/v3/checks/", { name, timeout: 3600, channels: channelId });
  await request.get(String(check["ping_url"]));
  await request.get(`${check["ping_url"]}/fail`);
  await page.goto(`/projects/${project}/alerts?subject_id=${check["uuid"]}`);
  const alert = page.getByRole("listitem").filter({ hasText: `"${name}" is down` });
  await expect(alert.getByText("Kept", { exact: true })).toBeVisible();
  await expect(page.getByText("Sent", { exact: true })).toHaveCount(0);
});

test("the downtimes of a check are paged in the address", async ({ page, server, request }) => {
  const { uuid } = await makeCheck(request, server, `Flapping ${randomUUID().slice(0, 8)}`);
  for (let count = 0; count < 22; count += 1)
    for (const end of ["", "/fail"]) await request.get(`${server.url}/ping/${uuid}${end}`);
  const project = await signIn(page);
  await page.goto(`/projects/${project}/checks/${uuid}?kinds=log`);
  const rows = page.getByRole("table", { name: "Downtime" }).getByRole("row");
  await expect(rows).toHaveCount(21);
  const pages = page.getByRole("navigation", { name: "Pages of downtime" });
  await pages.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/kinds=log&downtime=\d+$/);
  await expect(rows).toHaveCount(3);
  await expect(pages.getByRole("link", { name: "Older" })).toHaveCount(0);
  await expectAccessible(page);
  await pages.getByRole("link", { name: "Newest" }).click();
  await expect(rows).toHaveCount(21);
  await expect(page).toHaveURL(/\?kinds=log$/);
});

test("tables stack on a phone, so that nothing has to be moved sideways", async ({ page, server, request }) => {
  const { uuid } = await makeCheck(request, server, `Stacked ${randomUUID().slice(0, 8)}`);
  for (const end of ["/start", "", "/fail"]) await request.post(`${server.url}/ping/${uuid}${end}`, { data: "a body" });
  const project = await signIn(page);
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["settings/keys", "settings/people", "settings/audit", `checks/${uuid}`]) {
    await page.goto(`/projects/${project}/${path}`);
    const table = page.getByRole("table").last();
    await expect(table).toBeVisible();
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll("table")].filter((one) => {
          const frame = one.closest<HTMLElement>('[role="region"]') ?? one.parentElement;
          return frame !== null && frame.scrollWidth > frame.clientWidth;
        }).length,
    );
    expect([path, wide]).toEqual([path, 0]);
    await expectFits(page);
    await expectAccessible(page);
  }
});
