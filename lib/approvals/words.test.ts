import { describe, expect, test } from "vitest";
import { HOUR, MINUTE, SECOND } from "@/lib/core/time";
import type { Approval, TrailEntry } from "./schema";
import {
  approvalSentence,
  clockLeft,
  deciderWords,
  expiryWords,
  noWords,
  refusalWords,
  shareWords,
  trailDetails,
  trailWords,
  yesWords,
} from "./words";

const ASKED = Date.parse("2026-03-01T14:00:00Z");
const at = (ms: number): string => new Date(ASKED + ms).toISOString();

const WAITING: Approval = {
  approval_id: "apr_1",
  status: "pending",
  result: null,
  context: "Publish the article",
  risk: "medium",
  action: null,
  args: null,
  action_digest: null,
  need: 1,
  votes: [],
  approvers: [],
  timeout_seconds: 300,
  timeout_action: "deny",
  requested_by: "key:deploy",
  created_at: at(0),
  expires_at: at(5 * MINUTE),
  claimed_at: null,
  limit_type: null,
  instance_id: null,
  workflow_id: null,
  stage_path: null,
  metadata: null,
};
const vote = (decision: "approve" | "deny") => ({ voter: "alice@example.org", decision, notes: null, at: at(MINUTE) });
const decided = (status: "approved" | "denied" | "cancelled", by: string, ms: number): Approval => ({
  ...WAITING,
  status,
  decided_by: by,
  decided_at: at(ms),
});

test.each([
  [245 * SECOND, "4:05"],
  [9 * SECOND, "0:09"],
  [8001, "0:09"],
  [HOUR + 9 * SECOND, "1:00:09"],
  [24 * HOUR, "24:00:00"],
  [0, "0:00"],
  [-5 * SECOND, "0:00"],
])("%d ms left read %s", (ms, words) => {
  expect(clockLeft(ms)).toBe(words);
});

describe("the sentence", () => {
  test("of one that waits for the reader", () => {
    expect(approvalSentence(WAITING, null, ASKED + MINUTE)).toBe(
      "Waiting for you, 4 minutes left. If nobody answers it is denied.",
    );
    const lenient = { ...WAITING, timeout_action: "approve" as const };
    expect(approvalSentence(lenient, null, ASKED + 4.5 * MINUTE)).toBe(
      "Waiting for you, 30 seconds left. If nobody answers it is approved.",
    );
  });

  test("of one that waits for others, and for several", () => {
    expect(approvalSentence(WAITING, "own_request", ASKED + MINUTE)).toMatch(/^Waiting for others, 4 minutes left\./);
    const half = { ...WAITING, need: 2, votes: [vote("approve")] };
    expect(approvalSentence(half, "already_voted", ASKED + MINUTE)).toBe(
      "Waiting for others, 4 minutes left. 1 of 2 have approved. If not enough answer it is denied.",
    );
  });

  test("of one whose time is up, until that is decided", () => {
    expect(approvalSentence(WAITING, null, ASKED + 5 * MINUTE)).toBe("The time is up: it is being denied.");
  });

  test("of one that somebody decided", () => {
    expect(
      approvalSentence(decided("approved", "alice@example.org", 125 * SECOND), "already_decided", ASKED + HOUR),
    ).toBe("Approved by alice@example.org at 14:02 UTC, after 2 minutes 5 seconds.");
    expect(approvalSentence(decided("cancelled", "key:deploy", MINUTE), "already_decided", ASKED + HOUR)).toBe(
      "Cancelled by key:deploy at 14:01 UTC, after 1 minute.",
    );
  });

  test("of one that time decided", () => {
    const late = decided("denied", "timeout", 5 * MINUTE);
    expect(approvalSentence(late, "already_decided", ASKED + HOUR)).toBe(
      "Denied at 14:05 UTC, because nobody answered in time.",
    );
    expect(approvalSentence({ ...late, need: 2, votes: [vote("approve")] }, "already_decided", ASKED + HOUR)).toBe(
      "Denied at 14:05 UTC, because not enough people answered in time.",
    );
  });

  test("says when what was approved was begun", () => {
    const begun = { ...decided("approved", "alice@example.org", MINUTE), claimed_at: at(2 * MINUTE) };
    expect(approvalSentence(begun, "already_decided", ASKED + HOUR)).toBe(
      "Approved by alice@example.org at 14:01 UTC, after 1 minute. What was approved was begun at 14:02 UTC.",
    );
  });
});

test("why the reader may not decide", () => {
  const named = { ...WAITING, approvers: ["alice@example.org", "bob@example.org"], need: 3, votes: [vote("approve")] };
  expect(refusalWords("forbidden", named)).toContain("Your role");
  expect(refusalWords("not_an_approver", named)).toBe("Only alice@example.org, bob@example.org may decide this.");
  expect(refusalWords("own_request", named)).toContain("somebody else must decide");
  expect(refusalWords("already_voted", named)).toBe("You have approved. 2 more must, before it is approved.");
  expect(refusalWords("already_decided", named)).toBeNull();
});

test("what a yes does, and what time does", () => {
  expect(yesWords(WAITING)).toBe("Whoever asked is told to go on.");
  expect(yesWords({ need: 2, action: "deploy", limit_type: null })).toBe(
    "Whoever asked is told to go on as soon as 2 people approve, and not to when one denies, and may begin the action once, exactly as it is shown here.",
  );
  expect(expiryWords(WAITING)).toBe("It is denied at 2026-03-01 14:05:00 UTC.");
  expect(noWords(WAITING)).toBe("Whoever asked is told not to go on.");
  expect([deciderWords("timeout"), deciderWords("key:bot")]).toEqual(["nobody, in time", "key:bot"]);
});

test("what becomes of an instance whose limit is asked about", () => {
  const limit = { ...WAITING, action: "raise_limit", limit_type: "budget_exceeded" as const };
  expect(yesWords(limit)).toBe("The instance goes on at once, with the higher limit.");
  expect(noWords(limit)).toBe("The instance ends.");
  expect(expiryWords(limit)).toBe("It is denied at 2026-03-01 14:05:00 UTC, and the instance ends.");
});

const entry = (kind: TrailEntry["kind"], via: string, details = {}): TrailEntry => ({
  kind,
  at: at(0),
  actor: "alice@example.org",
  via,
  details,
});

test.each<[TrailEntry, string, string]>([
  [entry("requested", "api"), "Requested", "by the API"],
  [entry("notified", "slack"), "Notified", "by slack"],
  [entry("viewed", "link"), "Viewed", "by the link in a mail"],
  [entry("voted", "page", { decision: "approve" }), "Voted to approve", "on its page"],
  [entry("decided", "api", { status: "denied" }), "Decided: denied", "by the API"],
  [entry("expired", "sweeper", { status: "approved" }), "Out of time: approved", ""],
  [entry("claimed", "api"), "Begun", "by the API"],
])("an entry of the trail: %o", (told, what, way) => {
  expect(trailWords(told)).toEqual({ what, way });
});

test("whether a notice got through is said of notices alone", () => {
  expect(trailDetails(entry("notified", "email", { status: "failed", error: "HTTP 500" }))).toEqual([
    ["Status", "failed"],
    ["Error", "HTTP 500"],
  ]);
  expect(trailDetails(entry("notified", "email", { status: "kept" }))).toEqual([
    ["Status", "kept here, because no mail service is set up"],
  ]);
  expect(trailDetails(entry("decided", "page", { status: "denied" }))).toEqual([]);
});

test("what else is known of an entry, and nothing that is no text", () => {
  const details = {
    user_agent: "Firefox",
    address: "192.0.2.1",
    decision: "approve",
    digest: 7,
    error: null,
    status: "",
  };
  expect(trailDetails(entry("voted", "page", details))).toEqual([
    ["Address", "192.0.2.1"],
    ["Browser", "Firefox"],
  ]);
});

test("a share is told in whole percent, and not of nothing", () => {
  expect([shareWords(5, 6), shareWords(0, 3), shareWords(0, 0)]).toEqual(["83 %", "0 %", "–"]);
});
