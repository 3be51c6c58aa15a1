import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ApprovalEvent, type ApprovalState, resultOf, transition } from "./state";

const ENDS = 1000;

const asked = (part: Partial<ApprovalState> = {}): ApprovalState => ({
  status: "pending",
  need: 1,
  risk: "medium",
  requestedBy: "key:agent",
  approvers: [],
  votes: [],
  expiresAt: ENDS,
  timeoutAction: "deny",
  claimedAt: null,
  actionDigest: null,
  ...part,
});

const yes = (voter: string): ApprovalEvent => ({ is: "vote", voter, decision: "approve" });
const no = (voter: string): ApprovalEvent => ({ is: "vote", voter, decision: "deny" });
const claim = (digest: string | null = null): ApprovalEvent => ({ is: "claim", digest });
const CANCEL: ApprovalEvent = { is: "cancel", by: "user:a" };
const TICK: ApprovalEvent = { is: "tick" };

/** What each event came to: taken, or why not; and the status after it. */
function told(state: ApprovalState, events: [ApprovalEvent, number][]): string[] {
  let now = state;
  return events.map(([event, at]) => {
    const step = transition(now, event, at);
    now = step.next;
    const by = step.decided === null ? "" : ` by ${step.decided.by} at ${step.decided.at}`;
    return `${step.is === "taken" ? "taken" : step.code}, ${now.status}${by}`;
  });
}

describe("an approval", () => {
  test.each<[string, Partial<ApprovalState>, [ApprovalEvent, number][], string[]]>([
    ["one voice approves", {}, [[yes("user:a"), 5]], ["taken, approved by user:a at 5"]],
    ["one voice denies", {}, [[no("user:a"), 5]], ["taken, denied by user:a at 5"]],
    [
      "the second decision loses",
      {},
      [
        [no("user:a"), 5],
        [yes("user:b"), 6],
      ],
      ["taken, denied by user:a at 5", "already_decided, denied"],
    ],
    [
      "two must approve",
      { need: 2 },
      [
        [yes("user:a"), 5],
        [yes("user:a"), 6],
        [yes("user:b"), 7],
      ],
      ["taken, pending", "already_voted, pending", "taken, approved by user:b at 7"],
    ],
    [
      "one denial is enough",
      { need: 3 },
      [
        [yes("user:a"), 5],
        [no("user:b"), 6],
      ],
      ["taken, pending", "taken, denied by user:b at 6"],
    ],
    [
      "nobody takes a vote back",
      { need: 2 },
      [
        [yes("user:a"), 5],
        [no("user:a"), 6],
      ],
      ["taken, pending", "already_voted, pending"],
    ],
    ["time denies", {}, [[TICK, ENDS]], [`taken, denied by timeout at ${ENDS}`]],
    [
      "time approves where it is asked to",
      { timeoutAction: "approve" },
      [[TICK, 2000]],
      [`taken, approved by timeout at ${ENDS}`],
    ],
    ["not before its time", {}, [[TICK, ENDS - 1]], ["taken, pending"]],
    [
      "a vote at the deadline is too late",
      {},
      [[yes("user:a"), ENDS]],
      [`already_decided, denied by timeout at ${ENDS}`],
    ],
    ["so is cancelling", {}, [[CANCEL, ENDS]], [`already_decided, denied by timeout at ${ENDS}`]],
    [
      "cancelled is decided",
      {},
      [
        [CANCEL, 5],
        [yes("user:a"), 6],
        [CANCEL, 7],
        [TICK, 2000],
      ],
      [
        "taken, cancelled by user:a at 5",
        "already_decided, cancelled",
        "already_decided, cancelled",
        "taken, cancelled",
      ],
    ],
    [
      "only those who are named",
      { approvers: ["user:a"] },
      [
        [yes("user:b"), 5],
        [yes("key:k"), 5],
        [yes("user:a"), 6],
      ],
      ["not_an_approver, pending", "not_an_approver, pending", "taken, approved by user:a at 6"],
    ],
    [
      "of high risk never who asked",
      { risk: "high" },
      [
        [yes("key:agent"), 5],
        [no("key:agent"), 5],
        [yes("key:other"), 6],
      ],
      ["own_request, pending", "own_request, pending", "taken, approved by key:other at 6"],
    ],
    ["of medium risk also who asked", {}, [[yes("key:agent"), 5]], ["taken, approved by key:agent at 5"]],
    [
      "used once",
      {},
      [
        [claim(), 4],
        [yes("user:a"), 5],
        [claim(), 6],
        [claim(), 7],
      ],
      ["not_approved, pending", "taken, approved by user:a at 5", "taken, approved", "already_claimed, approved"],
    ],
    [
      "a denial cannot be used",
      {},
      [
        [no("user:a"), 5],
        [claim(), 6],
      ],
      ["taken, denied by user:a at 5", "not_approved, denied"],
    ],
    [
      "used for what was approved, and a wrong digest does not use it up",
      { actionDigest: "d1" },
      [
        [yes("user:a"), 5],
        [claim("d2"), 6],
        [claim(), 7],
        [claim("d1"), 8],
      ],
      ["taken, approved by user:a at 5", "digest_mismatch, approved", "digest_required, approved", "taken, approved"],
    ],
    [
      "without a digest there is none to give",
      {},
      [
        [yes("user:a"), 5],
        [claim("d1"), 6],
      ],
      ["taken, approved by user:a at 5", "digest_mismatch, approved"],
    ],
    [
      "used right after time approved it",
      { timeoutAction: "approve" },
      [[claim(), ENDS]],
      [`taken, approved by timeout at ${ENDS}`],
    ],
  ])("%s", (_, part, events, expected) => {
    expect(told(asked(part), events)).toEqual(expected);
  });

  test("results are those of the reference", () => {
    expect(
      ["pending", "approved", "denied", "cancelled"].map((status) => resultOf(status as ApprovalState["status"])),
    ).toEqual([null, 1, 0, 0]); // the words of the type
  });
});

const actor = fc.constantFrom("user:a", "user:b", "user:c", "key:agent", "key:k");
const event: fc.Arbitrary<ApprovalEvent> = fc.oneof(
  fc.record({
    is: fc.constant("vote" as const),
    voter: actor,
    decision: fc.constantFrom("approve" as const, "deny" as const),
  }),
  fc.record({ is: fc.constant("cancel" as const), by: actor }),
  fc.record({ is: fc.constant("claim" as const), digest: fc.constantFrom(null, "d1", "d2") }),
  fc.constant(TICK),
);
const request = fc.record({
  need: fc.integer({ min: 1, max: 3 }),
  risk: fc.constantFrom("low" as const, "medium" as const, "high" as const),
  approvers: fc.uniqueArray(fc.constantFrom("user:a", "user:b", "user:c"), { maxLength: 3 }),
  timeoutAction: fc.constantFrom("approve" as const, "deny" as const),
  actionDigest: fc.constantFrom(null, "d1"),
});
const history = fc
  .array(fc.tuple(event, fc.integer({ min: 0, max: 2 * ENDS })), { maxLength: 12 })
  .map((events) => events.toSorted(([, a], [, b]) => a - b));

/** Each event with the approval before it and what came of it. */
function played(part: Partial<ApprovalState>, events: [ApprovalEvent, number][]) {
  let state = asked(part);
  return events.map(([one, at]) => {
    const before = state;
    const step = transition(before, one, at);
    state = step.next;
    return { before, event: one, step, after: state };
  });
}

const statusOnly = (state: ApprovalState): object => ({ ...state, status: null });

describe("whatever happens", () => {
  test("it is decided once, by then, and what is refused changes nothing else", () => {
    fc.assert(
      fc.property(request, history, (part, events) => {
        const steps = played(part, events);
        const ends = steps.filter(({ step }) => step.decided !== null);
        expect(ends.length).toBe((steps.at(-1)?.after.status ?? "pending") === "pending" ? 0 : 1);
        for (const { before, after, step } of ends) {
          expect([before.status, after.status]).toEqual(["pending", step.decided?.status]);
          expect(step.decided?.at).toBeLessThanOrEqual(ENDS);
        }
        for (const { before, after } of steps.filter(({ step }) => step.decided === null))
          expect(after.status).toBe(before.status);
        for (const { before, after } of steps.filter(({ step }) => step.is === "refused"))
          expect(statusOnly(after)).toEqual(statusOnly(before));
      }),
      { numRuns: 5000 },
    );
  });

  test("it is used once at most, and only for what was approved", () => {
    fc.assert(
      fc.property(request, history, (part, events) => {
        const uses = played(part, events).filter(({ event: one, step }) => one.is === "claim" && step.is === "taken");
        expect(uses.length).toBeLessThanOrEqual(1);
        for (const { event: one, after } of uses) {
          expect(after.status).toBe("approved");
          expect(one).toEqual(claim(part.actionDigest));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("people approve it only with as many different voices as are needed, all of those who may", () => {
    fc.assert(
      fc.property(request, history, (part, events) => {
        const approved = played(part, events).filter(
          ({ step }) => step.decided?.status === "approved" && step.decided.by !== "timeout",
        );
        const may = (voter: string): boolean =>
          (part.approvers.length === 0 || part.approvers.some((one) => one === voter)) &&
          !(part.risk === "high" && voter === "key:agent");
        for (const { after } of approved) {
          expect(new Set(after.votes.map(({ voter }) => voter)).size).toBe(part.need);
          expect(after.votes.every(({ voter, decision }) => decision === "approve" && may(voter))).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("time alone decides as it was told, at the deadline", () => {
    fc.assert(
      fc.property(request, fc.integer({ min: ENDS, max: 1e6 }), (part, at) => {
        const { decided, next } = transition(asked(part), TICK, at);
        expect(decided).toEqual({ status: next.status, by: "timeout", at: ENDS });
        expect(resultOf(next.status)).toBe(part.timeoutAction === "approve" ? 1 : 0);
        expect(transition(next, TICK, at + 1).decided).toBeNull();
      }),
    );
  });
});
