import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Timeline } from "@/lib/replay/schema";
import { call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import * as timeline from "./[id]/timeline/route";
import * as compare from "./compare/route";

const at = stages();
const KILOBYTE = 1024;

/** An instance with so many further steps whose payloads are a text of so many kilobytes, which packs well. */
async function instance(nSteps: number, kilobytes: number): Promise<string> {
  const { id } = await at.report([["1", { payload: { a: 1 }, status: "ok" }]]);
  const { project } = at.world;
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at, payload)
     SELECT $1, $2, n, '2', 'success', now(), jsonb_build_object('text', repeat('x', $4)) FROM generate_series(1, $3) AS n`,
    [project.id, id, nSteps, kilobytes * KILOBYTE],
  );
  await pool().query("UPDATE instances SET n_steps = $3 WHERE project_id = $1 AND id = $2", [
    project.id,
    id,
    nSteps + 1,
  ]);
  return id;
}

const get = (id: string, query = "") => call(timeline.GET, { key: at.world.key, path: `/?${query}`, params: { id } });

test("a timeline that would fill the memory is refused, and comes in pages", async () => {
  const id = await instance(40, 1000);
  const refused = await get(id);
  expect(refused).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
  expect(refused.body).toMatchObject({ detail: expect.stringMatching(/take 40 MiB.*32 MiB.*limit and cursor/) });
  const steps: number[] = [];
  const lengths: number[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { status, body } = await get(id, cursor === undefined ? "limit=100" : `limit=100&cursor=${cursor}`);
    expect(status).toBe(200);
    const page = body as Timeline; // documented so
    steps.push(...page.timeline.map(({ step }) => step));
    lengths.push(page.timeline.length);
    cursor = page.next_cursor;
  }
  expect(steps).toEqual(Array.from({ length: 41 }, (_, step) => step));
  expect(lengths).toEqual([33, 8]);
});

test("what is large but fits comes at once", async () => {
  const { status, body } = await get(await instance(30, 1000));
  expect([status, (body as Timeline).timeline.length]).toEqual([200, 31]); // documented so
});

test("instances that would fill the memory are not compared", async () => {
  const [large, small] = [await instance(50, 1000), await instance(2, 1)];
  const answer = await call(compare.POST, {
    method: "POST",
    key: at.world.key,
    body: { instance_a: large, instance_b: small },
  });
  expect(answer).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
  expect(answer.body).toMatchObject({ detail: expect.stringMatching(/take 49 MiB; up to 48 MiB can be compared/) });
});
