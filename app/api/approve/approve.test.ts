import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { issueNonce } from "@/lib/approvals/mailed/nonce";
import type { Role } from "@/lib/auth/caller";
import { randomToken } from "@/lib/core/ids";
import { DAY } from "@/lib/core/time";
import { prisma } from "@/lib/db/client";
import { settle } from "@/lib/env";
import {
  approvalChecksum,
  FORM_HEADERS,
  type Mailed,
  type makeApproval,
  makeLink,
  makeMailed,
} from "@/lib/testing/approval-links";
import { type Answered, call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { DELETE, GET, PATCH, POST, PUT } from "./[token]/route";

let world: World;
let alice: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  world = await makeWorld();
  const join = (role: Role) => makePerson({ memberships: { [world.project.id]: role } });
  [alice, bob] = await Promise.all([join("owner"), join("member")]);
});

const mailed = (fields: Parameters<typeof makeApproval>[1] = {}, person = alice): Promise<Mailed> =>
  makeMailed(world.project.id, person.id, fields);

type Press = { notes?: string; nonce?: string | null; headers?: Record<string, string> };

function press(token: string, { notes = "", nonce = issueNonce(token), headers = {} }: Press = {}): Promise<Answered> {
  const fields = new URLSearchParams({ notes, ...(nonce !== null && { nonce }) });
  const sent = { ...FORM_HEADERS, ...headers };
  return call(POST, { method: "POST", params: { token }, headers: sent, body: fields.toString() });
}

const stored = (id: string) =>
  prisma().approval.findUniqueOrThrow({ where: { id }, include: { votes: true, events: { orderBy: { id: "asc" } } } });

/** Fails unless it is a page in words with this status that changes nothing. */
function expectRefused(answer: Answered, status: number, words: RegExp): void {
  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(words)]);
  expect(answer.text).toContain("<h1>Your answer was not counted</h1>");
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  expect(answer.headers.get("x-robots-tag")).toBe("noindex, nofollow");
}

describe("the button", () => {
  test.each([
    ["approve", "approved"],
    ["deny", "denied"],
  ] as const)("of the link to %s decides, in the name of whom it was sent to", async (decision, status) => {
    const mail = await mailed();
    const answer = await press(mail[decision], { notes: " Looks good\r\nto me " });
    expect([answer.status, answer.headers.get("location"), answer.text]).toEqual([
      303,
      `/approve/${mail[decision]}`,
      "",
    ]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { votes, events, ...approval } = await stored(mail.id);
    const decider = { decidedBy: `user:${alice.id}`, deciderName: alice.email };
    expect(approval).toMatchObject({ status, ...decider, notes: "Looks good\nto me" });
    expect(votes).toMatchObject([{ voter: `user:${alice.id}`, decision }]);
    expect(events).toMatchObject([
      {
        kind: "decided",
        actor: `user:${alice.id}`,
        via: "link",
        details: { address: "203.0.113.7", user_agent: "test browser" },
      },
    ]);
  });

  test("works without notes, and for browsers that say nothing of where they come from", async () => {
    const mail = await mailed();
    const headers = { Origin: "http://pulsetrail.test", "Sec-Fetch-Site": "none" };
    expect((await press(mail.approve, { headers })).status).toBe(303);
    expect((await stored(mail.id)).notes).toBeNull();
  });

  test("is one voice where two are needed", async () => {
    const mail = await mailed({ need: 2 });
    expect((await press(mail.approve)).status).toBe(303);
    expect(await stored(mail.id)).toMatchObject({ status: "pending", votes: [{ voter: `user:${alice.id}` }] });
    expectRefused(await press(mail.deny), 409, /voted on this already/);
    expect((await stored(mail.id)).votes).toHaveLength(1);
  });

  test("pressed twice, and many times at once, is one answer", async () => {
    const mail = await mailed();
    const answers = await Promise.all(Array.from({ length: 8 }, () => press(mail.approve)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 303));
    expect(await stored(mail.id)).toMatchObject({ status: "approved", votes: [{ decision: "approve" }] });
  });

  test("approve and deny at once are one decision", async () => {
    const mails = await Promise.all(Array.from({ length: 10 }, () => mailed()));
    for (const mail of mails) {
      const answers = await Promise.all([press(mail.approve), press(mail.deny)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect((await stored(mail.id)).votes).toHaveLength(1);
    }
  });
});

describe("what is decided", () => {
  test("by the other link of the mail is said", async () => {
    const mail = await mailed();
    await press(mail.deny);
    expectRefused(await press(mail.approve), 409, /decided already/);
    expect((await stored(mail.id)).status).toBe("denied");
  });

  test("by somebody else is said", async () => {
    const mail = await mailed();
    const place = { projectId: world.project.id, approvalId: mail.id, userId: bob.id };
    await press(await makeLink(place, "deny"));
    expectRefused(await press(mail.approve), 409, /decided already/);
    expect(await stored(mail.id)).toMatchObject({ status: "denied", decidedBy: `user:${bob.id}` });
  });

  test("by time is said, and noted at the deadline", async () => {
    const mail = await mailed({ leftMs: -60_000 });
    expectRefused(await press(mail.approve), 409, /decided already/);
    const approval = await stored(mail.id);
    expect(approval).toMatchObject({
      status: "denied",
      decidedBy: "timeout",
      decidedAt: approval.expiresAt,
      votes: [],
    });
  });

  test("because it was cancelled is said", async () => {
    const mail = await mailed({ status: "cancelled", decidedAt: new Date(), decidedBy: "key:k", dueAt: null });
    expectRefused(await press(mail.approve), 409, /decided already/);
  });
});

describe("refused in words, and nothing changes", () => {
  let mail: Mailed;
  let before: string;

  beforeEach(async () => {
    mail = await mailed();
    before = await approvalChecksum();
  });
  const expectUntouched = async () => expect(await approvalChecksum()).toBe(before);

  test("a forged, truncated or lengthened link", async () => {
    for (const token of [randomToken(43), mail.approve.slice(0, -1), `${mail.approve}x`, "..%2f", ""])
      expectRefused(await press(token, { nonce: issueNonce(mail.approve) }), 404, /no such link/);
    await expectUntouched();
  });

  test("no mark of the page, or that of another page, or one that is too old", async () => {
    const old = issueNonce(mail.approve, Date.now() - DAY - 1000);
    for (const nonce of [null, "", "x", issueNonce(mail.deny), issueNonce(randomToken(43)), old])
      expectRefused(await press(mail.approve, { nonce }), 403, /Open it again/);
    await expectUntouched();
  });

  test.each([
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
    ["another place on this site", { "Sec-Fetch-Site": "same-site" }],
    ["another origin", { Origin: "https://evil.example" }],
    ["this origin without TLS or with", { Origin: "https://pulsetrail.test" }],
    ["an origin that is none", { Origin: "about:blank" }],
  ])("a form of %s", async (_whose, headers) => {
    expectRefused(await press(mail.approve, { headers }), 403, /did not come from a page of this site/);
    await expectUntouched();
  });

  test("notes that are too long or no text", async () => {
    expectRefused(await press(mail.approve, { notes: "x".repeat(2001) }), 400, /at most 2000 characters/);
    expectRefused(await press(mail.approve, { notes: "a\0b" }), 400, /without NUL/);
    expectRefused(await press(mail.approve, { notes: "x".repeat(70_000) }), 413, /larger than/);
    await expectUntouched();
    expect((await press(mail.approve, { notes: "\u{1f600}\r\n".repeat(1000) })).status).toBe(303);
  });

  test("a body that is no form", async () => {
    const params = { token: mail.approve };
    for (const body of ["{", "%", "\u0000", JSON.stringify({ nonce: issueNonce(mail.approve) })])
      expectRefused(await call(POST, { method: "POST", params, headers: FORM_HEADERS, body }), 403, /Open it again/);
    await expectUntouched();
  });

  test("every other method", async () => {
    const params = { token: mail.approve };
    for (const [method, handler] of Object.entries({ GET, PUT, PATCH, DELETE }))
      expect((await call(handler, { method, params, headers: FORM_HEADERS })).status).toBe(405);
    await expectUntouched();
  });

  test("high risk, which a link cannot decide", async () => {
    const high = await mailed({ risk: "high" });
    before = await approvalChecksum();
    expectRefused(await press(high.approve), 403, /Sign in to decide/);
    await expectUntouched();
  });

  test("who was not named", async () => {
    const others = await mailed({ approvers: [bob.id] });
    before = await approvalChecksum();
    expectRefused(await press(others.approve), 403, /names who may decide/);
    await expectUntouched();
  });
});

describe("whoever may not approve any more", () => {
  test("left the project", async () => {
    const carol = await makePerson({ memberships: { [world.project.id]: "admin" } });
    const mail = await mailed({}, carol);
    await prisma().membership.deleteMany({ where: { userId: carol.id } });
    expectRefused(await press(mail.approve), 403, /no longer in this project/);
    expect(await stored(mail.id)).toMatchObject({ status: "pending", votes: [], events: [] });
  });

  test("became a viewer", async () => {
    const carol = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    const mail = await mailed({}, carol);
    expectRefused(await press(mail.deny), 403, /Your role in this project/);
    expect(await stored(mail.id)).toMatchObject({ status: "pending", votes: [], events: [] });
  });
});

describe("limits", () => {
  beforeEach(() => settle({ RATE_LIMITS: "on" }));
  afterEach(() => settle({ RATE_LIMITS: "off" }));

  test("forms without the mark of a page keep nobody out", async () => {
    const mail = await mailed();
    const tries = Array.from({ length: 50 }, () => press(mail.approve, { nonce: "x" }));
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 403));
    expect((await press(mail.approve)).status).toBe(303);
  });

  test("a link has 20 tries a quarter of an hour, whatever its page notes", async () => {
    const mail = await mailed();
    const tries = Array.from({ length: 20 }, () => press(mail.approve, { notes: "a".repeat(2001) }));
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 400));
    const over = await press(mail.approve);
    expectRefused(over, 429, /Too many tries/);
    expect(over.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await stored(mail.id)).status).toBe("pending");
    expect((await press(mail.deny)).status).toBe(303);
  });
});
