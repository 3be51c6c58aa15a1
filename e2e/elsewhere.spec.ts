import { expect } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { signIn } from "./people";

test("a check is reported to by the address of another service, copied from its page", async ({
  page,
  server,
  request,
}, info) => {
  const project = await signIn(page);
  const answer = await request.post(`${server.url}/api/v3/checks/`, {
    headers: { "X-Api-Key": server.apiKey },
    data: { name: "Elsewhere", slug: `elsewhere-${info.project.name}-${Date.now()}`, timeout: 86_400, grace: 3600 },
  });
  const { uuid } = await answer.json();
  await page.goto(`/projects/${project}/checks/${uuid}`);

  const fold = page.getByText(/^Show \d+ addresses of this check$/);
  const kuma = page.getByRole("region", { name: "address for Uptime Kuma" });
  await expect(kuma).toBeHidden();
  await fold.focus();
  await page.keyboard.press("Enter");
  await expect(kuma).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
  await page.screenshot({ path: info.outputPath("elsewhere.png"), fullPage: true });

  await page.getByRole("button", { name: "Copy address for Cronitor" }).click();
  await expect(page.getByRole("tooltip", { name: "Copied" })).toBeVisible();

  const pushed = await request.get(((await kuma.textContent()) ?? "").replace("msg=OK", "msg=All+good"));
  expect(await pushed.json()).toEqual({ ok: true });
  await expect(page.getByRole("status", { name: "Status" })).toHaveText("Up");
  await expect(page.getByText("All good").filter({ visible: true })).toHaveCount(1);
  // What was unfolded stays so while the page renews itself.
  await expect(kuma).toBeVisible();
});
