import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { addCheck, ownProject } from "./own-project";

const CHECKS = 120;
const PER_PAGE = 50;

/** What the items of a list are called on each of its pages, from the first to the last. */
async function leafThrough(page: Page, items: () => Promise<string[]>, next: string): Promise<string[][]> {
  const pages = [await items()];
  const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: next });
  while (await link.isVisible()) {
    const before = page.url();
    await link.click();
    await page.waitForURL((url) => url.href !== before && url.searchParams.has("cursor"));
    await expect.poll(items).not.toEqual(pages.at(-1));
    pages.push(await items());
  }
  return pages;
}

test("hundreds of checks come from the server page by page", async ({ page }) => {
  const project = await ownProject(page);
  for (let made = 0; made < CHECKS; made += 10)
    await Promise.all(
      Array.from({ length: 10 }, (_, at) => addCheck(project, { name: `Job ${made + at}`, tags: "all" })),
    );
  await page.goto(`${project.home}/checks?tag=all`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("checkbox") });
  const names = () => rows.getByRole("link", { name: /^Job / }).allInnerTexts();
  await expect(rows).toHaveCount(PER_PAGE);
  const first = await names();
  const pages = await leafThrough(page, names, "Older");
  expect(pages.map((one) => one.length)).toEqual([PER_PAGE, PER_PAGE, CHECKS - 2 * PER_PAGE]);
  expect(new Set(pages.flat()).size).toBe(CHECKS);
  await expect(page).toHaveURL(/tag=all/);
  // The address is the page: it can be sent to others, and the way back leads to the page before.
  await page.reload();
  await expect.poll(names).toEqual(pages[2]);
  await page.goBack();
  await expect.poll(names).toEqual(pages[1]);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect.poll(names).toEqual(first);
});

test("alerts, deliveries and the audit log have pages, too", async ({ page, server }) => {
  const project = await ownProject(page);
  const { id: channel } = await project.ask("POST", "/api/channels", {
    kind: "email",
    name: "Mail",
    config: { to: "ops@example.org" },
  });
  const check = await addCheck(project, { name: "Unsteady", channels: "*" });
  for (let count = 0; count < 20; count += 1)
    for (const suffix of ["", "/fail"]) await page.request.get(`${server.url}/ping/${check}${suffix}`);
  const list = page
    .getByRole("main")
    .locator("main ul > li, ul > li")
    .filter({ hasText: /Unsteady/ });

  await page.goto(`${project.home}/alerts?type=check.down`);
  const times = () =>
    list
      .getByRole("time")
      .or(list.locator("time"))
      .evaluateAll((all) => all.map((one) => one.outerHTML));
  await expect(list).toHaveCount(20);
  await page.goto(`${project.home}/alerts`);
  await expect(list).toHaveCount(25);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(list).toHaveCount(14);
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(list).toHaveCount(25);
  expect(await times()).not.toEqual([]);

  // All of them have left before the list is opened: a page of it shows what was so when it was asked for.
  await expect
    .poll(async () => {
      const pending = `/api/deliveries?channel_id=${channel}&status=pending`;
      return (await project.ask("GET", pending))["deliveries"];
    })
    .toEqual([]);
  await page.goto(`${project.home}/channels/${channel}?status=sent`);
  await expect(list).toHaveCount(25);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/status=sent.*cursor=/);
  await expect(list).toHaveCount(14);
  await page.goBack();
  await expect(list).toHaveCount(25);
});

test("the audit log is paged, and a cursor that is none leads to its beginning", async ({ page }) => {
  const project = await ownProject(page);
  for (let made = 0; made < 55; made += 5)
    await Promise.all(Array.from({ length: 5 }, (_, at) => addCheck(project, { name: `Audited ${made + at}` })));
  await page.goto(`${project.home}/settings/audit`);
  const rows = page.getByRole("row").filter({ hasText: "Audited" });
  await expect(rows).toHaveCount(50);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(rows).toHaveCount(5);
  for (const path of ["settings/audit", "settings/keys", "settings/people", "checks", "alerts", "channels"]) {
    const answer = await page.goto(`${project.home}/${path}?cursor=nonsense`);
    expect(answer?.status(), path).toBe(200);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/Settings|Checks|Alerts|Channels/);
  }
});
