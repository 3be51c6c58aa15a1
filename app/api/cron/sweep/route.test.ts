import { afterEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { makeCheck, storedCheck } from "@/lib/testing/checks";
import { call } from "@/lib/testing/http";
import { makeProject } from "@/lib/testing/world";
import { GET } from "./route";

const SECRET = "a-secret-for-the-scheduler";
const bearer = (secret: string) => ({ headers: { Authorization: `Bearer ${secret}` } });

afterEach(() => settle({ CRON_SECRET: "" }));

test("does not exist without CRON_SECRET", async () => {
  expect((await call(GET, bearer(""))).status).toBe(404);
  expect((await call(GET, bearer(SECRET))).status).toBe(404);
});

test("wants the right bearer token", async () => {
  settle({ CRON_SECRET: SECRET });
  for (const wrong of [
    {},
    bearer(""),
    bearer(`${SECRET}x`),
    bearer(SECRET.slice(1)),
    { headers: { Authorization: SECRET } },
  ]) {
    const { status, body } = await call(GET, wrong);
    expect([status, (body as { code: string }).code]).toEqual([401, "unauthenticated"]); // problem details have a code
  }
});

test("sweeps, reports what it did and what is left, and doing it again changes nothing", async () => {
  settle({ CRON_SECRET: SECRET });
  const project = await makeProject();
  const id = await makeCheck(project.id);
  await pool().query(
    "UPDATE checks SET status = 'up', due_at = now() - interval '1 minute', watch_at = now() - interval '1 minute', n_pings = 1500 WHERE id = $1",
    [id],
  );
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
     SELECT $1, $2, n, 'success', 'healthchecks', now(), 'http', 'GET', '' FROM generate_series(1, 1500) AS n`,
    [project.id, id],
  );
  const first = await call(GET, bearer(SECRET));
  expect(first.status).toBe(200);
  expect(first.body).toEqual({
    blackout_credit_ms: 0,
    expired: 1,
    delivered: 0,
    pruned: 500,
    remaining: { checks: 0, instances: 0, approvals: 0, deliveries: 0 },
    took_ms: expect.any(Number),
  });
  expect((await storedCheck(id)).status).toBe("down");
  const kept = await pool().query("SELECT min(n) AS first, count(*) AS count FROM pings WHERE check_id = $1", [id]);
  expect(kept.rows).toEqual([{ first: 501, count: 1000 }]);
  expect((await call(GET, bearer(SECRET))).body).toMatchObject({ expired: 0, delivered: 0, pruned: 0 });
});
