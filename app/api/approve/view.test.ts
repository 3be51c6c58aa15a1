import { beforeAll, expect, test } from "vitest";
import { randomToken } from "@/lib/core/ids";
import { prisma } from "@/lib/db/client";
import { settle } from "@/lib/env";
import { approvalChecksum, FORM_HEADERS, makeMailed } from "@/lib/testing/approval-links";
import { type Answered, call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { GET, POST } from "./[token]/view/route";

let world: World;
let alice: TestPerson;

beforeAll(async () => {
  world = await makeWorld();
  alice = await makePerson({ memberships: { [world.project.id]: "member" } });
});

const look = (token: string, headers: Record<string, string> = {}): Promise<Answered> =>
  call(POST, { method: "POST", params: { token }, headers: { ...FORM_HEADERS, ...headers } });
const stored = (id: string) =>
  prisma().approval.findUniqueOrThrow({ where: { id }, include: { votes: true, events: true } });

test("a page that runs its scripts is in the trail, and decides nothing", async () => {
  const mail = await makeMailed(world.project.id, alice.id);
  expect((await look(mail.approve)).status).toBe(204);
  const details = { address: "203.0.113.7", user_agent: "test browser" };
  expect(await stored(mail.id)).toMatchObject({
    status: "pending",
    votes: [],
    events: [{ kind: "viewed", actor: `user:${alice.id}`, actorName: alice.email, via: "link", details }],
  });
});

test("it is noted a hundred times and no more", async () => {
  const mail = await makeMailed(world.project.id, alice.id);
  for (let at = 0; at < 105; at += 1) expect((await look(mail.deny)).status).toBe(204);
  expect((await stored(mail.id)).events).toHaveLength(100);
});

test("it is not noted for forged links, from other sites, of what is decided, or for who has left", async () => {
  const mail = await makeMailed(world.project.id, alice.id);
  const over = { status: "denied", decidedAt: new Date(), decidedBy: "timeout", dueAt: null } as const;
  const decided = await makeMailed(world.project.id, alice.id, over);
  const stranger = await makeMailed(world.project.id, (await makePerson()).id);
  const before = await approvalChecksum();
  expect((await look(randomToken(43))).status).toBe(404);
  expect((await look(mail.approve, { Origin: "https://evil.example" })).status).toBe(403);
  expect((await look(decided.approve)).status).toBe(204);
  expect((await look(stranger.approve)).status).toBe(204);
  expect((await call(GET, { params: { token: mail.approve } })).status).toBe(405);
  expect(await approvalChecksum()).toBe(before);
});

test("a link may look 60 times a quarter of an hour", async () => {
  settle({ RATE_LIMITS: "on" });
  const mail = await makeMailed(world.project.id, alice.id);
  const looks = await Promise.all(Array.from({ length: 61 }, () => look(mail.approve)));
  settle({ RATE_LIMITS: "off" });
  expect(looks.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 60 }, () => 204), 429]);
  expect((await look(mail.deny)).status).toBe(204);
});
