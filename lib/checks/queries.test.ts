import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf } from "@/lib/testing/explain";
import { makeWorld, type World } from "@/lib/testing/world";
import { uniqueKey } from "./dto";
import { getCheck, getPingBody, listChannelNames, listChecks, listFlips, listPings } from "./queries";

/** A pool that keeps what it was asked, so that the plans of the very same statements can be looked at. */
function recorder() {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push({ text, values });
    return pool().query(text, values);
  };
  return { asked, db: { query } as unknown as ReturnType<typeof pool> }; // of the overloads of pg, the queries use only this one
}

let world: World;
let checkId: string;

/** Projects with as many rows as make reading whole tables the wrong plan. */
beforeAll(async () => {
  world = await makeWorld();
  const projects = `SELECT id FROM projects`;
  for (let more = 0; more < 20; more += 1) await makeWorld();
  await pool().query(
    `INSERT INTO checks (project_id, slug, tags, timeout_seconds, grace_seconds)
     SELECT p.id, 'slug-' || i, 'tag' || i % 10 || ' all', 60, 60 FROM (${projects}) p, generate_series(1, 200) i`,
  );
  const first = await pool().query<{ id: string }>(
    "SELECT id FROM checks WHERE project_id = $1 ORDER BY created_at, id LIMIT 1",
    [world.project.id],
  );
  checkId = first.rows[0]?.id ?? "";
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent, body)
     SELECT project_id, id, n, 'success', 'healthchecks', now() - make_interval(secs => n), 'http', 'GET', '', 'x'
       FROM checks, generate_series(1, CASE WHEN id = $1 THEN 3000 ELSE 5 END) n`,
    [checkId],
  );
  await pool().query(
    `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
     SELECT project_id, id, n, 'up', 'down', 'fail', now() - make_interval(mins => 5000 - n)
       FROM checks, generate_series(1, CASE WHEN id = $1 THEN 5000 ELSE 5 END) n`,
    [checkId],
  );
  await pool().query(
    "INSERT INTO runs (project_id, check_id, started_at, ended_at) SELECT project_id, id, now(), now() FROM checks, generate_series(1, 3)",
  );
  await pool().query(
    "INSERT INTO runs (project_id, check_id, started_at) SELECT project_id, id, now() FROM checks WHERE slug = 'slug-7'",
  );
  await pool().query(
    "INSERT INTO channels (project_id, kind, name, config) SELECT p.id, 'email', 'c', '' FROM projects p, generate_series(1, 20)",
  );
  await pool().query(
    `INSERT INTO check_channels (project_id, check_id, channel_id)
     SELECT c.project_id, c.id, (SELECT id FROM channels WHERE project_id = c.project_id ORDER BY id LIMIT 1) FROM checks c`,
  );
  await pool().query("ANALYZE");
});

describe("every query finds its rows through an index", () => {
  const alice = () => world.project.caller;
  type Db = ReturnType<typeof pool>;
  test.each([
    ["list", (db: Db) => listChecks(alice(), {}, db), 3],
    ["list by tag", (db: Db) => listChecks(alice(), { tags: ["tag1", "all"] }, db), 3],
    ["list by slug", (db: Db) => listChecks(alice(), { slug: "slug-7" }, db), 3],
    ["get by uuid", (db: Db) => getCheck(alice(), checkId, db), 4],
    ["get by unique key", (db: Db) => getCheck(alice(), uniqueKey(checkId), db), 4],
    ["pings", (db: Db) => listPings(alice(), checkId, db), 2],
    ["ping body", (db: Db) => getPingBody(alice(), { checkId, n: "2999" }, db), 2],
    ["flips", (db: Db) => listFlips(alice(), { checkId }, db), 1],
    [
      "flips of a while",
      (db: Db) => listFlips(alice(), { checkId, start: 1_600_000_000, end: 9_000_000_000, seconds: 3600 }, db),
      1,
    ],
    ["channels", (db: Db) => listChannelNames(alice(), db), 1],
  ])("%s", async (_, query, statements) => {
    const { asked, db } = recorder();
    await query(db);
    expect(asked).toHaveLength(statements);
    for (const { text, values } of asked) {
      expect(await planOf(text, values)).not.toContain("Seq Scan");
    }
  });
});

test("a list has all that belongs to each check", async () => {
  const checks = await listChecks(world.project.caller);
  expect(checks).toHaveLength(200);
  expect(checks.filter((check) => check.state.openRuns.length === 1).map((check) => check.fields.slug)).toEqual([
    "slug-7",
  ]);
  expect(checks.every((check) => check.channels.length === 1)).toBe(true);
  expect(await listChecks(world.project.caller, { tags: ["tag1", "all"] })).toHaveLength(20);
  expect(await listChecks(world.project.caller, { tags: ["tag"] })).toHaveLength(0);
});

test("of very many pings the newest 1,000 are shown", async () => {
  const pings = await listPings(world.project.caller, checkId);
  expect([pings.length, pings[0]?.n, pings.at(-1)?.n]).toEqual([1000, 3000, 2001]);
});

test("Charlie gets nothing, by whatever name", async () => {
  const charlie = world.foreign.caller;
  await expect(getCheck(charlie, checkId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(getCheck(charlie, uniqueKey(checkId))).rejects.toMatchObject({ code: "not_found" });
  await expect(listPings(charlie, checkId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(getPingBody(charlie, { checkId, n: "1" })).rejects.toMatchObject({ code: "forbidden" });
  expect(await listFlips(charlie, { checkId })).toEqual([]);
  const theirs = await listChecks(charlie);
  expect(theirs.every((check) => check.projectId === world.foreign.id)).toBe(true);
});
