import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { heartbeats } from "@/lib/testing/heartbeats";

/** A process remembers where addresses led; here they lead elsewhere the next time. */
const job = heartbeats();

const statusOf = async (path: string): Promise<number> => (await job.fetch(path)).status;
const countOf = async (id: string): Promise<number> => (await storedPings(id)).length;

test("a token that was given to another check leads to that one", async () => {
  const { id: first, token } = job;
  const second = await makeCheck(job.world.project.id);
  expect(await statusOf(`/api/heartbeat/${token}`)).toBe(200);
  await pool().query("UPDATE checks SET heartbeat_token = 'given-away-' || id WHERE id = $1", [first]);
  await pool().query("UPDATE checks SET heartbeat_token = $2 WHERE id = $1", [second, token]);
  expect(await statusOf(`/api/heartbeat/${token}`)).toBe(200);
  expect([await countOf(first), await countOf(second)]).toEqual([1, 1]);
});

test("a slug that another check bears now leads to that one, also among signals for others", async () => {
  const { id: projectId, pingKey } = job.world.project;
  const [first, second, other] = await Promise.all([
    makeCheck(projectId, { slug: "nightly" }),
    makeCheck(projectId, { slug: "weekly" }),
    makeCheck(projectId, { slug: "hourly" }),
  ]);
  const ping = (slug: string) => statusOf(`/ping/${pingKey}/${slug}`);
  expect(await Promise.all([ping("nightly"), ping("hourly")])).toEqual([200, 200]);
  await pool().query("UPDATE checks SET slug = 'was-' || slug WHERE id = $1", [first]);
  await pool().query("UPDATE checks SET slug = 'nightly' WHERE id = $1", [second]);
  expect(await Promise.all([ping("nightly"), ping("hourly"), ping("nightly")])).toEqual([200, 200, 200]);
  expect([await countOf(first), await countOf(second), await countOf(other)]).toEqual([1, 2, 2]);
});

test("a key that was revoked leads nowhere, and a deleted check is gone, at once", async () => {
  const key = await job.world.project.key(["ping"]);
  const [kept, gone] = await Promise.all([
    makeCheck(job.world.project.id, { slug: "kept" }),
    makeCheck(job.world.project.id, { slug: "gone" }),
  ]);
  expect(await statusOf(`/hbk/kept?key=${key}`)).toBe(200);
  expect(await statusOf(`/hbk/gone?key=${key}`)).toBe(200);
  await pool().query("DELETE FROM checks WHERE id = $1", [gone]);
  expect(await statusOf(`/hbk/gone?key=${key}`)).toBe(404);
  await pool().query("UPDATE api_keys SET revoked_at = now() WHERE project_id = $1 AND scopes = '{ping}'", [
    job.world.project.id,
  ]);
  expect(await statusOf(`/hbk/kept?key=${key}`)).toBe(401);
  expect(await countOf(kept)).toBe(1);
});
