import { expect, test } from "vitest";
import { daysNeeded } from "@/lib/costs/overview/shape";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { makePerson } from "@/lib/testing/people";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { pruneHistory, pruneIdempotencyKeys, prunePings } from "./retention";

const soon = () => performance.now() + 60_000;

async function count(table: string): Promise<number> {
  const found = await pool().query<{ count: number }>(`SELECT count(*) FROM ${table}`);
  return found.rows[0]?.count ?? Number.NaN;
}

async function fillPings(projectId: string, checkId: string, pings: number): Promise<void> {
  await pool().query("UPDATE checks SET n_pings = $2 WHERE id = $1", [checkId, pings]);
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
     SELECT $1, $2, n, 'success', 'healthchecks', now(), 'http', 'GET', '' FROM generate_series(1, $3) AS n`,
    [projectId, checkId, pings],
  );
}

test("the newest 1,000 pings of each check are kept, however many there were", async () => {
  const project = await makeProject();
  const [large, small] = await Promise.all([makeCheck(project.id), makeCheck(project.id)]);
  await fillPings(project.id, large, 12_345);
  await fillPings(project.id, small, 1_050);
  expect(await prunePings(soon())).toBe(11_345);
  const left = await pool().query(
    "SELECT check_id, min(n) AS first, count(*) FROM pings GROUP BY check_id ORDER BY count(*)",
  );
  expect(left.rows).toEqual([
    { check_id: large, first: 11_346, count: 1000 },
    { check_id: small, first: 1, count: 1050 },
  ]);
  expect(await prunePings(soon())).toBe(0);
});

test("the numbers that pings came with go with them", async () => {
  const project = await makeProject();
  const [large, small] = await Promise.all([makeCheck(project.id), makeCheck(project.id)]);
  await fillPings(project.id, large, 9000);
  await fillPings(project.id, small, 1000);
  await pool().query(
    `INSERT INTO metric_points (project_id, check_id, name, at, n, value)
     SELECT project_id, check_id, name, created_at, n, n FROM pings, unnest('{rows,lag}'::text[]) AS name
      WHERE project_id = $1`,
    [project.id],
  );
  expect(await prunePings(soon())).toBe(3 * 8000);
  const left = await pool().query(
    `SELECT check_id, name, min(n) AS first, count(*) FROM metric_points WHERE project_id = $1
      GROUP BY check_id, name ORDER BY min(n), name`,
    [project.id],
  );
  expect(left.rows).toEqual([
    { check_id: small, name: "lag", first: 1, count: 1000 },
    { check_id: small, name: "rows", first: 1, count: 1000 },
    { check_id: large, name: "lag", first: 8001, count: 1000 },
    { check_id: large, name: "rows", first: 8001, count: 1000 },
  ]);
  expect(await prunePings(soon())).toBe(0);
});

test("no time left removes nothing, and the next call goes on", async () => {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  await fillPings(project.id, id, 2000);
  expect(await prunePings(performance.now() - 1)).toBe(0);
  expect(await prunePings(soon())).toBe(1000);
});

test("of history a quarter is kept, and whatever is still open", async () => {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  for (const [age, resolved] of [
    [100, 100],
    [100, null],
    [10, 10],
  ] as const) {
    await pool().query(
      `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at, resolved_at)
       VALUES ($1, 'check.down', 'critical', 'check', $2, 'c', 'm', gen_random_uuid()::text, now() - $3 * interval '1 day', now() - $4 * interval '1 day')`,
      [project.id, id, age, resolved],
    );
    await pool().query(
      "INSERT INTO runs (project_id, check_id, started_at, ended_at) VALUES ($1, $2, now(), now() - $3 * interval '1 day')",
      [project.id, id, resolved],
    );
    await pool().query(
      "INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at) VALUES ($1, $2, (SELECT count(*) FROM flips), 'up', 'down', 'timeout', now() - $3 * interval '1 day')",
      [project.id, id, age],
    );
  }
  expect(await pruneHistory(soon())).toBe(4);
  expect([await count("alerts"), await count("runs"), await count("flips")]).toEqual([2, 2, 1]);
});

test("sums of costs are kept for as long as they can be asked for", async () => {
  const { id: projectId } = await makeProject();
  const workflow = await makeWorkflow(projectId);
  await pool().query(
    `WITH days AS (SELECT unnest(ARRAY[current_date - 740, current_date - $3::int]) AS day),
          a AS (INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
                SELECT $1, $2, day, '', '', 1, 0, 1, 0, 0 FROM days),
          b AS (INSERT INTO cost_tags (project_id, workflow_id, day, tag, n_steps, cost_micros) SELECT $1, $2, day, 'acme', 1, 1 FROM days)
     INSERT INTO cost_days (project_id, workflow_id, day, n_instances, top_cost_micros) SELECT $1, $2, day, 1, 1 FROM days`,
    // As far back as the longest period is compared with the one before it.
    [projectId, workflow, daysNeeded(366)],
  );
  expect(await pruneHistory(soon())).toBe(3);
  expect([await count("cost_rollups"), await count("cost_tags"), await count("cost_days")]).toEqual([1, 1, 1]);
});

test("links and sign-ins are kept for a day after they have expired", async () => {
  const { id } = await makePerson();
  for (const hours of [-25, -23, 1]) {
    await pool().query("INSERT INTO user_sessions (user_id, expires_at) VALUES ($1, now() + $2 * interval '1 hour')", [
      id,
      hours,
    ]);
    await pool().query(
      "INSERT INTO verifications (hash, purpose, email, expires_at) VALUES (sha256($1::text::bytea), 'sign_in', 'a@b.example', now() + $2 * interval '1 hour')",
      [`token ${hours}`, hours],
    );
  }
  // One sign-in more is that of the person themselves.
  expect(await pruneHistory(soon())).toBe(2);
  expect([await count("verifications"), await count("user_sessions")]).toEqual([2, 3]);
});

test("first answers of idempotent requests are kept for a day", async () => {
  const project = await makeProject();
  for (const hours of [25, 23]) {
    await pool().query(
      "INSERT INTO idempotency_keys (project_id, key, route, request_hash, created_at) VALUES ($1, $2, '/', '', now() - $3 * interval '1 hour')",
      [project.id, String(hours), hours],
    );
  }
  expect(await pruneIdempotencyKeys()).toBe(1);
  expect((await pool().query("SELECT key FROM idempotency_keys")).rows).toEqual([{ key: "23" }]);
});
