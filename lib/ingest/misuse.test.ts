import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;
let other: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());
beforeEach(async () => {
  id = await makeCheck(world.project.id);
  other = await makeCheck(world.project.id);
});

type Verb = "start" | "success" | "fail";
type Said = { check: string; verb: Verb; run: string };

/** How each service that names runs tells of one, and whether an end that ends nothing is refused there. */
const SERVICES: Record<string, { path: (said: Said, key: string) => string; refuses?: true }> = {
  Healthchecks: { path: ({ check, verb, run }) => `/ping/${check}${verb === "success" ? "" : `/${verb}`}?rid=${run}` },
  Cronitor: {
    path: ({ check, verb, run }, key) =>
      `/p/${key}/${check}?state=${{ start: "run", success: "complete", fail: "fail" }[verb]}&series=${run}`,
  },
  Sentry: {
    path: ({ check, verb, run }, key) =>
      `/api/1/cron/${check}/${key}/?status=${{ start: "in_progress", success: "ok", fail: "error" }[verb]}&check_in_id=${run}`,
  },
  PingPulse: {
    path: ({ check, verb, run }, key) =>
      `/phk/${check}/${verb === "start" ? "start" : "finish"}?key=${key}&run_id=${run}&exit_code=${verb === "fail" ? 1 : 0}`,
    refuses: true,
  },
};

describe.each(Object.entries(SERVICES))("a run misused in the words of %s", (_name, { path, refuses }) => {
  const [one, two] = [randomUUID(), randomUUID()];

  /** What a check has recorded: its runs, its signals, and that none is lost or counted twice. */
  async function recorded(check: string): Promise<{ runs: string[]; kinds: string[] }> {
    const runs = await pool().query<{ rid: string; status: string; ms: number | null }>(
      "SELECT rid, status, duration_ms AS ms FROM runs WHERE check_id = $1 ORDER BY started_at",
      [check],
    );
    const pings = await storedPings(check);
    expect(pings.map(({ n }) => n)).toEqual(pings.map((_, index) => index + 1));
    expect((await storedCheck(check)).n_pings).toBe(pings.length);
    for (const { status, ms } of runs.rows) expect(ms !== null).toBe(status === "success" || status === "failed");
    return {
      runs: runs.rows.map(({ rid, status }) => `${rid === one ? "one" : "two"} ${status}`),
      kinds: pings.map(({ kind }) => kind),
    };
  }
  async function tell(verb: Verb, run = one, check = id): Promise<void> {
    const answer = await fetch(`${door.url}${path({ check, verb, run }, world.project.pingKey)}`);
    expect([200, 202]).toContain(answer.status);
  }
  /** An end that belongs to nothing. */
  async function tellInVain(verb: Verb, run = one, check = id): Promise<string[]> {
    if (refuses === undefined) return tell(verb, run, check).then(() => [verb]);
    const answer = await fetch(`${door.url}${path({ check, verb, run }, world.project.pingKey)}`);
    expect([answer.status, await answer.json()]).toMatchObject([409, { code: "no_running_run" }]);
    return [];
  }

  test("by the end of another check's run", async () => {
    await tell("start");
    const kinds = await tellInVain("success", one, other);
    expect(await recorded(other)).toEqual({ runs: [], kinds });
    expect(await recorded(id)).toEqual({ runs: ["one running"], kinds: ["start"] });
  });

  test("by its end before its start, which then opens a run", async () => {
    const kinds = await tellInVain("success");
    await tell("start");
    expect(await recorded(id)).toEqual({ runs: ["one running"], kinds: [...kinds, "start"] });
    await tell("success");
    expect((await recorded(id)).runs).toEqual(["one success"]);
  });

  test("by a second start, which gives the first one up", async () => {
    await tell("start");
    await tell("start");
    await tell("success");
    expect(await recorded(id)).toEqual({
      runs: ["one abandoned", "one success"],
      kinds: ["start", "start", "success"],
    });
  });

  test.each(["success", "fail"] as const)("by a second %s, which leaves the others alone", async (verb) => {
    await tell("start");
    await tell("start", two);
    await tell(verb);
    const kinds = await tellInVain(verb);
    const ended = verb === "fail" ? "failed" : "success";
    expect(await recorded(id)).toEqual({
      runs: [`one ${ended}`, "two running"],
      kinds: ["start", "start", verb, ...kinds],
    });
    expect((await storedCheck(id)).status).toBe(verb === "fail" ? "down" : "up");
  });

  test("by the same name for one run after the other", async () => {
    for (const verb of ["start", "fail", "start", "success"] as const) await tell(verb);
    expect(await recorded(id)).toEqual({
      runs: ["one failed", "one success"],
      kinds: ["start", "fail", "start", "success"],
    });
  });
});

test.each(["0", "-1", "1e300", "4102444800", "1.5", "tomorrow", "%00"])(
  "a stamp of %s moves nothing and is kept",
  async (stamp) => {
    const before = Date.now();
    for (const state of ["run", "complete"])
      expect((await fetch(`${door.url}/p/${world.project.pingKey}/${id}?state=${state}&stamp=${stamp}`)).status).toBe(
        200,
      );
    const found = await pool().query<{ ms: number }>(
      "SELECT extract(epoch FROM due_at - make_interval(secs => timeout_seconds + grace_seconds))::float8 * 1000 AS ms FROM checks WHERE id = $1",
      [id],
    );
    expect(Math.abs((found.rows[0]?.ms ?? 0) - before)).toBeLessThan(60_000);
    const pings = await storedPings(id);
    expect(pings.map(({ kind }) => kind)).toEqual(["start", "success"]);
    expect(pings[1]?.duration_ms).toBeLessThan(60_000);
    expect(pings[1]?.details).toMatchObject({ metadata: { stamp: decodeURIComponent(stamp).replace("\0", "\uFFFD") } });
  },
);

describe("durations that cannot be read are kept as text, and the signal counts", () => {
  const UNREADABLE = ["soon", "-5", "1h-3m", "1e999", "12 parsecs"];
  test.each([
    ["Pingura", (duration: string) => `/api/heartbeat/${id}?duration=${duration}`],
    ["Cronitor", (duration: string) => `/p/${world.project.pingKey}/${id}?state=complete&duration=${duration}`],
    ["Uptime Kuma", (duration: string) => `/api/push/${id}?status=up&ping=${duration}`],
    ["Sentry", (duration: string) => `/api/1/cron/${id}/${world.project.pingKey}/?status=ok&duration=${duration}`],
  ])("%s", async (_name, path) => {
    for (const duration of UNREADABLE) {
      const answer = await fetch(`${door.url}${path(encodeURIComponent(duration))}`);
      expect([200, 202]).toContain(answer.status);
    }
    const pings = await storedPings(id);
    expect(pings.map(({ kind, details }) => [kind, details?.["reported_duration"]])).toEqual(
      UNREADABLE.map((duration) => ["success", duration]),
    );
    expect(pings.every(({ details }) => details?.["reported_duration_ms"] === undefined)).toBe(true);
  });
});

describe("metadata of the wrong type is told as what it is", () => {
  test.each([
    ["PingPulse pulse", { metadata: "text", status: "ok" }, { metadata: "text" }],
    ["PingPulse pulse", { rows: [1, { a: null }], nothing: null }, { rows: [1, { a: null }], nothing: null }],
  ])("%s %j", async (_name, said, metadata) => {
    const body = JSON.stringify({ key: world.project.pingKey, ...said });
    expect((await fetch(`${door.url}/hbk/${id}`, { method: "POST", body })).status).toBe(200);
    expect((await storedPings(id)).at(-1)?.details).toMatchObject({ metadata });
  });

  test.each(["7", "[1,2]", '"text"', "true"])("a run's metadata of %s", async (metadata) => {
    const body = `{"key":"${world.project.pingKey}","metadata":${metadata}}`;
    expect((await fetch(`${door.url}/phk/${id}/start`, { method: "POST", body })).status).toBe(200);
    expect((await storedPings(id)).at(-1)?.details).toEqual({ metadata: { metadata: JSON.parse(metadata) } });
  });

  test.each(["7", "[1,2]", '"text"', "null"])("a heartbeat whose body is %s has output", async (body) => {
    expect((await fetch(`${door.url}/api/heartbeat/${id}`, { method: "POST", body })).status).toBe(200);
    expect(await storedPings(id)).toMatchObject([{ kind: "success", details: null, body: Buffer.from(body) }]);
  });

  test("a megabyte of it says how much it was, in every dialect that takes JSON", async () => {
    const rows = "x".repeat(900_000);
    for (const [path, status] of [
      [`/api/heartbeat/${id}`, 200],
      [`/hbk/${id}`, 200],
      [`/phk/${id}/start`, 200],
      [`/api/1/cron/${id}/${world.project.pingKey}/`, 202],
    ] as const) {
      const body = JSON.stringify({ key: world.project.pingKey, status: "ok", metadata: { rows } });
      expect((await fetch(`${door.url}${path}`, { method: "POST", body })).status).toBe(status);
      const metadata = { too_large: expect.stringMatching(/^\d+ bytes were sent, 10000 are kept$/) };
      expect((await storedPings(id)).at(-1)?.details).toMatchObject({ metadata });
    }
  });
});

describe("a state that nobody knows", () => {
  test.each([
    ["Cronitor", () => `/p/${world.project.pingKey}/${id}?state=paused`, 400, []],
    ["Sentry", () => `/api/1/cron/${id}/${world.project.pingKey}/?status=paused`, 400, []],
    ["Uptime Kuma", () => `/api/push/${id}?status=paused`, 200, ["fail"]],
    ["PingPulse", () => `/hbk/${id}?key=${world.project.pingKey}&status=paused`, 200, ["success"]],
    ["Pingura", () => `/api/heartbeat/${id}?status=paused`, 200, ["success"]],
    ["Healthchecks", () => `/ping/${id}/paused`, 404, []],
  ])("%s", async (_name, path, status, kinds) => {
    expect((await fetch(`${door.url}${path()}`)).status).toBe(status);
    expect((await storedPings(id)).map(({ kind }) => kind)).toEqual(kinds);
  });
});
