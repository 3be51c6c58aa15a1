import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf, recordingPool } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { freshId, stages } from "@/lib/testing/stages";
import { makeProject } from "@/lib/testing/world";
import { costCommand } from "@/lib/workflows/detail/snippets";
import { exportCosts } from "./export-queries";
import { getCostOverview } from "./queries";
import { COST_GROUPINGS, type CostOverview, type OverviewQuery } from "./schema";
import { cellsOf } from "./statements";

const at = stages();

type Kept = {
  workflow: string;
  ago: number;
  model: string;
  agent: string;
  micros: number;
  unpriced: number;
};

/** A project with such sums, as they are kept with each step. `ago`: days before today. */
async function projectWith(kept: Kept[], timeZone = "UTC") {
  const project = await makeProject();
  await pool().query("UPDATE projects SET time_zone = $2 WHERE id = $1", [project.id, timeZone]);
  const workflows = [...new Set(kept.map(({ workflow }) => workflow))];
  await pool().query(
    `INSERT INTO workflows (project_id, id, name, kind)
     SELECT $1, id, 'Name of ' || id, 'dynamic' FROM unnest($2::text[]) AS w (id)`,
    [project.id, workflows],
  );
  await pool().query(
    `INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
     SELECT $1, workflow, (now() AT TIME ZONE $3)::date - ago, model, agent, count(*), sum(unpriced), sum(micros), 10 * count(*), count(*)
       FROM jsonb_to_recordset($2) AS k (workflow text, ago int, model text, agent text, micros int8, unpriced int)
      GROUP BY 2, 3, 4, 5`,
    [project.id, JSON.stringify(kept), timeZone],
  );
  return project;
}

const ask = (project: { caller: Parameters<typeof getCostOverview>[0] }, query: Partial<OverviewQuery> = {}) =>
  getCostOverview(project.caller, { days: 30, by: "workflow", ...query });

const micros = (usd: number): number => Math.round(usd * 1_000_000);
const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const ofGroups = ({ groups }: CostOverview): number => sum(groups.map(({ cost_usd: usd }) => micros(usd)));
const ofDays = ({ days }: CostOverview): number =>
  sum(days.flatMap(({ costs, other_cost_usd: other }) => [...Object.values(costs), other]).map(micros));

const kept = fc.record({
  workflow: fc.integer({ min: 0, max: 11 }).map((n) => `workflow_${n}`),
  ago: fc.integer({ min: -1, max: 70 }),
  model: fc.constantFrom("", "gpt-4o", "claude-sonnet-4-5", ...Array.from({ length: 9 }, (_, n) => `m${n}`)),
  agent: fc.constantFrom("", "writer", "__proto__"),
  micros: fc.nat(5_000_000),
  unpriced: fc.integer({ min: 0, max: 1 }),
});

test("groups add up to what the days do, and both to the total, whatever was spent on what", async () => {
  const by = fc.constantFrom("workflow" as const, "model" as const, "agent" as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(kept, { maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      by,
      async (all, days, grouping) => {
        const overview = await ask(await projectWith(all), { days, by: grouping });
        const within = all.filter(({ ago }) => ago >= 0 && ago < days);
        const total = sum(within.map((one) => one.micros));
        expect([micros(overview.total_cost_usd), ofGroups(overview), ofDays(overview)]).toEqual([total, total, total]);
        expect(sum(overview.groups.map(({ steps }) => steps))).toBe(within.length);
        expect(overview.unpriced_steps).toBe(sum(within.map(({ unpriced }) => unpriced)));
        const earlier = all.filter(({ ago }) => ago >= days && ago < 2 * days);
        expect(micros(overview.previous_cost_usd)).toBe(sum(earlier.map((one) => one.micros)));
        const costs = overview.groups.map(({ cost_usd: usd }) => usd);
        expect(costs).toEqual(costs.toSorted((a, b) => b - a));
      },
    ),
    { numRuns: 40 },
  );
});

test("what comes behind the dearest 200 is one, and days tell the dearest 8 apart", async () => {
  const all = Array.from({ length: 210 }, (_, n) => ({
    workflow: `w_${String(n).padStart(3, "0")}`,
    ago: n % 3,
    model: "",
    agent: "",
    micros: 1000 - n,
    unpriced: n === 209 ? 1 : 0,
  }));
  const { groups, days, unpriced_steps: unpriced } = await ask(await projectWith(all), { days: 3 });
  expect(groups.length).toBe(201);
  expect(groups[0]).toMatchObject({ key: "w_000", name: "Name of w_000", cost_usd: 0.001, unpriced_steps: 0 });
  const others = sum(all.slice(200).map((one) => one.micros));
  expect(groups.at(-1)).toMatchObject({ key: null, name: "Others", steps: 10, unpriced_steps: 1, input_tokens: 100 });
  expect(micros(groups.at(-1)?.cost_usd ?? 0)).toBe(others);
  const keys = new Set(days.flatMap(({ costs }) => Object.keys(costs)));
  expect([...keys].sort()).toEqual(all.slice(0, 8).map(({ workflow }) => workflow));
  expect(unpriced).toBe(1);
});

test("a day is that of the project's time zone", async () => {
  const one = { workflow: "w", ago: 0, model: "", agent: "", micros: 7, unpriced: 0 };
  for (const timeZone of ["Pacific/Kiritimati", "Pacific/Niue"]) {
    const overview = await ask(await projectWith([one], timeZone), { days: 1 });
    expect(overview).toMatchObject({ time_zone: timeZone, today_cost_usd: 0.000007, total_cost_usd: 0.000007 });
  }
});

describe("steps that were told", () => {
  test("count under their workflow, model, agent and each of their tags", async () => {
    const workflow = freshId();
    const usage = { input_tokens: 100, output_tokens: 10 };
    const told = (path: string, body: object, more = "") => at.post(`/dhk/${workflow}?stagePath=${path}${more}`, body);
    await told("1", { cost_usd: 1, model_id: "gpt-4o", usage, tags: ["acme", "night"] }, "&start=yes&agent=planner");
    await told("2", { cost_usd: 2, tags: ["acme"] });
    await told("3", { model_id: "nobody-knows-1", usage, tags: ["night"] });
    await told("4", { note: "told nothing that costs" });
    const { project } = at.world;
    const keys = async (by: OverviewQuery["by"]) =>
      (await ask(project, { by })).groups.map((one) => [one.key, one.cost_usd, one.steps, one.input_tokens]);
    expect(await keys("workflow")).toEqual([[workflow, 3, 3, 200]]);
    expect(await keys("model")).toEqual([
      ["", 2, 1, 0],
      ["gpt-4o", 1, 1, 100],
      ["nobody-knows-1", 0, 1, 100],
    ]);
    expect(await keys("agent")).toEqual([
      ["", 2, 2, 100],
      ["planner", 1, 1, 100],
    ]);
    expect(await keys("tag")).toEqual([
      ["acme", 3, 2, null],
      ["night", 1, 2, null],
    ]);
    expect(await ask(project, { by: "tag" })).toMatchObject({ sums_overlap: true, total_cost_usd: 3 });
    expect(await ask(project)).toMatchObject({ instance_count: 1, unpriced_steps: 1, today_cost_usd: 3 });
  });

  test("by the command that the empty page shows count as the price list says", async () => {
    const workflow = freshId();
    await promisify(execFile)("sh", ["-c", costCommand(`${at.origin}/dhk/${workflow}`, at.world.key)]);
    const { groups } = await ask(at.world.project);
    // 1,500 tokens at $3 for a million, and 500 at $15.
    expect(groups.find(({ key }) => key === workflow)).toMatchObject({ cost_usd: 0.012, steps: 1, unpriced_steps: 0 });
    expect((await ask(at.world.project, { by: "tag" })).groups.map(({ key }) => key)).toContain("acme");
  });

  test("are seen by who may read, and of no other project", async () => {
    const { project, foreign } = at.world;
    await at.report([["1", { cost_usd: 5 }]]);
    const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
    const caller = await viewer.caller(project.id);
    expect((await ask({ caller })).today_cost_usd).toBeGreaterThanOrEqual(5);
    expect(await ask(foreign)).toMatchObject({ total_cost_usd: 0, groups: [] });
    await expect(ask({ caller: { ...caller, scopes: new Set() } })).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("looks at sums of the days in question and at no steps, for the page and the file", async () => {
  // So many that it matters by which index they are found.
  const all = Array.from({ length: 12_000 }, (_, n) => ({
    workflow: `w_${n % 40}`,
    ago: Math.floor(n / 40),
    model: "m",
    agent: "",
    micros: 1,
    unpriced: 0,
  }));
  const project = await projectWith(all);
  await pool().query(
    `INSERT INTO cost_tags (project_id, workflow_id, day, tag, n_steps, cost_micros)
     SELECT project_id, workflow_id, day, model_id, n_steps, cost_micros FROM cost_rollups WHERE project_id = $1`,
    [project.id],
  );
  await pool().query("ANALYZE cost_rollups, cost_tags");
  const { db, plans } = recordingPool();
  for (const by of COST_GROUPINGS) {
    await getCostOverview(project.caller, { days: 30, by }, db);
    const { pieces } = await exportCosts(project.caller, { days: 8, by }, db);
    for await (const piece of pieces) expect(piece).not.toBe("");
    const table = by === "tag" ? "cost_tags" : "cost_rollups";
    expect(await planOf(cellsOf(by), [project.id, "2026-11-22", 30])).toContain(
      `${table}_project_id_day_workflow_id_idx`,
    );
  }
  const plan = (await plans()).join("\n");
  expect(plan).toContain("cost_days_project_id_day_workflow_id_idx");
  expect(plan).toContain("cost_rollups_project_id_day_workflow_id_idx");
  expect(plan).not.toMatch(/stage_executions|instances|Seq Scan/);
});
