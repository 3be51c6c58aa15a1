import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { planOf } from "@/lib/testing/explain";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { EXTEND_MISSED, LOCK_MISSED, markSeen } from "./blackout";

const THRESHOLD = 5_000;
const ID = "train";

let project: TestProject;
beforeEach(async () => {
  await pool().query("TRUNCATE workflows, checks CASCADE");
  await pool().query(
    "UPDATE system_state SET last_sweep_at = now() - interval '600 seconds', last_ingest_at = last_sweep_at - interval '1 hour'",
  );
  project = await makeProject();
  await makeWorkflow(project.id, { id: ID });
});

type Row = { due: number | null; credit: number };

const SECONDS_AGO = (n: string) => `now() - ${n}::float8 * interval '1 second'`;

/** An instance whose deadline passed and that was to be looked at so many seconds ago; null: it has no deadline. */
async function instanceDue(dueAgo: number | null, { watchAgo = dueAgo, workflow = ID } = {}): Promise<string> {
  const id = `s${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  await pool().query(
    `INSERT INTO instances (project_id, id, workflow_id, seq, version, started_at, last_signal_at, progress_at, due_at, watch_at)
     SELECT $1, $2, $5, coalesce(max(seq), 0) + 1, 1, now() - interval '2 hours', now(), now(), ${SECONDS_AGO("$3")}, ${SECONDS_AGO("$4")}
       FROM instances WHERE project_id = $1 AND workflow_id = $5`,
    [project.id, id, dueAgo, watchAgo, workflow],
  );
  return id;
}

/** How many seconds of credit an instance has, and how many seconds ahead its deadline is; both to the nearest ten. */
async function standing(id: string): Promise<Row | undefined> {
  const { rows } = await pool().query<Row>(
    `SELECT round(extract(epoch FROM due_at - now()), -1)::float8 AS due, round(credit_ms / 1000.0, -1)::float8 AS credit
       FROM instances WHERE id = $1`,
    [id],
  );
  return rows[0];
}

describe("instances of workflows get blackout credit", () => {
  test("when their deadline passed inside the outage, and not otherwise", async () => {
    const [before, inside, ahead, none] = [
      await instanceDue(700),
      await instanceDue(300),
      await instanceDue(-300),
      await instanceDue(null),
    ];
    await markSeen("sweep", THRESHOLD);
    expect(await Promise.all([before, inside, ahead, none].map(standing))).toEqual([
      { due: -700, credit: 0 },
      { due: 300, credit: 600 },
      { due: 300, credit: 0 },
      { due: null, credit: 0 },
    ]);
  });

  test("of the very length that their deadline is moved by", async () => {
    const id = await instanceDue(300);
    const [first] = (await pool().query("SELECT due_at FROM instances WHERE id = $1", [id])).rows;
    const creditMs = await markSeen("ingest", THRESHOLD);
    const moved = await pool().query(
      "SELECT (extract(epoch FROM due_at - $2::timestamptz) * 1000)::float8 AS ms, credit_ms::int AS credit FROM instances WHERE id = $1",
      [id, first.due_at],
    );
    // A Date has no microseconds.
    expect(Math.round(moved.rows[0].ms / 10)).toBe(Math.round(creditMs / 10));
    expect(moved.rows[0].credit).toBe(creditMs);
  });

  test("on top of what they had, once for each outage", async () => {
    const id = await instanceDue(300);
    await pool().query("UPDATE instances SET credit_ms = 50000 WHERE id = $1", [id]);
    await Promise.all(Array.from({ length: 6 }, () => markSeen("sweep", THRESHOLD)));
    expect(await standing(id)).toEqual({ due: 300, credit: 650 });
  });

  test("also when they are looked at long before their deadline", async () => {
    const id = await instanceDue(300, { watchAgo: 7000 });
    await markSeen("sweep", THRESHOLD);
    expect(await standing(id)).toEqual({ due: 300, credit: 600 });
  });

  test("in every workflow and project, beside checks", async () => {
    await makeWorkflow(project.id, { id: "other" });
    const mine = [await instanceDue(300), await instanceDue(200), await instanceDue(100, { workflow: "other" })];
    project = await makeProject();
    await makeWorkflow(project.id, { id: ID });
    const theirs = await instanceDue(300);
    await markSeen("sweep", THRESHOLD);
    expect(await Promise.all([...mine, theirs].map(standing))).toEqual([
      { due: 300, credit: 600 },
      { due: 400, credit: 600 },
      { due: 500, credit: 600 },
      { due: 300, credit: 600 },
    ]);
  });

  test("after a signal that holds their workflow, and none when it moved them ahead", async () => {
    const [moved, waits] = [await instanceDue(300), await instanceDue(300)];
    const { seen } = await transaction(async (tx) => {
      const { rows } = await tx.query("SELECT pg_backend_pid() AS pid FROM workflows FOR NO KEY UPDATE");
      const waiting = markSeen("sweep", THRESHOLD);
      await waiterOf(rows[0].pid);
      // Were instances locked before their workflow, this would be a deadlock.
      await tx.query("UPDATE instances SET due_at = now() + interval '1 hour' WHERE id = $1", [moved]);
      await tx.query("UPDATE instances SET n_steps = 2 WHERE id = $1", [waits]);
      return { seen: waiting };
    });
    await seen;
    expect(await Promise.all([moved, waits].map(standing))).toEqual([
      { due: 3600, credit: 0 },
      { due: 300, credit: 600 },
    ]);
  });

  test("locking workflows in the order in which signals do", async () => {
    await pool().query("DELETE FROM workflows");
    for (const id of ["w2", "w1"]) await makeWorkflow(project.id, { id });
    const ids = [await instanceDue(300, { workflow: "w2" }), await instanceDue(300, { workflow: "w1" })];
    const { seen } = await transaction(async (tx) => {
      const lock = "SELECT pg_backend_pid() AS pid FROM workflows WHERE id = $1 FOR NO KEY UPDATE";
      const { rows } = await tx.query(lock, ["w1"]);
      const waiting = markSeen("sweep", THRESHOLD);
      await waiterOf(rows[0].pid);
      await tx.query(lock, ["w2"]);
      return { seen: waiting };
    });
    await seen;
    expect(await Promise.all(ids.map(standing))).toEqual(Array(2).fill({ due: 300, credit: 600 }));
  });

  test("found by the index of what is watched", async () => {
    await pool().query(
      `INSERT INTO instances (project_id, id, workflow_id, seq, version, started_at, last_signal_at, progress_at, due_at, watch_at)
       SELECT $1, 's' || n, $2, n, 1, now(), now(), now(), now() + interval '1 day', now() + interval '1 hour' FROM generate_series(1, 5000) AS n`,
      [project.id, ID],
    );
    await pool().query("ANALYZE instances, workflows");
    for (const text of [LOCK_MISSED, EXTEND_MISSED]) {
      const values = [new Date(Date.now() - 600_000), 600_000, ...(text === LOCK_MISSED ? [] : [[project.id], [ID]])];
      expect(await planOf(text, values)).toContain("instances_watch_at_idx");
    }
  });
});

/** Resolves once another statement waits for a lock that this backend holds. */
async function waiterOf(pid: number): Promise<void> {
  for (;;) {
    const waiting = await pool().query("SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [pid]);
    if (waiting.rowCount !== 0) return;
  }
}
