import { expect, test } from "vitest";
import type { LinkedApproval } from "./standing";
import { effectWords, headingOf, outcomeWords } from "./words";

const LINKED: LinkedApproval = {
  id: "apr_1",
  project: { id: "p", name: "Shop" },
  recipient: { id: "u", email: "alice@example.org" },
  decision: "approve",
  standing: "open",
  asked: { context: "Publish", action: null, args: null },
  requester: "key:deployer",
  risk: "low",
  need: 1,
  approved: 0,
  expiresAt: "2026-11-21T12:00:00.000Z",
  timeoutAction: "deny",
  outcome: null,
};
const outcome = { status: "denied", by: "bob@example.org", at: "2026-11-21T11:59:03.000Z", notes: null } as const;

test.each([
  [{}, "Approve this?"],
  [{ decision: "deny" }, "Deny this?"],
  [{ standing: "sign_in" }, "Approve this?"],
  [{ standing: "voted" }, "Your vote is in"],
  [{ standing: "decided", outcome }, "Denied"],
  [{ standing: "decided", outcome: { ...outcome, status: "approved" } }, "Approved"],
  [{ standing: "decided", outcome: { ...outcome, status: "cancelled" } }, "Cancelled"],
  [{ standing: "forbidden" }, "Not yours to decide"],
  [{ standing: "not_an_approver" }, "Not yours to decide"],
  [{ standing: "left", outcome }, "You are no longer in this project"],
] as const)("%j is headed %j", (fields, heading) => {
  expect(headingOf({ ...LINKED, ...fields })).toBe(heading);
});

test("an outcome says who and when", () => {
  const ended = (fields: Partial<LinkedApproval>) => outcomeWords({ ...LINKED, standing: "decided", ...fields });
  const late = { ...outcome, by: null };
  expect(outcomeWords(LINKED)).toBeNull();
  expect(ended({ outcome })).toBe("By bob@example.org at 2026-11-21 11:59:03 UTC.");
  expect(ended({ outcome: late })).toBe("Nobody answered in time, so it was denied at 2026-11-21 11:59:03 UTC.");
  expect(ended({ outcome: late, need: 2, approved: 1 })).toMatch(/^Not enough people answered in time, so/);
});

test.each([
  [{}, "With your approval key:deployer is told to go on."],
  [{ need: 2, approved: 1 }, "With your approval key:deployer is told to go on."],
  [{ need: 3, approved: 1 }, "Your approval is one of 3 that are needed; after it 1 more must come."],
  [{ decision: "deny", need: 3 }, "One denial is enough: key:deployer is told not to go on."],
] as const)("with %j the button does what it says", (fields, words) => {
  expect(effectWords({ ...LINKED, ...fields })).toBe(words);
});
