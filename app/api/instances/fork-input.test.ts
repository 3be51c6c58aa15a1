import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { type Answered, call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import * as fork from "./[id]/fork/route";
import * as rerun from "./[id]/rerun/route";
import * as timeline from "./[id]/timeline/route";

const at = stages();

type Body = Record<string, unknown>;
const bodyOf = ({ body }: Answered): Body => body as Body; // all answers are objects

const post = (handler: typeof fork.POST, id: string, body: unknown, key = at.world.key) =>
  call(handler, { method: "POST", key, body, params: { id }, path: `/api/instances/${id}` });
const stepsOf = async (id: string) => {
  const { body } = await call(timeline.GET, { key: at.world.key, params: { id } });
  return (body as { timeline: Body[] }).timeline; // documented so
};

const STEPS: [string, object][] = [
  ["1", { payload: { task: "analyze" } }],
  ["2", {}],
];

describe("bad input", () => {
  let origin: { workflow: string; id: string };
  beforeAll(async () => {
    origin = await at.report(STEPS);
  });

  test.each([
    ["a stage that did not come", { fork_from_stage: "7" }, "unknown_stage"],
    ["what is no stage", { fork_from_stage: "nope" }, "unknown_stage"],
    ["a stage with NUL", { fork_from_stage: "1\0" }, "unknown_stage"],
    ["no stage", {}, "invalid_input"],
    ["a stage that is no text", { fork_from_stage: 2 }, "invalid_input"],
    ["modifications that are a list", { fork_from_stage: "2", payload_modifications: [] }, "invalid_input"],
    ["modifications that are a text", { fork_from_stage: "2", payload_modifications: "{}" }, "invalid_input"],
    ["a modification that is a number", { fork_from_stage: "2", payload_modifications: { "1": 5 } }, "invalid_input"],
    ["a modification that is null", { fork_from_stage: "2", payload_modifications: { "1": null } }, "invalid_input"],
    ["a modification that is a list", { fork_from_stage: "2", payload_modifications: { "1": [{}] } }, "invalid_input"],
    [
      "a modification of what is no stage",
      { fork_from_stage: "2", payload_modifications: { one: {} } },
      "invalid_input",
    ],
    [
      "a stage that is named twice",
      { fork_from_stage: "2", payload_modifications: { "1": {}, "01": {} } },
      "invalid_input",
    ],
    ["what every object inherits", `{"fork_from_stage":"2","payload_modifications":{"__proto__":{}}}`, "invalid_input"],
    [
      "modifications that are too long",
      { fork_from_stage: "2", payload_modifications: { "1": { a: "x".repeat(64_000) } } },
      "invalid_input",
    ],
    ["NUL", { fork_from_stage: "2", payload_modifications: { "1": { a: "\0" } } }, "invalid_input"],
    ["a reason that is too long", { fork_from_stage: "2", reason: "x".repeat(501) }, "invalid_input"],
  ])("%s is refused and makes nothing", async (_what, body, code) => {
    const before = await at.instances(origin.workflow);
    const { status, body: told } = await post(fork.POST, origin.id, body);
    expect([status, bodyOf({ body: told } as Answered)["code"]]).toEqual([400, code]);
    expect(await at.instances(origin.workflow)).toEqual(before);
  });

  test.each([
    ["fork", fork.POST],
    ["rerun", rerun.POST],
  ])("%s: another project's is 403, an unknown one 404, a key that only reads 403", async (_what, handler) => {
    const body = { fork_from_stage: "2" };
    expect((await post(handler, origin.id, body, at.world.foreignKey)).status).toBe(403);
    expect((await post(handler, "dnothing", body)).status).toBe(404);
    expect((await post(handler, origin.id, body, await at.world.project.key(["read"]))).status).toBe(403);
    expect((await post(handler, origin.id, body, "no key of anybody")).status).toBe(401);
  });
});

test("what is too long to be copied while signals wait is refused", async () => {
  const { workflow, id } = await at.report([["1", {}]]);
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT $1, $2, n, CASE WHEN n < 49999 THEN '1' ELSE '2' END, 'success', now() FROM generate_series(1, 50000) AS n`,
    [at.world.project.id, id],
  );
  const refused = await post(fork.POST, id, { fork_from_stage: "2" });
  expect([refused.status, bodyOf(refused)["code"]]).toEqual([413, "payload_too_large"]);
  const patched = { fork_from_stage: "1", payload_modifications: { "1": { a: "x".repeat(2000) } } };
  expect(bodyOf(await post(fork.POST, id, patched))["code"]).toBe("payload_too_large");
  expect(await at.instances(workflow)).toHaveLength(1);
});

test("an origin that is removed meanwhile is copied whole or not at all", async () => {
  const outcomes = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const { id } = await at.report([["1", {}]]);
    await pool().query(
      `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
       SELECT $1, $2, n, '1', 'success', now() FROM generate_series(1, 2000) AS n`,
      [at.world.project.id, id],
    );
    const forking = post(fork.POST, id, { fork_from_stage: "1" });
    const removing = pool().query("DELETE FROM instances WHERE id = $1", [id]);
    const forked = bodyOf(await forking);
    await removing;
    outcomes.add(String(forked["code"] ?? "forked"));
    if ("forked_instance_id" in forked) expect(await stepsOf(String(forked["forked_instance_id"]))).toHaveLength(2001);
  }
  expect([...outcomes].filter((one) => !["forked", "not_found"].includes(one))).toEqual([]);
});

test("patches keep members of any name", async () => {
  const { id } = await at.report([["1", { payload: { a: 1 } }]]);
  const body = `{"fork_from_stage":"1","payload_modifications":{"1":{"__proto__":{"b":2},"constructor":3}}}`;
  const forked = bodyOf(await post(fork.POST, id, body));
  const [step] = await stepsOf(String(forked["forked_instance_id"]));
  expect(JSON.stringify(step?.["payload"])).toBe('{"a":1,"__proto__":{"b":2},"constructor":3}');
});

test("the same Idempotency-Key forks once", async () => {
  const { workflow, id } = await at.report(STEPS);
  const once = () =>
    call(fork.POST, {
      method: "POST",
      key: at.world.key,
      path: `/api/instances/${id}/fork`,
      params: { id },
      body: { fork_from_stage: "2" },
      headers: { "Idempotency-Key": "once" },
    });
  const first = await once();
  const second = await once();
  expect(second.body).toEqual(first.body);
  expect(await at.instances(workflow)).toHaveLength(2);
});

test("many at once, while steps still come, each hold the steps of one moment", async () => {
  const { workflow, id } = await at.report([["1", { cost_usd: 0.1 }]]);
  const reports = Array.from({ length: 20 }, () =>
    at.post(`/dhk/${workflow}?stagePath=1&instance_id=${id}`, { cost_usd: 0.1 }),
  );
  const forks = Array.from({ length: 10 }, () => post(fork.POST, id, { fork_from_stage: "1" }));
  await Promise.all(reports);
  for (const forked of await Promise.all(forks)) {
    const made = bodyOf(forked);
    const copied = Number(made["stages_copied"]);
    const steps = await stepsOf(String(made["forked_instance_id"]));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: copied }, (_, index) => index));
    expect(steps.at(-1)).toMatchObject({ cumulative_cost_usd: expect.closeTo(copied * 0.1, 6) });
  }
  const seqs = (await at.instances(workflow)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
});
