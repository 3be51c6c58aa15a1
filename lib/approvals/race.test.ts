import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { deleteProject } from "@/lib/projects/commands";
import { ask, runOut } from "@/lib/testing/approvals";
import { makePerson } from "@/lib/testing/people";
import { makeProject, makeWorld, type World } from "@/lib/testing/world";
import { type Doing, doTogether } from "./act";
import { cancelApproval, claimApproval, decideApproval } from "./commands";
import { expireApprovals } from "./expire";
import { voteOn } from "./vote";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const device = { address: "", userAgent: "" };

/** What each of them came to: `done`, or the code it was refused with. */
async function outcomes(work: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "fulfilled") return "done";
    if (one.reason instanceof AppError) return one.reason.code;
    throw one.reason;
  });
}

const tally = (codes: string[]): Record<string, number> =>
  Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]));

/** How often approvals of the world were decided: by their rows, their alerts, their trails and their callbacks. */
async function decisions(ids: string[]) {
  const { rows } = await pool().query<Record<"rows" | "alerts" | "events" | "open" | "requests", number>>(
    `SELECT (SELECT count(*)::int FROM approvals WHERE id = ANY ($1) AND status <> 'pending' AND due_at IS NULL) AS rows,
            (SELECT count(*)::int FROM alerts WHERE subject_id = ANY ($1) AND type = 'approval.decided') AS alerts,
            (SELECT count(*)::int FROM approval_events WHERE approval_id = ANY ($1) AND kind IN ('decided', 'expired', 'cancelled')) AS events,
            (SELECT count(*)::int FROM alerts WHERE subject_id = ANY ($1) AND type = 'approval.requested' AND resolved_at IS NULL) AS open,
            (SELECT count(*)::int FROM alerts WHERE subject_id = ANY ($1) AND type = 'approval.requested') AS requests`,
    [ids],
  );
  return rows[0];
}

const decidedOnce = (count: number) => ({ rows: count, alerts: count, events: count, open: 0, requests: count });

test("1,000 approvals, approved and denied at once: exactly 1,000 decisions", { timeout: 60_000 }, async () => {
  const [ann, bob] = await Promise.all(
    [1, 2].map(async () =>
      (await makePerson({ memberships: { [world.project.id]: "member" } })).caller(world.project.id),
    ),
  );
  if (ann === undefined || bob === undefined) throw new Error("two people were made");
  const ids = await Promise.all(Array.from({ length: 1000 }, () => ask(world.project)));
  const fired = ids.flatMap((id) => [
    decideApproval(ann, { id, decision: "approve", device }),
    decideApproval(bob, { id, decision: "deny", device }),
  ]);
  expect(tally(await outcomes(fired))).toEqual({ done: 1000, already_decided: 1000 });
  expect(await decisions(ids)).toEqual(decidedOnce(1000));
  const votes = await pool().query("SELECT FROM approval_votes WHERE approval_id = ANY ($1)", [ids]);
  expect(votes.rowCount).toBe(1000);
});

/** Each in a transaction of its own, as in as many processes: nothing but the database keeps them apart. */
const apart = (place: Doing["place"], events: Doing["event"][]): Promise<unknown>[] =>
  events.map(async (event) => {
    const actor = event.is === "vote" ? event.voter : "user:x";
    const by = { actor, name: actor, via: "api", mark: {} } as const;
    const [told] = await doTogether([{ place, event, by, notes: null }]);
    if (told instanceof AppError) throw told;
  });

describe("processes that know nothing of each other", () => {
  const MANY = 8;
  const placeOf = (id: string) => ({ projectId: world.project.id, id });

  test("decide once", { timeout: 60_000 }, async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => ask(world.project)));
    for (const id of ids) {
      const votes = Array.from({ length: MANY }, (_, index) => ({
        is: "vote" as const,
        voter: `user:${index}`,
        decision: index % 2 === 0 ? ("approve" as const) : ("deny" as const),
      }));
      expect(tally(await outcomes(apart(placeOf(id), votes)))).toEqual({ done: 1, already_decided: MANY - 1 });
    }
    expect(await decisions(ids)).toEqual(decidedOnce(20));
  });

  test("let one person vote once, and an approval be used once", async () => {
    const same = await ask(world.project, { need: 2 });
    const vote = { is: "vote", voter: "user:same", decision: "approve" } as const;
    const votes = Array.from({ length: MANY }, () => vote);
    expect(tally(await outcomes(apart(placeOf(same), votes)))).toEqual({ done: 1, already_voted: MANY - 1 });
    const used = await ask(world.project);
    await decideApproval(world.project.caller, { id: used, decision: "approve", device });
    const claims = Array.from({ length: MANY }, () => ({ is: "claim" as const, digest: null }));
    expect(tally(await outcomes(apart(placeOf(used), claims)))).toEqual({ done: 1, already_claimed: MANY - 1 });
  });
});

test("a project that is deleted beside decisions goes, and they are decided or gone", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 5; round += 1) {
    const doomed = await makeProject();
    const owner = await makePerson({ memberships: { [doomed.id]: "owner" } });
    const ids = await Promise.all(Array.from({ length: 30 }, () => ask(doomed)));
    const deleting = deleteProject(await owner.caller(doomed.id), doomed.id, { confirm: "Test" });
    const deciding = ids.map((id) => decideApproval(doomed.caller, { id, decision: "approve", device }));
    const came = tally(await outcomes(deciding));
    await deleting;
    expect(Object.keys(came).every((code) => ["done", "not_found"].includes(code))).toBe(true);
    expect((await pool().query("SELECT FROM approvals WHERE project_id = $1", [doomed.id])).rowCount).toBe(0);
  }
});

test("a callback that cannot be read any more keeps nobody from deciding, nor time", async () => {
  const [id, other] = await Promise.all([
    ask(world.project, { callback_url: "https://example.com/hook" }),
    ask(world.project, { callback_url: "https://example.com/hook" }),
  ]);
  await pool().query("UPDATE approvals SET callback = 'spoiled'::bytea WHERE id = ANY ($1)", [[id, other]]);
  expect(await decideApproval(world.project.caller, { id, decision: "approve", device })).toMatchObject({ result: 1 });
  await runOut(other);
  for (let last = 1; last > 0; ) last = await expireApprovals();
  expect(await decisions([id, other])).toEqual(decidedOnce(2));
  const told = await pool().query(
    "SELECT recipient FROM deliveries WHERE subject_id = ANY ($1) AND direct_kind = 'callback'",
    [[id, other]],
  );
  expect(told.rows).toEqual(Array(2).fill({ recipient: "an address that cannot be read" }));
});

test("what is wrong with one approval does not keep time from deciding the others", async () => {
  const [broken, fine] = await Promise.all([ask(world.project), ask(world.project)]);
  await Promise.all([runOut(broken), runOut(fine)]);
  // Before all time: a date that cannot be told.
  await pool().query("UPDATE approvals SET created_at = '-infinity' WHERE id = $1", [broken]);
  await expireApprovals();
  const found = await pool().query("SELECT id, status FROM approvals WHERE id = ANY ($1)", [[broken, fine]]);
  expect(new Map(found.rows.map(({ id, status }) => [id, status]))).toEqual(
    new Map([
      [broken, "pending"],
      [fine, "denied"],
    ]),
  );
  await pool().query("DELETE FROM approvals WHERE id = $1", [broken]);
});

test("one person who presses both buttons in many windows votes once", async () => {
  const id = await ask(world.project, { need: 2 });
  const ann = await (await makePerson({ memberships: { [world.project.id]: "owner" } })).caller(world.project.id);
  const fired = Array.from({ length: 20 }, () => decideApproval(ann, { id, decision: "approve", device }));
  expect(tally(await outcomes(fired))).toEqual({ done: 1, already_voted: 19 });
});

describe("time beside people", () => {
  test("several sweepers decide each once, dated at its deadline, beside votes and cancellations", {
    timeout: 60_000,
  }, async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => ask(world.project)));
    await Promise.all(ids.slice(0, 200).map(runOut));
    const sweeping = Array.from({ length: 4 }, async () => {
      let count = 0;
      for (let last = -1; last !== 0; count += last) last = await expireApprovals();
      return count;
    });
    const voting = ids.map((id, index) =>
      index % 2 === 0
        ? decideApproval(world.project.caller, { id, decision: "approve", device })
        : cancelApproval(world.project.caller, { id, device }),
    );
    const came = tally(await outcomes(voting));
    await Promise.all(sweeping);
    expect(came).toEqual({ already_decided: 200, done: 100 });
    expect(await decisions(ids)).toEqual(decidedOnce(300));
    const late = await pool().query(
      "SELECT FROM approvals WHERE id = ANY ($1) AND decided_by = 'timeout' AND decided_at = expires_at AND status = 'denied'",
      [ids],
    );
    expect(late.rowCount).toBe(200);
  });

  test("nothing is decided before its time", async () => {
    const id = await ask(world.project, { timeout_seconds: 60 });
    await expireApprovals();
    const found = await pool().query("SELECT status FROM approvals WHERE id = $1", [id]);
    expect(found.rows).toEqual([{ status: "pending" }]);
  });
});

test("of many who use an approval one does", async () => {
  const id = await ask(world.project, { action: "deploy" });
  const by = { actor: "key:other", name: "key:other", via: "api", mark: {} } as const;
  const { action_digest } = await voteOn({ projectId: world.project.id, id }, by, { decision: "approve" });
  const claims = Array.from({ length: 50 }, () =>
    claimApproval(world.project.caller, { id, digest: action_digest, device }),
  );
  expect(tally(await outcomes(claims))).toEqual({ done: 1, already_claimed: 49 });
});
