import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";

const CHECK_PAGE = /\/checks\/[0-9a-f-]{36}$/;

/** Kept for the other tests of this process, because signing in is limited. */
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];

/** Signs in and gives the address of the project's list of checks. */
async function openList(page: Page): Promise<string> {
  if (cookies.length === 0) {
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill("admin@localhost");
    await page.getByRole("textbox", { name: "Password" }).fill("password-for-the-browser-tests");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
    cookies = await page.context().cookies();
  } else {
    await page.context().addCookies(cookies);
    await page.goto("/");
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  }
  return `${new URL(page.url()).pathname}/checks`;
}

const unique = (name: string): string => `${name} ${crypto.randomUUID().slice(0, 8)}`;

/** Makes a check as a script would. */
async function make(page: Page, apiKey: string, fields: Record<string, unknown>): Promise<string> {
  const answer = await page.request.post("/api/v3/checks/", { headers: { "X-Api-Key": apiKey }, data: fields });
  expect(answer.status()).toBe(201);
  return (await answer.json()).uuid;
}

const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}

async function expectToFit(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}

test("a check is made with the keyboard alone", async ({ page }) => {
  const list = await openList(page);
  const name = unique("Keyboard");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.keyboard.press("n");
  await expect(page).toHaveURL(`${list}/new`);
  const field = page.getByRole("textbox", { name: "Name", exact: true });
  await expect(field).toBeVisible();
  for (let steps = 0; steps < 60 && !(await isFocused(field)); steps += 1) await page.keyboard.press("Tab");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.waitForURL(CHECK_PAGE);
  await page.goto(`${list}?q=${encodeURIComponent(name)}`);
  await expect(row(page, name)).toContainText("New");
});

const isFocused = (field: Locator): Promise<boolean> =>
  field.evaluate((element) => element === element.ownerDocument.activeElement);

test("a schedule is told in words while it is typed, and mistakes stand beside their field", async ({ page }) => {
  const list = await openList(page);
  await page.goto(`${list}/new`);
  await page.getByText("Cron", { exact: true }).click();
  await page.getByLabel("Cron expression").fill("30 4 * * 1");
  const preview = page.getByRole("region", { name: "Preview of the schedule" });
  await expect(preview).toContainText("At 04:30, only on Monday.");
  await expect(preview.getByRole("listitem")).toHaveCount(5);
  await expectAccessible(page);
  await expectToFit(page);
  await page.getByLabel("Cron expression").fill("61 4 * * 1");
  await page.getByRole("button", { name: "Make check" }).click();
  await expect(page.getByText("Give it a name.")).toBeVisible();
  await expect(page.getByText("This is not an expression that ever comes due.")).toBeVisible();
  await expect(page.getByLabel("Cron expression")).toHaveValue("61 4 * * 1");
  await expectAccessible(page);
});

test("what is edited is there when the form is opened again", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Edited");
  const id = await make(page, server.apiKey, { name, timeout: 3600, grace: 600, channels: "*" });
  await page.goto(`${list}?q=${encodeURIComponent(name)}`);
  await act(page, name, "Edit");
  await expect(page).toHaveURL(`${list}/${id}/edit`);
  await expect(page.getByRole("textbox", { name: "Period" })).toHaveValue("1");
  await page.getByLabel("Slug").fill("Not a slug");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Only a to z, 0 to 9, - and _ can be used here.")).toBeVisible();
  await page.getByLabel("Slug").fill("edited-slug");
  await page.getByText("OnCalendar", { exact: true }).click();
  await page.getByLabel("OnCalendar expression").fill("Mon..Fri 09:00");
  await page.getByLabel("Only POST counts").check({ force: true });
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(CHECK_PAGE);
  await page.goto(`${list}/${id}/edit`);
  await expect(page.getByLabel("Slug")).toHaveValue("edited-slug");
  await expect(page.getByLabel("OnCalendar expression")).toHaveValue("Mon..Fri 09:00");
  await expect(page.getByLabel("Only POST counts")).toBeChecked();
  await expectAccessible(page);
  await expectToFit(page);
});

test("a check may have no schedule: it is never late, and says so", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Unscheduled");
  await page.goto(`${list}/new`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await page.getByText("None", { exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Period" })).toHaveCount(0);
  await expect(page.getByText("No signal is expected at any time, so it is never late.")).toBeVisible();
  await expectAccessible(page);
  await expectToFit(page);
  await page.getByRole("button", { name: "Make check" }).click();
  await page.waitForURL(CHECK_PAGE);
  const id = new URL(page.url()).pathname.split("/").at(-1);
  expect((await page.request.get(`${server.url}/ping/${id}`)).status()).toBe(200);
  await expect(page.getByTestId("sentence")).toContainText("No schedule: only failures and its runs are watched.");
  await page.goto(`${list}/${id}/edit`);
  await expect(page.getByRole("radio", { name: "None" })).toBeChecked();
  await page.getByText("Simple", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(CHECK_PAGE);
  await expect(page.getByTestId("sentence")).toContainText("next expected in");
});

test("what is asked of runs is set in plain words, and mistakes stand beside their field", async ({ page, server }) => {
  const list = await openList(page);
  const id = await make(page, server.apiKey, { name: unique("Runs"), timeout: 3600, grace: 600 });
  await page.goto(`${list}/${id}/edit`);
  await page.getByLabel("Missing signals until it is down").fill("11");
  await page.getByLabel("Limit how long a run may take").check({ force: true });
  await page.getByRole("textbox", { name: "Longest run" }).fill("90");
  await page.getByLabel("Unit of longest run").selectOption("minutes");
  await page.getByLabel("Exit statuses that only warn").fill("1, 300");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It can be at most 10.")).toBeVisible();
  await expect(page.getByText("Enter statuses from 1 to 255, such as 1, 75-78.")).toBeVisible();
  await expectAccessible(page);
  await expectToFit(page);
  await page.getByLabel("Missing signals until it is down").fill("3");
  await expect(page.getByText("After 3 hours 10 minutes without one, the check is down.")).toBeVisible();
  await page.getByLabel("Exit statuses that only warn").fill("1, 75-78");
  await page.getByLabel("Only one run at a time").check({ force: true });
  await page.getByLabel("Signals without progress until it is stuck").fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(CHECK_PAGE);
  await page.goto(`${list}/${id}/edit`);
  await expect(page.getByLabel("Missing signals until it is down")).toHaveValue("3");
  await expect(page.getByRole("textbox", { name: "Longest run" })).toHaveValue("90");
  await expect(page.getByLabel("Expect a run to take some time")).not.toBeChecked();
  await expect(page.getByLabel("Only one run at a time")).toBeChecked();
  await expect(page.getByLabel("Signals without progress until it is stuck")).toHaveValue("5");
  await expect(page.getByLabel("Exit statuses that only warn")).toHaveValue("1, 75-78");
});

test("checks are paused, resumed, and deleted with a way back", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Paused");
  await make(page, server.apiKey, { name });
  await page.goto(`${list}?q=${encodeURIComponent(name)}`);
  await act(page, name, "Pause");
  await expect(page.getByText("Paused 1 check.")).toBeVisible();
  await expect(row(page, name).getByText("Paused", { exact: true })).toBeVisible();
  await act(page, name, "Resume");
  await expect(row(page, name).getByText("New", { exact: true })).toBeVisible();
  await act(page, name, "Delete");
  await expect(row(page, name)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(row(page, name)).toBeVisible();
  const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
  await act(page, name, "Delete");
  expect((await deleted).status()).toBe(200);
  await expect(page.getByText("No check matches")).toBeVisible();
});

test("several checks are handled at once, also those that somebody else has deleted", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Several");
  const ids = [];
  for (const part of ["one", "two", "three"]) ids.push(await make(page, server.apiKey, { name: `${name} ${part}` }));
  await page.goto(`${list}?q=${encodeURIComponent(name)}`);
  await page.getByLabel("Select all on this page").check();
  await expect(page.getByText("3 checks selected")).toBeVisible();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Paused 3 checks.")).toBeVisible();
  await expect(row(page, name).getByText("Paused", { exact: true })).toHaveCount(3);
  await page.getByLabel(`Select ${name} one`).check();
  const deletes = page.waitForResponse(
    (response) => response.request().method() === "DELETE" && response.status() === 404,
  );
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.request.delete(`/api/v3/checks/${ids[0]}`, { headers: { "X-Api-Key": server.apiKey } });
  await deletes;
  await expect(page.getByText("One check was already gone.")).toBeVisible();
  await expect(row(page, name)).toHaveCount(2);
});

test("search, status and tag live in the address", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Filtered");
  const tag = `tag-${crypto.randomUUID().slice(0, 8)}`;
  await make(page, server.apiKey, { name: `${name} first`, tags: `${tag} prod` });
  await make(page, server.apiKey, { name: `${name} second` });
  await page.goto(list);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search by name or slug")).toBeFocused();
  await page.keyboard.type(name.toUpperCase());
  await expect(row(page, name)).toHaveCount(2);
  await expect(page).toHaveURL(/[?&]q=/);
  await expectAccessible(page);
  await expectToFit(page);
  await page.getByRole("combobox", { name: "Tag" }).selectOption(tag);
  await expect(row(page, name)).toHaveCount(1);
  await page.getByRole("combobox", { name: "Status" }).selectOption("down");
  await expect(page.getByText("No check matches")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`status=down.*tag=${tag}`));
  await expect(page.getByLabel("Search by name or slug")).toHaveValue(name.toUpperCase());
  await expectAccessible(page);
  await page.getByRole("link", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(list);
  await expect(page.getByLabel("Search by name or slug")).toHaveValue("");
});

test("the palette finds a check by its name", async ({ page, server }) => {
  const list = await openList(page);
  const name = unique("Palette");
  const id = await make(page, server.apiKey, { name });
  await page.keyboard.press("Control+k");
  await page.getByLabel("Find", { exact: true }).and(page.getByRole("textbox")).fill(name.toLowerCase());
  await expect(page.getByText(name)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${list}/${id}`);
});
