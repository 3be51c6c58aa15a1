import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import * as shk from "../../shk/[workflow]/route";
import * as dhk from "./route";

type Handler = (request: Request) => Promise<Response>;

const TAKEN = { GET: 200, HEAD: 200, POST: 200 };
const OTHERS = { PUT: 405, PATCH: 405, DELETE: 405, OPTIONS: 204 };

test.each<[string, string, Record<string, Handler>]>([
  ["static", "stage=1", shk],
  ["dynamic", "stagePath=1&start=yes", dhk],
])("%s: every method of the route handler behaves as at the front door", async (kind, query, route) => {
  const project = await makeProject();
  const id = await makeWorkflow(project.id, kind === "static" ? { rules: staticRules(2) } : {});
  const url = `http://x/${kind === "static" ? "shk" : "dhk"}/${id}?${query}&key=${project.pingKey}`;
  const statuses: [string, number][] = [];
  for (const [method, handler] of Object.entries(route)) {
    statuses.push([method, (await handler(new Request(url, { method }))).status]);
  }
  expect(Object.fromEntries(statuses)).toEqual({ ...TAKEN, ...OTHERS });
  const begun = await pool().query("SELECT n_steps FROM instances WHERE project_id = $1", [project.id]);
  expect(begun.rows).toEqual(Array(3).fill({ n_steps: 1 }));
});

test("what a route handler is told in a body, and what it answers", async () => {
  const project = await makeProject();
  const id = await makeWorkflow(project.id);
  const body = { key: project.pingKey, stagePath: "1", start: "yes", model_id: "claude-3-opus" };
  const send = (told: object) =>
    dhk.POST(new Request(`http://x/dhk/${id}`, { method: "POST", body: JSON.stringify(told) }));
  const answer = await send(body);
  expect(await answer.json()).toMatchObject({ workflow_id: id, stage_path: "1", workflow_status: "running" });
  expect((await send({ ...body, key: "another" })).status).toBe(401);
  const { rows } = await pool().query("SELECT path, model_id FROM stage_executions WHERE project_id = $1", [
    project.id,
  ]);
  expect(rows).toEqual([{ path: "1", model_id: "claude-3-opus" }]);
});
