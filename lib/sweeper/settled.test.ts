import { beforeEach, describe, expect, test } from "vitest";
import { resolveAlert } from "@/lib/alerts/commands";
import { claim } from "@/lib/alerts/outbox";
import { kindOf } from "@/lib/channels/registry";
import { deleteCheck, pauseCheck, updateCheck } from "@/lib/checks/commands";
import { expireChecks } from "@/lib/checks/expire";
import type { CheckFields } from "@/lib/checks/store/fields";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived, makeCheck } from "@/lib/testing/checks";
import { makeProject, type TestProject } from "@/lib/testing/world";

let project: TestProject;
beforeEach(async () => {
  // Sweeps and claims take whatever is due, so nothing of others may be.
  await pool().query("TRUNCATE checks, alerts CASCADE");
  project = await makeProject();
});

/** A check that tells one channel which holds incidents open and one which does not. */
async function watched(fields: Partial<CheckFields>): Promise<string> {
  const id = await makeCheck(project.id, { name: "job", timeoutSeconds: 3600, graceSeconds: 60, ...fields });
  await pool().query(
    `WITH made AS (INSERT INTO channels (project_id, kind, name, config)
       SELECT $1, kind, kind, '' FROM unnest('{pagerduty,webhook}'::text[]) AS kind RETURNING id)
     INSERT INTO check_channels (project_id, check_id, channel_id) SELECT $1, $2, id FROM made`,
    [project.id, id],
  );
  return id;
}

const open = async () =>
  (await pool().query<{ type: string }>("SELECT type FROM alerts WHERE resolved_at IS NULL ORDER BY id")).rows.map(
    ({ type }) => type,
  );
const events = async (kind: string) =>
  (
    await pool().query<{ event: string }>(
      "SELECT event FROM deliveries d JOIN channels c ON c.id = d.channel_id WHERE c.kind = $1 ORDER BY seq",
      [kind],
    )
  ).rows.map(({ event }) => event);

/** What the service that holds incidents is sent, in order. */
async function sent(): Promise<[string, string][]> {
  const claimed = [];
  for (let batch = await claim(10, false); batch.length > 0; batch = await claim(10, false)) {
    claimed.push(...batch);
    await pool().query("UPDATE deliveries SET status = 'sent' WHERE id = ANY ($1)", [batch.map(({ id }) => id)]);
  }
  const facts = { name: "Ops", projectName: "Shop" };
  return claimed
    .filter(({ channel }) => channel?.kind === "pagerduty")
    .flatMap(({ alert }) => {
      const { events } = kindOf("pagerduty").render(alert, facts) as { events: Record<string, string>[] }; // of its kind
      return events.map((event): [string, string] => [event["event_action"] ?? "", event["dedup_key"] ?? ""]);
    });
}

/** Lets the runs that are open have begun earlier than they did. */
const age = (minutes: number) =>
  pool().query(
    "UPDATE runs SET due_at = due_at - $1 * interval '1 minute', started_at = started_at - $1 * interval '1 minute' WHERE ended_at IS NULL",
    [minutes],
  );

async function sweep(): Promise<void> {
  while ((await expireChecks(100)).looked > 0);
}

const run = (id: string, kind: "start" | "success" | "fail", rid: string) =>
  commitSignals([arrived(id, { kind, rid })]);
const told = (id: string, progress: string) => commitSignals([arrived(id, { kind: "log", progress })]);

describe("an alert that holds an incident open is resolved, here and there, once", () => {
  test("when the run that takes too long ends", async () => {
    const id = await watched({ maxRunSeconds: 600 });
    await run(id, "start", "a");
    await age(11);
    await sweep();
    await sweep();
    expect([await open(), await events("pagerduty")]).toEqual([["check.run_overdue"], ["check.run_overdue"]]);
    await run(id, "success", "a");
    await run(id, "success", "a");
    expect(await open()).toEqual([]);
    expect(await events("webhook")).toEqual(["check.run_overdue"]);
    const [opened, closed, ...more] = await sent();
    expect([opened?.[0], closed?.[0], more]).toEqual(["trigger", "resolve", []]);
    expect(closed?.[1]).toBe(opened?.[1]);
  });

  test("when that was only seen at its end", async () => {
    const id = await watched({ maxRunSeconds: 600 });
    await run(id, "start", "a");
    await age(11);
    await run(id, "success", "a");
    expect(await events("pagerduty")).toEqual(["check.run_overdue", "check.run_overdue.resolved"]);
    expect(await open()).toEqual([]);
  });

  test("when it is one run again", async () => {
    const id = await watched({ singleRun: true });
    await run(id, "start", "a");
    await run(id, "start", "b");
    await run(id, "start", "c");
    await run(id, "success", "a");
    expect(await open()).toEqual(["check.run_overlap", "check.run_overlap"]);
    await run(id, "success", "b");
    await run(id, "success", "c");
    expect(await open()).toEqual([]);
    const keys = await sent();
    const opened = keys.filter(([action]) => action === "trigger").map(([, key]) => key);
    expect(keys.filter(([action]) => action === "resolve").map(([, key]) => key)).toEqual(opened);
    expect(new Set(opened).size).toBe(2);
  });

  test("when the next run is long enough, and not by one that fails", async () => {
    const id = await watched({ minRunSeconds: 60 });
    await run(id, "start", "a");
    await run(id, "success", "a");
    await run(id, "start", "b");
    await age(2);
    await run(id, "fail", "b");
    expect(await open()).toEqual(["check.run_too_short", "check.down"]);
    await run(id, "start", "c");
    await age(2);
    await run(id, "success", "c");
    expect(await open()).toEqual([]);
    expect((await events("pagerduty")).filter((event) => event.includes("run_too_short"))).toEqual([
      "check.run_too_short",
      "check.run_too_short.resolved",
    ]);
  });

  test("when the progress moves", async () => {
    const id = await watched({ stuckAfter: 2 });
    for (const progress of ["1", "1", "1"]) await told(id, progress);
    expect(await open()).toEqual(["check.stuck"]);
    for (const progress of ["2", "3"]) await told(id, progress);
    expect([await open(), await events("pagerduty")]).toEqual([[], ["check.stuck", "check.stuck.resolved"]]);
  });

  test("when both come together", async () => {
    const id = await watched({ stuckAfter: 2, singleRun: true });
    await commitSignals([
      ...["1", "1", "2"].map((progress) => arrived(id, { kind: "log", progress })),
      ...["a", "b"].map((rid) => arrived(id, { kind: "start", rid })),
      arrived(id, { rid: "a" }),
      arrived(id, { kind: "start", rid: "c" }),
    ]);
    expect(await open()).toEqual(["check.run_overlap"]);
    expect((await events("pagerduty")).toSorted()).toEqual([
      "check.run_overlap",
      "check.run_overlap",
      "check.run_overlap.resolved",
      "check.stuck",
      "check.stuck.resolved",
    ]);
  });

  test("when nobody asks for it any more, the check is paused, or somebody says so", async () => {
    const id = await watched({ stuckAfter: 2, singleRun: true });
    const stuck = async () => {
      for (const progress of ["1", "1"]) await told(id, progress);
      expect(await open()).toEqual(["check.stuck"]);
    };
    await stuck();
    await updateCheck(project.caller, id, { input: { stuck_after: 3 }, version: 3 });
    expect(await open()).toEqual([]);
    await updateCheck(project.caller, id, { input: { stuck_after: 2 }, version: 3 });
    await stuck();
    await pauseCheck(project.caller, id);
    expect(await open()).toEqual([]);
    await stuck();
    const { rows } = await pool().query<{ id: number }>("SELECT id FROM alerts WHERE resolved_at IS NULL");
    for (const alert of [...rows, ...rows]) await resolveAlert(project.caller, alert.id);
    expect(await events("pagerduty")).toEqual(Array(3).fill(["check.stuck", "check.stuck.resolved"]).flat());
  });

  test("when the check is deleted, down or not", async () => {
    const id = await watched({ stuckAfter: 2 });
    for (const progress of ["1", "1"]) await told(id, progress);
    await commitSignals([arrived(id, { kind: "fail" })]);
    expect(await open()).toEqual(["check.stuck", "check.down"]);
    await deleteCheck(project.caller, id);
    expect(await open()).toEqual([]);
    const keys = await sent();
    expect(new Set(keys.filter(([action]) => action === "resolve").map(([, key]) => key))).toEqual(
      new Set(keys.filter(([action]) => action === "trigger").map(([, key]) => key)),
    );
    expect(keys).toHaveLength(4);
  });

  test("but not at a channel that is gone, off, or was never told", async () => {
    const id = await watched({ stuckAfter: 2 });
    await pool().query("UPDATE checks SET muted_until = now() + interval '1 hour' WHERE id = $1", [id]);
    for (const progress of ["1", "1", "2"]) await told(id, progress);
    await pool().query("UPDATE checks SET muted_until = NULL WHERE id = $1", [id]);
    for (const progress of ["3", "3"]) await told(id, progress);
    await pool().query("UPDATE channels SET enabled = false WHERE project_id = $1", [project.id]);
    await told(id, "4");
    expect([await open(), await events("pagerduty")]).toEqual([[], ["check.stuck"]]);
  });
});

describe("a failure that is delivered again", () => {
  const runs = async () =>
    (await pool().query<{ rid: string; status: string }>("SELECT rid, status FROM runs ORDER BY rid")).rows.map(
      ({ rid, status }) => `${rid} ${status}`,
    );

  test("gives up no run of others, then or in the same moment", async () => {
    const id = await watched({});
    await commitSignals([arrived(id, { kind: "start", rid: "a" }), arrived(id, { kind: "start", rid: "b" })]);
    await commitSignals([arrived(id, { kind: "fail", rid: "a" }), arrived(id, { kind: "fail", rid: "a" })]);
    await commitSignals([arrived(id, { kind: "fail", rid: "a" })]);
    expect(await runs()).toEqual(["a failed", "b running"]);
    await run(id, "success", "b");
    expect(await runs()).toEqual(["a failed", "b success"]);
  });

  test("of a run that nobody knows speaks for the one that is under way", async () => {
    const id = await watched({});
    await run(id, "start", "a");
    await run(id, "fail", "b");
    expect(await runs()).toEqual(["a abandoned"]);
  });
});

test("the end of an outage tells of all that was missed, also before a failure in its midst", async () => {
  const id = await watched({});
  const back = (minutes: number) =>
    pool().query(
      "UPDATE checks SET last_ping_at = last_ping_at - $1 * interval '1 minute', due_at = due_at - $1 * interval '1 minute', missed_through = missed_through - $1 * interval '1 minute', watch_at = now()",
      [minutes],
    );
  await commitSignals([arrived(id)]);
  await back(130);
  await sweep();
  await commitSignals([arrived(id, { kind: "fail" })]);
  await back(70);
  await commitSignals([arrived(id)]);
  const found = await pool().query<{ type: string; missed: number }>(
    "SELECT type, (data ->> 'missed')::int AS missed FROM alerts ORDER BY id",
  );
  expect(found.rows).toEqual([
    { type: "check.down", missed: 2 },
    { type: "check.up", missed: 3 },
  ]);
  expect((await pool().query("SELECT missed_count, missed_through FROM checks")).rows).toEqual([
    { missed_count: 0, missed_through: null },
  ]);
});
