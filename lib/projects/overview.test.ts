import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived, makeCheck } from "@/lib/testing/checks";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { countProject, getOverview } from "./overview";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

/** A check in the given state, as SQL sets it. */
async function made(fields: string): Promise<string> {
  const id = await makeCheck(world.project.id);
  await pool().query(`UPDATE checks SET timeout_seconds = 3600, grace_seconds = 600, ${fields} WHERE id = $1`, [id]);
  return id;
}
const at = (interval: string) =>
  `last_ping_at = now() - interval '${interval}', due_at = now() - interval '${interval}' + interval '70 minutes'`;

test("shows what is down or late first, and what comes next in order", async () => {
  const later = await made(`status = 'up', ${at("1 minute")}`);
  const soon = await made(`status = 'up', ${at("50 minutes")}`);
  const late = await made(`status = 'up', ${at("65 minutes")}`);
  const down = await made("status = 'down', status_since = now() - interval '1 hour'");
  await made("status = 'paused'");
  await made("status = 'new'");
  const { attention, upcoming } = await getOverview(world.project.caller);
  expect(attention.map((check) => [check.id, check.status])).toEqual([
    [down, "down"],
    [late, "late"],
  ]);
  expect(upcoming.map((check) => check.id)).toEqual([soon, later]);
});

test("counts what is down and what nobody has looked at, of this project only", async () => {
  const id = await makeCheck(world.project.id);
  await makeCheck(world.foreign.id);
  await commitSignals([arrived(id, { kind: "fail" })]);
  expect(await countProject(world.project.caller)).toMatchObject({ checks: 1, down: 1, openAlerts: 1 });
  const { recent } = await getOverview(world.project.caller);
  expect(recent).toMatchObject([{ type: "check.down", subject: { id } }]);
  expect(await countProject(world.foreign.caller)).toMatchObject({ checks: 1, down: 0, openAlerts: 0 });
});

test("says why a check is down", async () => {
  const id = await makeCheck(world.project.id);
  await commitSignals([arrived(id, { kind: "fail", exitStatus: 3 }), arrived(id, { kind: "log" })]);
  const failed = await getOverview(world.project.caller);
  expect(failed.attention[0]?.sentence).toContain(": it reported a failure."); // its signal is not the newest any more
  await commitSignals([arrived(id, { kind: "success" }), arrived(id, { kind: "fail", exitStatus: 3 })]);
  const { attention } = await getOverview(world.project.caller);
  expect(attention[0]?.sentence).toContain(": it reported exit status 3.");
});

test("is for members, viewers too, and for nobody else", async () => {
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  const caller = await viewer.caller(world.project.id);
  expect((await getOverview(caller)).attention).toEqual([]);
  await expect(viewer.caller(world.foreign.id)).rejects.toMatchObject({ code: "not_found" });
});
