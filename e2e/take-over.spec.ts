import { expect } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { ownProject } from "./own-project";

test("a job of another service is taken over by its address, and turns green once its host is changed", async ({
  page,
  server,
}) => {
  const { home } = await ownProject(page);
  const uuid = crypto.randomUUID();
  await page.goto(`${home}/checks/new`);
  await page.getByRole("button", { name: /^Moving from another service/ }).click();
  const address = page.getByRole("textbox", { name: /^Address, or the whole line/ });

  await address.fill("https://example.org/nothing");
  await page.getByRole("button", { name: "Take it over" }).click();
  await expect(page.getByText("This is no address of a service that we know.")).toBeVisible();
  await expect(address).toHaveValue("https://example.org/nothing");

  await address.fill('backup.sh; curl "https://nosnch.in/c2354d53d2?s=$?"');
  await expect(page.getByText(`Here it will be ${server.url}/api/heartbeat/c2354d53d2`)).toBeVisible();
  await expect(page.getByText("send the exit status as /$? at its end")).toBeVisible();
  await expectFits(page);

  await address.fill(`0 3 * * * backup.sh && curl -fsS "https://hc-ping.com/${uuid}"`);
  await expect(page.getByText(`Healthchecks. Here it will be ${server.url}/ping/${uuid}`)).toBeVisible();
  await page.getByRole("textbox", { name: "Name of the check" }).fill("Nightly backup");
  await expectAccessible(page);
  await expectFits(page);
  await page.getByRole("button", { name: "Take it over" }).click();

  await page.waitForURL(new RegExp(`/checks/${uuid}$`));
  await expect(page.getByRole("heading", { level: 1, name: "Nightly backup" })).toBeVisible();
  expect((await page.request.get(`${server.url}/ping/${uuid}`)).status()).toBe(200);
  await expect(page.getByTestId("sentence")).toContainText("Up. Last signal");

  await page.goto(`${home}/checks/new`);
  await page.getByRole("button", { name: /^Moving from another service/ }).click();
  await address.fill(`https://hc-ping.com/${uuid}`);
  await page.getByRole("button", { name: "Take it over" }).click();
  await expect(page.getByText("There is a check with this address already.")).toBeVisible();
});

test("what a heartbeat said of itself is shown beside it, as text", async ({ page, server }) => {
  const { home, ask } = await ownProject(page);
  const made = await ask("POST", "/api/v3/checks/", { name: "Import" });
  const url = `${server.url}/api/heartbeat/${String(made["heartbeat_token"])}`;
  const data = { status: "partial", message: "<b>1247</b> records", duration: "12.5s", rows: 1247 };
  expect((await page.request.post(url, { data })).status()).toBe(200);
  await page.goto(`${home}/checks/${String(made["uuid"])}`);
  const events = page.getByRole("table", { name: "Events" });
  await expect(events).toContainText("<b>1247</b> records");
  await expect(events).toContainText("partial · took 12.5 s by its own measure");
  await expect(events).toContainText("rows=1247");
  await expectAccessible(page);
  await expectFits(page);
});
