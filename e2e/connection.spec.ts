import { expect } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";
import { look } from "./look";
import { addCheck, ownProject } from "./own-project";
import { signIn } from "./people";

/** A page that is cut off on purpose may say so in its console. */
test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_CLOSED|Failed to fetch/ });

const LOST = "Connection lost";

test("a cut connection is told, and the page is fresh again when it is back", async ({ page, context }) => {
  const project = await ownProject(page);
  await addCheck(project, { name: "Before" });
  await page.goto(`${project.home}/checks`);
  await expect(page.getByRole("link", { name: "Before" })).toBeVisible();

  let attempts = 0;
  page.on("requestfailed", (request) => {
    if (request.url().endsWith("/api/health")) attempts += 1;
  });
  await context.setOffline(true);
  await expect(page.getByText(LOST)).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("link", { name: "Before" })).toBeVisible();
  await look(page, "connection-lost");
  const seen = attempts;
  await expect.poll(() => attempts, { timeout: 15_000 }).toBeGreaterThan(seen);
  await context.setOffline(false);
  await addCheck(project, { name: "Meanwhile" });
  await expect(page.getByRole("link", { name: "Meanwhile" })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText(LOST)).toHaveCount(0);
});

test("a check that is made without a connection keeps its form and can be sent again", async ({ page, context }) => {
  const { home } = await ownProject(page);
  await page.goto(`${home}/checks/new`);
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await name.fill("Typed on a train");
  await page.getByLabel("Description").fill("In a tunnel");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Make check" }).click();
  const problem = page.locator("form").getByRole("alert");
  await expect(problem).toHaveText("The connection is lost. Nothing was changed; try again.");
  await expect(name).toHaveValue("Typed on a train");
  await expect(page.getByLabel("Description")).toHaveValue("In a tunnel");
  await expectAccessible(page);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Make check" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Typed on a train");
});

test("forms of the settings keep what was typed without a connection", async ({ page, context }) => {
  const { home } = await ownProject(page);
  const forms = [
    { path: "/settings", field: "Name", button: "Save" },
    { path: "/settings/people", field: "E-mail", button: "Invite" },
    { path: "/channels/new?kind=email", field: "Send to", button: "Add channel" },
    { path: "", field: "Name of the job", button: "Watch it" },
  ];
  for (const { path, field, button } of forms) {
    await page.goto(`${home}${path}`);
    await page.getByRole("main").getByLabel(field, { exact: false }).fill("train@example.org");
    await context.setOffline(true);
    await page.getByRole("main").getByRole("button", { name: button }).click();
    await expect(page.locator("form").getByRole("alert")).toContainText("The connection is lost.");
    await expect(page.getByRole("main").getByLabel(field)).toHaveValue("train@example.org");
    await context.setOffline(false);
  }
});

test("signing in without a connection stays on the page", async ({ page, context }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill("admin@localhost");
  await page.getByLabel(/^Password/).fill("password-for-the-browser-tests");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The connection is lost" })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("admin@localhost");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/projects\//);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Overview");
});

test("what a broken server answers beside a form is told there, too", async ({ page }) => {
  await signIn(page);
  await page.goto("/projects/new");
  await page.getByLabel("Name").fill("Not to be");
  await page.route("**/api/projects", (route) => route.abort("connectionclosed"));
  await page.getByRole("button", { name: "Make project" }).click();
  await expect(page.locator("form").getByRole("alert")).toContainText("The connection is lost.");
  await expect(page.getByLabel("Name")).toHaveValue("Not to be");
});
