import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { ownProject } from "./own-project";
import { openReceiver, type Received } from "./receiver";

const isEvent = (type: string) => (request: Received) => JSON.parse(request.body).type === type;

/** Leaves only this one of the events that are chosen. */
async function chooseOnly(page: Page, event: string): Promise<void> {
  const chosen = page.getByRole("checkbox", { checked: true });
  const values = await chosen.evaluateAll((boxes) => boxes.map((box) => box.getAttribute("value")));
  for (const value of values) if (value !== event) await page.locator(`input[value="${value}"]`).uncheck();
  await expect(chosen).toHaveCount(1);
}

test("a workflow that fails is told to whom it concerns, and its alert leads to the instance", async ({
  page,
  server,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const hook = await openReceiver();
  const { id: projectId, home, ask } = await ownProject(page);
  await page.goto(`${home}/alerts`);
  await expect(page.getByText(/or a workflow fails, it is told here/)).toBeVisible();

  await page.goto(`${home}/channels/new?kind=webhook`);
  await page.getByLabel("URL").fill(`${hook.url}/alerts`);
  await page.getByText("Only these").click();
  // What nobody gets without asking for it.
  for (const name of [/^A workflow completes/, /^A check is late/])
    await expect(page.getByRole("checkbox", { name })).not.toBeChecked();
  await chooseOnly(page, "workflow.failed");
  await look(page, "channel-events");
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByText("Nothing sent yet")).toBeVisible();

  const { key } = await ask("POST", `/api/projects/${projectId}/keys`, { name: "Pipeline", scopes: ["ping"] });
  const send = async (query: string): Promise<string> => {
    const answer = await fetch(`${server.url}/dhk/train?${query}&key=${key}`);
    expect(answer.status, query).toBe(200);
    return (await answer.json()).instance_id;
  };
  await send("stagePath=1&start=yes&final=yes&agent=fetcher");
  const instance = await send("stagePath=1&start=yes&agent=fetcher");
  await send("stagePath=2&status=failed&agent=trainer");
  const { data } = JSON.parse((await hook.next(isEvent("workflow.failed"))).body);
  expect(data).toMatchObject({ workflow_id: "train", instance_id: instance, agent_code: "fetcher", stage_path: "2" });
  expect(hook.received.map(({ body }) => JSON.parse(body).type)).toEqual(["workflow.failed"]);
  hook.close();

  await page.goto(`${home}/alerts`);
  const alerts = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "train" }) });
  await expect(alerts).toHaveCount(1);
  await look(page, "alerts-workflow");
  // On a phone, too, the filter is a field that lists the types.
  const filter = page.getByRole("combobox", { name: "Type" });
  await filter.click();
  await page.getByRole("option", { name: "Workflow completed" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await filter.click();
  await page.getByRole("option", { name: "Workflow failed" }).click();
  await expect(alerts).toHaveCount(1);
  await expect(alerts.getByText("FAILED", { exact: true })).toBeVisible();
  await expect(alerts.getByText("Open")).toBeVisible();
  await expect(alerts.getByRole("link", { name: "train" })).toHaveAttribute("href", `${home}/instances/${instance}`);
});
