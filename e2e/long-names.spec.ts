import { expect, type Page } from "@playwright/test";
import { expectFits, test } from "./fixtures";
import { addCheck, type OwnProject, ownProject } from "./own-project";

/** As long as names may be, with nowhere to break. */
const LONG = "W".repeat(100);
/** The narrowest window that pages must fit (WCAG 2.1, 1.4.10). */
const NARROW = { width: 320, height: 640 };

async function fill(project: OwnProject): Promise<string> {
  const { ask, id } = project;
  await ask("PATCH", `/api/projects/${id}`, { name: LONG });
  await ask("POST", `/api/projects/${id}/keys`, { name: LONG, scopes: ["read"] });
  await ask("POST", `/api/projects/${id}/invitations`, { email: `${LONG}@example.com`, role: "viewer" });
  await ask("POST", "/api/channels", { kind: "email", name: LONG, config: { to: "somebody@example.com" } });
  return addCheck(project, { name: LONG, tags: `${LONG} prod`, desc: LONG });
}

/** Fails when a table sticks out of the frame around it, or has to be pushed aside to be read. */
async function expectTablesFit(page: Page): Promise<void> {
  const over = await page.locator("table").evaluateAll((tables) => {
    const room = (table: Element) => table.parentElement?.getBoundingClientRect().width ?? 0;
    return tables.map((table) => Math.round(table.getBoundingClientRect().width - room(table)));
  });
  expect(over.filter((pixels) => pixels > 0)).toEqual([]);
}

test("the longest names break nothing, in a wide window and in the narrowest", async ({ page }) => {
  const project = await ownProject(page);
  const check = await fill(project);
  const { home } = project;
  const places = [
    home,
    `${home}/checks`,
    `${home}/checks/${check}`,
    `${home}/checks/${check}/edit`,
    `${home}/channels`,
    `${home}/settings`,
    `${home}/settings/people`,
    `${home}/settings/keys`,
    `${home}/settings/audit`,
  ];
  const usual = page.viewportSize() ?? NARROW;
  for (const size of [usual, NARROW]) {
    await page.setViewportSize(size);
    for (const place of places) {
      await test.step(`${size.width} ${place.slice(home.length)}`, async () => {
        await page.goto(place);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expectFits(page);
        await expectTablesFit(page);
      });
    }
  }
});

test("the longest name of a project stays within its menu and its dialog @once", async ({ page }) => {
  const project = await ownProject(page);
  await fill(project);
  await page.goto(`${project.home}/settings`);
  await page.getByRole("button", { name: /switch$/ }).click();
  const entry = page.getByRole("menuitem", { name: `${LONG} here`, exact: true });
  await expect(entry).toBeVisible();
  expect(await entry.evaluate((item) => item.scrollWidth - item.clientWidth)).toBeLessThanOrEqual(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Delete this project" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading", { name: `Delete ${LONG}?` })).toBeVisible();
  expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBeLessThanOrEqual(0);
});
