import { beforeEach, describe, expect, test } from "vitest";
import { deleteCheck, updateCheck } from "@/lib/checks/commands";
import { listLog } from "@/lib/checks/detail/detail-queries";
import { expireChecks } from "@/lib/checks/expire";
import { readFilter } from "@/lib/checks/list/filter";
import { listCheckRows } from "@/lib/checks/list/list";
import type { CheckFields } from "@/lib/checks/store/fields";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { getOverview } from "@/lib/projects/overview";
import { arrived, makeCheck, storedPings } from "@/lib/testing/checks";
import { signal } from "@/lib/testing/signals";
import { makeProject, type TestProject } from "@/lib/testing/world";

const MINUTE = 60_000;
let project: TestProject;
beforeEach(async () => {
  // Sweeps take whatever is due, so nothing of others may be.
  await pool().query("TRUNCATE checks, alerts CASCADE");
  project = await makeProject();
});

const hourly = (fields: Partial<CheckFields> = {}) =>
  makeCheck(project.id, { name: "job", timeoutSeconds: 3600, graceSeconds: 60, ...fields });

async function sweep(): Promise<void> {
  while ((await expireChecks(100)).looked > 0);
}

async function alerts(id: string) {
  const found = await pool().query<{ type: string; message: string; open: boolean; data: Record<string, unknown> }>(
    "SELECT type, message, resolved_at IS NULL AS open, data FROM alerts WHERE subject_id = $1 ORDER BY id",
    [id],
  );
  return found.rows;
}
const types = async (id: string) => (await alerts(id)).map(({ type, open }) => `${type}${open ? " open" : ""}`);

/** Lets the runs that are open have begun earlier than they did. */
const age = (minutes: number) =>
  pool().query(
    "UPDATE runs SET due_at = due_at - $1 * interval '1 minute', started_at = started_at - $1 * interval '1 minute'",
    [minutes],
  );

describe("a run with a bound of its own", () => {
  test("raises one alert however many sweeps there are, and its end resolves it", async () => {
    const id = await hourly({ maxRunSeconds: 1800 });
    await commitSignals([arrived(id), arrived(id, { kind: "start", rid: "a" })]);
    await age(31);
    await Promise.all([sweep(), sweep(), sweep()]);
    await sweep();
    expect(await types(id)).toEqual(["check.run_overdue open"]);
    expect((await pool().query("SELECT status, due_at FROM runs")).rows).toEqual([
      { status: "timed_out", due_at: null },
    ]);
    const { items } = await listCheckRows(project.caller, readFilter({}));
    expect(items).toMatchObject([{ id, status: "up" }]);
    await commitSignals([arrived(id, { rid: "a" })]);
    expect(await types(id)).toEqual(["check.run_overdue"]);
    expect((await pool().query("SELECT status FROM runs")).rows).toEqual([{ status: "success" }]);
  });

  test("is told of once also when its end lands beside the sweep", async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => hourly({ maxRunSeconds: 60 })));
    await commitSignals(ids.map((id) => arrived(id, { kind: "start", rid: "a" })));
    await age(2);
    await Promise.all([sweep(), ...ids.map((id) => commitSignals([arrived(id, { rid: "a" })])), sweep()]);
    await sweep();
    for (const id of ids) expect(await types(id)).toEqual(["check.run_overdue"]);
    expect((await pool().query("SELECT DISTINCT status FROM runs")).rows).toEqual([{ status: "success" }]);
  });

  test("is shown as what its check is while no sweep has seen that it is overdue", async () => {
    const id = await hourly({ maxRunSeconds: 60 });
    await commitSignals([arrived(id), arrived(id, { kind: "start" })]);
    await age(2);
    const listed = async (status: string) => (await listCheckRows(project.caller, readFilter({ status }))).items;
    expect(await listed("down")).toEqual([]);
    expect(await listed("up")).toMatchObject([{ id, status: "up" }]);
  });

  test("leaves nothing open when its check is deleted", async () => {
    const id = await hourly({ maxRunSeconds: 60 });
    await commitSignals([arrived(id, { kind: "start" })]);
    await age(2);
    await sweep();
    expect(await types(id)).toEqual(["check.run_overdue open"]);
    await deleteCheck(project.caller, id);
    expect(await types(id)).toEqual(["check.run_overdue"]);
  });

  test("is told of when it is too short or overlaps", async () => {
    const id = await hourly({ minRunSeconds: 60, singleRun: true });
    const run = (kind: "start" | "success", rid: string) => commitSignals([arrived(id, { kind, rid })]);
    await run("start", "a");
    await run("start", "b");
    await run("success", "a");
    expect(await types(id)).toEqual(["check.run_overlap", "check.run_too_short open"]);
    expect((await alerts(id)).map(({ message }) => message)).toEqual([
      'A run of "job" started while another was under way.',
      expect.stringMatching(/^A run of "job" ended after .*, sooner than it should\.$/),
    ]);
  });
});

describe("missed signals", () => {
  test("are rows of the history, counted by the alerts, and never written twice", async () => {
    const id = await hourly({ maxMisses: 3 });
    await signal(id, { agoMs: 250 * MINUTE });
    await Promise.all([sweep(), sweep()]);
    const [down] = await alerts(id);
    expect(down).toMatchObject({ type: "check.down", data: { missed: 4 } });
    expect(down?.message).toMatch(/; 4 expected signals are missing\.$/);
    await commitSignals([arrived(id)]);
    expect((await alerts(id))[1]).toMatchObject({ type: "check.up", data: { missed: 4 } });
    expect((await alerts(id))[1]?.message).toMatch(/; 4 expected signals were missed\.$/);
    const all = await listLog(project.caller, { checkId: id });
    const missed = await listLog(project.caller, { checkId: id, kinds: ["missed"] });
    expect(all.items.filter(({ type }) => type === "miss")).toEqual(missed.items);
    const last = (await storedPings(id))[0];
    expect(missed.items).toHaveLength(4);
    expect(missed.items[0]?.type).toBe("miss");
    expect(last).toBeDefined();
    const exact = await pool().query(
      `SELECT bool_and(extract(epoch FROM expected_at - p.created_at)::numeric % 3600 < 0.01
                    OR extract(epoch FROM expected_at - p.created_at)::numeric % 3600 > 3599.99) AS hourly
         FROM misses, (SELECT created_at FROM pings WHERE n = 1) p`,
    );
    expect(exact.rows).toEqual([{ hourly: true }]);
  });

  test("below the number that is allowed keep it up, late, and where late checks are shown", async () => {
    const id = await hourly({ maxMisses: 3 });
    await signal(id, { agoMs: 130 * MINUTE });
    const other = await hourly();
    await signal(other, { agoMs: 10 * MINUTE });
    await sweep();
    const { attention, upcoming } = await getOverview(project.caller);
    expect(attention).toMatchObject([{ id, status: "late" }]);
    expect(attention[0]?.sentence).toMatch(/^Late by 1 hour 10 minutes\. Alerts at /);
    expect(upcoming.map((check) => check.id)).toEqual([other]);
    const { items } = await listCheckRows(project.caller, readFilter({ status: "late" }));
    expect(items.map((row) => row.id)).toEqual([id]);
    await commitSignals([arrived(id)]);
    expect(await types(id)).toEqual([]);
    expect((await pool().query("SELECT count(*) FROM misses")).rows).toEqual([{ count: 2 }]);
    await updateCheck(project.caller, id, { input: { max_misses: 2 }, version: 3 });
    const stored = await pool().query(
      "SELECT due_at - late_at = interval '61 minutes' AS right FROM checks WHERE id = $1",
      [id],
    );
    expect(stored.rows).toEqual([{ right: true }]);
  });
});

describe("being late", () => {
  const channel = (events: string[]) =>
    pool().query(
      `WITH made AS (INSERT INTO channels (project_id, kind, name, config, events) VALUES ($1, 'webhook', 'c', '', $2) RETURNING id)
       INSERT INTO check_channels (project_id, check_id, channel_id) SELECT $1, checks.id, made.id FROM checks, made`,
      [project.id, events],
    );

  test("is told of once, to those who ask for it", async () => {
    const id = await hourly();
    await channel(["check.late"]);
    await channel([]);
    await signal(id, { agoMs: 60.5 * MINUTE });
    await Promise.all([sweep(), sweep()]);
    // Whoever looks again sees nothing new.
    await pool().query("UPDATE checks SET watch_at = now()");
    await sweep();
    expect(await types(id)).toEqual(["check.late"]);
    expect((await pool().query("SELECT event FROM deliveries")).rows).toEqual([{ event: "check.late" }]);
    const watched = await pool().query("SELECT watch_at = due_at AS exact FROM checks");
    expect(watched.rows).toEqual([{ exact: true }]);
  });

  test("is watched for anew after every signal, by the sweeper alone", async () => {
    const id = await hourly();
    await channel(["check.late"]);
    await signal(id, { agoMs: 30 * MINUTE });
    await pool().query("UPDATE checks SET watch_at = now()");
    await sweep();
    const watched = await pool().query("SELECT due_at - watch_at = interval '1 minute' AS late FROM checks");
    expect(watched.rows).toEqual([{ late: true }]);
  });

  test("is watched for from the first signal on, and nobody is told who did not ask", async () => {
    const id = await hourly();
    await channel([]);
    await signal(id, { agoMs: 60.5 * MINUTE });
    await sweep();
    expect(await types(id)).toEqual([]);
  });
});

test("the same progress in a row raises one alert, whoever tells it", async () => {
  const id = await hourly({ stuckAfter: 3 });
  await commitSignals([arrived(id, { kind: "log", progress: "40" })]);
  await commitSignals([arrived(id, { kind: "log", details: { metadata: { progress: 40 } } })]);
  expect(await types(id)).toEqual([]);
  await commitSignals([arrived(id, { kind: "log", progress: "40\0" }), arrived(id, { kind: "log", progress: "40" })]);
  expect((await alerts(id)).map(({ message }) => message)).toEqual([
    '"job" seems stuck: 3 signals in a row told the same progress, 40.',
  ]);
  await commitSignals([arrived(id, { kind: "log", progress: "41" })]);
  expect((await pool().query("SELECT progress, progress_count FROM checks")).rows).toEqual([
    { progress: "41", progress_count: 1 },
  ]);
});

test("an exit status that only warns keeps the check up and is kept, and a preview of a link is left out", async () => {
  const id = await hourly({ warningExits: "1,75-78", ignorePreviews: true });
  await commitSignals([
    arrived(id, { kind: "fail", exitStatus: 76 }),
    arrived(id, { kind: "fail", userAgent: "Slackbot-LinkExpanding 1.0" }),
    arrived(id, { kind: "fail", isPrefetch: true }),
  ]);
  expect(await storedPings(id)).toMatchObject([
    { kind: "success", exit_status: 76, details: null },
    { kind: "ign", details: { ignored_because: "preview" } },
    { kind: "ign", details: { ignored_because: "preview" } },
  ]);
  expect(await types(id)).toEqual([]);
  await commitSignals([arrived(id, { kind: "fail", exitStatus: 2 })]);
  expect(await types(id)).toEqual(["check.down open"]);
});
