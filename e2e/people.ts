import { expect, type Page } from "@playwright/test";

export const ADMIN = { email: "admin@localhost", password: "password-for-the-browser-tests" };

/** Signs in by the form and waits for the project's overview; gives the project's id. */
export async function signIn(page: Page, { email, password } = ADMIN): Promise<string> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}/);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  return /projects\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";
}
