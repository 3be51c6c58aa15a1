import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf } from "@/lib/testing/explain";
import { makeWorld, type World } from "@/lib/testing/world";
import { getProject, listKeys, listProjects } from "./queries";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
  for (let more = 0; more < 10; more += 1) await makeWorld();
  await pool().query(
    `INSERT INTO api_keys (project_id, name, prefix, hash, scopes)
     SELECT id, 'k', 'pt_', sha256((id::text || i)::bytea), '{read}' FROM projects, generate_series(1, 300) i`,
  );
  await pool().query("ANALYZE projects, api_keys");
});

test("a list of keys finds its rows through an index", async () => {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push({ text, values });
    return pool().query(text, values);
  };
  const recorder = { query } as unknown as ReturnType<typeof pool>; // of the overloads of pg, the queries use only this one
  const first = await listKeys(world.project.caller, { projectId: world.project.id, limit: 100 }, recorder);
  await listKeys(
    world.project.caller,
    { projectId: world.project.id, limit: 100, cursor: first.nextCursor ?? "" },
    recorder,
  );
  for (const { text, values } of asked.filter((one) => one.text.includes("api_keys"))) {
    expect(await planOf(text, values)).not.toContain("Seq Scan");
  }
});

test("a key sees its own project only; a session cannot tell a foreign one from none", async () => {
  expect((await listProjects(world.project.caller)).items.map((project) => project.id)).toEqual([world.project.id]);
  await expect(getProject(world.foreign.caller, world.project.id)).rejects.toMatchObject({ code: "forbidden" });
  const session = { ...world.foreign.caller, kind: "session" as const };
  await expect(getProject(session, world.project.id)).rejects.toMatchObject({ code: "not_found" });
});
