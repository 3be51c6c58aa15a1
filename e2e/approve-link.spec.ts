import { type Browser, expect, type Page } from "@playwright/test";
import { approvalsOf, askByMail, type Mailing, onDatabaseOf, startMailing, storedOf } from "./approval-mail";
import { test as base, expectAccessible, expectFits } from "./fixtures";
import { ADMIN } from "./people";
import type { Running } from "./server";

const test = base.extend<{ own: Running }, { mailing: Mailing }>({
  // A server of its own, to read its mail and to look into what it keeps.
  mailing: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright insists on a destructured argument.
    async ({}, use) => {
      const { stop, ...mailing } = await startMailing();
      await use(mailing);
      await stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  own: async ({ mailing }, use) => use(mailing.server),
  server: async ({ own }, use) => use(own),
});

/** The browser of somebody who opens the mail elsewhere: nobody is signed in there, and scripts may be off. */
async function open(browser: Browser, { own, scripts }: { own: Running; scripts: boolean }): Promise<Page> {
  const { viewport = null, isMobile = false, userAgent } = test.info().project.use;
  const agent = userAgent === undefined ? {} : { userAgent };
  const look = { viewport, isMobile, ...agent, baseURL: own.url, javaScriptEnabled: scripts };
  return (await browser.newContext(look)).newPage();
}

const heading = (page: Page) => page.getByRole("heading", { level: 1 });
const button = (page: Page) => page.getByRole("main").getByRole("button");

async function expectOutcome(page: Page, words: string): Promise<void> {
  await expect(heading(page)).toHaveText(words);
  await expect(page.getByText(`By ${ADMIN.email} at`)).toBeVisible();
  await expect(button(page)).toHaveCount(0);
}

for (const scripts of [true, false]) {
  test(`a person approves from a mail, ${scripts ? "with" : "without"} scripts`, async ({ browser, own, mailing }) => {
    const mail = await askByMail(mailing, { action: "publish", args: { post: 7 } });
    const page = await open(browser, { own, scripts });
    const answer = await page.goto(mail.approve);
    expect(answer?.status()).toBe(200);
    await expect(heading(page)).toHaveText("Approve this?");
    await expect(page.getByText("Written by the requester, not by Pulsetrail")).toBeVisible();
    await expect(page.getByText("Q4 Earnings Report")).toBeVisible();
    await expect(page.getByText(mail.to, { exact: true })).toBeVisible();
    await expect(page.getByText(/^Denied at/)).toBeVisible();
    await expect(button(page)).toHaveCount(1);
    if (scripts) {
      await expectFits(page);
      await expectAccessible(page);
      await expect.poll(async () => (await storedOf(own, mail.id)).events).toEqual(["viewed by link"]);
    }
    await page.getByLabel("Notes").fill("Go on,\nplease");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.waitForURL(`**${mail.approve}`);
    await expectOutcome(page, "Approved");
    await expect(page.getByText("Go on,\nplease")).toBeVisible();
    const { events, ...stored } = await storedOf(own, mail.id);
    expect(stored).toEqual({ status: "approved", by: ADMIN.email, votes: 1 });
    expect(events).toEqual([...(scripts ? ["viewed by link"] : []), "decided by link"]);

    // Neither link does anything any more, and both tell what came of it.
    for (const link of [mail.approve, mail.deny]) {
      expect((await page.goto(link))?.status()).toBe(200);
      await expectOutcome(page, "Approved");
    }
    if (scripts) await expectAccessible(page);
    await page.context().close();
  });
}

test("the other link denies", async ({ page, own, mailing }) => {
  const mail = await askByMail(mailing);
  await page.goto(mail.deny);
  await expect(heading(page)).toHaveText("Deny this?");
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Deny" }).click();
  await expectOutcome(page, "Denied");
  expect(await storedOf(own, mail.id)).toMatchObject({ status: "denied", votes: 1 });
});

test("one of two voices is counted, and the link says that it stays open", async ({ page, mailing }) => {
  const mail = await askByMail(mailing, { need: 2 });
  await page.goto(mail.approve);
  await expect(page.getByText("0 of 2")).toBeVisible();
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(heading(page)).toHaveText("Your vote is in");
  await expect(page.getByText("1 of 2")).toBeVisible();
  await expect(button(page)).toHaveCount(0);
  await expectAccessible(page);
});

test("high risk asks for signing in, and the way there does not tell the link", async ({ page, own, mailing }) => {
  const mail = await askByMail(mailing, { risk: "high" });
  await page.goto(mail.approve);
  await expect(page.getByText("a link is not enough")).toBeVisible();
  await expect(button(page)).toHaveCount(0);
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sign in to decide" }).click();
  const place = `/projects/${mail.project}/approvals/${mail.id}`;
  await page.waitForURL(`**/sign-in?next=${encodeURIComponent(place)}`);
  await page.getByLabel("E-mail").fill(ADMIN.email);
  await page.getByLabel(/^Password/).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(`**${place}`);
  await expect(heading(page)).toHaveText("Publish blog post: Q4 Earnings Report");
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await page.goto(mail.approve);
  await expect(page.getByText(`You are signed in as ${ADMIN.email}`)).toBeVisible();
  await expect(page.getByRole("link", { name: "Decide on its page" })).toHaveAttribute("href", place);
  expect(await storedOf(own, mail.id)).toMatchObject({ status: "pending", votes: 0 });
  await page.getByRole("link", { name: "Decide on its page" }).click();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await expect(page.getByText(`Approved by ${ADMIN.email}`).first()).toBeVisible();
  expect(await storedOf(own, mail.id)).toMatchObject({ status: "approved", by: ADMIN.email, votes: 1 });
});

test("what the requester wrote cannot be followed or run", async ({ page, mailing }) => {
  const context =
    "<script>alert(1)</script>\nSee https://evil.example/x and call +1 555 0100\n<img src=x onerror=alert(2)>";
  const mail = await askByMail(mailing, {
    context,
    action: "<b>pay</b>",
    args: { to: "<a href='//evil.example'>x</a>" },
  });
  await page.goto(mail.approve);
  await expect(page.getByText(context)).toBeVisible();
  await expect(page.getByText("<b>pay</b>", { exact: true })).toBeVisible();
  const links = await page
    .getByRole("main")
    .getByRole("link")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  expect(links.filter((href) => /evil|555/.test(String(href)))).toEqual([]);
  await expectFits(page);
  await expect(page.locator("meta[name=format-detection]")).toHaveAttribute("content", /telephone=no/);
});

test("who has left meanwhile is refused in words", async ({ page, own, mailing }) => {
  const mail = await askByMail(mailing);
  await page.goto(mail.approve);
  await expect(button(page)).toHaveCount(1);
  const move = (role: string) =>
    onDatabaseOf(own, (client) =>
      client.query("UPDATE memberships SET role = $1::role WHERE project_id = $2", [role, mail.project]),
    );
  await move("viewer");
  await page.getByRole("button", { name: "Approve" }).click();
  await expect(heading(page)).toHaveText("Your answer was not counted");
  await expect(page.getByText("Your role in this project")).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Look at it again" }).click();
  await expect(page.getByText("Your role in this project")).toBeVisible();
  await expect(button(page)).toHaveCount(0);
  await move("owner");
  expect(await storedOf(own, mail.id)).toMatchObject({ status: "pending", votes: 0 });
});

const HEADERS = {
  "cache-control": /no-store/,
  "referrer-policy": /^no-referrer$/,
  "x-robots-tag": /^noindex, nofollow$/,
  "content-security-policy": /form-action 'self'/,
};

test("looking changes nothing, and a link that was cut short leads nowhere @once", async ({
  request,
  own,
  mailing,
}) => {
  const mail = await askByMail(mailing);
  const before = await approvalsOf(own);
  const cut = mail.approve.slice(0, -1);
  for (const [path, status] of [
    [mail.approve, 200],
    [`${mail.deny}/`, 200],
    [cut, 404],
    [`${mail.approve}0`, 404],
    ["/approve/x", 404],
  ] as const) {
    for (const method of ["GET", "HEAD"]) {
      const answer = await request.fetch(path, { method, maxRedirects: 0 });
      expect([method, path, answer.status()]).toEqual([method, path, status]);
      const headers = answer.headers();
      for (const [name, value] of Object.entries(HEADERS)) expect(headers[name], name).toMatch(value);
    }
    for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) await request.fetch(path, { method });
    // Without the mark of its page a form is nobody's.
    const posted = await request.post(path, { form: { notes: "x" }, maxRedirects: 0 });
    expect([path, posted.status()]).toEqual([path, status === 200 ? 403 : 404]);
    expect(posted.headers()["content-type"]).toBe("text/html; charset=utf-8");
  }
  expect(await approvalsOf(own)).toBe(before);
});
