import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import type { Page } from "@/lib/core/cursor";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived } from "@/lib/testing/checks";
import { planOf } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { findOffer, listInvitations } from "./invitation-queries";
import { listAudit, listMembers } from "./member-queries";
import type { PageQuery } from "./schema";

let world: World;

beforeAll(async () => {
  world = await makeWorld();
  for (let more = 0; more < 10; more += 1) await makeWorld();
  await pool().query("INSERT INTO users (email) SELECT 'many-' || i || $1 FROM generate_series(1, 300) i", [
    `${randomUUID()}@example.com`,
  ]);
  await pool().query(
    `INSERT INTO memberships (project_id, user_id, role)
     SELECT projects.id, users.id, 'viewer' FROM projects, users WHERE users.email LIKE 'many-%' ON CONFLICT DO NOTHING`,
  );
  await pool().query(
    `INSERT INTO invitations (project_id, email, role, hash, invited_by, expires_at)
     SELECT id, 'x@example.com', 'viewer', sha256((id::text || i || $1)::bytea), 'key:' || id, now() + interval '1 day'
       FROM projects, generate_series(1, 300) i`,
    [randomUUID()],
  );
  await pool().query(
    `INSERT INTO audit_entries (project_id, actor, action, subject_id)
     SELECT id, 'system', 'check.create', 'no uuid at all' FROM projects, generate_series(1, 300)`,
  );
  await pool().query("ANALYZE projects, users, memberships, invitations, audit_entries");
});

type List = (page: PageQuery, db: ReturnType<typeof pool>) => Promise<Page<unknown>>;
const of = () => ({ projectId: world.project.id });
const LISTS: [string, string, List][] = [
  ["members", "memberships", (page, db) => listMembers(world.project.caller, { ...of(), ...page }, db)],
  ["invitations", "invitations", (page, db) => listInvitations(world.project.caller, { ...of(), ...page }, db)],
  ["the audit log", "audit_entries", (page, db) => listAudit(world.project.caller, { ...of(), ...page }, db)],
];

test.each(LISTS)("a list of %s finds its rows through an index, on every page", async (_what, table, list) => {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push({ text, values });
    return pool().query(text, values);
  };
  const recorder = { query } as unknown as ReturnType<typeof pool>; // of the overloads of pg, the queries use only this one
  const first = await list({ limit: 50 }, recorder);
  await list({ limit: 50, cursor: first.nextCursor ?? "" }, recorder);
  const plans = await Promise.all(
    asked.filter(({ text }) => text.includes(table)).map(({ text, values }) => planOf(text, values)),
  );
  expect(plans).toHaveLength(2);
  for (const plan of plans) expect(plan).not.toContain(`Seq Scan on ${table}`);
});

test.each(LISTS)("%s are listed whole and once over the pages", async (_what, table, list) => {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page: Page<unknown> = await list({ limit: 100, ...(cursor !== undefined && { cursor }) }, pool());
    for (const item of page.items) seen.add(JSON.stringify(item));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const all = await pool().query(`SELECT FROM ${table} WHERE project_id = $1`, [world.project.id]);
  expect(seen.size).toBe(all.rowCount);
});

test.each(LISTS)("%s of a foreign project are nobody's, by key or by session", async (_what, _table, list) => {
  const own = world.project;
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  for (const [caller, code] of [
    [world.foreign.caller, "forbidden"],
    [await charlie.caller(world.foreign.id), "not_found"],
  ] as const) {
    world = { ...world, project: { ...own, caller } };
    await expect(list({ limit: 50 }, pool())).rejects.toMatchObject({ code });
  }
  world = { ...world, project: own };
});

test.each(["x", btoa('["x"]'), btoa("[1,2]"), btoa('[{"a":1}]')])("%s is the cursor of no list", async (cursor) => {
  for (const [, , list] of LISTS)
    await expect(list({ limit: 50, cursor }, pool())).rejects.toMatchObject({ code: "invalid_input" });
});

test.each(["", "x", "\0", "a".repeat(10_000)])("a token that is none offers nothing", async (token) => {
  expect(await findOffer(token)).toBeNull();
});

test("what a signal has made is told of its ping key", async () => {
  const { id, caller, pingKey } = world.foreign;
  const target = { by: "slug", pingKey, slug: "made", create: true } as const;
  await commitSignals([arrived("", { target })]);
  const { items } = await listAudit(caller, { projectId: id, limit: 1 });
  expect(items).toMatchObject([
    {
      action: "check.create",
      actor: { kind: "system", name: "A signal with the ping key" },
      subject: { name: "made" },
    },
  ]);
});
