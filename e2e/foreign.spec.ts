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
  "/workflows",
  "/workflows/new",
  "/workflows/:workflow",
  "/instances/:instance",
  "/instances/:instance/replay",
  "/instances/compare?a=:instance",
  "/approvals",
  "/approvals/:approval",
  "/costs",
  "/alerts",
  "/channels",
  "/channels/new",
  "/channels/:channel",
  "/settings",
  "/settings/people",
  "/settings/keys",
  "/settings/audit",
];

type Ids = { check: string; channel: string; workflow: string; instance: string; approval: string };

async function fill(project: OwnProject): Promise<Ids> {
  const config = { to: "ops@example.org" };
  const { id } = await project.ask("POST", "/api/channels", { kind: "email", name: "Mail", config });
  const stages = [{ name: "Secret stage" }];
  const workflow = await project.ask("POST", "/api/workflows", { kind: "static", name: "Secret", stages });
  const { ping_key: pingKey } = await project.ask("GET", `/api/projects/${project.id}`);
  const staged = await fetch(`${workflow["url"]}?stage=1&key=${pingKey}`);
  const asked = await project.ask("POST", "/api/approvals", { context: "Secret question" });
  return {
    approval: String(asked["approval_id"]),
    check: await addCheck(project, { name: "Secret" }),
    channel: String(id),
    workflow: String(workflow["id"]),
    instance: String((await staged.json()).instance_id),
  };
}

const all = (id: string): Ids => ({ check: id, channel: id, workflow: id, instance: id, approval: id });

test("every page of others is the very 404 page that a missing one is", async ({ page, browser, baseURL }) => {
  test.setTimeout(240_000);
  const theirs = await ownProject(page);
  const ids = await fill(theirs);
  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  const stranger = await context.newPage();
  const own = await makePerson(page, stranger);

  const open = async (path: string, of: Ids & { project: string }): Promise<string> => {
    const filled = path.replace(/:(check|channel|workflow|instance|approval)/, (_, name: keyof Ids) => of[name]);
    const answer = await stranger.goto(`/projects/${of.project}${filled}`);
    expect(answer?.status(), path).toBe(404);
    await expect(stranger.getByRole("heading", { level: 1 })).toHaveText("There is nothing here");
    await expect(stranger.getByText("Secret")).toHaveCount(0);
    return String(await stranger.getByRole("main").textContent());
  };
  for (const path of PAGES) {
    const missing = await open(path, { project: MISSING, ...all(MISSING) });
    expect(await open(path, { project: theirs.id, ...ids })).toBe(missing);
    // Ids of others in a project of one's own.
    if (path.includes(":")) {
      const absent = await open(path, { project: own.id, ...all(MISSING) });
      expect(await open(path, { project: own.id, ...ids })).toBe(absent);
      expect(await open(path, { project: own.id, ...all("nonsense") })).toBe(absent);
    }
  }
  await expectAccessible(stranger);
  await context.close();
});
