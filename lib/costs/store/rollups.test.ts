import fc from "fast-check";
import { expect, test } from "vitest";
import { getCostSummary } from "@/lib/costs/queries";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { forkInstance } from "@/lib/replay/fork";
import { recount } from "@/lib/testing/recount";
import { freshId, stages } from "@/lib/testing/stages";
import { NOTHING_TOLD } from "@/lib/workflows/step";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { type NewStep, startWork } from "@/lib/workflows/work";
import { saveRollups } from "./rollups";

const at = stages();

const rows = async (text: string, workflow: string) => (await pool().query(text, [workflow])).rows;

async function expectExact(workflow: string): Promise<void> {
  const { kept, counted } = await recount(workflow);
  expect(kept).toEqual(counted);
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

test("a recount notices what was counted on another day", async () => {
  for (const table of ["cost_rollups", "cost_tags", "cost_days"]) {
    const { workflow } = await at.report([["1", { cost_usd: 0.25, tags: ["acme"] }]]);
    await expectExact(workflow);
    await pool().query(`UPDATE ${table} SET day = day - 1 WHERE workflow_id = $1`, [workflow]);
    const { kept, counted } = await recount(workflow);
    expect([table, kept]).not.toEqual([table, counted]);
  }
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
