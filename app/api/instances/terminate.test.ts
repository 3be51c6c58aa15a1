import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import * as terminate from "./[id]/terminate/route";

const at = stages();

const end = (id: unknown, body: unknown = {}, key = at.world.key) =>
  call(terminate.POST, { method: "POST", key, body, params: { id: String(id) } });

test("what is terminated takes no more signals, and nobody is alerted", async () => {
  const { workflow, id } = await at.report([["1", {}]]);
  const { status, body } = await end(id, { reason: " no longer needed " });
  expect([status, body]).toMatchObject([
    200,
    {
      id,
      status: "terminated",
      failure_reason: "Terminated by key:test: no longer needed",
      completed_at: expect.any(String),
    },
  ]);
  const next = await at.send(`/dhk/${workflow}?stagePath=2&instance_id=${id}`);
  expect(next).toMatchObject({ status: 409, body: { code: "instance_terminated", directive: "stop" } });
  expect(await at.alerts(workflow)).toEqual([]);
  const { rows } = await pool().query("SELECT due_at, watch_at FROM instances WHERE id = $1", [id]);
  expect(rows).toEqual([{ due_at: null, watch_at: null }]);
});

test("what it had refused is over with it", async () => {
  const workflow = await at.strict(3);
  const began = await at.send(`/shk/${workflow}?stage=1`);
  await at.send(`/shk/${workflow}?stage=3`);
  expect(await at.alerts(workflow)).toMatchObject([{ type: "workflow.stage_missed", resolved_at: null }]);
  expect((await end(began.body["instance_id"])).status).toBe(200);
  expect(await at.alerts(workflow)).toMatchObject([{ resolved_at: expect.any(Date) }]);
});

test("one that is over stays as it was", async () => {
  const { workflow, id } = await at.report([["1", {}]]);
  await at.send(`/dhk/${workflow}?stagePath=2&final=yes`);
  expect((await end(id)).body).toMatchObject({ status: 409, code: "instance_completed" });
  const other = await at.report([["1", {}]]);
  const both = await Promise.all([end(other.id), end(other.id), end(other.id)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  expect((await end(other.id)).body).toMatchObject({ code: "instance_terminated" });
});

test("bad input, foreign and unknown ones are refused", async () => {
  const { id, workflow } = await at.report([["1", {}]]);
  for (const reason of [5, "x".repeat(501), "\0"]) expect((await end(id, { reason })).status).toBe(400);
  expect((await end(id, {}, at.world.foreignKey)).status).toBe(403);
  expect((await end(id, {}, await at.world.project.key(["read"]))).status).toBe(403);
  expect((await end("dnothing")).status).toBe(404);
  expect(await at.instances(workflow)).toMatchObject([{ status: "running" }]);
});
