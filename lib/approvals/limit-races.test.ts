import { beforeAll, describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { resumeInstance, updateBudget } from "@/lib/costs/commands";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { deleteProject } from "@/lib/projects/commands";
import { runOut } from "@/lib/testing/approvals";
import { askedOf, openLimit, standingOf } from "@/lib/testing/limits";
import { makePerson } from "@/lib/testing/people";
import { freshId, stages } from "@/lib/testing/stages";
import { makeProject } from "@/lib/testing/world";
import { terminateInstance } from "@/lib/workflows/terminate";
import { type Doing, doTogether } from "./act";
import { decideApproval } from "./commands";
import { expireApprovals } from "./expire";

const at = stages();
const device = { address: "", userAgent: "" };
const ASKING = { budget_enabled: true, budget_limit_usd: 1, budget_action: "ask" as const };

const spend = (workflow: string, more: string, cost: number) =>
  at.post(`/dhk/${workflow}?stagePath=1${more}`, { cost_usd: cost });

async function begun(): Promise<{ workflow: string; id: string }> {
  const workflow = freshId();
  const { body } = await spend(workflow, "&start=yes", 0);
  await updateBudget(at.world.project.caller, workflow, ASKING);
  return { workflow, id: String(body["instance_id"]) };
}

async function waiting(): Promise<{ workflow: string; id: string; approval: string }> {
  const made = await begun();
  await at.post(`/dhk/${made.workflow}?stagePath=2`, { cost_usd: 1.5 });
  return { ...made, approval: await openLimit(made.id) };
}

/** Which of these were done; what is refused may be, and nothing else. */
async function done(work: Promise<unknown>[]): Promise<boolean[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected" && !(one.reason instanceof AppError)) throw one.reason;
    return one.status === "fulfilled";
  });
}

/** In a transaction of its own, as in another process. */
async function apart(id: string, event: Doing["event"]): Promise<void> {
  const by = { actor: "key:x", name: "key:x", via: "api", mark: {} } as const;
  const [told] = await doTogether([{ place: { projectId: at.world.project.id, id }, event, by, notes: null }]);
  if (told instanceof AppError) throw told;
}
const vote = (id: string, decision: "approve" | "deny", voter = "user:a") => apart(id, { is: "vote", voter, decision });

/** What an instance is once its approval was decided so. */
const AFTER: Record<string, string> = { approved: "running", denied: "terminated" };
const ROUNDS = 12;

/** Does two things at once with an instance that waits, again and again; gives how it ended each time. */
async function race(run: (waits: Awaited<ReturnType<typeof waiting>>) => Promise<unknown>[]) {
  const ends: { done: boolean[]; instance: string; approval: string | undefined }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const waits = await waiting();
    const outcome = await done(run(waits));
    const [asked, ...others] = await askedOf(waits.id);
    expect(others).toEqual([]);
    const [instance] = await standingOf(waits.id);
    ends.push({ done: outcome, instance, approval: asked?.status });
  }
  return ends;
}

describe("of two things at once exactly one happens", { timeout: 60_000 }, () => {
  test("two people decide", async () => {
    const ends = await race(({ approval }) => [vote(approval, "approve"), vote(approval, "deny", "user:b")]);
    for (const {
      done: [approved, denied],
      instance,
      approval = "",
    } of ends) {
      expect(approved).toBe(!denied);
      expect([approval, instance]).toEqual(approved ? ["approved", "running"] : ["denied", "terminated"]);
    }
  });

  test("somebody denies, and somebody lets it go on by hand", async () => {
    const { caller } = at.world.project;
    const ends = await race(({ id, approval }) => [vote(approval, "deny"), resumeInstance(caller, id)]);
    for (const {
      done: [denied, resumed],
      instance,
      approval,
    } of ends) {
      expect(denied).toBe(!resumed);
      expect([approval, instance]).toEqual(denied ? ["denied", "terminated"] : ["cancelled", "running"]);
    }
  });

  test("somebody approves, and somebody ends it", async () => {
    const { caller } = at.world.project;
    const ends = await race(({ id, approval }) => [vote(approval, "approve"), terminateInstance(caller, id, null)]);
    for (const {
      done: [approved, ended],
      instance,
      approval,
    } of ends) {
      expect([ended, instance]).toEqual([true, "terminated"]);
      expect(approval).toBe(approved ? "approved" : "cancelled");
    }
  });

  test("time is over while somebody approves, another lets it go on, and several sweepers run", async () => {
    const { caller } = at.world.project;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, approval } = await waiting();
      await runOut(approval);
      const tries = [vote(approval, "approve"), resumeInstance(caller, id)];
      const [outcome] = await Promise.all([done(tries), expireApprovals(), expireApprovals()]);
      expect(outcome).toEqual([false, false]);
      expect((await standingOf(id))[0]).toBe("terminated");
      expect(await askedOf(id)).toMatchObject([{ status: "denied", decider_name: "timeout" }]);
    }
  });

  test("the deadline comes while votes do", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, approval } = await waiting();
      await Promise.all([runOut(approval), done([vote(approval, "approve")]), expireApprovals()]);
      await expireApprovals();
      const [{ status = "" } = {}] = await askedOf(id);
      expect((await standingOf(id))[0]).toBe(AFTER[status]);
    }
  });
});

test("200 steps at once that cross the limit: one alert, one approval, none lost", async () => {
  const { workflow, id } = await begun();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      at.post(`/dhk/${workflow}?stagePath=${index + 2}&instance_id=${id}`, { cost_usd: 0.02 }),
    ),
  );
  const taken = answers.filter(({ status }) => status === 200);
  expect(taken).toHaveLength(51);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(149);
  expect(taken.filter(({ body }) => body["directive"] === "stop")).toHaveLength(1);
  expect((await at.alerts(workflow)).map(({ type }) => type)).toEqual(["cost.exceeded"]);
  const asked = await askedOf(id);
  expect(asked).toMatchObject([{ status: "pending", args: { spent_usd: 1.02 } }]);
  const told = await pool().query("SELECT type FROM alerts WHERE subject_id = $1", [asked[0]?.id]);
  expect(told.rows).toEqual([{ type: "approval.requested" }]);
});

test("many are decided together, with others, while their workflows take steps", { timeout: 60_000 }, async () => {
  const { caller } = at.world.project;
  const many = await Promise.all(Array.from({ length: 20 }, waiting));
  const work = many.flatMap(({ workflow, id, approval }, index) => [
    decideApproval(caller, { id: approval, device, decision: index % 2 === 0 ? "approve" : "deny" }),
    spend(workflow, "&start=yes", 0.5),
    at.post(`/dhk/${workflow}?stagePath=3&instance_id=${id}`, { cost_usd: 0.1 }),
  ]);
  expect(await done([...work, expireApprovals()])).not.toContain(false);
  for (const [index, { id }] of many.entries())
    expect((await standingOf(id))[0]).toBe(index % 2 === 0 ? "running" : "terminated");
});

describe("locks", () => {
  /** Resolves once another statement waits for a lock that this backend holds. */
  async function waiterOf(pid: number): Promise<void> {
    for (;;) {
      const waits = await pool().query("SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [pid]);
      if (waits.rowCount !== 0) return;
    }
  }

  /** Holds the workflow until `doing` waits for it, and looks whether that holds the approval meanwhile. */
  async function heldMeanwhile(of: { workflow: string; approval: string }, doing: () => Promise<unknown>) {
    const { after } = await transaction(async (tx) => {
      const lock = "SELECT pg_backend_pid() AS pid FROM workflows WHERE id = $1 FOR NO KEY UPDATE";
      const { rows } = await tx.query<{ pid: number }>(lock, [of.workflow]);
      const work = doing();
      await waiterOf(rows[0]?.pid ?? 0);
      // Were the approval locked first, this would fail at once.
      await tx.query("SELECT FROM approvals WHERE id = $1 FOR UPDATE NOWAIT", [of.approval]);
      return { after: work };
    });
    await after;
  }

  test("a decision locks the workflow before the approval", async () => {
    const waits = await waiting();
    await heldMeanwhile(waits, () => vote(waits.approval, "approve"));
    expect((await standingOf(waits.id))[0]).toBe("running");
  });

  test("so does time", async () => {
    const waits = await waiting();
    await runOut(waits.approval);
    await heldMeanwhile(waits, () => expireApprovals());
    expect((await standingOf(waits.id))[0]).toBe("terminated");
  });

  describe("of a project that is deleted", () => {
    let project: Awaited<ReturnType<typeof makeProject>>;
    beforeAll(async () => {
      project = await makeProject();
    });

    test("are taken in the same order", async () => {
      const owner = await makePerson({ memberships: { [project.id]: "owner" } });
      const caller = await owner.caller(project.id);
      await pool().query("INSERT INTO workflows (project_id, id, kind, name) VALUES ($1, 'w', 'dynamic', 'w')", [
        project.id,
      ]);
      await pool().query(
        `INSERT INTO approvals (project_id, id, context, risk, need, timeout_seconds, timeout_action, expires_at, created_at, requested_by, requester_name)
         VALUES ($1, 'apr_deleted', 'x', 'low', 1, 60, 'deny', now() + interval '1 hour', now(), 'budget', 'x')`,
        [project.id],
      );
      await heldMeanwhile({ workflow: "w", approval: "apr_deleted" }, () =>
        deleteProject(caller, project.id, { confirm: "Test" }),
      );
      expect((await pool().query("SELECT FROM projects WHERE id = $1", [project.id])).rowCount).toBe(0);
    });
  });
});
