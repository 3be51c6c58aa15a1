import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf } from "@/lib/testing/explain";
import { makeWorld } from "@/lib/testing/world";
import { changeWords, type StatusChange } from "./change-words";
import { CHANGED, listStatusChanges } from "./status-changes";

let alerts = 0;
/** Names ending in `!` went down, others came back. */
const changesOf = (...names: string[]): StatusChange[] =>
  names.map((text) => {
    alerts += 1;
    const name = text.replace("!", "");
    return { id: alerts, checkId: name, name, isDown: text.endsWith("!") };
  });

describe("status changes in words", () => {
  test.each([
    [[], ""],
    [["backup-db!"], "backup-db is down."],
    [["backup-db"], "backup-db is up again."],
    [["a!", "b", "c!"], "a is down. b is up again. c is down."],
    [["a!", "a"], "a is up again."],
    [["a!", "b!", "c!", "a"], "a is up again. b is down. c is down."],
    [["a!", "b!", "c!", "d!"], "4 checks are down."],
    [["a!", "b", "c", "d", "e"], "1 check is down. 4 checks are up again."],
    [["a", "b", "c", "d", "e!", "f!"], "2 checks are down. 4 checks are up again."],
  ])("%j", (names, words) => {
    expect(changeWords(changesOf(...names))).toBe(words);
  });
});

async function raise(projectId: string, type: string, name: string, agoSeconds = 0): Promise<void> {
  await pool().query(
    `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
     VALUES ($1, $2, 'critical', 'check', $3, $3, 'x', gen_random_uuid(), now() - make_interval(secs => $4))`,
    [projectId, type, name, agoSeconds],
  );
}

test("those of the last two minutes are listed in their order, of this project only", async () => {
  const { project, foreign } = await makeWorld();
  await raise(project.id, "check.down", "old", 121);
  await raise(project.id, "check.down", "a", 119);
  await raise(project.id, "check.late", "late");
  await raise(project.id, "check.up", "a");
  await raise(foreign.id, "check.down", "foreign");
  const found = await listStatusChanges(project.caller);
  expect(found.map(({ checkId, name, isDown }) => [checkId, name, isDown])).toEqual([
    ["a", "a", true],
    ["a", "a", false],
  ]);
  expect(await listStatusChanges({ ...project.caller, scopes: new Set(["read"]) })).toHaveLength(2);
  await expect(listStatusChanges({ ...project.caller, scopes: new Set(["ping"]) })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("however many alerts there have been, the newest are found by their index", async () => {
  const { project } = await makeWorld();
  await pool().query(
    `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
     SELECT $1, 'check.down', 'critical', 'check', 's', 'x', 'x', gen_random_uuid(), now() - interval '1 day'
       FROM generate_series(1, 5000)`,
    [project.id],
  );
  await pool().query("ANALYZE alerts");
  const plan = await planOf(CHANGED, [project.id]);
  expect(plan).toMatch(/Index Scan Backward/);
  expect(plan).not.toContain("Seq Scan");
});
