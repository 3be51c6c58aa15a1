import { expect } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { ownProject } from "./own-project";
import { openReceiver, type Received } from "./receiver";

const isEvent = (type: string) => (request: Received) => JSON.parse(request.body).type === type;

test("who is told of an approval is on the page of alerts: channels, people and the callback", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const [hook, caller] = [await openReceiver(), await openReceiver()];
  const { home, ask } = await ownProject(page);
  await page.goto(`${home}/channels/new?kind=email`);
  await expect(page.getByText(/Not approvals: whoever may decide one gets a mail/)).toBeVisible();
  await page.getByText("Only these").click();
  const ofApprovals = page.getByRole("checkbox", { name: /approval/ });
  await expect(ofApprovals).toHaveCount(2);
  await expect(ofApprovals.and(page.getByRole("checkbox", { checked: true }))).toHaveCount(0);
  await look(page, "channel-events-email");

  await ask("POST", "/api/channels", { kind: "webhook", name: "Bot", config: { url: hook.url } });
  const context = "Publish the report";
  const callback = `${caller.url}/decided?token=hidden-token`;
  const { approval_id: id } = await ask("POST", "/api/approvals", { context, callback_url: callback });
  await hook.next(isEvent("approval.requested"));
  await ask("POST", `/api/approvals/${id}/decision`, { decision: "approve" });
  await hook.next(isEvent("approval.decided"));
  const { path, body } = await caller.next(isEvent("approval.decided"));
  expect([path, JSON.parse(body).data]).toEqual([
    "/decided?token=hidden-token",
    expect.objectContaining({ approval_id: id, result: 1, status: "approved" }),
  ]);
  hook.close();
  caller.close();

  await page.goto(`${home}/alerts`);
  const alerts = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: context }) });
  await expect(alerts).toHaveCount(2);
  const labelled = (label: string) => alerts.filter({ has: page.getByText(label, { exact: true }) });
  const asked = labelled("APPROVAL NEEDED");
  await expect(asked.getByRole("link", { name: context })).toHaveAttribute("href", `${home}/approvals/${id}`);
  await expect(asked.getByText("admin@localhost", { exact: true })).toBeVisible();
  await expect(labelled("APPROVAL DECIDED").getByText(caller.url, { exact: true })).toBeVisible();
  await expect(page.getByText("hidden-token")).toHaveCount(0);
  await look(page, "alerts-approval");
});
