import { afterEach, beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { arrived, makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import { take } from "./door";

beforeEach(() => settle({ RATE_LIMITS: "on" }));
afterEach(() => settle({ RATE_LIMITS: "off" }));

const send = (id: string, count: number) => Promise.all(Array.from({ length: count }, () => take(arrived(id))));

test("past 600 a minute the history is thinned, past 6,000 signals are refused, and other checks do not notice", async () => {
  const project = await makeProject();
  const [busy, quiet] = await Promise.all([makeCheck(project.id), makeCheck(project.id)]);
  expect(new Set((await send(busy, 700)).map((verdict) => verdict.is))).toEqual(new Set(["recorded"]));
  expect((await storedPings(busy)).map((ping) => ping.n)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));

  // What leaves no row still moves the deadline, and still changes the status.
  await pool().query("UPDATE checks SET last_ping_at = now() - interval '1 hour', due_at = now() WHERE id = $1", [
    busy,
  ]);
  await send(busy, 1);
  expect((await storedCheck(busy)).due_at?.getTime()).toBeGreaterThan(Date.now() + 86_400_000);
  await take(arrived(busy, { kind: "fail", exitStatus: 3 }));
  expect(await storedCheck(busy)).toMatchObject({ status: "down", n_pings: 600 });

  const verdicts = await send(busy, 5400);
  const limited = verdicts.filter((verdict) => verdict.is === "limited");
  expect(limited).toHaveLength(102);
  expect(limited[0]).toMatchObject({
    headers: { "RateLimit-Policy": '"signal";q=6000;w=60', "Retry-After": expect.stringMatching(/^\d+$/) },
  });
  expect(await take(arrived(quiet))).toMatchObject({ is: "recorded" });
});
