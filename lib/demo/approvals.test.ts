import { beforeEach, expect, test } from "vitest";
import { getApprovalPage, listApprovals } from "@/lib/approvals/queries";
import { getApprovalStats } from "@/lib/approvals/stats";
import { voteOn } from "@/lib/approvals/vote";
import { pool } from "@/lib/db/pool";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { ANSWERED } from "./approvals-cast";
import { fillApprovals, removeApprovals, renewApproval } from "./approvals-fill";

let project: TestProject;

beforeEach(async () => {
  project = await makeProject();
});

const waiting = async () => (await listApprovals(project.caller, { status: "pending", limit: 10 })).items;

test("one waits, and the history holds every way in which one ends", async () => {
  await fillApprovals(project.id);
  expect(await waiting()).toMatchObject([{ status: "pending", risk: "medium", requested_by: "key:Shop agent" }]);
  const { items } = await listApprovals(project.caller, { decided: "yes", limit: 50 });
  expect(items).toHaveLength(ANSWERED.length);
  expect(items.map(({ status, decided_by: by }) => `${status} by ${by}`)).toEqual([
    "approved by timeout",
    "approved by alice@example.org",
    "denied by timeout",
    "denied by bob@example.org",
    "approved by alice@example.org",
  ]);
  const stats = await getApprovalStats(project.caller, { days: 7 });
  expect(stats).toMatchObject({ requested: ANSWERED.length + 1, approved: 3, denied: 2, timed_out: 2 });
  const release = items.find(({ need }) => need === 2);
  const { trail, approval } = await getApprovalPage(project.caller, release?.approval_id ?? "");
  expect(trail.map(({ kind }) => kind)).toEqual(["requested", "voted", "voted", "decided", "claimed"]);
  expect(approval.claimed_at).not.toBeNull();
  // Nobody is told of what was made up.
  expect((await pool().query("SELECT FROM alerts WHERE project_id = $1", [project.id])).rowCount).toBe(0);
});

test("the one that waits can be decided, is then asked for anew, and not after all was removed", async () => {
  await fillApprovals(project.id);
  expect(await renewApproval(project.id)).toBe(false);
  const [first] = await waiting();
  const voter = { actor: project.caller.actor, name: "key:test", via: "api" as const, mark: {} };
  await voteOn({ projectId: project.id, id: first?.approval_id ?? "" }, voter, { decision: "approve", notes: null });
  expect(await waiting()).toEqual([]);
  expect(await renewApproval(project.id)).toBe(true);
  expect(await waiting()).toHaveLength(1);
  expect(await removeApprovals(project.id)).toBe(ANSWERED.length + 2);
  expect(await renewApproval(project.id)).toBe(false);
  expect((await pool().query("SELECT FROM alerts WHERE project_id = $1", [project.id])).rowCount).toBe(0);
});
