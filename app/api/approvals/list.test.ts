import { beforeAll, describe, expect, test } from "vitest";
import { approvalsStatement } from "@/lib/approvals/queries";
import { ListApprovals } from "@/lib/approvals/schema";
import { pool } from "@/lib/db/pool";
import { ask, runOut } from "@/lib/testing/approvals";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import * as decision from "./[id]/decision/route";
import * as all from "./route";
import * as stats from "./stats/route";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

type Row = { approval_id: string; title: string; status: string; approved: number };
type List = { approvals: Row[]; next_cursor: string | null };

const list = async (query = "", key = world.key) => (await call(all.GET, { key, path: `/?${query}` })).body as List; // documented so
const titles = async (query: string): Promise<string[]> => (await list(query)).approvals.map(({ title }) => title);
const decide = (id: string, verdict: string, headers?: Record<string, string>) =>
  call(decision.POST, {
    method: "POST",
    params: { id },
    body: { decision: verdict },
    ...(headers === undefined ? { key: world.key } : { headers }),
  });

describe("the list", () => {
  test("what waits comes by its deadline, everything newest first, each once over all pages", async () => {
    await ask(world.project, { context: "Later", timeout_seconds: 900 });
    await ask(world.project, { context: "\n  Soon\nand more", timeout_seconds: 60, need: 2, risk: "low" });
    const done = await ask(world.project, { context: "Done 100%", timeout_seconds: 30, risk: "high" });
    await ask(world.foreign, { context: "Foreign" });
    await decide(
      done,
      "deny",
      (await makePerson({ memberships: { [world.project.id]: "owner" } })).headers(world.project.id),
    );
    expect(await titles("status=pending")).toEqual(["Soon", "Later"]);
    expect(await titles("")).toEqual(["Done 100%", "Soon", "Later"]);
    expect(await titles("decided=yes")).toEqual(["Done 100%"]);
    expect(await titles("risk=low")).toEqual(["Soon"]);
    expect(await titles("q=AND%20MORE")).toEqual(["Soon"]);
    expect(await titles("q=100%25")).toEqual(["Done 100%"]);
    expect(await titles(`q=${done}`)).toEqual(["Done 100%"]);
    expect(await titles("status=denied&risk=low")).toEqual([]);
    for (const query of ["", "status=pending"]) {
      const seen: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: List = await list(`${query}&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
        seen.push(...page.approvals.map(({ title }) => title));
        cursor = page.next_cursor;
      }
      expect(seen).toEqual(await titles(query));
    }
    const [soon] = (await list("status=pending")).approvals;
    await decide(soon?.approval_id ?? "", "approve");
    expect((await list("status=pending")).approvals[0]).toMatchObject({
      title: "Soon",
      approved: 1,
      status: "pending",
    });
  });

  test("is read from an index, however it is filtered", async () => {
    await pool().query(
      `INSERT INTO approvals (project_id, id, status, context, risk, need, timeout_seconds, timeout_action, created_at, expires_at, due_at,
                              requested_by, requester_name, decided_at)
       SELECT p.id, 'apr_fill' || left(p.id::text, 4) || n, CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'approved' END::approval_status, 'Fill', 'low', 1, 60,
              'deny', now() - n * interval '1 minute', now() + interval '1 day', CASE WHEN n % 50 = 0 THEN now() + interval '1 day' END, 'key:1', 'key:1',
              CASE WHEN n % 50 > 0 THEN now() END
         FROM generate_series(1, 2000) AS n, (VALUES ($1::uuid), ($2::uuid)) AS p (id)`,
      [world.foreign.id, (await makeWorld()).project.id],
    );
    await pool().query("ANALYZE approvals");
    for (const query of [{}, { status: "pending" }, { status: "denied" }, { decided: "yes" }, { instance_id: "s1" }]) {
      const { text, values } = approvalsStatement(world.foreign.id, ListApprovals.parse({ limit: 20, ...query }));
      const found = await pool().query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
      const plan = found.rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/approvals_\w+_idx/);
      expect(plan).not.toContain("Seq Scan on approvals");
    }
  });
});

test("statistics tell people from time", async () => {
  const own = await makeWorld();
  const ann = await makePerson({ memberships: { [own.project.id]: "owner" } });
  const ids = await Promise.all(Array.from({ length: 4 }, () => ask(own.project)));
  const [yes = "", no = "", late = "", open = ""] = ids;
  for (const [id, seconds] of [
    [yes, 10],
    [no, 30],
  ] as const) {
    await pool().query("UPDATE approvals SET created_at = now() - make_interval(secs => $2) WHERE id = $1", [
      id,
      seconds,
    ]);
  }
  const headers = ann.headers(own.project.id);
  await decide(yes, "approve", headers);
  await decide(no, "deny", headers);
  await runOut(late);
  await decide(late, "approve", headers);
  const { body } = await call(stats.GET, { key: own.key, path: "/?days=7" });
  const near = (seconds: number) => expect.closeTo(seconds, 0);
  expect(body).toEqual({
    days: 7,
    requested: 4,
    approved: 1,
    denied: 2,
    timed_out: 1,
    cancelled: 0,
    median_seconds: near(20),
    p95_seconds: near(29),
    by_person: [{ person: ann.email, decided: 2, approved: 1, median_seconds: near(20) }],
  });
  expect(open).not.toBe("");
  expect((await call(stats.GET, { key: own.foreignKey })).body).toMatchObject({
    requested: 0,
    median_seconds: null,
    by_person: [],
  });
});
