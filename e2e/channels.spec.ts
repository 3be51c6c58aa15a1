import { randomUUID } from "node:crypto";
import { expect, type Page } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";
import { openReceiver, type Received } from "./receiver";
import type { Server } from "./server";

type Json = Record<string, unknown>;

async function api(server: Server, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${server.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "X-Api-Key": server.apiKey, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return response.json();
}

/** Signs in and gives the address of the project's pages. */
async function signIn(page: Page): Promise<string> {
  // What fades in has no colours to judge yet.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByRole("textbox", { name: "Password" }).fill("password-for-the-browser-tests");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname;
}

async function expectFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
}

/** Accessible, within its window, and kept as a picture for people to look at. */
async function expectGood(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await expectFits(page);
  const picture = `.test/e2e/pictures/${name}-${test.info().project.name}.png`;
  await page.screenshot({ path: picture, fullPage: true });
}

const isEvent = (type: string) => (request: Received) => (JSON.parse(request.body) as Json)["type"] === type;

test("a webhook is added, tried, told of an outage, and the alert is acknowledged", async ({ page, server }) => {
  const hook = await openReceiver();
  const name = `Hook ${randomUUID().slice(0, 8)}`;
  const home = await signIn(page);

  await page.goto(`${home}/channels/new`);
  await expectGood(page, "channels-new");
  await page.getByRole("link", { name: /^Webhook/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New channel: Webhook");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("URL").fill("http://10.1.2.3/alerts");
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByText("address not allowed")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await expectGood(page, "channels-form");
  await page.getByLabel("URL").fill(`${hook.url}/alerts`);
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByText("Nothing sent yet")).toBeVisible();
  await expectGood(page, "channel-empty");

  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The receiver answered 200.")).toBeVisible();
  await hook.next(isEvent("channel.test"));
  await expect(page.getByText(`TEST: ${name}`)).toBeVisible();

  const channelId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const checkName = `Backup ${randomUUID().slice(0, 8)}`;
  const check = await api(server, "/api/v3/checks/", { name: checkName, timeout: 3600, channels: channelId });
  await fetch(String(check["ping_url"]));
  await fetch(`${check["ping_url"]}/fail`);
  await hook.next(isEvent("check.down"));

  await page.goto(`${home}/alerts?status=open`);
  const alert = page.getByRole("listitem").filter({ hasText: `"${checkName}" is down` });
  await expect(alert.getByRole("link", { name: checkName })).toHaveAttribute("href", `${home}/checks/${check["uuid"]}`);
  await expect(alert.getByRole("link", { name })).toBeVisible();
  await expect(alert.getByText("Sent")).toBeVisible();
  await expectGood(page, "alerts");
  await alert.getByRole("button", { name: "Acknowledge" }).click();
  await expect(alert).toHaveCount(0);
  await page.goto(`${home}/alerts?status=acknowledged&type=check.down`);
  await expect(alert.getByText(/Acknowledged/)).toBeVisible();
  await alert.getByRole("button", { name: "Resolve" }).click();
  await expect(alert).toHaveCount(0);

  await page.goto(`${home}/channels/${channelId}?status=sent`);
  const line = page.getByRole("listitem").filter({ hasText: `DOWN: ${checkName}` });
  await expect(line.getByText("HTTP 200")).toBeVisible();
  await line.getByRole("button", { name: "Details" }).click();
  await expect(page.getByRole("dialog").getByText("check.down")).toBeVisible();
  await expectGood(page, "delivery");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expectGood(page, "channel");
  hook.close();
});

test("a failed delivery is sent again, and a channel is disabled, enabled and deleted", async ({ page, server }) => {
  const name = `Slack ${randomUUID().slice(0, 8)}`;
  const hook = await openReceiver();
  // Nothing listens there any more once the receiver is closed.
  const config = { webhook_url: `${hook.url}/slack` };
  hook.close();
  const channel = await api(server, "/api/channels", { kind: "slack", name, config });
  const home = await signIn(page);
  await page.goto(`${home}/channels`);
  await expectGood(page, "channels");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page.getByText("The test did not go through")).toBeVisible();
  await expect(page.getByLabel("Webhook URL")).toHaveValue("");
  const line = page.getByRole("listitem").filter({ hasText: `TEST: ${name}` });
  await expect(line.getByText("connection refused")).toBeVisible();

  const back = await openReceiver();
  await page.getByLabel("Webhook URL").fill(`${back.url}/slack`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await line.getByRole("button", { name: "Retry" }).click();
  await back.next(() => true);
  await expect(line.getByText("HTTP 200")).toBeVisible();

  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("Somebody disabled it.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Enable" }).click();
  await expect(page.getByText("Somebody disabled it.", { exact: false })).toHaveCount(0);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/channels$/);
  await expect(page.getByText(`Deleted “${name}”.`)).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expectAccessible(page);
  // A message stays as long as the pointer rests on it, and on a phone it may lie over the list.
  await page.mouse.move(0, 0);
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/channels$/);
  // Who leaves the page does not wait for the end of the time in which it can be undone.
  const deleted = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  expect((await deleted).status()).toBe(204);
  const gone = await page.goto(`${home}/channels/${channel["id"]}`);
  expect(gone?.status()).toBe(404);
  back.close();
});

test("filters that match nothing say so", async ({ page }) => {
  const home = await signIn(page);
  await page.goto(`${home}/alerts?status=nonsense&cursor=x`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Alerts");
  await page.goto(`${home}/channels/not-a-channel`);
  await expect(page.getByText("There is nothing here")).toBeVisible();
});
