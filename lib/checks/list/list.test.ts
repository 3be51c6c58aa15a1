import { beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { planOf } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { dayOf } from "./daily";
import { readFilter, SHOWN_STATUSES } from "./filter";
import { listCheckRows, listTags, PAGE_SIZE, STRIP_DAYS, searchChecks } from "./list";

const ALL = readFilter({});

/** A pool that keeps what it was asked, so that the plans of the very same statements can be looked at. */
function recorder() {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push({ text, values });
    return pool().query(text, values);
  };
  return { asked, db: { query } as unknown as ReturnType<typeof pool> }; // of the overloads of pg, the queries use only this one
}

describe("of many checks", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
    for (let more = 0; more < 20; more += 1) await makeWorld();
    await pool().query(
      `INSERT INTO checks (project_id, name, slug, tags, timeout_seconds, grace_seconds, status)
       SELECT p.id, 'Job ' || i, 'slug-' || i, 'tag' || i % 10 || ' all', 60, 60,
              (CASE WHEN i % 50 = 0 THEN 'paused' ELSE 'new' END)::check_status
         FROM projects p, generate_series(1, 200) i`,
    );
    await pool().query(
      `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
       SELECT project_id, id, n, 'up', 'down', 'fail', now() - make_interval(days => 100 - n) FROM checks, generate_series(1, 99) n`,
    );
    await pool().query(
      "INSERT INTO runs (project_id, check_id, started_at) SELECT project_id, id, now() FROM checks WHERE slug = 'slug-7'",
    );
    await pool().query("ANALYZE");
  });

  test.each([
    ["all", {}, 5],
    ["the next page", { cursor: Buffer.from(`[1e15,"${crypto.randomUUID()}"]`).toString("base64url") }, 1],
    ["a search", { q: "job 19" }, 5],
    ["a tag", { tag: "tag3" }, 5],
    ...SHOWN_STATUSES.map((status) => [status, { status }, null] as const),
  ] as const)("%s is found through an index", async (_what, params, statements) => {
    const { asked, db } = recorder();
    await listCheckRows(world.project.caller, readFilter(params), db);
    if (statements !== null) expect(asked).toHaveLength(statements);
    await listTags(world.project.caller, db);
    await searchChecks(world.project.caller, "job", db);
    for (const { text, values } of asked) {
      expect(await planOf(text, values)).not.toMatch(/Seq Scan on (checks|flips)/);
    }
  });

  test("a page is read in the order of an index, without sorting what is not shown", async () => {
    const { asked, db } = recorder();
    await listCheckRows(world.project.caller, ALL, db);
    const text = await planOf(asked[0]?.text ?? "", asked[0]?.values);
    expect(text).toMatch(/Index Scan Backward|Index Only Scan Backward/);
    expect(text).not.toContain("Sort");
  });

  test("pages hold each check once, newest first", async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listCheckRows>> = await listCheckRows(world.project.caller, {
        ...ALL,
        cursor: cursor ?? undefined,
      });
      expect(page.items.length).toBeLessThanOrEqual(PAGE_SIZE);
      seen.push(...page.items.map((row) => row.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    const all = await pool().query<{ id: string }>(
      "SELECT id FROM checks WHERE project_id = $1 ORDER BY created_at DESC, id DESC",
      [world.project.id],
    );
    expect(seen).toEqual(all.rows.map((row) => row.id));
    expect(seen).toHaveLength(200);
  });

  test.each(["abc", Buffer.from('["x",1]').toString("base64url"), Buffer.from('[1,"x"]').toString("base64url")])(
    "the cursor %s shows the first page",
    async (cursor) => {
      const [first] = (await listCheckRows(world.project.caller, ALL)).items;
      expect((await listCheckRows(world.project.caller, { ...ALL, cursor })).items[0]?.id).toBe(first?.id);
    },
  );

  test("search and filters narrow the list, together too", async () => {
    const names = async (params: Record<string, string>) =>
      (await listCheckRows(world.project.caller, readFilter(params))).items.map((row) => row.name).toSorted();
    expect(await names({ q: "JOB 20" })).toEqual(["Job 20", "Job 200"]);
    expect(await names({ q: "slug-199" })).toEqual(["Job 199"]);
    expect(await names({ q: "100%" })).toEqual([]);
    expect(await names({ tag: "tag3", q: "job 13" })).toEqual(["Job 13", "Job 133"]);
    expect(await names({ tag: "tag" })).toEqual([]);
    expect(await names({ status: "paused" })).toEqual(["Job 100", "Job 150", "Job 200", "Job 50"]);
    expect(await names({ status: "paused", q: "15" })).toEqual(["Job 150"]);
  });

  test("the palette finds a few, those that begin with the text first", async () => {
    await makeCheck(world.project.id, { name: "The best job 20" });
    await makeCheck(world.project.id, { slug: "nameless-job" });
    const found = await searchChecks(world.project.caller, " job 20");
    expect(found.map((check) => check.name)).toEqual(["Job 20", "Job 200", "The best job 20"]);
    expect(await searchChecks(world.project.caller, "job")).toHaveLength(10);
    expect(await searchChecks(world.project.caller, "NAMELESS")).toMatchObject([{ name: "nameless-job" }]);
    expect(await searchChecks(world.project.caller, "\0 ")).toEqual([]);
  });

  test("tags are told once each", async () => {
    expect(await listTags(world.project.caller)).toEqual(["all", ...Array.from({ length: 10 }, (_, i) => `tag${i}`)]);
  });
});

test("the statuses of the filter are those that are shown", async () => {
  const { project } = await makeWorld();
  const add = async (name: string, set: string, runDue?: string) => {
    const id = await makeCheck(project.id, { name, timeoutSeconds: 3600, graceSeconds: 600 });
    await pool().query(`UPDATE checks SET ${set} WHERE id = $1`, [id]);
    if (runDue !== undefined)
      await pool().query(
        `INSERT INTO runs (project_id, check_id, started_at, due_at) VALUES ($1, $2, now(), ${runDue})`,
        [project.id, id],
      );
  };
  const up = (due: string) => `status = 'up', last_ping_at = now(), due_at = now() + interval '${due}'`;
  await add("new", "status = 'new'");
  await add("starting", "status = 'new'", "now() + interval '5 minutes'");
  await add("up", up("1 hour"));
  await add("timed out once", up("1 hour"), "NULL");
  await add("running", up("1 hour"), "now() + interval '5 minutes'");
  await add("late", up("5 minutes"));
  await add("late and running", up("5 minutes"), "now() + interval '5 minutes'");
  await add("down", "status = 'down'");
  await add("down, trying", "status = 'down'", "now() + interval '5 minutes'");
  await add("down, not swept yet", up("-1 seconds"));
  await add("run overdue, not swept yet", up("1 hour"), "now() - interval '1 second'");
  await add("paused", "status = 'paused'");
  const rows = (await listCheckRows(project.caller, ALL)).items;
  expect(rows).toHaveLength(12);
  const expected = SHOWN_STATUSES.map((status) => rows.filter((row) => row.status === status).map((row) => row.name));
  const found = SHOWN_STATUSES.map(async (status) =>
    (await listCheckRows(project.caller, { ...ALL, status })).items.map((row) => row.name),
  );
  expect(await Promise.all(found)).toEqual(expected);
  expect(expected.every((names) => names.length > 0)).toBe(true);
});

test("the strip tells the worst of each day", async () => {
  const { project } = await makeWorld();
  const id = await makeCheck(project.id, { name: "Flapping" });
  await pool().query("UPDATE checks SET created_at = now() - interval '20 days', status = 'up' WHERE id = $1", [id]);
  const noon = (daysAgo: number) => new Date((dayOf(Date.now()) - daysAgo) * DAY + 12 * HOUR);
  const flips = [
    ["new", "up", noon(19)],
    ["up", "down", noon(10)],
    ["down", "up", noon(9)],
    ["up", "down", noon(3)],
    ["down", "up", new Date(noon(3).getTime() + 1000)],
  ];
  for (const [seq, [from, to, at]] of flips.entries())
    await pool().query(
      "INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at) VALUES ($1, $2, $3, $4, $5, 'fail', $6)",
      [project.id, id, seq, from, to, at],
    );
  const [row] = (await listCheckRows(project.caller, ALL)).items;
  expect(row?.days).toHaveLength(STRIP_DAYS);
  const down = row?.days.flatMap((day, index) => (day === "down" ? [STRIP_DAYS - 1 - index] : []));
  expect(down).toEqual([10, 9, 3]);
  expect(row?.days.slice(0, 9).every((day) => day === "none")).toBe(true);
  expect(row?.days.slice(-2)).toEqual(["up", "up"]);
});

test("who is not of the project sees nothing, a viewer sees all", async () => {
  const { project, foreign } = await makeWorld();
  await makeCheck(project.id, { name: "Secret", tags: "hidden" });
  expect((await listCheckRows(foreign.caller, ALL)).items).toEqual([]);
  expect(await listTags(foreign.caller)).toEqual([]);
  expect(await searchChecks(foreign.caller, "secret")).toEqual([]);
  const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
  expect((await listCheckRows(await viewer.caller(project.id), ALL)).items).toHaveLength(1);
});
