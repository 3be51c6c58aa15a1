import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { createBatcher } from "@/lib/db/batcher";
import { pool } from "@/lib/db/pool";
import { arrived, makeCheck, storedPings } from "@/lib/testing/checks";
import { makeWorld, type World } from "@/lib/testing/world";
import { commitSignals } from "./commit";
import type { Signal } from "./signal";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const keyOf = ({ target }: Signal) => ("uuid" in target ? target.uuid : JSON.stringify(target));

const signal = (uuid: string, userAgent = "test"): Signal => arrived(uuid, { kind: "log", userAgent });

describe("signals that arrive together", () => {
  test("share few commits, and each gets its own outcome", async () => {
    const sizes: number[] = [];
    const submit = createBatcher({
      commit: commitSignals,
      keyOf,
      maxBatch: 50,
      shareAbove: 50,
      maxInFlight: 2,
      maxWaiting: 1000,
      onBatch: (batch) => sizes.push(batch.size),
    });
    const ids = await Promise.all([0, 1, 2].map(() => makeCheck(world.project.id)));
    const targets = Array.from({ length: 120 }, (_, index) =>
      index % 4 === 3 ? randomUUID() : (ids[index % 4] ?? ""),
    );
    const outcomes = await Promise.all(targets.map((target) => submit(signal(target))));
    expect(outcomes.map((outcome) => outcome.is)).toEqual(
      targets.map((_, index) => (index % 4 === 3 ? "not_found" : "recorded")),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
    expect(sizes.length).toBeLessThan(10);
    for (const id of ids)
      expect((await storedPings(id)).map((ping) => ping.n)).toEqual(
        Array.from({ length: 30 }, (_, index) => index + 1),
      );
  });

  test("of one subject wait for each other instead of locking each other out", async () => {
    const submit = createBatcher({
      commit: commitSignals,
      keyOf,
      maxBatch: 20,
      shareAbove: 20,
      maxInFlight: 3,
      maxWaiting: 1000,
    });
    const [busy, quiet] = await Promise.all([makeCheck(world.project.id), makeCheck(world.project.id)]);
    const all = Array.from({ length: 90 }, (_, index) => submit(signal(index % 9 === 8 ? quiet : busy, String(index))));
    expect(new Set((await Promise.all(all)).map((outcome) => outcome.is))).toEqual(new Set(["recorded"]));
    const inOrder = (await storedPings(busy)).map((ping) => Number(ping.user_agent));
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    expect(inOrder).toHaveLength(80);
    expect(await storedPings(quiet)).toHaveLength(10);
  });

  test("one that cannot be stored fails alone", async () => {
    const submit = createBatcher({
      commit: commitSignals,
      keyOf,
      maxBatch: 50,
      shareAbove: 50,
      maxInFlight: 1,
      maxWaiting: 1000,
    });
    const id = await makeCheck(world.project.id);
    // PostgreSQL has no NUL in text. HTTP cannot carry one in a header, so only a fault of ours could bring it here.
    const agents = Array.from({ length: 20 }, (_, index) => (index === 7 ? "\0" : `agent-${index}`));
    const settled = await Promise.allSettled(agents.map((agent) => submit(signal(id, agent))));
    expect(settled.map((one) => one.status)).toEqual(
      agents.map((agent) => (agent === "\0" ? "rejected" : "fulfilled")),
    );
    const pings = await storedPings(id);
    expect(pings.map((ping) => ping.user_agent)).toEqual(agents.filter((agent) => agent !== "\0"));
    expect(pings.map((ping) => ping.n)).toEqual(pings.map((_, index) => index + 1));
  });

  test("more than may wait are refused at once, the others are served", async () => {
    const submit = createBatcher({
      commit: commitSignals,
      keyOf,
      maxBatch: 5,
      shareAbove: 5,
      maxInFlight: 1,
      maxWaiting: 30,
    });
    const id = await makeCheck(world.project.id);
    const settled = await Promise.allSettled(Array.from({ length: 40 }, () => submit(signal(id))));
    const refused = settled.filter((one) => one.status === "rejected").map((one) => one.reason);
    expect(refused).toHaveLength(10);
    expect(
      refused.every(
        (error) => error instanceof AppError && error.status === 503 && error.headers["Retry-After"] === "1",
      ),
    ).toBe(true);
    expect(await storedPings(id)).toHaveLength(30);
  });

  test("later signals of a batch see what earlier ones did", async () => {
    const id = await makeCheck(world.project.id);
    const rid = randomUUID();
    const history = (["start", "fail", "success", "fail", "success"] as const).map((kind) => ({
      ...signal(id),
      kind,
      rid,
    }));
    await commitSignals(history);
    const flips = await pool().query("SELECT seq, from_status, to_status FROM flips WHERE check_id = $1 ORDER BY seq", [
      id,
    ]);
    expect(flips.rows.map((flip) => `${flip.seq} ${flip.from_status} ${flip.to_status}`)).toEqual([
      "1 new down",
      "2 down up",
      "3 up down",
      "4 down up",
    ]);
    const alerts = await pool().query(
      "SELECT type, resolved_at IS NULL AS open FROM alerts WHERE subject_id = $1 ORDER BY id",
      [id],
    );
    expect(alerts.rows.map((alert) => [alert.type, alert.open])).toEqual([
      ["check.down", false],
      ["check.up", false],
      ["check.down", false],
      ["check.up", false],
    ]);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [id]);
    expect(runs.rows).toEqual([{ status: "failed" }]);
  });
});

describe("batches are begun", () => {
  type Begun = { items: string[]; end: () => void };

  /** A batcher whose batches end when the test says so. */
  function held(limits: { maxBatch: number; shareAbove: number; maxInFlight: number }) {
    const begun: Begun[] = [];
    const commit = (items: string[]): Promise<string[]> =>
      new Promise((resolve) => begun.push({ items, end: () => resolve(items) }));
    return { begun, submit: createBatcher({ commit, keyOf: (item) => item, maxWaiting: 1000, ...limits }) };
  }
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("with all that wait, up to a size at which waiting for the disk is shared enough", async () => {
    const { begun, submit } = held({ maxBatch: 100, shareAbove: 10, maxInFlight: 3 });
    const all = Array.from({ length: 10 }, (_, index) => submit(`few-${index}`));
    await nextTurn();
    expect(begun.map((batch) => batch.items.length)).toEqual([10]);
    for (const batch of begun) batch.end();
    await Promise.all(all);
  });

  test("with equal shares of many that wait, and not beyond the most", async () => {
    const { begun, submit } = held({ maxBatch: 40, shareAbove: 10, maxInFlight: 3 });
    const all = Array.from({ length: 90 }, (_, index) => submit(`many-${index}`));
    await nextTurn();
    expect(begun.map((batch) => batch.items.length)).toEqual([30, 30, 30]);
    all.push(...Array.from({ length: 60 }, (_, index) => submit(`more-${index}`)));
    begun[0]?.end();
    await all[0];
    await nextTurn();
    expect(begun.map((batch) => batch.items.length)).toEqual([30, 30, 30, 40]);
    for (const batch of begun) batch.end();
    await Promise.all(all.slice(0, 130));
    await nextTurn();
    begun.at(-1)?.end();
    expect(await Promise.all(all)).toHaveLength(150);
  });

  test("not while most of one would wait for the locks of another", async () => {
    const { begun, submit } = held({ maxBatch: 100, shareAbove: 100, maxInFlight: 3 });
    const all = [submit("a")];
    await nextTurn();
    all.push(submit("a"), submit("a"), submit("b"));
    await nextTurn();
    expect(begun.map((batch) => batch.items)).toEqual([["a"]]);
    all.push(submit("c"));
    await nextTurn();
    expect(begun.map((batch) => batch.items)).toEqual([["a"], ["a", "a", "b", "c"]]);
    all.push(submit("a"));
    for (const batch of begun) batch.end();
    await Promise.all(all.slice(0, -1));
    await nextTurn();
    expect(begun.at(-1)?.items).toEqual(["a"]);
    begun.at(-1)?.end();
    await Promise.all(all);
  });
});
