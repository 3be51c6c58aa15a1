import { randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { ADMIN } from "./people";
import { openReceiver, type Receiver } from "./receiver";
import { type Running, startServer } from "./server";

// Servers of their own: one that counts tries, and one on which mail leaves and nobody may sign up.
let counting: Running;
let mailing: Running;
let mail: Receiver;

/** The same in every way of looking at a page. */
const ONCE = { tag: "@once" };
type Credentials = typeof ADMIN;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  mail = await openReceiver({ id: "mail-1" });
  counting = await startServer({ RATE_LIMITS: "on", SIGNUPS: "open" });
  mailing = await startServer({
    SIGNUPS: "closed",
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: mail.url,
    EMAIL_FROM: "Pulsetrail <hello@example.org>",
  });
});
test.afterAll(async () => {
  mail?.close();
  await Promise.all([counting?.stop(), mailing?.stop()]);
});

const anotherPage = async (browser: Browser): Promise<Page> => (await browser.newContext()).newPage();

const inside = (page: Page) => page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
const outside = (page: Page) => expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();

/** Makes an account by the form, with which the page is then signed in. */
async function signUp(page: Page): Promise<Credentials> {
  const made = { email: `${randomUUID()}@example.org`, password: "a long enough password" };
  await page.goto(`${counting.url}/sign-up`);
  await page.getByLabel("E-mail").fill(made.email);
  await page.getByLabel(/^Password/).fill(made.password);
  await page.getByRole("button", { name: "Sign up" }).click();
  await inside(page);
  return made;
}

async function trySignIn(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(/^Password/).fill(password);
  const answered = page.waitForResponse("**/api/auth/callback/password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await answered;
}

async function signIn(page: Page, credentials: Credentials): Promise<void> {
  await page.goto(`${counting.url}/sign-in`);
  await trySignIn(page, credentials);
  await inside(page);
}

test("after ten tries even the right password must wait, and nobody else must", ONCE, async ({ page, browser }) => {
  const bob = await signUp(await anotherPage(browser));
  const ann = await signUp(await anotherPage(browser)); // signing up has counted as one try
  await page.goto(`${counting.url}/sign-in`);
  for (let count = 2; count <= 10; count += 1) {
    await trySignIn(page, { ...ann, password: `guess number ${count}` });
    await expect(page.getByText("The address or the password is not right.")).toBeVisible();
  }
  await trySignIn(page, ann);
  await expect(
    page.getByRole("alert").filter({ hasText: /^Too many attempts\. Try again in 1[45] minutes\.$/ }),
  ).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(ann.email);
  await expectAccessible(page);
  await expectFits(page);
  await page.goto(`${counting.url}/account`);
  await outside(page);

  await signIn(page, bob);
});

test("another password ends every other sign-in and is the only one that works", ONCE, async ({ page, browser }) => {
  const ann = await signUp(page);
  const other = await anotherPage(browser);
  await signIn(other, ann);
  await page.goto(`${counting.url}/account`);
  await page.getByRole("textbox", { name: "Present password" }).fill(ann.password);
  await page.getByRole("textbox", { name: "New password" }).fill("another one altogether");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("The password is changed, and every other place is signed out.")).toBeVisible();
  await expectAccessible(page);

  await other.reload();
  await outside(other);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();

  await trySignIn(other, ann);
  await expect(other.getByText("The address or the password is not right.")).toBeVisible();
  await trySignIn(other, { ...ann, password: "another one altogether" });
  await expect(other.getByRole("heading", { level: 1, name: "Sign in" })).toHaveCount(0);
  await other.context().close();
});

test("signing out there ends the sign-in of the other browser", ONCE, async ({ page, browser }) => {
  const ann = await signUp(page);
  const other = await anotherPage(browser);
  await signIn(other, ann);
  const cookies = await other.context().cookies();
  await page.goto(`${counting.url}/account`);
  const button = page.getByRole("button", { name: /^Sign out there/ });
  await expect(button).toHaveCount(1);
  await button.click();
  await expect(page.getByText("Signed out there.")).toBeVisible();
  await expect(button).toHaveCount(0);

  await other.reload();
  await outside(other);
  // Nor does what the browser kept help a program.
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const answer = await fetch(`${counting.url}/api/account`, { headers: { Cookie: header } });
  expect(answer.status).toBe(401);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
  await other.context().close();
});

test("a link looks the same for an address that is known and for one that is not", ONCE, async ({ page }) => {
  const ask = async (email: string): Promise<unknown> => {
    await page.goto(`${mailing.url}/sign-in`);
    await page.getByLabel("E-mail").fill(email);
    const answered = page.waitForResponse("**/api/sign-in-links");
    await page.getByRole("button", { name: "Mail me a link" }).click();
    const answer = await answered;
    const said = page.getByRole("status").filter({ hasText: "Look into your mail" });
    await expect(said).toBeVisible();
    await expectAccessible(page);
    const words = String(await said.textContent()).replaceAll(email, "…");
    const names = Object.keys(answer.headers()).sort();
    return { words, status: answer.status(), body: await answer.text(), names };
  };
  const unknown = await ask("nobody@example.org");
  expect(await ask(ADMIN.email)).toEqual(unknown);
  await mail.next(({ body }) => (JSON.parse(body) as { to: string }).to === ADMIN.email);
  expect(mail.received).toHaveLength(1);
});
