import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { type OwnProject, ownProject } from "./own-project";

test.describe.configure({ timeout: 120_000 });

const MODEL = "house/llama-3:70b";

/** Reports steps of a model without a price, by the front door. */
async function report(page: Page, { id, ask }: OwnProject, steps: number): Promise<string> {
  const { ping_key: key } = await ask("GET", `/api/projects/${id}`);
  const workflow = `w-${crypto.randomUUID().slice(0, 8)}`;
  for (let step = 1; step <= steps; step += 1) {
    const answer = await page.request.post(
      `/dhk/${workflow}?stagePath=${step}&key=${key}${step === 1 ? "&start=yes" : ""}`,
      { data: { model_id: MODEL, usage: { input_tokens: 1_000_000, output_tokens: 100_000 } } },
    );
    expect(answer.status()).toBe(200);
  }
  return workflow;
}

const models = (page: Page) => page.getByRole("region", { name: "Unpriced models" });
const prices = (page: Page) => page.getByRole("region", { name: "Own prices" });
const dialog = (page: Page) => page.getByRole("dialog");

test("a model without a price is listed, gets one, and its steps with it", async ({ page }) => {
  const own = await ownProject(page);
  const workflow = await report(page, own, 3);
  await page.goto(`${own.home}/costs`);
  await expect(page.getByRole("heading", { name: "Unpriced models" })).toBeVisible();
  await expect(models(page)).toContainText(MODEL);
  for (const cell of ["3", "3,000,000", "300,000"])
    await expect(models(page).getByRole("cell", { name: cell, exact: true })).toBeVisible();
  await expect(models(page).getByRole("link", { name: workflow })).toBeVisible();
  await look(page, "prices-unpriced");

  await page.getByRole("button", { name: `Set a price: ${MODEL}` }).click();
  await expect(dialog(page).getByLabel("Model")).toHaveValue(MODEL);
  await dialog(page).getByRole("button", { name: "Save price" }).click();
  await expect(dialog(page).getByText("Enter a price.").first()).toBeVisible();
  await look(page, "prices-dialog");
  await dialog(page).getByLabel("Input").fill("2");
  await dialog(page).getByLabel("Output").fill("10");
  await dialog(page).getByRole("button", { name: "Save price" }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByText("3 of 3 steps priced.")).toBeVisible();
  await expect(page.getByText("Every model has a price")).toBeVisible();
  await expect(prices(page).getByRole("row", { name: MODEL })).toContainText("$2.00");
  await look(page, "prices-own");
  // Each a million in at $2 and a tenth of one out at $10.
  expect(await own.ask("GET", `/api/workflows/${workflow}/cost`)).toMatchObject({
    total_cost_usd: 9,
    unpriced_steps: 0,
  });
});

test("own prices are made, changed and removed", async ({ page }) => {
  const own = await ownProject(page);
  await page.goto(`${own.home}/costs`);
  await expect(page.getByText("No own prices")).toBeVisible();
  await page.getByRole("button", { name: "New price" }).click();
  await dialog(page).getByLabel("Model").fill("a*b");
  await dialog(page).getByLabel("Input").fill("0");
  await dialog(page).getByLabel("Output").fill("0.000001");
  await dialog(page).getByRole("button", { name: "Save price" }).click();
  await expect(dialog(page).getByText("with * only at its end")).toBeVisible();
  await dialog(page).getByLabel("Model").fill("house/*");
  await dialog(page).getByRole("button", { name: "Save price" }).click();
  await expect(page.getByText("The price is saved.")).toBeVisible();
  const row = prices(page).getByRole("row", { name: "house/*" });
  await expect(row).toContainText("$0.000001");

  await page.getByRole("button", { name: "Edit the price: house/*" }).click();
  await dialog(page).getByLabel("Read from a cache").fill("0.5");
  await dialog(page).getByRole("button", { name: "Save price" }).click();
  await expect(row).toContainText("$0.50");

  await page.getByRole("button", { name: "Remove: house/*" }).click();
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No own prices")).toBeVisible();
});
