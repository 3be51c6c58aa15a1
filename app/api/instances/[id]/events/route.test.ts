import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { theWatch } from "@/lib/workflows/instance/watch";
import { GET, POST } from "./route";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  const workflow = await makeWorkflow(world.project.id);
  id = await makeInstance(world.project.id, workflow, { steps: [{ path: "1", stageName: "Load" }, { path: "2" }] });
});

type Asked = { path?: string; key?: string; headers?: Record<string, string> };
const ask = (asked: Asked = {}) => call(GET, { key: world.key, params: { id }, ...asked });

/** Opens the stream and reads it as it comes; closed after the test. */
async function listen(query = "", headers: Record<string, string> = {}) {
  const request = new Request(`http://pulsetrail.test/${query}`, { headers: { "X-Api-Key": world.key, ...headers } });
  const response = await GET(request, { params: Promise.resolve({ id }) });
  const reader = response.body?.getReader();
  onTestFinished(() => reader?.cancel());
  const heard = { text: "", isOver: false };
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) break;
      heard.text += new TextDecoder().decode(value);
    }
    heard.isOver = true;
  };
  void read();
  return { response, heard, cancel: () => reader?.cancel() };
}

type Listening = Awaited<ReturnType<typeof listen>>;
const stepsIn = ({ heard }: Listening): number[] =>
  [...heard.text.matchAll(/"step":(\d+)/g)].map(([, step]) => Number(step));
const hears = (one: Listening, text: string | RegExp) =>
  vi.waitFor(() => expect(one.heard.text).toMatch(text), { timeout: 10_000, interval: 20 });

async function arrive(status = "running"): Promise<void> {
  await pool().query(
    `WITH i AS (UPDATE instances SET n_steps = n_steps + 1, status = $2::instance_status,
                       ended_at = CASE WHEN $2 <> 'running' THEN now() END WHERE id = $1 RETURNING project_id, n_steps)
     INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT project_id, $1, n_steps - 1, '3', 'success', now() FROM i`,
    [id, status],
  );
}

describe("the events of an instance", () => {
  test("are its steps and how it fares, as documented", async () => {
    const one = await listen();
    expect(one.response.status).toBe(200);
    expect(Object.fromEntries(one.response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    await hears(one, /event: instance\n.*\n\n$/);
    const [retry, steps, instance] = one.heard.text.split("\n\n");
    expect(retry).toBe("retry: 2000");
    expect(steps).toMatch(/^id: 1\nevent: steps\ndata: /);
    expect(JSON.parse(steps?.split("data: ")[1] ?? "").steps[0]).toEqual({
      step: 0,
      stage_path: "1",
      stage_name: "Load",
      status: "success",
      agent_code: null,
      executed_at: expect.stringMatching(/^\d{4}-.*Z$/),
      response_time_ms: null,
      is_final: false,
      handoff_reason: null,
    });
    expect(JSON.parse(instance?.split("data: ")[1] ?? "")).toEqual({
      id,
      status: "running",
      total_steps: 2,
      started_at: expect.stringMatching(/^\d{4}-.*Z$/),
      completed_at: null,
      failure_reason: null,
      due_at: null,
    });
  });

  test("are the same for two viewers, and end with the instance", async () => {
    const viewers = await Promise.all([listen("?after=1"), listen("?after=1")]);
    for (const one of viewers) await hears(one, /"running"/);
    await arrive();
    for (const one of viewers) await hears(one, /"step":2/);
    await arrive("completed");
    for (const one of viewers) await vi.waitFor(() => expect(one.heard.isOver).toBe(true), { timeout: 10_000 });
    expect(viewers[0]?.heard.text).toBe(viewers[1]?.heard.text);
    expect(viewers[0]?.heard.text).toMatch(/"status":"completed"[^\n]*\n\n$/);
    expect(theWatch().viewers).toBe(0);
  });

  test("go on after a break without a gap or a repeat", async () => {
    const first = await listen();
    await hears(first, /"running"/);
    await first.cancel();
    await arrive();
    await arrive();
    const lastId = /id: (\d+)/.exec(first.heard.text)?.[1] ?? "";
    // A browser asks for the same address again, whatever it says.
    const second = await listen("?after=-1", { "Last-Event-ID": lastId });
    await hears(second, /"running"/);
    await arrive();
    await hears(second, /"step":4/);
    expect([...stepsIn(first), ...stepsIn(second)]).toEqual([0, 1, 2, 3, 4]);
  });

  test("are over for who has all of an instance that has ended: 204 keeps a browser from coming back", async () => {
    await arrive("failed");
    const again = await ask({ headers: { "Last-Event-ID": "2" } });
    expect([again.status, again.text]).toEqual([204, ""]);
    const behind = await ask({ headers: { "Last-Event-ID": "1" } });
    expect(behind.status).toBe(200);
    expect(behind.text).toMatch(/^retry: 2000\n\nid: 2\nevent: steps\n.*\n\nevent: instance\ndata: .*"failed".*\n\n$/);
  });

  test("can be asked about without listening", async () => {
    const request = new Request("http://pulsetrail.test/", { method: "HEAD", headers: { "X-Api-Key": world.key } });
    const response = await GET(request, { params: Promise.resolve({ id }) });
    expect([response.status, response.body, response.headers.get("content-type")]).toEqual([
      200,
      null,
      "text/event-stream; charset=utf-8",
    ]);
    expect(theWatch().viewers).toBe(0);
  });
});

describe("who may listen", () => {
  test("a member, whose page names the project in the address", async () => {
    const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    const other = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    const { Cookie = "" } = viewer.headers();
    const mine = await listen(`?project=${world.project.id}`, { Cookie, "X-Api-Key": "" });
    await hears(mine, /"running"/);
    const stranger = other.headers(world.foreign.id);
    const answer = await call(GET, { params: { id }, headers: stranger });
    expect([answer.status, answer.body]).toMatchObject([404, { code: "not_found" }]);
  });

  test("nobody without a key, with one of others, or with one that may only send signals", async () => {
    const none = await call(GET, { params: { id } });
    expect([none.status, none.body]).toMatchObject([401, { code: "unauthenticated" }]);
    expect(none.headers.get("content-type")).toBe("application/problem+json");
    expect((await ask({ key: world.foreignKey })).body).toMatchObject({ status: 403, code: "forbidden" });
    expect((await ask({ key: await world.project.key(["ping"]) })).body).toMatchObject({ status: 403 });
    const missing = await call(GET, { key: world.key, params: { id: "d0000000000000000" } });
    expect(missing.body).toMatchObject({ status: 404, code: "not_found" });
    expect((await call(POST, { method: "POST", key: world.key, params: { id } })).status).toBe(405);
  });

  test.each(["x", "-2", "1.5", "99999999999"])("nobody after step %s", async (after) => {
    expect((await ask({ path: `/?after=${after}` })).body).toMatchObject({
      status: 400,
      invalid_params: [{ name: "after", reason: "must be the number of a step, from 0, or -1 for all" }],
    });
  });
});
