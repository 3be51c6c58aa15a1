import { beforeEach, describe, expect, test } from "vitest";
import * as ping from "@/app/ping/[[...signal]]/route";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { call } from "@/lib/testing/http";
import { makeChannel } from "@/lib/testing/management";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import * as invitationsRoute from "./[id]/invitations/route";
import * as pingKeyRoute from "./[id]/ping-key/rotate/route";
import * as projectRoute from "./[id]/route";
import * as projectsRoute from "./route";

let world: World;
let alice: TestPerson;
beforeEach(async () => {
  world = await makeWorld();
  alice = await makePerson({ memberships: { [world.project.id]: "owner", [world.foreign.id]: "viewer" } });
});

const send = async (path: string) => (await ping.GET(new Request(`http://x${path}`))).status;

describe("the projects of a person", () => {
  test("are listed with what their role in each may see", async () => {
    const answer = await call(projectsRoute.GET, { headers: alice.headers() });
    const { projects } = answer.body as { projects: Record<string, unknown>[] };
    const seen = Object.fromEntries(projects.map((project) => [project["id"], Object.keys(project)]));
    expect(seen[world.project.id]).toEqual(expect.arrayContaining(["ping_key", "webhook_secret"]));
    expect(seen[world.foreign.id]).toEqual(["id", "name", "time_zone", "created_at"]);
    expect(projects).toHaveLength(2);
    const first = await call(projectsRoute.GET, { headers: alice.headers(), path: "/?limit=1" });
    const { next_cursor: cursor } = first.body as { next_cursor: string };
    const second = await call(projectsRoute.GET, { headers: alice.headers(), path: `/?limit=1&cursor=${cursor}` });
    expect([first.body, second.body]).toMatchObject([{ projects: [projects[0]] }, { projects: [projects[1]] }]);
  });

  test("grow by one of their own, also for a viewer and for who has none", async () => {
    const nobody = await makePerson();
    const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    for (const person of [nobody, viewer]) {
      const body = { name: "Mine" };
      const made = await call(projectsRoute.POST, { method: "POST", headers: person.headers(), body });
      expect(made).toMatchObject({ status: 201, body: { name: "Mine", ping_key: expect.any(String) } });
      const { id } = made.body as { id: string };
      expect((await person.caller(id)).person?.role).toBe("owner");
    }
  });
});

describe("a ping key", () => {
  const rotate = (who: { key: string } | { headers: Record<string, string> }) =>
    call(pingKeyRoute.POST, { method: "POST", ...who, params: { id: world.project.id } });

  test("is replaced, and the old one stops at once", async () => {
    expect(await send(`/ping/${world.project.pingKey}/job?create=1`)).toBe(201);
    const rotated = await rotate({ headers: alice.headers(world.project.id) });
    const { ping_key: fresh } = rotated.body as { ping_key: string };
    expect(fresh).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(await send(`/ping/${world.project.pingKey}/job`)).toBe(404);
    expect(await send(`/ping/${fresh}/job`)).toBe(200);
  });

  test("is replaced only by an admin of the project", async () => {
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    expect((await rotate({ key: world.foreignKey })).status).toBe(403);
    expect((await rotate({ key: await world.project.key(["write"]) })).status).toBe(403);
    expect((await rotate({ headers: charlie.headers() })).status).toBe(404);
    expect(await send(`/ping/${world.project.pingKey}/job?create=1`)).toBe(201);
  });
});

describe("deleting a project", () => {
  const remove = (who: { key: string } | { headers: Record<string, string> }, confirm: unknown = "Test") =>
    call(projectRoute.DELETE, { method: "DELETE", ...who, params: { id: world.project.id }, body: { confirm } });

  /** How many rows each table has of the project. */
  async function rowsLeft(): Promise<Record<string, number>> {
    const tables = await pool().query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'project_id' AND table_schema = 'public'",
    );
    const counted = await Promise.all(
      tables.rows.map(async ({ name }) => {
        const found = await pool().query<{ n: number }>(
          `SELECT count(*)::int AS n FROM ${name} WHERE project_id = $1`,
          [world.project.id],
        );
        return [name, found.rows[0]?.n ?? 0] as const;
      }),
    );
    return Object.fromEntries(counted.filter(([, count]) => count > 0));
  }

  test("takes everything in it along, pings too, and nothing of others", async () => {
    const id = await makeCheck(world.project.id);
    const channel = await makeChannel(world.project.id, "c");
    await pool().query("INSERT INTO check_channels (project_id, check_id, channel_id) VALUES ($1, $2, $3)", [
      world.project.id,
      id,
      channel,
    ]);
    for (const signal of ["/start", "/fail", ""]) expect(await send(`/ping/${id}${signal}`)).toBe(200);
    const headers = { ...alice.headers(world.project.id), "Idempotency-Key": "once" };
    const body = { email: "x@example.com", role: "viewer" };
    await call(invitationsRoute.POST, { method: "POST", headers, params: { id: world.project.id }, body });
    const other = await makeCheck(world.foreign.id);
    expect(await send(`/ping/${other}`)).toBe(200);
    const tables =
      "alerts api_keys audit_entries channels check_channels checks deliveries flips idempotency_keys invitations memberships pings runs";
    expect(Object.keys(await rowsLeft()).sort()).toEqual(tables.split(" "));
    expect((await remove({ headers: alice.headers(world.project.id) })).status).toBe(204);
    expect(await rowsLeft()).toEqual({});
    expect(await send(`/ping/${id}`)).toBe(404);
    expect(await send(`/ping/${other}`)).toBe(200);
  });

  test("wants its name, and an owner", async () => {
    const admin = await makePerson({ memberships: { [world.project.id]: "admin" } });
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    const owner = { headers: alice.headers(world.project.id) };
    for (const wrong of ["test", "", "Test "])
      expect(await remove(owner, wrong)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await remove(owner, null)).status).toBe(400);
    expect((await remove({ headers: admin.headers(world.project.id) })).status).toBe(403);
    expect((await remove({ key: world.key })).status).toBe(403);
    expect((await remove({ headers: charlie.headers() })).status).toBe(404);
    expect((await rowsLeft())["memberships"]).toBe(2);
  });
});
