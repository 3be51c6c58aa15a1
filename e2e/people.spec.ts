import { randomUUID } from "node:crypto";
import { expect, type Page, type TestInfo } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";

const PASSWORD = "a long enough password";

async function signIn(page: Page, next = "/"): Promise<void> {
  // A dialog that is fading has no contrast to speak of.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByRole("textbox", { name: "Password" }).fill("password-for-the-browser-tests");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Makes a project of the test's own and gives its address. */
async function newProject(page: Page, name: string): Promise<string> {
  await signIn(page, "/projects/new");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make project" }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** The page stands, is accessible, and fits its window. */
async function expectFine(page: Page, title: string, info: TestInfo): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page).toHaveTitle(/Pulsetrail/);
  await expectAccessible(page);
  // Not innerWidth, which a phone widens to whatever sticks out.
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  const name = new URL(page.url()).pathname.replace(/[0-9a-f-]{36}|\w{43}/g, "id").replaceAll("/", "-");
  await page.screenshot({ path: info.outputPath(`page${name}.png`), fullPage: true });
}

test("somebody is invited, makes an account, looks, and is taken out again", async ({ page, browser }, info) => {
  const name = `Team ${randomUUID().slice(0, 8)}`;
  const email = `${randomUUID()}@example.com`;
  const base = await newProject(page, name);
  await page.goto(`${base}/settings/people`);
  await page.getByLabel("E-mail").fill("nobody");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByText("must be an e-mail address")).toBeVisible();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("combobox", { name: "Role", exact: true }).click();
  await page.getByRole("option", { name: "Viewer" }).click();
  await page.getByRole("button", { name: "Invite" }).click();
  const link = String(await page.getByRole("region", { name: "Link of the invitation" }).textContent());
  await expect(page.getByRole("region", { name: "Invitations" })).toContainText(email);
  await expectFine(page, "Settings", info);

  const { viewport = null, colorScheme = null, isMobile = false } = info.project.use;
  const context = await browser.newContext({ viewport, colorScheme, isMobile, baseURL: new URL(page.url()).origin });
  const guest = await context.newPage();
  const path = new URL(link).pathname;
  await guest.goto(path);
  await expectFine(guest, `Join ${name}`, info);
  await expect(guest.getByLabel("E-mail")).toHaveValue(email);
  await guest.getByRole("textbox", { name: "Password" }).fill("short");
  await guest.getByRole("button", { name: "Make account and join" }).click();
  await expect(guest.getByText("must have at least 10 characters")).toBeVisible();
  await guest.getByLabel("Your name").fill("Dora");
  await guest.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await guest.getByRole("button", { name: "Make account and join" }).click();
  await guest.waitForURL(`**${base}`);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("Overview");
  await expect(guest.getByRole("button", { name: "Watch it" })).toHaveCount(0);

  // A viewer reads the settings and is offered nothing but to leave.
  await guest.goto(`${base}/settings`);
  await expectFine(guest, "Settings", info);
  await expect(guest.getByRole("navigation", { name: "Settings" }).getByRole("link")).toHaveText(["General", "People"]);
  await expect(guest.getByRole("main").getByRole("button", { name: /Save|Delete|Replace|Show/ })).toHaveCount(0);
  await guest.goto(`${base}/settings/people`);
  await expect(guest.getByRole("region", { name: "Members" }).getByRole("row")).toHaveCount(3);
  await expect(guest.getByRole("region", { name: "Members" }).getByRole("button")).toHaveText(["Leave"]);
  await expect(guest.getByRole("combobox")).toHaveCount(0);
  for (const hidden of ["keys", "audit"]) {
    await guest.goto(`${base}/settings/${hidden}`);
    await expect(guest.getByText(/^An admin of this project can see/)).toBeVisible();
  }

  // The link is used up.
  await guest.goto(path);
  await expectFine(guest, "This invitation is over", info);

  await page.reload();
  await expect(page.getByText("Open invitations")).toHaveCount(0);
  await page.getByRole("combobox", { name: "Role of Dora" }).click();
  await page.getByRole("option", { name: "Member" }).click();
  await expect(page.getByText("The role is changed.")).toBeVisible();
  await page.getByRole("button", { name: "Remove: Dora" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("Dora is removed.")).toBeVisible();
  await guest.goto(base);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
  await context.close();
});

test("keys are made, rotated and revoked; a project is renamed, gets another ping key, and is deleted", async ({
  page,
  request,
}, info) => {
  const name = `Keys ${randomUUID().slice(0, 8)}`;
  const base = await newProject(page, name);
  await page.goto(`${base}/settings/keys`);
  await expect(page.getByText("No keys yet")).toBeVisible();
  await page.getByRole("button", { name: "New key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Deploy");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make key" }).click();
  const key = String(await dialog.getByRole("region", { name: "API key" }).textContent());
  expect(key).toMatch(/^pt_\w{40}$/);
  const asks = async (apiKey: string) => {
    const answer = await request.get("/api/projects", { headers: { "X-Api-Key": apiKey } });
    return answer.status();
  };
  expect(await asks(key)).toBe(200);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "Rotate: Deploy" }).click();
  await dialog.getByRole("combobox", { name: "The old key goes on working" }).click();
  await page.getByRole("option", { name: "Not at all: it ends now" }).click();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  const second = String(await dialog.getByRole("region", { name: "API key" }).textContent());
  expect([await asks(key), await asks(second)]).toEqual([401, 200]);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Expired")).toBeVisible();
  await expectFine(page, "Settings", info);
  await page.getByRole("button", { name: "Revoke: Deploy" }).click();
  await dialog.getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByText("The key is revoked.")).toBeVisible();
  expect(await asks(second)).toBe(401);

  await page.goto(`${base}/settings`);
  await page.getByLabel("Name").fill(`${name} 2`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const pingKey = page.getByRole("region", { name: "Ping key" });
  const old = String(await pingKey.textContent());
  await page.getByRole("button", { name: "Replace the ping key" }).click();
  await dialog.getByRole("button", { name: "Replace the ping key" }).click();
  await expect(pingKey).not.toHaveText(old);
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "Show the secret" }).click();
  await expect(page.getByRole("region", { name: "Webhook secret" })).toContainText("whsec_");
  await expectFine(page, "Settings", info);

  await page.goto(`${base}/settings/audit`);
  await expect(page.getByRole("region", { name: "Audit log" })).toContainText("replaced the ping key");
  await expectFine(page, "Settings", info);

  await page.goto(`${base}/settings`);
  await page.getByRole("button", { name: "Delete this project" }).click();
  const confirm = dialog.getByRole("button", { name: "Delete for ever" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox").fill(`${name} 2`);
  await expectAccessible(page);
  await confirm.click();
  await page.waitForURL((url) => !url.pathname.startsWith(base));
  await page.goto(base);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
});

test("one's own account: a name, and where one is signed in", async ({ page }, info) => {
  await signIn(page, "/account");
  await expectFine(page, "Account", info);
  const name = `Ann ${randomUUID().slice(0, 8)}`;
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("Here", { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "Present password" }).fill("not the right one");
  await page.getByRole("textbox", { name: "New password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("is not your present password")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "New password" })).toHaveValue(PASSWORD);
});
