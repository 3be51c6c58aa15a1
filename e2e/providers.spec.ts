import { randomInt, randomUUID } from "node:crypto";
import { type Browser, expect, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { type IdentityProvider, openIdentityProvider, type Somebody } from "./identity-provider";
import { type Running, startServer } from "./server";

// Servers of their own that offer the stand-in: one on which anybody may sign up, one on which nobody may.
let provider: IdentityProvider;
let open: Running;
let closed: Running;

/** The same in every way of looking at a page. */
const ONCE = { tag: "@once" };
const OWNER = { email: "owner@example.org", password: "password-for-the-browser-tests" };

test.beforeAll(async () => {
  test.setTimeout(300_000);
  provider = await openIdentityProvider();
  const settings = { ...provider.settings, ADMIN_EMAIL: OWNER.email };
  open = await startServer({ ...settings, SIGNUPS: "open" });
  closed = await startServer({ ...settings, SIGNUPS: "closed" });
});
test.afterAll(async () => {
  provider?.close();
  await Promise.all([open?.stop(), closed?.stop()]);
});
test.beforeEach(() => provider.fails(null));

const GITHUB = "Sign in with GitHub";
const oidc = (): string => `Sign in with ${new URL(provider.url).host}`;

/** Somebody new, with one address. */
function somebody({ email = `${randomUUID()}@example.org`, verified = true } = {}): Somebody & { email: string } {
  return { id: randomInt(1, 2 ** 40), name: "Gina", email, emails: [{ email, primary: true, verified }] };
}

type Way = { server: Running; button?: string; answer?: "Authorize" | "Cancel" | "Break" };

/** Goes to the provider's page by the button, and answers there. */
async function through(page: Page, { server, button = GITHUB, answer = "Authorize" }: Way): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("link", { name: answer }).click();
}

async function byPassword(page: Page, { email, password }: typeof OWNER): Promise<void> {
  await page.goto(`${open.url}/sign-in`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** The sign-in page says this, and nobody is signed in. */
async function expectRefused(page: Page, words: RegExp): Promise<void> {
  await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  await page.goto(new URL("/account", page.url()).href);
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
}

/** The overview stands; gives the address of the project. */
async function expectInside(page: Page): Promise<string> {
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  return new URL(page.url()).pathname;
}

async function expectAccountOf(page: Page, server: Running, email: string): Promise<void> {
  await page.goto(`${server.url}/account`);
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
}

/** A browser that has no cookies of the first. */
async function another(browser: Browser): Promise<Page> {
  const { viewport = null, colorScheme = null } = test.info().project.use;
  return (await browser.newContext({ viewport, colorScheme })).newPage();
}

for (const name of ["GitHub", "an OpenID Connect issuer"]) {
  const button = (): string => (name === "GitHub" ? GITHUB : oidc());

  test(`${name} makes an account, and the same person comes back to it`, ONCE, async ({ page, browser }) => {
    const gina = somebody();
    provider.is(gina);
    await page.goto(`${open.url}/sign-up`);
    await expectAccessible(page);
    await expectFits(page);
    await page.getByRole("button", { name: button() }).click();
    await page.getByRole("link", { name: "Authorize" }).click();
    const project = await expectInside(page);
    await expectAccountOf(page, open, gina.email);
    await expect(page.getByLabel("Name")).toHaveValue("Gina");
    await expect(page.getByText(/Chrome/).first()).toBeVisible();

    // In another browser, after she took another address there, which is not even verified yet.
    const other = await another(browser);
    provider.is({ ...somebody({ verified: false }), id: gina.id });
    await through(other, { server: open, button: button() });
    expect(await expectInside(other)).toBe(project);
    await expectAccountOf(other, open, gina.email);
    await other.context().close();
  });

  test(`${name} without a verified address opens nobody's account`, ONCE, async ({ page }) => {
    provider.is(somebody({ email: OWNER.email, verified: false }));
    await through(page, { server: open, button: button() });
    await expectRefused(page, /has not verified the address/);
    // The account is what it was.
    await byPassword(page, OWNER);
    await expectInside(page);
  });

  test(`${name} makes no account where sign-up is closed, and signs in who has one`, ONCE, async ({ page }) => {
    provider.is(somebody());
    await through(page, { server: closed, button: button() });
    await expectRefused(page, /sign-up is closed/);
    provider.is(somebody({ email: OWNER.email.toUpperCase() }));
    await through(page, { server: closed, button: button() });
    await expectInside(page);
    await expectAccountOf(page, closed, OWNER.email);
  });

  test(`${name} being left or failing is said in words`, async ({ page }) => {
    provider.is(somebody());
    for (const answer of ["Cancel", "Break"] as const) {
      await through(page, { server: open, button: button(), answer });
      await expect(page.getByRole("alert").filter({ hasText: "Try again" })).toBeVisible();
      await page.screenshot({ path: `.test/e2e/pictures/sign-in-refused-${test.info().project.name}.png` });
      await expectRefused(page, /cancelled or went wrong/);
    }
  });

  test(`an answer of ${name} that another browser asked for signs nobody in`, ONCE, async ({ page, browser }) => {
    provider.is(somebody());
    const answerTo = async (asking: Page): Promise<URL> => {
      await asking.goto(`${open.url}/sign-in`);
      await asking.getByRole("button", { name: button() }).click();
      return new URL((await asking.getByRole("link", { name: "Authorize" }).getAttribute("href")) ?? "");
    };
    const other = await another(browser);
    const foreign = await answerTo(other);
    await page.goto(foreign.href);
    await expectRefused(page, /not the one that was waited for/);

    // With the state of this browser, but the code of the other: PKCE.
    const mixed = await answerTo(page);
    mixed.searchParams.set("code", foreign.searchParams.get("code") ?? "");
    await page.goto(mixed.href);
    await expectRefused(page, /not the one that was waited for/);

    const changed = await answerTo(page);
    changed.searchParams.set("state", "another");
    await page.goto(changed.href);
    await expectRefused(page, /not the one that was waited for/);
    await other.context().close();
  });
}

test("only a verified address of several counts, and none that cannot be read", ONCE, async ({ page }) => {
  const gina = somebody();
  const [spare] = somebody().emails;
  provider.is({
    ...gina,
    emails: [
      { email: OWNER.email, primary: true, verified: false },
      { email: spare?.email ?? "", primary: false, verified: true },
    ],
  });
  provider.fails("no-emails");
  await through(page, { server: open });
  await expectRefused(page, /has not verified the address/);
  provider.fails(null);
  await through(page, { server: open });
  await expectInside(page);
  await expectAccountOf(page, open, spare?.email ?? "");
});

test(
  "a password account with an address that was never proven is taken over by who proves it",
  ONCE,
  async ({ page, browser }) => {
    const email = `${randomUUID()}@example.org`;
    const password = "of whoever came first";
    await page.goto(`${open.url}/sign-up`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel(/^Password/).fill(password);
    await page.getByRole("button", { name: "Sign up" }).click();
    const project = await expectInside(page);

    const other = await another(browser);
    provider.is(somebody({ email }));
    await through(other, { server: open });
    expect(await expectInside(other)).toBe(project);
    await other.goto(`${open.url}/account`);
    await expect(other.getByRole("button", { name: "Set password" })).toBeVisible();
    await other.context().close();

    // Whoever came first is signed out, and the password is worth nothing.
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    await byPassword(page, { email, password });
    await expectRefused(page, /The address or the password is not right/);
  },
);

test(
  "a password account with a proven address keeps its password beside the provider",
  ONCE,
  async ({ page, browser }) => {
    const before = await another(browser);
    await byPassword(before, OWNER);
    const project = await expectInside(before);
    provider.is(somebody({ email: OWNER.email }));
    await through(page, { server: open });
    expect(await expectInside(page)).toBe(project);
    await before.reload();
    await expect(before.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await before.context().clearCookies();
    await byPassword(before, OWNER);
    expect(await expectInside(before)).toBe(project);
    await before.context().close();
  },
);

test("a token that another key signed, and a provider that is away, are said in words", ONCE, async ({ page }) => {
  provider.is(somebody());
  provider.fails("forged");
  await through(page, { server: open, button: oidc() });
  await expectRefused(page, /not the one that was waited for/);
  provider.fails("away");
  await page.goto(`${open.url}/sign-in`);
  await page.getByRole("button", { name: oidc() }).click();
  await expectRefused(page, /cannot be reached/);
});

test("who comes back is led to where they wanted to go, also after a refusal", ONCE, async ({ page }) => {
  provider.is(somebody({ email: OWNER.email }));
  await page.goto(`${open.url}/sign-in?next=%2Faccount`);
  await page.getByRole("button", { name: GITHUB }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /cancelled or went wrong/ })).toBeVisible();
  await page.getByRole("button", { name: GITHUB }).click();
  await page.getByRole("link", { name: "Authorize" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
});

test("a code that nobody sends, and a browser without cookies, are told calmly", ONCE, async ({ page }) => {
  for (const error of ["Configuration", "undefined", "%3Cscript%3E", "%0D%0AX-A:b", "%C3%BC"]) {
    await page.goto(`${open.url}/api/auth/error?error=${error}`);
    await expectRefused(page, /Signing in/);
  }
  await page.route("**/api/auth/csrf", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { csrfToken: "of another cookie" } });
  });
  await page.goto(`${open.url}/sign-in`);
  await page.getByRole("button", { name: GITHUB }).click();
  await expectRefused(page, /needs cookies/);
  await byPassword(page, OWNER);
  await expectRefused(page, /needs cookies/);
});

test("nothing is offered that is not set up", ONCE, async ({ page, server }) => {
  await page.goto(`${server.url}/sign-in`);
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /Sign in with|Mail me/ })).toHaveCount(0);
  await page.goto(`${server.url}/api/auth/callback/github?code=x&state=y`);
  await expect(page.locator("body")).toContainText("not supported");
});
