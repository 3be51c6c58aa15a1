import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MINUTE } from "@/lib/core/time";
import { getCostOverview } from "@/lib/costs/overview/queries";
import { COST_GROUPINGS } from "@/lib/costs/overview/schema";
import { pool } from "@/lib/db/pool";
import { readComparison } from "@/lib/replay/compare-queries";
import { getLineage } from "@/lib/replay/lineage";
import { openDoor } from "@/lib/testing/door";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { createWorkflow, deleteWorkflow } from "@/lib/workflows/commands";
import { expireInstances } from "@/lib/workflows/expire";
import { type Demo, fillDemo, removeDemo } from "./fill";
import { takeNext } from "./live";
import { researchAgent } from "./workflows-agent";
import { isStillDemo, PLAYS } from "./workflows-fill";

let project: TestProject;

async function startAnew(): Promise<void> {
  await pool().query("TRUNCATE projects CASCADE");
  project = await makeProject();
}

const idOf = ({ workflows }: Demo, name: string): string => workflows.find((one) => one.name === name)?.id ?? "";

type InstanceRow = { id: string; status: string; failure_reason: string | null; n_steps: number; started_at: Date };

async function instances(id: string): Promise<InstanceRow[]> {
  const found = await pool().query<InstanceRow>(
    "SELECT id, status, failure_reason, n_steps, started_at FROM instances WHERE workflow_id = $1 ORDER BY seq",
    [id],
  );
  return found.rows;
}

/** How many instances ended in each way. */
function endings(rows: InstanceRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, failure_reason } of rows) {
    const ending = failure_reason ?? status;
    counts[ending] = (counts[ending] ?? 0) + 1;
  }
  return counts;
}

async function rejected(id: string): Promise<unknown[]> {
  const found = await pool().query<{ code: string; expected: string; received: string }>(
    "SELECT code, expected, received FROM rejected_pings WHERE workflow_id = $1 ORDER BY at",
    [id],
  );
  return found.rows.map(({ code, expected, received }) => [code, expected, received]);
}

async function alerts(id: string) {
  const found = await pool().query<{ type: string; message: string; resolved_at: Date | null }>(
    "SELECT type, message, resolved_at FROM alerts WHERE subject_type = 'workflow' AND subject_id = $1 ORDER BY id",
    [id],
  );
  return found.rows;
}

describe("as it was filled", () => {
  let demo: Demo;

  beforeAll(async () => {
    await startAnew();
    // A channel of somebody's own, which is told of nothing.
    await pool().query("INSERT INTO channels (project_id, kind, name, config) VALUES ($1, 'webhook', 'Own', '')", [
      project.id,
    ]);
    demo = await fillDemo();
  });

  test("imports run every hour: most complete, some time out, two have a stage refused, the newest is under way", async () => {
    const id = idOf(demo, "Order import");
    const all = await instances(id);
    expect(endings(all)).toEqual({
      completed: 331,
      "Stage 3 timeout": 1,
      "Stage 4 timeout": 2,
      "Stage 5 timeout": 1,
      running: 1,
    });
    expect(all.at(-1)).toMatchObject({ status: "running", n_steps: 3 });
    expect(await rejected(id)).toEqual([
      ["stage_missed", "3", "4"],
      ["stage_missed", "1", "3"],
      ["stage_out_of_order", "3", "2"],
    ]);
    const told = await alerts(id);
    expect(told.map(({ type }) => type)).toEqual([
      "workflow.stage_timeout",
      "workflow.stage_timeout",
      "workflow.stage_missed",
      "workflow.stage_timeout",
      "workflow.stage_out_of_order",
      "workflow.stage_timeout",
    ]);
    expect(told[2]?.message).toBe('"Order import": stage 4 (Charge payments) came before stage 3 (Reserve stock).');
    expect(told.every(({ resolved_at: over }) => over !== null)).toBe(true);
  });

  test("releases come about once a working day, their stages in any order", async () => {
    const id = idOf(demo, "Release pipeline");
    const ended = (await instances(id)).filter(({ status }) => status !== "running");
    const { completed = 0, ...failed } = endings(ended);
    expect(failed).toEqual({ "Grace period exceeded": 2, "Stage 3 failed": 1 });
    expect(completed).toBeGreaterThan(45);
    expect(completed).toBeLessThan(66);
    const firsts = await pool().query<{ path: string }>(
      "SELECT DISTINCT path FROM stage_executions e JOIN instances i ON i.id = e.instance_id WHERE workflow_id = $1 AND ordinal = 0",
      [id],
    );
    expect(firsts.rows.length).toBeGreaterThan(1);
    expect(await rejected(id)).toEqual([["instance_failed", null, "3"]]);
  });

  test("agents hand over to each other, with reasons, models, tokens, costs and what they found", async () => {
    const id = idOf(demo, "Research agent");
    expect(id).toBe("demo_research_agent");
    const all = await instances(id);
    expect(endings(all)).toEqual({ completed: 246, "Instance timeout": 1, "Stage 2.2 failed": 1, running: 1 });
    // The last one was forked from an earlier one, long before these.
    expect(all.slice(-3).map(({ status }) => status)).toEqual(["failed", "running", "completed"]);
    const steps = await pool().query(
      `SELECT count(*) AS n, count(model_id) AS models, count(payload) AS payloads, count(agent) AS agents,
            count(*) FILTER (WHERE e.cost_micros > 0 AND input_tokens > 0 AND output_tokens > 0) AS priced
       FROM stage_executions e JOIN instances i ON i.id = e.instance_id WHERE i.workflow_id = $1`,
      [id],
    );
    const { n } = steps.rows[0];
    expect(n).toBeGreaterThan(1500);
    // The rest was done by a model of the shop's own.
    expect(steps.rows[0]).toEqual({ n, models: n, payloads: n, agents: n, priced: n - 17 });
    const handed = await pool().query<{ pair: string; reason: string }>(
      "SELECT DISTINCT from_agent || ' to ' || to_agent AS pair, reason FROM handoffs WHERE workflow_id = $1 ORDER BY 1",
      [id],
    );
    const pairs = Object.fromEntries(handed.rows.map(({ pair, reason }) => [pair, reason]));
    expect(pairs).toEqual({
      "planner to researcher-a": "question_delegated",
      "planner to researcher-b": "question_delegated",
      "researcher-a to researcher-b": "question_delegated",
      "researcher-a to writer": "sources_collected",
      "researcher-b to researcher-a": "question_delegated",
      "researcher-b to writer": "sources_collected",
      "reviewer to writer": "needs_revision",
      "writer to reviewer": "draft_ready",
    });
    // What it failed of last is open until an instance completes.
    const told = await alerts(id);
    expect(told.map(({ type, resolved_at: over }) => [type, over !== null])).toEqual([
      ["workflow.failed", true],
      ["workflow.failed", false],
    ]);
  });

  test("a run whose draft was rejected was forked after its research, and went better", async () => {
    const { rows } = await pool().query<{ id: string; origin_id: string; n_steps: number }>(
      "SELECT id, origin_id, n_steps FROM instances WHERE origin_id IS NOT NULL",
    );
    const [fork] = rows;
    expect(rows).toMatchObject([{ n_steps: 6 }]);
    const { caller } = project;
    const { comparison } = await readComparison(caller, fork?.origin_id ?? "", fork?.id ?? "");
    expect(comparison.steps.map(({ kind, class: reason, stage_path: path }) => `${kind} ${reason} ${path}`)).toEqual([
      "same null 1",
      expect.stringMatching(/^same null 2/),
      expect.stringMatching(/^same null 2/),
      expect.stringMatching(/^changed input 2/),
      "changed input 3",
      "changed input 4",
      "missing missing 3",
      "missing missing 4",
    ]);
    expect(comparison.steps[3]?.payload_changes).toMatchObject([{ path: "/sources", after: 24 }]);
    const { nodes } = await getLineage(caller, fork?.id ?? "");
    expect(nodes).toMatchObject([
      {},
      { kind: "fork", actor: "Ann (demonstration)", reason: expect.stringMatching(/^Two prices/) },
    ]);
    expect(
      (await pool().query("SELECT 1 FROM instances WHERE origin_id IS NOT NULL AND ended_at > now()")).rows,
    ).toEqual([]);
  });

  test("what is kept adds up: steps and costs of instances, and instances of workflows", async () => {
    const wrong = await pool().query(
      `SELECT id FROM instances i,
            LATERAL (SELECT count(*) AS n, coalesce(sum(cost_micros), 0) AS cost FROM stage_executions WHERE instance_id = i.id) s
      WHERE s.n <> n_steps OR s.cost <> cost_micros`,
    );
    expect(wrong.rows).toEqual([]);
    const counts = await pool().query(
      "SELECT n_instances - (SELECT count(*) FROM instances WHERE workflow_id = w.id) AS d, created_at < now() - interval '14 days' AS old FROM workflows w",
    );
    expect(counts.rows).toEqual(PLAYS.map(() => ({ d: 0, old: true })));
  });

  test("costs are there for every day of a month, of models, agents and tags, and add up with those of the fork", async () => {
    const { caller } = project;
    const found = await Promise.all(COST_GROUPINGS.map((by) => getCostOverview(caller, { days: 30, by })));
    // Today has just begun when it is made at midnight.
    for (const { days } of found)
      expect(days.slice(0, -1).every(({ costs }) => Object.values(costs).some((usd) => usd > 0))).toBe(true);
    const [workflows, models, agents, tags] = found.map(({ groups }) => groups.map(({ key }) => key));
    expect(workflows).toEqual(["demo_research_agent"]);
    expect(models?.toSorted()).toEqual(["claude-opus-4-5", "claude-sonnet-4-5", "gpt-5-mini", "shop-reader-7b"]);
    expect(agents?.length).toBe(5);
    expect(tags?.toSorted()).toEqual(["buying", "marketing", "support"]);
    expect(found[0]?.unpriced_steps).toBeGreaterThan(10);
    expect(found[0]?.month_forecast_usd).not.toBeNull();
    const { rows } = await pool().query(
      `SELECT (SELECT sum(cost_micros) FROM cost_rollups)::int8 AS kept, (SELECT sum(cost_micros) FROM cost_tags)::int8 AS tagged,
              (SELECT sum(n_instances) FROM cost_days)::int8 AS begun, (SELECT count(*) FROM instances) AS instances,
              sum(s.cost_micros)::int8 AS told
         FROM stage_executions s JOIN instances i ON i.id = s.instance_id WHERE s.ordinal >= i.n_copied`,
    );
    const { told, instances: count } = rows[0];
    expect(rows[0]).toEqual({ kept: told, tagged: told, told, begun: count, instances: count });
  });

  test("nobody is told of what is over, and the mailbox is told of what is to come", async () => {
    const sent = await pool().query("SELECT count(*) AS n FROM deliveries");
    expect(sent.rows[0]?.n).toBe(0);
    const chosen = await pool().query<{ workflow_id: string; name: string }>(
      "SELECT workflow_id, name FROM workflow_channels JOIN channels ON channels.id = channel_id ORDER BY workflow_id",
    );
    const ids = demo.workflows.map(({ id }) => id).sort();
    expect(chosen.rows).toEqual(ids.map((id) => ({ workflow_id: id, name: "Demo mailbox" })));
  });
});

describe("as it goes on", () => {
  beforeEach(startAnew);

  test("time goes on for what is under way: nothing is due at once, and it fails when nothing more comes", async () => {
    const demo = await fillDemo();
    expect(await expireInstances(100)).toEqual({ looked: 0, failed: 0 });
    await pool().query("UPDATE instances SET due_at = now(), watch_at = now() WHERE watch_at IS NOT NULL");
    expect((await expireInstances(100)).failed).toBeGreaterThanOrEqual(2);
    expect((await instances(idOf(demo, "Order import"))).at(-1)).toMatchObject({ failure_reason: "Stage 4 timeout" });
  });

  test("what is still to come is taken by the addresses it is sent to, and ends what is under way", async () => {
    const demo = await fillDemo();
    const door = await openDoor();
    const ends = Date.now() + 20 * MINUTE;
    const statuses: number[] = [];
    for (let due = takeNext(demo.workflows); due !== null && due.sending.at < ends; due = takeNext(demo.workflows)) {
      const { path, body } = due.sending;
      const headers = { "X-Api-Key": demo.pingKey, "Content-Type": "application/json" };
      const answer = await fetch(`${door.url}${path}`, { method: "POST", headers, body: body ?? null });
      statuses.push(answer.status);
    }
    await door.close();
    // Two of the import, three of the agents, and four of a release when it is time for one.
    expect(statuses.length).toBeGreaterThanOrEqual(5);
    expect(new Set(statuses)).toEqual(new Set([200]));
    for (const name of ["Order import", "Research agent"]) {
      const newest = (await instances(idOf(demo, name))).at(-1);
      expect(newest).toMatchObject({ status: "completed" });
    }
    expect((await alerts("demo_research_agent")).every(({ resolved_at: over }) => over !== null)).toBe(true);
  });

  test("only what the demonstration made is taken out", async () => {
    const own = await makeWorkflow(project.id, { name: "Order import", rules: staticRules(2) });
    const called = await createWorkflow(project.caller, {
      ...researchAgent.input,
      kind: "dynamic",
      stages: [],
      id: "own",
    });
    await fillDemo();
    const { workflows } = await fillDemo();
    expect(await isStillDemo(project.id, "demo_research_agent")).toBe(true);
    const left = async () => (await pool().query<{ id: string }>("SELECT id FROM workflows")).rows.map(({ id }) => id);
    expect((await left()).length).toBe(2 + PLAYS.length);
    expect(await removeDemo()).toMatchObject({ workflows: PLAYS.length });
    expect((await left()).sort()).toEqual([own, called.id].sort());
    for (const { id } of workflows) expect(await isStillDemo(project.id, id)).toBe(false);
  });

  test("a workflow that somebody makes under an id of the demonstration, after it, is theirs and stays", async () => {
    await fillDemo();
    await deleteWorkflow(project.caller, "demo_research_agent");
    await createWorkflow(project.caller, researchAgent.input);
    expect(await isStillDemo(project.id, "demo_research_agent")).toBe(false);
    expect(await removeDemo()).toMatchObject({ workflows: PLAYS.length - 1 });
    await expect(fillDemo()).rejects.toThrow("There is a workflow with the id demo_research_agent already.");
    expect((await pool().query("SELECT id FROM workflows")).rows).toEqual([{ id: "demo_research_agent" }]);
    expect((await pool().query("SELECT id FROM checks")).rows).toEqual([]);
  });
});
