import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeWebhook } from "@/lib/testing/outbox";
import { codes, stages } from "@/lib/testing/stages";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import type { Definition } from "./definition";
import { expireInstances } from "./expire";

const at = stages();

// Sweeps reach all projects, so what a test leaves behind would be seen by the next.
beforeEach(() => pool().query("UPDATE instances SET status = 'completed', due_at = NULL, watch_at = NULL"));

/** A static workflow of three stages, of which those after the first have a timeout of a minute when asked for. */
function rules(more: Partial<Definition>, timeoutSeconds: number | null = null): Definition {
  const declared = staticRules(3, more);
  const stages = declared.stages.map((stage, index) => (index === 0 ? stage : { ...stage, timeoutSeconds }));
  return { ...declared, stages };
}

const make = (definition: Definition): Promise<string> => makeWorkflow(at.world.project.id, { rules: definition });

type Row = { status: string; failure_reason: string | null; wait: number | null; watched: number | null; ended: Date };

/** The instances of a workflow; `wait` and `watched` are seconds from the last signal to the deadline and to the next look. */
async function rows(workflowId: string): Promise<Row[]> {
  const found = await pool().query<Row>(
    `SELECT status, failure_reason, ended_at AS ended, extract(epoch FROM due_at - last_signal_at)::float8 AS wait,
            extract(epoch FROM watch_at - last_signal_at)::float8 AS watched
       FROM instances WHERE workflow_id = $1 ORDER BY seq`,
    [workflowId],
  );
  return found.rows;
}

/** Brings everything about the instances of a workflow so many seconds back. */
const back = (workflowId: string, seconds: number) =>
  pool().query(
    `UPDATE instances SET due_at = due_at - s, watch_at = watch_at - s, started_at = started_at - s, progress_at = progress_at - s,
            last_signal_at = last_signal_at - s
       FROM (SELECT $2 * interval '1 second' AS s) AS shift WHERE workflow_id = $1`,
    [workflowId, seconds],
  );

const deliveries = async (workflowId: string): Promise<string[]> =>
  (
    await pool().query<{ event: string }>(
      "SELECT event FROM deliveries WHERE project_id = $1 AND subject_id = $2 ORDER BY id",
      [at.world.project.id, workflowId],
    )
  ).rows.map(({ event }) => event);

const LOOKED_AND_FAILED = { looked: 1, failed: 1 };
const NOTHING = { looked: 0, failed: 0 };

describe("what time alone ends", () => {
  test.each<[string, Definition, number, string, string, string]>([
    [
      "a stage, in strict mode",
      rules({ mode: "strict" }, 60),
      60,
      "Stage 2 timeout",
      "workflow.stage_timeout",
      '"Pipeline": stage 2 (Stage 2) did not come within 1 minute.',
    ],
    [
      "a stage, in flexible mode",
      rules({}, 60),
      60,
      "Stage 2 timeout",
      "workflow.stage_timeout",
      '"Pipeline": stage 2 (Stage 2) did not come within 1 minute.',
    ],
    [
      "the grace period",
      rules({ graceSeconds: 300 }),
      300,
      "Grace period exceeded",
      "workflow.failed",
      '"Pipeline" failed: Grace period exceeded.',
    ],
    [
      "the whole instance",
      rules({ mode: "strict", instanceTimeoutSeconds: 600 }),
      600,
      "Instance timeout",
      "workflow.failed",
      '"Pipeline" failed: Instance timeout.',
    ],
    [
      "whichever comes first",
      rules({ mode: "strict", instanceTimeoutSeconds: 30 }, 60),
      30,
      "Instance timeout",
      "workflow.failed",
      '"Pipeline" failed: Instance timeout.',
    ],
  ])("%s", async (_, definition, seconds, reason, type, message) => {
    const id = await make(definition);
    await at.send(`/shk/${id}?stage=1`);
    expect(await rows(id)).toMatchObject([{ status: "running", wait: seconds, watched: seconds }]);
    await back(id, seconds - 5);
    expect(await expireInstances(10)).toEqual(NOTHING);
    await back(id, 10);
    const due = await pool().query<{ due_at: Date }>("SELECT due_at FROM instances WHERE workflow_id = $1", [id]);
    expect(await expireInstances(10)).toEqual(LOOKED_AND_FAILED);
    expect(await rows(id)).toEqual([
      { status: "failed", failure_reason: reason, wait: null, watched: null, ended: due.rows[0]?.due_at },
    ]);
    expect(await at.alerts(id)).toEqual([{ type, message, resolved_at: null }]);
    expect(await expireInstances(10)).toEqual(NOTHING);
  });

  test("a dynamic workflow, by its instance timeout", async () => {
    const id = await makeWorkflow(at.world.project.id, { rules: { instanceTimeoutSeconds: 60 } });
    await at.each([`/dhk/${id}?stagePath=1&start=yes`, `/dhk/${id}?stagePath=2`]);
    await back(id, 61);
    expect(await expireInstances(10)).toEqual(LOOKED_AND_FAILED);
    expect(await rows(id)).toMatchObject([{ status: "failed", failure_reason: "Instance timeout" }]);
    expect(await at.alerts(id)).toMatchObject([{ type: "workflow.failed" }]);
  });

  test("nothing without a bound", async () => {
    const id = await make(rules({ mode: "strict" }));
    await at.send(`/shk/${id}?stage=1`);
    await back(id, 10_000_000);
    expect(await expireInstances(10)).toEqual(NOTHING);
    expect(await rows(id)).toMatchObject([{ status: "running", wait: null, watched: null }]);
  });
});

test("stages after the timeout come too late, and alert nobody again", async () => {
  const id = await make(rules({ mode: "strict" }, 60));
  const { body } = await at.send(`/shk/${id}?stage=1`);
  await back(id, 61);
  await expireInstances(10);
  const named = `&instance_id=${String(body["instance_id"])}`;
  const late = await at.each([`/shk/${id}?stage=2`, `/shk/${id}?stage=3`, `/shk/${id}?stage=2${named}`]);
  expect(codes(late)).toEqual(["stage_missed", "stage_missed", "instance_failed"]);
  expect(late.map((told) => [told.status, told.body["directive"]])).toEqual([
    [400, "stop"],
    [400, "stop"],
    [409, "stop"],
  ]);
  expect(await at.steps(body["instance_id"])).toHaveLength(1);
  expect(await at.alerts(id)).toHaveLength(1);
});

describe("when it is looked at", () => {
  test("a stage that moves the deadline ahead leaves the look behind, and the look moves on", async () => {
    const id = await make(rules({ mode: "strict" }, 60));
    await at.send(`/shk/${id}?stage=1`);
    await back(id, 50);
    await at.send(`/shk/${id}?stage=2`);
    const [between] = await rows(id);
    expect(between?.wait).toBe(60);
    expect(between?.watched).toBeLessThan(11);
    await pool().query("UPDATE instances SET watch_at = now() WHERE workflow_id = $1", [id]);
    expect(await expireInstances(10)).toEqual({ looked: 1, failed: 0 });
    expect(await rows(id)).toMatchObject([{ status: "running", wait: 60, watched: 60 }]);
    expect(await expireInstances(10)).toEqual(NOTHING);
    expect(await at.alerts(id)).toEqual([]);
  });

  test("a stage that comes after the deadline, but before anyone looked, counts", async () => {
    const id = await make(rules({ mode: "strict" }, 60));
    await at.send(`/shk/${id}?stage=1`);
    await back(id, 3600);
    expect((await at.send(`/shk/${id}?stage=2`)).status).toBe(200);
    expect(await expireInstances(10)).toEqual({ looked: 1, failed: 0 });
    expect(await rows(id)).toMatchObject([{ status: "running" }]);
  });

  test("one that is paused is left as it is and not looked at again", async () => {
    const id = await make(rules({ mode: "strict" }, 60));
    await at.send(`/shk/${id}?stage=1`);
    await back(id, 3600);
    await pool().query("UPDATE instances SET status = 'paused' WHERE workflow_id = $1", [id]);
    expect(await expireInstances(10)).toEqual({ looked: 1, failed: 0 });
    expect(await rows(id)).toMatchObject([{ status: "paused", failure_reason: null, wait: 60, watched: null }]);
    expect(await expireInstances(10)).toEqual(NOTHING);
    expect(await at.alerts(id)).toEqual([]);
  });

  test("so many at a time, the longest overdue first; each is a broken chain of its own", async () => {
    const id = await make(rules({ mode: "strict" }, 60));
    await at.each(Array(5).fill(`/shk/${id}?stage=1`));
    await back(id, 3600);
    await pool().query("UPDATE instances SET watch_at = watch_at - seq * interval '1 second' WHERE workflow_id = $1", [
      id,
    ]);
    expect(await expireInstances(2)).toEqual({ looked: 2, failed: 2 });
    expect((await rows(id)).map(({ status }) => status)).toEqual(["running", "running", "running", "failed", "failed"]);
    expect(await expireInstances(10)).toEqual({ looked: 3, failed: 3 });
    expect(await at.alerts(id)).toHaveLength(5);
  });
});

test("deliveries go out with the failure, and none while the workflow is muted", async () => {
  await makeWebhook(at.world.project, "https://example.org/hook");
  const fail = async (id: string): Promise<void> => {
    await at.send(`/shk/${id}?stage=1`);
    await back(id, 61);
    await expireInstances(10);
  };
  const [heard, muted] = [await make(rules({ mode: "strict" }, 60)), await make(rules({ mode: "strict" }, 60))];
  await pool().query("UPDATE workflows SET muted_until = now() + interval '1 hour' WHERE id = $1", [muted]);
  await fail(heard);
  await fail(muted);
  expect([await deliveries(heard), await deliveries(muted)]).toEqual([["workflow.stage_timeout"], []]);
  expect(await at.alerts(muted)).toHaveLength(1);
});
