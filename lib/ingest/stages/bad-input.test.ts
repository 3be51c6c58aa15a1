import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { codes, freshId, stages } from "@/lib/testing/stages";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";

const at = stages();

describe("bad input", () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each<[string, string, unknown, number, string]>([
    ["no stage", "", undefined, 400, "stagePath"],
    ["an empty stage", "stagePath=", undefined, 400, "stagePath"],
    ["words", "stagePath=abc", undefined, 400, "stagePath"],
    ["a path that ends in a dot", "stagePath=1.", undefined, 400, "stagePath"],
    ["40 levels", `stagePath=${Array(40).fill("1").join(".")}`, undefined, 400, "stagePath"],
    ["a number of 12 digits", "stagePath=123456789012", undefined, 400, "stagePath"],
    ["a long agent", `stagePath=1&agent=${"a".repeat(300)}`, undefined, 400, "agent"],
    ["a long name", `stagePath=1&stagename=${"a".repeat(300)}`, undefined, 400, "stagename"],
    ["a start that is neither yes nor no", "stagePath=1&start=perhaps", undefined, 400, "start"],
    ["a negative cost", "stagePath=1", { cost_usd: -1 }, 400, "cost_usd"],
    ["a cost in words", "stagePath=1", { cost_usd: "0.5" }, 400, "cost_usd"],
    ["tokens with a fraction", "stagePath=1", { usage: { input_tokens: 1.5 } }, 400, "usage.input_tokens"],
    ["tool calls that are none", "stagePath=1", { tool_calls: "search" }, 400, "tool_calls"],
    ["a tool without end", "stagePath=1", { tool_calls: [{}, { latency_ms: -5 }] }, 400, "tool_calls.1.latency_ms"],
    ["a latency in words", "stagePath=1", { tool_calls: [{ latency_ms: "fast" }] }, 400, "tool_calls.0.latency_ms"],
    ["a success that is none", "stagePath=1", { tool_calls: [{ success: 3 }] }, 400, "tool_calls.0.success"],
  ])("%s", async (_, query, body, status, name) => {
    const path = `/dhk/bad_input?${query}&start=yes`;
    const told = body === undefined ? await at.send(path) : await at.post(path, body);
    expect(told.status).toBe(status);
    expect(told.body).toMatchObject({ code: "invalid_input", invalid_params: [{ name }] });
    expect((await pool().query("SELECT FROM workflows WHERE id = 'bad_input'")).rowCount).toBe(0);
  });

  test.each([
    ["0", "unknown_stage"],
    ["4", "unknown_stage"],
    ["abc", "invalid_input"],
    ["2.1", "invalid_input"],
    ["-1", "invalid_input"],
  ])("stage=%s of a static workflow", async (stage, code) => {
    const id = await at.flexible();
    expect(await at.send(`/shk/${id}?stage=${stage}`)).toMatchObject({ status: 400, body: { code } });
    expect(await at.instances(id)).toEqual([]);
  });

  test("a workflow that is not there, of the other kind, or was deleted", async () => {
    const id = await at.flexible();
    expect(codes(await at.each(["/shk/swf0000000000000000?stage=1", `/dhk/${id}?stagePath=1`]))).toEqual([
      "not_found",
      "invalid_input",
    ]);
    await at.send(`/shk/${id}?stage=1`);
    await pool().query("DELETE FROM workflows WHERE id = $1", [id]);
    expect(await at.send(`/shk/${id}?stage=2`)).toMatchObject({ status: 404, body: { code: "not_found" } });
  });

  test("keys: none, unknown, without the scope, of another project", async () => {
    const id = await at.flexible();
    const other = await at.send(`/shk/${id}?stage=1`);
    const ask = async (key: string, more = "") => {
      const answer = await fetch(`${at.origin}/shk/${id}?stage=2${more}`, { headers: { "X-Api-Key": key } });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    };
    expect((await fetch(`${at.origin}/shk/${id}?stage=1`)).status).toBe(401);
    expect(await ask("unknown")).toEqual([401, "unauthenticated"]);
    expect(await ask(await at.world.project.key(["read"]))).toEqual([403, "forbidden"]);
    expect(await ask(at.world.foreignKey)).toEqual([403, "forbidden"]);
    const theirs = await makeWorkflow(at.world.foreign.id, { rules: staticRules(3) });
    const path = `${at.origin}/shk/${theirs}?stage=2&key=${at.world.foreignKey}&instance_id=${String(other.body["instance_id"])}`;
    expect((await fetch(path)).status).toBe(403);
    expect(await at.instances(id)).toMatchObject([{ n_steps: 1 }]);
  });

  test("an instance that is not there, or of another workflow", async () => {
    const [id, another] = [await at.flexible(), await at.flexible()];
    const { body } = await at.send(`/shk/${another}?stage=1`);
    const said = await at.each([
      `/shk/${id}?stage=1&instance_id=s0000000000000000`,
      `/shk/${id}?stage=2&instance_id=${String(body["instance_id"])}`,
    ]);
    expect(said.map(({ status, body: told }) => [status, told["code"]])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
    ]);
  });

  test("strict agents", async () => {
    const id = await makeWorkflow(at.world.project.id, { rules: staticRules(2, { strictAgents: true }) });
    expect(codes(await at.each([`/shk/${id}?stage=1`, `/shk/${id}?stage=1&agent=a`]))).toEqual(["agent_required", 200]);
  });

  test("a body of 2 MB, of 200 levels, that is no object, and other methods", async () => {
    const id = freshId();
    expect(await at.post(`/dhk/${id}?stagePath=1&start=yes`, { text: "a".repeat(2_000_000) })).toMatchObject({
      status: 413,
      body: { code: "payload_too_large" },
    });
    expect((await at.post(`/dhk/${id}?stagePath=1&start=yes`, [1])).status).toBe(400);
    const { status, body } = await at.post(`/dhk/${id}?stagePath=1&start=yes`, { payload: deep(200) });
    expect(status).toBe(200);
    expect((await at.steps(body["instance_id"]))[0].payload).toEqual(deep(200));
    const put = await fetch(`${at.origin}/dhk/${id}?stagePath=1`, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "HEAD, GET, POST, OPTIONS"]);
  });
});
