import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { codes, stages } from "@/lib/testing/stages";

const at = stages();

describe("a static workflow", () => {
  test("answers as the reference shows, and completes with its last stage", async () => {
    const id = await at.strict();
    const { status, body } = await at.send(`/shk/${id}?stage=1`);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "success",
      workflow_id: id,
      instance_id: expect.stringMatching(/^s[0-9a-z]{16}$/),
      stage_order: 1,
      workflow_status: "running",
      directive: "continue",
    });
    const rest = await at.each([`/shk/${id}?stage=2`, `/shk/${id}/?stage=3`]);
    expect(rest.map((told) => [told.body["instance_id"], told.body["workflow_status"]])).toEqual([
      [body["instance_id"], "running"],
      [body["instance_id"], "completed"],
    ]);
    expect((await at.steps(body["instance_id"])).map(({ ordinal, path }) => [ordinal, path])).toEqual([
      [0, "1"],
      [1, "2"],
      [2, "3"],
    ]);
  });

  test("strict: what is refused changes nothing, is kept, and tells once", async () => {
    const id = await at.strict();
    const said = await at.each([1, 3, 3, 1, 2, 2].map((stage) => `/shk/${id}?stage=${stage}&instance_id=`));
    expect(codes(said)).toEqual([200, "stage_missed", "stage_missed", 200, 200, "stage_out_of_order"]);
    expect(said[1]).toMatchObject({
      status: 400,
      body: { expected: 2, received: 3, directive: "continue", workflow_status: "running" },
    });
    expect(said[5]?.status).toBe(409);
    const kept = await pool().query(
      "SELECT code, expected, received FROM rejected_pings WHERE workflow_id = $1 ORDER BY id",
      [id],
    );
    expect(kept.rows).toEqual([
      { code: "stage_missed", expected: "2", received: "3" },
      { code: "stage_missed", expected: "2", received: "3" },
      { code: "stage_out_of_order", expected: "3", received: "2" },
    ]);
    expect((await at.alerts(id)).map(({ type }) => type)).toEqual([
      "workflow.stage_missed",
      "workflow.stage_out_of_order",
    ]);
  });

  test("strict: without a running instance a later stage is one that was missed, told once until the next instance", async () => {
    const id = await at.strict();
    expect(codes(await at.each([`/shk/${id}?stage=2`, `/shk/${id}?stage=3`]))).toEqual([
      "stage_missed",
      "stage_missed",
    ]);
    expect(await at.instances(id)).toEqual([]);
    expect(await at.alerts(id)).toHaveLength(1);
  });

  test("flexible: whichever stage comes begins one, a first stage joins it, and the last missing one completes it", async () => {
    const id = await at.flexible();
    const said = await at.each([3, 1, 3, 2].map((stage) => `/shk/${id}?stage=${stage}`));
    expect(new Set(said.map(({ body }) => body["instance_id"])).size).toBe(1);
    expect(said.map(({ body }) => body["workflow_status"])).toEqual(["running", "running", "running", "completed"]);
    expect(await at.instances(id)).toMatchObject([{ status: "completed", n_steps: 4 }]);
  });

  test("flexible: a first stage joins the newest one without, else it begins another", async () => {
    const id = await at.flexible();
    const [second, first, another] = await at.each([2, 1, 1].map((stage) => `/shk/${id}?stage=${stage}`));
    expect(first?.body["instance_id"]).toBe(second?.body["instance_id"]);
    expect(another?.body["instance_id"]).not.toBe(first?.body["instance_id"]);
    const named = await at.send(`/shk/${id}?stage=3&instance_id=${String(first?.body["instance_id"])}`);
    expect(named.body).toMatchObject({ instance_id: first?.body["instance_id"], workflow_status: "completed" });
    expect((await at.instances(id)).map(({ status }) => status)).toEqual(["completed", "running"]);
  });

  test("concurrent instances: the newest running one takes what names none", async () => {
    const id = await at.strict();
    const [a, b] = await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=1`]);
    const ids = (await at.each([`/shk/${id}?stage=2`, `/shk/${id}?stage=3`, `/shk/${id}?stage=2`])).map(
      ({ body }) => body["instance_id"],
    );
    expect(ids).toEqual([b?.body["instance_id"], b?.body["instance_id"], a?.body["instance_id"]]);
  });

  test("a failure fails it, and stages it lacked come too late for it", async () => {
    const id = await at.flexible();
    const [, failed, late, next] = await at.each([
      `/shk/${id}?stage=1`,
      `/shk/${id}?stage=2&status=failed`,
      `/shk/${id}?stage=3`,
      `/shk/${id}?stage=1`,
    ]);
    expect(failed).toMatchObject({ status: 200, body: { workflow_status: "failed", directive: "stop" } });
    expect(late).toMatchObject({ status: 409, body: { code: "instance_failed", directive: "stop" } });
    expect(next?.status).toBe(200);
    expect(await at.instances(id)).toMatchObject([{ failure_reason: "Stage 2 failed" }, { status: "running" }]);
    expect(await at.alerts(id)).toMatchObject([{ type: "workflow.failed", resolved_at: null }]);
  });

  test("a completed instance resolves what was told of earlier ones", async () => {
    const id = await at.strict(2);
    await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=1&status=fail`, `/shk/${id}?stage=1`, `/shk/${id}?stage=2`]);
    expect((await at.alerts(id)).map(({ type, resolved_at }) => [type, resolved_at !== null])).toEqual([
      ["workflow.failed", true],
    ]);
  });

  test("the failure of an instance takes the place of what was told of it", async () => {
    const id = await at.strict();
    await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=3`, `/shk/${id}?stage=2&status=failed`]);
    expect((await at.alerts(id)).map(({ type, resolved_at }) => [type, resolved_at === null])).toEqual([
      ["workflow.stage_missed", false],
      ["workflow.failed", true],
    ]);
  });

  test("what an older instance completes says nothing of a newer one", async () => {
    const id = await at.strict(2);
    const [old, young] = await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=1`]);
    const named = (told: typeof old) => `&instance_id=${String(told?.body["instance_id"])}`;
    await at.each([`/shk/${id}?stage=2&status=failed${named(young)}`, `/shk/${id}?stage=2${named(old)}`]);
    expect(await at.alerts(id)).toMatchObject([{ type: "workflow.failed", resolved_at: null }]);
    await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=2`]);
    expect((await at.alerts(id))[0]?.resolved_at).not.toBeNull();
  });

  test("nor does a newer one of an older one that still runs", async () => {
    const id = await at.strict(3);
    const [old] = await at.each([`/shk/${id}?stage=1`]);
    await at.each([`/shk/${id}?stage=3`, ...[1, 2, 3].map((stage) => `/shk/${id}?stage=${stage}`)]);
    expect(await at.alerts(id)).toMatchObject([{ type: "workflow.stage_missed", resolved_at: null }]);
    const named = `&instance_id=${String(old?.body["instance_id"])}`;
    await at.each([2, 3].map((stage) => `/shk/${id}?stage=${stage}${named}`));
    expect((await at.alerts(id))[0]?.resolved_at).not.toBeNull();
  });

  test("the last stage of a completed instance sent again is refused and told to nobody", async () => {
    const id = await at.strict(2);
    const said = await at.each([1, 2, 2].map((stage) => `/shk/${id}?stage=${stage}`));
    expect(codes(said)).toEqual([200, 200, "stage_missed"]);
    expect(await at.alerts(id)).toEqual([]);
  });
});
