import { expect } from "@playwright/test";
import { expectAccessible, test } from "./fixtures";
import { addCheck, type OwnProject, ownProject } from "./own-project";
import { makePerson } from "./people";

const MISSING = "00000000-0000-4000-8000-000000000000";

const PAGES = [
  "",
  "/checks",
  "/checks/new",
  "/checks/:check",
  "/checks/:check/edit",
  "/checks/:check/history",
  "/checks/:check/runs",
  "/alerts",
  "/channels",
  "/channels/new",
  "/channels/:channel",
  "/settings",
  "/settings/people",
  "/settings/keys",
  "/settings/audit",
];

async function fill(project: OwnProject): Promise<{ check: string; channel: string }> {
  const config = { to: "ops@example.org" };
  const { id } = await project.ask("POST", "/api/channels", { kind: "email", name: "Mail", config });
  return { check: await addCheck(project, { name: "Secret" }), channel: String(id) };
}

test("every page of others is the very 404 page that a missing one is", async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const theirs = await ownProject(page);
  const { check, channel } = await fill(theirs);
  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  const stranger = await context.newPage();
  const own = await makePerson(page, stranger);

  const open = async (path: string, ids: { project: string; check: string; channel: string }): Promise<string> => {
    const filled = path.replace(":check", ids.check).replace(":channel", ids.channel);
    const answer = await stranger.goto(`/projects/${ids.project}${filled}`);
    expect(answer?.status(), path).toBe(404);
    await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
    await expect(stranger.getByText("Secret")).toHaveCount(0);
    return String(await stranger.getByRole("main").textContent());
  };
  for (const path of PAGES) {
    const missing = await open(path, { project: MISSING, check: MISSING, channel: MISSING });
    expect(await open(path, { project: theirs.id, check, channel })).toBe(missing);
    // Ids of others in a project of one's own.
    if (path.includes(":")) {
      const absent = await open(path, { project: own.id, check: MISSING, channel: MISSING });
      expect(await open(path, { project: own.id, check, channel })).toBe(absent);
      expect(await open(path, { project: own.id, check: "nonsense", channel: "nonsense" })).toBe(absent);
    }
  }
  await expectAccessible(stranger);
  await context.close();
});
