import { randomUUID } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { insertCheck } from "@/lib/checks/store/insert";
import { prisma } from "@/lib/db/client";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { arrived, makeCheck } from "@/lib/testing/checks";
import { heartbeatToken, hookId } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";
import { resolve } from "./resolve";
import type { Target } from "./signal";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const found = (targets: Target[], refusal: string | null = null) =>
  transaction((tx) =>
    resolve(
      tx,
      targets.map((target) => arrived("", { target, refusal })),
    ),
  );
const byKey = (key: string, name: string, create = false): Target => ({ by: "key", key, name, create });
const bySlug = (pingKey: string, slug: string, create = false): Target => ({ by: "slug", pingKey, slug, create });

test("whatever checks are called, all are found with one flight of statements", async () => {
  const id = await makeCheck(world.project.id, { slug: "nightly" });
  const { pingKey } = world.project;
  const targets: Target[] = [
    { by: "uuid", uuid: id },
    { by: "token", token: await heartbeatToken(id) },
    byKey(world.key, id),
    byKey(world.key, await hookId(id)),
    byKey(pingKey, "nightly"),
    bySlug(pingKey, "nightly"),
  ];
  let sent = 0;
  const query = (config: { text: string; values: unknown[] }) => {
    sent += 1;
    return pool().query(config);
  };
  const counting = { query } as unknown as Db; // of the overloads of pg, the statements use only this one
  const pending = resolve(
    counting,
    targets.map((target) => arrived("", { target })),
  );
  expect(sent).toBe(2);
  expect(await pending).toEqual(targets.map(() => ({ checkId: id, created: false })));
  expect(sent).toBe(2);
});

test("each place has an answer of its own, however often and beside whatever it is asked", async () => {
  const { pingKey } = world.project;
  const [id, foreign] = [await makeCheck(world.project.id, { slug: "one" }), await makeCheck(world.foreign.id)];
  for (let count = 0; count < 2; count += 1) await makeCheck(world.project.id, { slug: "twin" });
  const reader = await world.project.key(["read"]);
  const asked: [Target, object][] = [
    [byKey(pingKey, "one"), { checkId: id, created: false }],
    [byKey("nobody", "one"), { is: "unauthenticated" }],
    [bySlug("nobody", "one"), { is: "not_found" }],
    // The address of Healthchecks knows ping keys and slugs, nothing else.
    [bySlug(world.key, "one"), { is: "not_found" }],
    [bySlug(pingKey, id), { is: "not_found" }],
    [bySlug(pingKey, await hookId(id)), { is: "not_found" }],
    [byKey(reader, "one"), { is: "forbidden" }],
    [byKey(reader, "none"), { is: "forbidden" }],
    [byKey(pingKey, "none"), { is: "not_found" }],
    [byKey(pingKey, "twin"), { is: "ambiguous" }],
    [bySlug(pingKey, "twin", true), { is: "ambiguous" }],
    [byKey(pingKey, foreign), { is: "forbidden" }],
    [byKey(pingKey, await hookId(foreign)), { is: "forbidden" }],
    [byKey(pingKey, await hookId(foreign), true), { is: "forbidden" }],
    [byKey(pingKey, randomUUID()), { is: "not_found" }],
  ];
  for (const round of [asked, asked.toReversed(), [...asked, ...asked]]) {
    expect(await found(round.map(([target]) => target))).toEqual(round.map(([, answer]) => answer));
  }
});

test("the same check asked for by either key in one batch is made once, by the first, and noted", async () => {
  const { pingKey, id: projectId } = world.project;
  const place = byKey(world.key, "fresh", true);
  const [before, made, ...later] = await found([byKey(pingKey, "fresh"), place, bySlug(pingKey, "fresh", true), place]);
  expect(before).toEqual({ is: "not_found" });
  const [check] = await prisma().check.findMany({ where: { projectId } });
  expect(made).toEqual({ checkId: check?.id, created: true });
  expect(later).toEqual([made, made].map((one) => ({ ...one, created: false })));
  const entries = await prisma().auditEntry.findMany({ where: { projectId } });
  expect(entries).toMatchObject([
    { action: "check.create", subjectId: check?.id, actor: expect.stringMatching(/^key:/) },
  ]);
  await found([bySlug(pingKey, "another", true)]);
  const [, second] = await prisma().auditEntry.findMany({ where: { projectId }, orderBy: { id: "asc" } });
  expect(second).toMatchObject({ action: "check.create", actor: "ping-key" });
});

test("a request that is wrong in another way makes nothing", async () => {
  const { pingKey } = world.project;
  const asked = [byKey(pingKey, "never", true), bySlug(pingKey, "never", true), bySlug("nobody", "never", true)];
  expect(await found(asked, "wrong")).toEqual([{ is: "refused" }, { is: "refused" }, { is: "not_found" }]);
  expect(await prisma().check.count({ where: { projectId: world.project.id } })).toBe(0);
});

/** How many connections to this database wait for a lock. */
async function waiting(): Promise<number | undefined> {
  const found = await pool().query<{ n: number }>(
    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return found.rows[0]?.n;
}

test("a check that is taken over under the name meanwhile is the one, by its slug or as a process hook", async () => {
  const { id: projectId, pingKey } = world.project;
  for (const column of ["slug", "process_hook_id"]) {
    const name = `moved-${column}`;
    const [id, pending] = await transaction(async (tx) => {
      await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`${projectId}/${name}`]);
      const asking = found([byKey(pingKey, name, true)]);
      await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 20_000 });
      const made = await insertCheck(tx, projectId, DEFAULT_CHECK);
      await tx.query(`UPDATE checks SET ${column} = $2 WHERE id = $1`, [made, name]);
      return [made, asking] as const;
    });
    expect(await pending).toEqual([{ checkId: id, created: false }]);
    expect(await prisma().check.count({ where: { projectId, OR: [{ slug: name }, { processHookId: name }] } })).toBe(1);
  }
});
