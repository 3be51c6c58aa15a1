import fc from "fast-check";
import { expect, test } from "vitest";
import { getCostSummary } from "@/lib/costs/queries";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { forkInstance } from "@/lib/replay/fork";
import { freshId, stages } from "@/lib/testing/stages";
import { NOTHING_TOLD } from "@/lib/workflows/step";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { type NewStep, startWork } from "@/lib/workflows/work";
import { saveRollups } from "./rollups";

const at = stages();

/** What the sums should be, counted from steps and instances. */
const MODELS = `
  SELECT (s.at AT TIME ZONE p.time_zone)::date::text AS day, coalesce(s.model_id, '') AS model_id, coalesce(s.agent, '') AS agent, count(*)::int AS n_steps,
         (count(*) FILTER (WHERE s.cost_micros IS NULL))::int AS n_unpriced, coalesce(sum(s.cost_micros), 0)::int8 AS cost_micros,
         coalesce(sum(s.input_tokens), 0)::int8 AS input_tokens, coalesce(sum(s.output_tokens), 0)::int8 AS output_tokens
    FROM stage_executions s
    JOIN instances i ON i.project_id = s.project_id AND i.id = s.instance_id AND s.ordinal >= i.n_copied
    JOIN projects p ON p.id = s.project_id
   WHERE i.workflow_id = $1 AND (s.cost_micros IS NOT NULL OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
const TAGS = `
  SELECT t.tag, count(*)::int AS n_steps, coalesce(sum(s.cost_micros), 0)::int8 AS cost_micros
    FROM stage_executions s JOIN instances i ON i.project_id = s.project_id AND i.id = s.instance_id AND s.ordinal >= i.n_copied
   CROSS JOIN unnest(s.tags) AS t (tag)
   WHERE i.workflow_id = $1 AND (s.cost_micros IS NOT NULL OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL) GROUP BY 1 ORDER BY 1`;
const DAYS = `
  SELECT (i.started_at AT TIME ZONE p.time_zone)::date::text AS day, count(*)::int AS n_instances,
         coalesce(max(i.cost_micros - i.copied_cost_micros) FILTER (WHERE i.status NOT IN ('running', 'paused')), 0)::int8 AS top_cost_micros
    FROM instances i JOIN projects p ON p.id = i.project_id WHERE i.workflow_id = $1 GROUP BY 1`;

const rows = async (text: string, workflow: string) => (await pool().query(text, [workflow])).rows;

async function expectExact(workflow: string): Promise<void> {
  const kept = await rows(
    `SELECT day::text, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens FROM cost_rollups
      WHERE workflow_id = $1 ORDER BY day, model_id, agent`,
    workflow,
  );
  expect(kept).toEqual(await rows(MODELS, workflow));
  const tags = await rows(
    "SELECT tag, n_steps, cost_micros FROM cost_tags WHERE workflow_id = $1 ORDER BY tag",
    workflow,
  );
  expect(tags).toEqual(await rows(TAGS, workflow));
  const days = await rows(
    "SELECT day::text, n_instances, top_cost_micros FROM cost_days WHERE workflow_id = $1",
    workflow,
  );
  expect(days).toEqual(await rows(DAYS, workflow));
}

const told = fc.record(
  {
    cost_usd: fc.integer({ min: 0, max: 3_000_000 }).map((micros) => micros / 1_000_000),
    model_id: fc.constantFrom("gpt-4o", "claude-sonnet-4-5", "nobody-knows-1"),
    usage: fc.record({ input_tokens: fc.nat(5000), output_tokens: fc.nat(500) }),
    agent: fc.constantFrom("Researcher", "Writer"),
    tags: fc.uniqueArray(fc.constantFrom("acme", "beta", "nightly"), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const step = fc.record({ instance: fc.nat(2), isFinal: fc.boolean(), body: told });

test("sums are what a recount of steps and instances finds, after any history, also with forks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.boolean(), async (history, isForked) => {
      const workflow = freshId();
      const first = await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: 0.25, tags: ["acme"] });
      const ids = [String(first.body["instance_id"])];
      for (let more = 0; more < 2; more += 1)
        ids.push(String((await at.send(`/dhk/${workflow}?stagePath=1&start=yes`)).body["instance_id"]));
      if (isForked) {
        const forked = { fork_from_stage: "1", payload_modifications: {} };
        ids[2] = (await forkInstance(at.world.project.caller, ids[0] ?? "", forked)).forked_instance_id;
      }
      // All at once, as many workers would.
      await Promise.all(
        history.map(({ instance, isFinal, body }, index) =>
          at.post(
            `/dhk/${workflow}?stagePath=${2 + index}&instance_id=${ids[instance]}${isFinal ? "&final=yes" : ""}`,
            body,
          ),
        ),
      );
      await expectExact(workflow);
    }),
    { numRuns: 25 },
  );
});

test("a million steps of a micro-dollar make a dollar", async () => {
  const { workflow, id } = await at.report([["1", {}]]);
  const { project } = at.world;
  const detail = { ...NOTHING_TOLD, costMicros: 1 };
  const report = { path: "1", stageName: null, agent: null, isFinal: false, detail };
  for (let batch = 0; batch < 20; batch += 1) {
    await transaction(async (tx) => {
      const wanted = { projectId: project.id, id: workflow, open: 1, lackingFirst: 0, named: [] };
      const { workflows, now } = await lockWorkflows(tx, [wanted]);
      const locked = workflows.get(workflowKey(project.id, workflow));
      if (locked === undefined) throw new Error("the workflow is there");
      const work = startWork(locked);
      const one: NewStep = { projectId: project.id, instanceId: id, ordinal: 0, at: now, isFailed: false, report };
      work.steps = Array.from({ length: 50_000 }, () => one);
      await saveRollups(tx, [work]);
    });
  }
  expect(await getCostSummary(project.caller, workflow, { days: 1 })).toMatchObject({
    total_cost_usd: 1,
    today_cost_usd: 1,
  });
}, 120_000);

test("days are those of the project's calendar", async () => {
  const { project } = at.world;
  const { workflow } = await at.report([["1", { cost_usd: 1 }]]);
  const { rows: days } = await pool().query(
    "SELECT day::text, (now() AT TIME ZONE p.time_zone)::date::text AS today FROM cost_days d JOIN projects p ON p.id = d.project_id WHERE workflow_id = $1",
    [workflow],
  );
  expect(days).toEqual([{ day: days[0]?.today, today: days[0]?.today }]);
  await pool().query("UPDATE projects SET time_zone = 'Pacific/Kiritimati' WHERE id = $1", [project.id]);
  const far = await at.report([["1", { cost_usd: 1 }]]);
  await pool().query("UPDATE projects SET time_zone = 'Pacific/Niue' WHERE id = $1", [project.id]);
  const near = await at.report([["1", { cost_usd: 1 }]]);
  const [ahead, behind] = await Promise.all(
    [far, near].map((one) => rows("SELECT day FROM cost_days WHERE workflow_id = $1", one.workflow)),
  );
  // 14 hours ahead of UTC, and 11 behind.
  expect(Number(ahead?.[0].day) - Number(behind?.[0].day)).toBeGreaterThan(0);
});
