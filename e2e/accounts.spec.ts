import { expect } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { openReceiver, type Receiver } from "./receiver";
import { type Running, startServer } from "./server";

// A server of its own, on which people may sign up and mail leaves.
let open: Running;
let mail: Receiver;

test.beforeAll(async () => {
  mail = await openReceiver({ id: "mail-1" });
  open = await startServer({
    SIGNUPS: "open",
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: mail.url,
    EMAIL_FROM: "Pulsetrail <hello@example.org>",
  });
});
test.afterAll(async () => {
  mail.close();
  await open.stop();
});

/** The link in the mail to this address. */
async function linkTo(email: string): Promise<string> {
  const { body } = await mail.next((request) => (JSON.parse(request.body) as { to: string }).to === email);
  return /http\S+token=\w+/.exec((JSON.parse(body) as { text: string }).text)?.[0] ?? "";
}

test("from sign-up to the first green check", async ({ page, request }) => {
  const email = `ann-${test.info().project.name}@example.org`;
  await page.goto(`${open.url}/sign-up`);
  await expectAccessible(page);
  await expectFits(page);
  await page.getByLabel("Your name").fill("Ann");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(/^Password/).fill("too short");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByText("must have at least 10 characters")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(email);
  await page.getByLabel(/^Password/).fill("long enough at last");
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByText("Look into your mail")).toBeVisible();

  const link = await linkTo(email);
  // As a mail scanner would.
  expect((await request.get(link)).status()).toBe(200);
  expect((await request.get(link)).status()).toBe(200);
  await page.goto(link);
  await expect(page.getByText(email)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.goto(link);
  await expect(page.getByText("has been used or is too old")).toBeVisible();

  await page.goto(open.url);
  await expectAccessible(page);
  await page.getByLabel("Name of the job").fill("Nightly backup");
  await page.getByRole("button", { name: "Watch it" }).click();
  await page.waitForURL(/checks\/[0-9a-f-]{36}$/);
  await expect(page.getByText("Waiting for the first signal").first()).toBeVisible();
  const [checkId] = /[0-9a-f-]{36}$/.exec(page.url()) ?? [""];
  expect(await (await request.get(`${open.url}/ping/${checkId}`)).text()).toBe("OK");
  // By itself, without a reload.
  await expect(page.getByText(/^Up\. Last signal/)).toBeVisible({ timeout: 15_000 });
});
