import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { codes, freshId, stages } from "@/lib/testing/stages";
import { makeWorkflow } from "@/lib/testing/workflows";

const at = stages();

describe("a dynamic workflow", () => {
  test("is made by the stage that begins its first instance, and ends with the final one", async () => {
    const id = freshId();
    expect((await at.send(`/dhk/${id}?stagePath=1`)).status).toBe(404);
    const said = await at.each([
      `/dhk/${id}?stagePath=1&start=yes`,
      `/dhk/${id}?stage=2.1&stagename=Train%20GPU&agent=gpt`,
      `/dhk/${id}?stagePath=3&final=yes`,
    ]);
    expect(said[0]?.body).toEqual({
      status: "success",
      workflow_id: id,
      instance_id: expect.stringMatching(/^d[0-9a-z]{16}$/),
      stage_path: "1",
      workflow_status: "running",
      directive: "continue",
    });
    expect(said[2]?.body).toMatchObject({ workflow_status: "completed", directive: "continue" });
    expect(
      (await at.steps(said[0]?.body["instance_id"])).map((row) => [row.path, row.stage_name, row.agent, row.is_final]),
    ).toEqual([
      ["1", null, null, false],
      ["2.1", "Train GPU", "gpt", false],
      ["3", null, null, true],
    ]);
    expect(await at.alerts(id)).toEqual([]); // nobody asked to hear of it
  });

  test("final twice, and after the end", async () => {
    const id = freshId();
    const [begun] = await at.each([`/dhk/${id}?stagePath=1&start=yes&final=yes`]);
    const named = `/dhk/${id}?stagePath=1&final=yes&instance_id=${String(begun?.body["instance_id"])}`;
    const [again, unnamed] = await at.each([named, `/dhk/${id}?stagePath=1&final=yes`]);
    expect(again).toMatchObject({ status: 409, body: { code: "instance_completed", directive: "stop" } });
    expect(unnamed).toMatchObject({ status: 404, body: { code: "no_running_instance", directive: "stop" } });
  });

  test("a failure stops the agent that goes on", async () => {
    const id = freshId();
    const said = await at.each([
      `/dhk/${id}?stagePath=1&start=yes`,
      `/dhk/${id}?stagePath=2&status=error`,
      `/dhk/${id}?stagePath=3`,
    ]);
    expect(
      said.map(({ status, body }) => [status, body["code"] ?? body["workflow_status"], body["directive"]]),
    ).toEqual([
      [200, "running", "continue"],
      [200, "failed", "stop"],
      [409, "instance_failed", "stop"],
    ]);
  });

  test("without a running instance the newest says why, whether it failed, is paused, or both are there", async () => {
    const id = freshId();
    const [first, second] = await at.each(Array(2).fill(`/dhk/${id}?stagePath=1&start=yes`));
    const end = (told: typeof first, status: string) =>
      pool().query("UPDATE instances SET status = $2::instance_status, ended_at = now() WHERE id = $1", [
        told?.body["instance_id"],
        status,
      ]);
    const next = async () => codes(await at.each([`/dhk/${id}?stagePath=2`]))[0];
    for (const status of ["paused", "failed"]) {
      await end(second, status);
      expect(await next()).toBe(200);
    }
    await end(first, "paused");
    expect(await next()).toBe("instance_failed");
    await end(second, "paused");
    expect(await next()).toBe("instance_paused");
    await end(second, "completed");
    expect(await next()).toBe("no_running_instance");
  });

  test("strict paths", async () => {
    const id = await makeWorkflow(at.world.project.id, { rules: { mode: "strict" } });
    const said = await at.each(
      ["2&start=yes", "1&start=yes", "2.1", "2.2", "2.1", "4", "1.1", "3"].map(
        (path) => `/dhk/${id}?stagePath=${path}`,
      ),
    );
    expect(codes(said)).toEqual([
      "stage_missed",
      200,
      200,
      200,
      "stage_out_of_order",
      "stage_missed",
      "stage_out_of_order",
      200,
    ]);
    expect(await at.instances(id)).toMatchObject([{ n_steps: 4 }]);
  });

  test("keeps what a body carries", async () => {
    const id = freshId();
    const { body } = await at.post(`/dhk/${id}?stagePath=01&start=yes`, {
      agent: "worker",
      model_id: "claude-3-opus",
      usage: { input_tokens: 1500, output_tokens: 500, total_tokens: 2000, cache: { read: 3 } },
      cost_usd: 0.045,
      tool_calls: [{ tool_name: "web_search", latency_ms: 250, success: true }],
      response_time_ms: 150.4,
      context_size_bytes: 4096,
      handoff_reason: "task_complete",
      status: "passed",
      stage: "install",
      records: 1000,
      payload: { task: "analyze\u0000data" },
    });
    expect(body["stage_path"]).toBe("1");
    expect(await at.steps(body["instance_id"])).toMatchObject([
      {
        agent: "worker",
        model_id: "claude-3-opus",
        input_tokens: 1500,
        output_tokens: 500,
        cost_micros: 45_000,
        usage: { cache: { read: 3 } },
        tool_calls: [{ tool_name: "web_search", latency_ms: 250, success: true }],
        response_time_ms: 150,
        context_size_bytes: 4096,
        handoff_reason: "task_complete",
        status_text: "passed",
        payload: { task: "analyze\uFFFDdata", records: 1000, stage: "install" },
      },
    ]);
  });

  test("who hands over to whom", async () => {
    const id = freshId();
    const said = await at.each(
      ["1&start=yes&agent=a", "2&agent=a", "3", "4&agent=b"].map((path) => `/dhk/${id}?stagePath=${path}`),
    );
    await at.post(`/dhk/${id}?stagePath=5`, { agent: "a", handoff_reason: "done" });
    const found = await pool().query(
      "SELECT from_agent, to_agent, ordinal, reason FROM handoffs WHERE instance_id = $1 ORDER BY ordinal",
      [said[0]?.body["instance_id"]],
    );
    expect(found.rows).toEqual([
      { from_agent: "a", to_agent: "b", ordinal: 3, reason: null },
      { from_agent: "b", to_agent: "a", ordinal: 4, reason: "done" },
    ]);
  });

  test("one that is deleted and made again under its id follows its new rules", async () => {
    const id = freshId();
    await at.each([`/dhk/${id}?stagePath=1&start=yes`]);
    await pool().query("DELETE FROM workflows WHERE id = $1", [id]);
    await makeWorkflow(at.world.project.id, { id, rules: { mode: "strict" } });
    expect(codes(await at.each([`/dhk/${id}?stagePath=2&start=yes`]))).toEqual(["stage_missed"]);
  });
});
