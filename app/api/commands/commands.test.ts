import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test } from "vitest";
import { deliverDue } from "@/lib/alerts/deliver";
import { pool } from "@/lib/db/pool";
import { theCommandWatch } from "@/lib/replay/work-queue";
import { type Answered, call } from "@/lib/testing/http";
import { makeChannel, makeWebhook } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { stages } from "@/lib/testing/stages";
import type { World } from "@/lib/testing/world";
import * as fork from "../instances/[id]/fork/route";
import * as lookup from "../instances/[id]/lookup/route";
import * as rerun from "../instances/[id]/rerun/route";
import * as sessions from "../instances/[id]/sessions/route";
import * as claim from "./[id]/claim/route";
import * as commands from "./route";

const at = stages();

type Body = Record<string, unknown>;
const bodyOf = ({ body }: Answered): Body => body as Body; // all answers are objects

const post = (handler: typeof fork.POST, id: unknown, body: unknown = {}, key = at.world.key) =>
  call(handler, { method: "POST", key, body, params: { id: String(id) }, path: `/api/x/${id}` });
const forkOf = async (id: string, body: object): Promise<Body> => bodyOf(await post(fork.POST, id, body));
const list = async (query = "", key = at.world.key): Promise<Body[]> =>
  bodyOf(await call(commands.GET, { key, path: `/api/commands?${query}` }))["commands"] as Body[]; // documented so

let origin: { workflow: string; id: string };
beforeAll(async () => {
  origin = await at.report([
    ["1", { agent: "planner", payload: { input_hash: "h1", output: { plan: [1, 2] } } }],
    ["2", { agent: "worker", stagename: "Work", payload: { input_hash: "h2", answer: 42 } }],
  ]);
});

const ask = {
  fork_from_stage: "2",
  payload_modifications: { "2": { answer: 43 }, "3": { careful: true } },
  reason: "be careful",
};

/** The command of a fork that was just made with `ask`. */
const expected = (forked: Body) => ({
  command_id: forked["session_id"],
  type: "instance.fork_requested",
  kind: "fork",
  workflow_id: origin.workflow,
  workflow_kind: "dynamic",
  instance_id: forked["forked_instance_id"],
  origin_instance_id: origin.id,
  fork_from_stage: "2",
  stages_copied: 2,
  resume_after: {
    step: 1,
    stage_path: "2",
    stage_name: "Work",
    agent_code: "worker",
    payload: { input_hash: "h2", answer: 43 },
    payload_left_out: false,
  },
  payload_overrides: { "3": { careful: true } },
  reason: "be careful",
  requested_by: "key:test",
  created_at: expect.any(String),
});

describe("commands", () => {
  test("tell a worker all it needs, until one takes it on", async () => {
    const forked = await forkOf(origin.id, ask);
    const [told] = (await list()).filter(({ instance_id: id }) => id === forked["forked_instance_id"]);
    expect(told).toEqual(expected(forked));
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(claim.POST, forked["session_id"])));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    const kept = { ...expected(forked), lease_expires_at: null };
    expect(answers.find(({ status }) => status === 200)?.body).toEqual(kept);
    for (const { body } of answers.filter(({ status }) => status === 409))
      expect(body).toMatchObject({ code: "already_claimed", claimed_by: "key:test", claimed_at: expect.any(String) });
    expect((await list()).map(({ command_id: id }) => id)).not.toContain(forked["session_id"]);
  });

  test("are waited for", async () => {
    const workflow = (await at.report([["1", {}]])).workflow;
    const waiting = Array.from({ length: 20 }, () => list(`wait=60&workflow_id=${origin.workflow}`));
    const elsewhere = list(`wait=1&workflow_id=${workflow}`);
    const open = await list(`workflow_id=${origin.workflow}`);
    for (const { command_id: id } of open) await post(claim.POST, id);
    const again = bodyOf(await post(rerun.POST, origin.id, { payload_modifications: { "1": { a: 1 } } }));
    const mine = { instance_id: again["new_instance_id"], kind: "rerun", resume_after: null, stages_copied: 0 };
    for (const told of await Promise.all(waiting)) expect(told).toContainEqual(expect.objectContaining(mine));
    expect(await elsewhere).toEqual([]);
    expect(theCommandWatch().waiting).toBe(0);
  });

  test("are paged, and those after a known one are waited for alone", async () => {
    const { id, workflow } = await at.report([["1", {}]]);
    const made: Body[] = [];
    for (let count = 0; count < 3; count += 1) made.push(await forkOf(id, { fork_from_stage: "1" }));
    const ids = made.map((one) => one["session_id"]);
    const page = async (query: string) =>
      bodyOf(await call(commands.GET, { key: at.world.key, path: `/?workflow_id=${workflow}&${query}` }));
    const idsOf = ({ commands: list }: Body) => (list as Body[]).map((one) => one["command_id"]); // documented so
    const first = await page("limit=2");
    const rest = await page(`limit=2&cursor=${first["next_cursor"]}`);
    expect([idsOf(first), idsOf(rest), rest["next_cursor"]]).toEqual([ids.slice(0, 2), ids.slice(2), null]);
    const waiting = page(`wait=60&after=${ids[2]}`);
    const next = await forkOf(id, { fork_from_stage: "1" });
    expect(idsOf(await waiting)).toEqual([next["session_id"]]);
    expect(idsOf(await page(`after=${next["session_id"]}`))).toEqual([]);
    expect((await page("after=5ad0a6a2-33f6-4d9c-8cf2-0d3b7d5c9b11"))["code"]).toBe("invalid_input");
    for (const bad of [[0, "-".repeat(36)], ["x", "y"], [1]]) {
      const cursor = Buffer.from(JSON.stringify(bad)).toString("base64url");
      expect((await page(`cursor=${cursor}`))["code"]).toBe("invalid_input");
      const told = await call(sessions.GET, { key: at.world.key, params: { id }, path: `/?cursor=${cursor}` });
      expect(told.status).toBe(400);
    }
  });

  test("are taken on again by the worker that has them, and can be given back", async () => {
    const { session_id: id } = await forkOf(origin.id, ask);
    const first = await post(claim.POST, id, { worker: "one" });
    expect((await post(claim.POST, id, { worker: "one" })).body).toEqual(first.body);
    for (const body of [{ worker: "two" }, {}])
      expect((await post(claim.POST, id, body)).body).toMatchObject({
        code: "already_claimed",
        claimed_by: "key:test/one",
      });
    const release = { method: "DELETE", key: at.world.key, params: { id: String(id) } };
    expect((await call(claim.DELETE, { ...release, key: at.world.foreignKey })).status).toBe(403);
    expect((await call(claim.DELETE, release)).status).toBe(204);
    expect((await post(claim.POST, id, { worker: "two" })).status).toBe(200);
  });

  /** Lets so many seconds pass for a command and its instance. */
  async function pass({ session_id: id, forked_instance_id: fork }: Body, seconds: number): Promise<void> {
    const ago = `- ${seconds} * interval '1 second'`;
    await pool().query(`UPDATE replay_sessions SET claimed_at = claimed_at ${ago} WHERE id = $1`, [id]);
    await pool().query(`UPDATE instances SET last_signal_at = last_signal_at ${ago} WHERE id = $1`, [fork]);
  }
  const isOffered = async ({ session_id: id }: Body) => (await list()).some((one) => one["command_id"] === id);

  test("are offered again when a lease has ended, and one worker takes them over", async () => {
    const forked = await forkOf(origin.id, ask);
    const id = forked["session_id"];
    const mine = { worker: "mortal", lease_seconds: 120 };
    const taken = bodyOf(await post(claim.POST, id, mine));
    const leaseMs = Date.parse(String(taken["lease_expires_at"])) - Date.now();
    expect(leaseMs).toBeGreaterThan(60_000);
    expect(leaseMs).toBeLessThanOrEqual(180_000);
    await pass(forked, 100);
    expect((await post(claim.POST, id, { worker: "other" })).body).toMatchObject({ code: "already_claimed" });
    expect((await post(claim.POST, id, mine)).status).toBe(200);
    await pass(forked, 100);
    expect(await isOffered(forked)).toBe(false);
    await pass(forked, 30);
    expect(await isOffered(forked)).toBe(true);
    const others = Array.from({ length: 8 }, (_, n) => post(claim.POST, id, { worker: `w${n}`, lease_seconds: 60 }));
    const statuses = (await Promise.all(others)).map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    expect((await post(claim.POST, id, mine)).body).toMatchObject({ code: "already_claimed" });
    expect(await isOffered(forked)).toBe(false);
  });

  test("stay with whoever reports, and without a lease with whoever took them", async () => {
    const [leased, kept] = [await forkOf(origin.id, ask), await forkOf(origin.id, ask)];
    await post(claim.POST, leased["session_id"], { worker: "one", lease_seconds: 60 });
    await post(claim.POST, kept["session_id"], { worker: "one" });
    for (const forked of [leased, kept]) await pass(forked, 70);
    expect([await isOffered(leased), await isOffered(kept)]).toEqual([true, false]);
    await at.send(`/dhk/${origin.workflow}?stagePath=3&instance_id=${leased["forked_instance_id"]}`);
    expect(await isOffered(leased)).toBe(false);
    await pass(leased, 70);
    await at.send(`/dhk/${origin.workflow}?stagePath=4&final=yes&instance_id=${leased["forked_instance_id"]}`);
    await pass(leased, 70);
    expect((await post(claim.POST, leased["session_id"], { worker: "two" })).body).toMatchObject({ code: "conflict" });
  });

  test.each([
    [{ worker: "one", lease_seconds: 9 }, "lease_seconds"],
    [{ worker: "one", lease_seconds: 86_401 }, "lease_seconds"],
    [{ worker: "one", lease_seconds: 60.5 }, "lease_seconds"],
    [{ worker: "one", lease_seconds: "60" }, "lease_seconds"],
    [{ lease_seconds: 60 }, "worker"],
  ])("are not taken on with %j", async (body, name) => {
    const forked = await forkOf(origin.id, ask);
    const answer = await post(claim.POST, forked["session_id"], body);
    expect(answer.body).toMatchObject({ status: 400, invalid_params: [{ name }] });
    expect(await isOffered(forked)).toBe(true);
  });

  test("leave out a payload that is long", async () => {
    const { id } = await at.report([["1", { payload: { text: "x".repeat(20_000) } }]]);
    const forked = await forkOf(id, { fork_from_stage: "1" });
    const [told] = (await list()).filter(({ instance_id: one }) => one === forked["forked_instance_id"]);
    expect(told?.["resume_after"]).toMatchObject({ payload: null, payload_left_out: true });
  });

  test("of what does not run any more, or is old, are not offered", async () => {
    const [ended, old] = [await forkOf(origin.id, ask), await forkOf(origin.id, ask)];
    await at.send(`/dhk/${origin.workflow}?stagePath=3&final=yes&instance_id=${ended["forked_instance_id"]}`);
    await pool().query("UPDATE replay_sessions SET created_at = now() - interval '25 hours' WHERE id = $1", [
      old["session_id"],
    ]);
    const ids = (await list()).map(({ command_id: id }) => id);
    expect(ids).not.toContain(ended["session_id"]);
    expect(ids).not.toContain(old["session_id"]);
    expect((await post(claim.POST, ended["session_id"])).body).toMatchObject({ status: 409, code: "conflict" });
  });

  test("are of one's own project alone", async () => {
    const forked = await forkOf(origin.id, ask);
    expect(await list("", at.world.foreignKey)).toEqual([]);
    expect((await post(claim.POST, forked["session_id"], {}, at.world.foreignKey)).status).toBe(403);
    expect((await post(claim.POST, forked["session_id"], {}, await at.world.project.key(["read"]))).status).toBe(403);
    expect((await post(claim.POST, "5ad0a6a2-33f6-4d9c-8cf2-0d3b7d5c9b11")).status).toBe(404);
    expect((await post(claim.POST, "nothing")).status).toBe(404);
    expect((await post(claim.POST, forked["session_id"])).status).toBe(200);
  });

  test.each(["wait=61", "wait=-1", "wait=x", "workflow_id=%00", "limit=0"])("%s is refused", async (query) => {
    const { status } = await call(commands.GET, { key: at.world.key, path: `/api/commands?${query}` });
    expect(status).toBe(400);
  });
});

describe("the webhook", () => {
  let world: World;
  beforeAll(async () => {
    world = at.world;
    await pool().query("DELETE FROM alerts");
  });

  test("tells the same, signed, to webhooks that choose no events and to whoever asks for it", async () => {
    const sink = await openSink({ status: 200 });
    await makeWebhook(world.project, `${sink.url}/worker`);
    const mail = await makeChannel(world.project, {
      kind: "email",
      name: "Team",
      events: [],
      config: { to: "team@example.com" },
    });
    const asking = await openSink({ status: 200 });
    const config = { url: `${asking.url}/asks` };
    await makeChannel(world.project, { kind: "webhook", name: "Asks", events: ["instance.fork_requested"], config });
    const forked = await forkOf(origin.id, ask);
    while ((await deliverDue({ limit: 10 })) > 0);
    const [{ headers, body } = { headers: {}, body: "" }] = sink.received;
    expect([sink.received.length, asking.received.length]).toEqual([1, 1]);
    const verified = new Webhook(world.project.webhookSecret).verify(body, headers as Record<string, string>); // these headers come once each
    expect(verified).toMatchObject({ type: "instance.fork_requested", data: expected(forked) });
    const { rows } = await pool().query("SELECT 1 FROM deliveries WHERE channel_id = $1", [mail]);
    expect(rows).toEqual([]);
  });
});

describe("a lookup", () => {
  const ask = (id: unknown, body: object, key = at.world.key) => post(lookup.POST, id, body, key);

  test("gives what was recorded of the same input, with what the fork changed", async () => {
    const forked = await forkOf(origin.id, { fork_from_stage: "2", payload_modifications: { "2": { answer: 43 } } });
    const id = forked["forked_instance_id"];
    expect((await ask(id, { stage_path: "1", input_hash: "h1" })).body).toEqual({
      result: "hit",
      step: 0,
      output: { plan: [1, 2] },
      payload: { input_hash: "h1", output: { plan: [1, 2] } },
      copied: true,
      recorded_at: expect.any(String),
    });
    const changed = { input_hash: "h2", answer: 43 };
    expect((await ask(id, { stage_path: "2" })).body).toMatchObject({
      result: "hit",
      output: changed,
      payload: changed,
    });
    expect((await ask(origin.id, { stage_path: "2" })).body).toMatchObject({ output: { answer: 42 }, copied: false });
    for (const body of [{ stage_path: "1", input_hash: "h2" }, { stage_path: "3" }])
      expect((await ask(id, body)).body).toEqual({ result: "miss" });
  });

  test("gives the newest of a stage that succeeded", async () => {
    const { id, workflow } = await at.report([["1", { payload: { output: 1 } }]]);
    await at.post(`/dhk/${workflow}?stagePath=1&instance_id=${id}`, { payload: { output: 2 } });
    await at.post(`/dhk/${workflow}?stagePath=1&status=failed&instance_id=${id}`, { payload: { output: 3 } });
    expect((await ask(id, { stage_path: "1" })).body).toMatchObject({ step: 1, output: 2 });
  });

  test("refuses what it cannot look for", async () => {
    const bad = [{}, { stage_path: "one" }, { stage_path: "1", input_hash: "" }, { stage_path: "1", input_hash: "\0" }];
    for (const body of bad) expect((await ask(origin.id, body)).status).toBe(400);
    expect((await ask("dnothing", { stage_path: "1" })).status).toBe(404);
    expect((await ask(origin.id, { stage_path: "1" }, at.world.foreignKey)).status).toBe(403);
  });
});
