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

/**
 * Lets `admin`, who is signed in, invite somebody to a project made for that, and signs that person in on `page`; gives
 * the id of the one project they see.
 */
export async function makePerson(admin: Page, page: Page): Promise<{ id: string; email: string }> {
  const headers = { Origin: new URL(admin.url()).origin };
  const email = `${crypto.randomUUID()}@example.com`;
  const made = await admin.request.post("/api/projects", { headers, data: { name: "For one other" } });
  const { id } = await made.json();
  const invited = await admin.request.post(`/api/projects/${id}/invitations`, {
    headers: { ...headers, "X-Project-Id": id },
    data: { email, role: "admin" },
  });
  await page.goto(new URL((await invited.json()).link).pathname);
  await page.getByRole("textbox", { name: "Password" }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Make account and join" }).click();
  await page.waitForURL(`**/projects/${id}`);
  return { id, email };
}
