import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Outlet } from "@/lib/core/event-stream";
import { pool } from "@/lib/db/pool";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { Watch } from "./watch";

type Event = {
  event: string;
  id?: string;
  data: { steps?: { step: number }[]; status?: string; total_steps?: number };
};

/** An outlet that keeps what it is given, as text and as events. */
class Listener implements Outlet {
  readonly chunks: Uint8Array[] = [];
  isEnded = false;
  isDropped = false;
  takes = true;

  hasRoom = (): boolean => this.takes;
  write = (chunk: Uint8Array): void => {
    this.chunks.push(chunk);
  };
  end = (): void => {
    this.isEnded = true;
  };
  drop = (): void => {
    this.isDropped = true;
  };

  get events(): Event[] {
    const blocks = this.chunks.map((chunk) => new TextDecoder().decode(chunk)).filter((text) => !text.startsWith(":"));
    return blocks.map((block) => {
      const fields = Object.fromEntries(block.split("\n").map((line) => /^(\w+): (.*)$/.exec(line)?.slice(1) ?? []));
      return { ...fields, data: JSON.parse(fields.data) } as Event; // as they are documented
    });
  }

  get steps(): number[] {
    return this.events.flatMap(({ data }) => data.steps?.map(({ step }) => step) ?? []);
  }

  get statuses(): (string | undefined)[] {
    return this.events.filter(({ event }) => event === "instance").map(({ data }) => data.status);
  }
}

let watch: Watch;
let projectId: string;
let id: string;
beforeEach(async () => {
  watch = new Watch();
  ({ id: projectId } = await makeProject());
  const workflow = await makeWorkflow(projectId);
  id = await makeInstance(projectId, workflow, { steps: [{ path: "1" }, { path: "2" }] });
});
afterEach(() => {
  watch.stop();
  vi.restoreAllMocks();
});

/** Stores further steps as signals would: with the row of the instance, in one statement. */
async function arrive(count: number, status = "running"): Promise<void> {
  await pool().query(
    `WITH i AS (UPDATE instances SET n_steps = n_steps + $2, status = $3::instance_status,
                       ended_at = CASE WHEN $3 <> 'running' THEN now() END WHERE id = $1 RETURNING project_id, n_steps)
     INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT project_id, $1, n, '3', 'success', now() FROM i, generate_series(n_steps - $2, n_steps - 1) AS n`,
    [id, count, status],
  );
}

function join(after = -1): { listener: Listener; leave: () => void } {
  const listener = new Listener();
  return { listener, leave: watch.join({ projectId, id, after }, listener) };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 20 });
const range = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, at) => from + at);

describe("a viewer", () => {
  test("gets what there is, then how it fares, then what comes", async () => {
    const { listener } = join();
    await until(() => expect(listener.statuses).toEqual(["running"]));
    expect(listener.events.map(({ event, id: last }) => [event, last])).toEqual([
      ["steps", "1"],
      ["instance", undefined],
    ]);
    await arrive(3);
    await until(() => expect(listener.steps).toEqual([0, 1, 2, 3, 4]));
    await arrive(1, "completed");
    await until(() => expect(listener.isEnded).toBe(true));
    expect(listener.steps).toEqual([0, 1, 2, 3, 4, 5]);
    expect(listener.statuses).toEqual(["running", "completed"]);
    expect(watch.viewers).toBe(0);
  });

  test("goes on where it was, also when that is far behind", async () => {
    await arrive(1600);
    const [begin, behind, end] = [join(), join(1000), join(1601)];
    await until(() => expect(begin.listener.statuses).toEqual(["running"]));
    expect(begin.listener.steps).toEqual(range(0, 1602));
    await until(() => expect(behind.listener.statuses).toEqual(["running"]));
    expect(behind.listener.steps).toEqual(range(1001, 1602));
    await until(() => expect(end.listener.statuses).toEqual(["running"]));
    expect(end.listener.steps).toEqual([]);
    await arrive(2);
    for (const { listener } of [begin, behind, end])
      await until(() => expect(listener.steps.slice(-2)).toEqual([1602, 1603]));
    // All are at the same place now and share the very bytes.
    expect(begin.listener.chunks.at(-1)).toBe(end.listener.chunks.at(-1));
    expect(begin.listener.chunks.at(-1)).toBe(behind.listener.chunks.at(-1));
  });

  test("who asks for what comes after a step that is still to come misses nothing that comes", async () => {
    const { listener } = join(1_000_000);
    await until(() => expect(listener.statuses).toEqual(["running"]));
    await arrive(2);
    await until(() => expect(listener.steps).toEqual([2, 3]));
  });

  test("of an instance that has ended gets all of it and the end", async () => {
    await arrive(1, "failed");
    const { listener } = join(0);
    await until(() => expect(listener.isEnded).toBe(true));
    expect([listener.steps, listener.statuses]).toEqual([[1, 2], ["failed"]]);
  });

  test("is sent away when the instance is deleted, and when the server stops", async () => {
    const { listener } = join();
    await until(() => expect(listener.statuses).toEqual(["running"]));
    await pool().query("DELETE FROM instances WHERE id = $1", [id]);
    await until(() => expect(listener.isEnded).toBe(true));
    expect(watch.viewers).toBe(0);
    watch.stop();
    expect(join().listener.isEnded).toBe(true);
  });

  test("that takes nothing gets nothing, and goes on without a gap when it takes something again", async () => {
    const [slow, quick] = [join(), join()];
    await until(() => expect(slow.listener.statuses).toEqual(["running"]));
    slow.listener.takes = false;
    await arrive(700);
    await until(() => expect(quick.listener.steps).toHaveLength(702));
    expect(slow.listener.steps).toHaveLength(2);
    slow.listener.takes = true;
    await until(() => expect(slow.listener.steps).toEqual(range(0, 702)));
  });

  test("that takes nothing for half a minute is dropped, and one that lives gets a heartbeat", async () => {
    let skipped = 0;
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => clock() + skipped);
    const [slow, quick] = [join(), join()];
    await until(() => expect(quick.listener.statuses).toEqual(["running"]));
    slow.listener.takes = false;
    await until(() => expect(slow.listener.statuses).toEqual(["running"]));
    // A round in which it is seen to take nothing.
    await arrive(1);
    await until(() => expect(quick.listener.steps).toHaveLength(3));
    skipped = 29_000;
    const beats = () => quick.listener.chunks.filter((chunk) => new TextDecoder().decode(chunk) === ":\n\n").length;
    await until(() => expect(beats()).toBe(1));
    expect(slow.listener.isDropped).toBe(false);
    skipped = 31_000;
    await until(() => expect(slow.listener.isDropped).toBe(true));
    expect(quick.listener.isEnded).toBe(false);
    // Ten minutes later everybody is asked to come again.
    skipped = 11 * 60_000;
    await until(() => expect(quick.listener.isEnded).toBe(true));
  });
});

describe("the database", () => {
  test("is asked on one connection at a time, once for all viewers, and not at all without any", async () => {
    let running = 0;
    let most = 0;
    let asked = 0;
    const query = pool().query.bind(pool());
    vi.spyOn(pool(), "query").mockImplementation((async (...args: Parameters<typeof query>) => {
      running += 1;
      asked += 1;
      most = Math.max(most, running);
      try {
        return await query(...args);
      } finally {
        running -= 1;
      }
    }) as unknown as typeof query); // of its overloads only this one is used
    const viewers = Array.from({ length: 60 }, () => join());
    for (const { listener } of viewers) await until(() => expect(listener.statuses).toEqual(["running"]));
    asked = 0;
    await query("UPDATE instances SET due_at = now() WHERE id = $1", [id]);
    await until(() => expect(viewers.at(-1)?.listener.statuses).toHaveLength(2));
    expect(most).toBe(1);
    expect(asked).toBeLessThan(5);
    for (const { leave } of viewers) leave();
    expect(watch.viewers).toBe(0);
    const before = asked;
    await new Promise((later) => setTimeout(later, 700));
    expect(asked).toBe(before);
  });

  test("that fails is asked again", async () => {
    const query = pool().query.bind(pool());
    let failures = 2;
    vi.spyOn(pool(), "query").mockImplementation((async (...args: Parameters<typeof query>) => {
      failures -= 1;
      if (failures >= 0) throw new Error("away");
      return query(...args);
    }) as unknown as typeof query); // of its overloads only this one is used
    const { listener } = join();
    await until(() => expect(listener.steps).toEqual([0, 1]));
  });
});
