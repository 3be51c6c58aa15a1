import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APPROVAL_STATUSES, Risk } from "@/lib/approvals/schema";
import { type ApprovalState, transition } from "@/lib/approvals/state";
import { standingOf } from "./standing";

const ALICE = "user:alice";
const BOB = "user:bob";

const PENDING: ApprovalState = {
  status: "pending",
  need: 2,
  risk: "medium",
  requestedBy: "key:agent",
  approvers: [],
  votes: [],
  expiresAt: 1000,
  timeoutAction: "deny",
  claimedAt: null,
  actionDigest: null,
};

describe("how a person stands to what a link leads to", () => {
  const vote = { voter: ALICE, decision: "approve" } as const;
  test.each([
    ["it waits for them", {}, true, "open"],
    ["others have voted", { votes: [{ ...vote, voter: BOB }] }, true, "open"],
    ["they are named", { approvers: [BOB, ALICE] }, true, "open"],
    ["they asked for it, and little is at stake", { requestedBy: ALICE }, true, "open"],
    ["the risk is high", { risk: "high" }, true, "sign_in"],
    ["they have voted", { votes: [vote] }, true, "voted"],
    ["they have voted on what is of high risk", { votes: [vote], risk: "high" }, true, "voted"],
    ["it is decided", { status: "approved" }, true, "decided"],
    ["it is cancelled, for a viewer", { status: "cancelled" }, false, "decided"],
    ["others are named", { approvers: [BOB] }, true, "not_an_approver"],
    ["they asked for what is of high risk", { requestedBy: ALICE, risk: "high" }, true, "own_request"],
    ["they are a viewer now", {}, false, "forbidden"],
    ["they have left", {}, null, "left"],
    ["they have left what is decided", { status: "denied" }, null, "left"],
  ] as const)("%s", (_what, fields, mayApprove, standing) => {
    expect(standingOf({ ...PENDING, ...fields }, { actor: ALICE, mayApprove })).toBe(standing);
  });

  test("open means exactly that their vote would be taken, and that a link is enough for it", () => {
    const actor = fc.constantFrom(ALICE, BOB);
    const state = fc.record({
      status: fc.constantFrom(...APPROVAL_STATUSES),
      risk: fc.constantFrom(...Risk.options),
      requestedBy: actor,
      approvers: fc.array(actor, { maxLength: 2 }),
      votes: fc.array(fc.record({ voter: actor, decision: fc.constant("approve" as const) }), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(state, fc.constantFrom(true, false, null), (fields, mayApprove) => {
        const now = { ...PENDING, ...fields };
        const taken = transition(now, { is: "vote", voter: ALICE, decision: "deny" }, 1).is === "taken";
        const isOpen = standingOf(now, { actor: ALICE, mayApprove }) === "open";
        expect(isOpen).toBe(taken && mayApprove === true && now.risk !== "high");
      }),
    );
  });
});
