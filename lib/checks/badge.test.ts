import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { rulesOf } from "@/lib/checks/rules";
import { DEFAULT_CHECK, scheduleOf } from "@/lib/checks/store/fields";
import type { CheckView } from "@/lib/checks/store/view";
import { isUuid } from "@/lib/core/ids";
import { type Badge, badgeId, badgeJson, badgeOf, badgeShields, badgeSvg, checkIdOfBadge } from "./badge";
import type { Status } from "./state";

test("a badge id leads back to its check and does not show it", () => {
  const id = randomUUID();
  expect(isUuid(badgeId(id))).toBe(true);
  expect(badgeId(id)).not.toBe(id);
  expect(checkIdOfBadge(badgeId(id))).toBe(id);
  expect(badgeId(id)).toBe(badgeId(id));
});

function view(status: Status, dueAt: number | null = null): CheckView {
  const state = {
    status,
    schedule: scheduleOf(DEFAULT_CHECK),
    graceMs: 1000,
    rules: rulesOf(DEFAULT_CHECK),
    lateAt: null,
    progress: null,
    lastPingAt: null,
    lastDurationMs: null,
    dueAt,
    openRuns: [],
    endedNames: [],
    missed: null,
  };
  return {
    id: "c",
    projectId: "p",
    fields: { ...DEFAULT_CHECK, name: "n" },
    state,
    nPings: 0,
    channels: [],
    seenAt: 0,
    statusSince: 0,
    mutedUntil: null,
    downReason: null,
    heartbeatToken: "token",
    hookId: "ph1",
  };
}

test.each([
  ["new", view("new"), "up", "up"],
  ["paused", view("paused"), "up", "up"],
  ["down", view("down"), "down", "down"],
  ["late", view("up", 500), "up", "late"],
  ["overdue", view("up", 0), "down", "down"],
])("a check that is %s", (_, check, two, three) => {
  expect(badgeOf(check, 2).status).toBe(two);
  expect(badgeOf(check, 3).status).toBe(three);
});

test("the name of a badge never falls back to the uuid", () => {
  const check = view("new");
  expect(badgeOf({ ...check, fields: { ...check.fields, name: "", slug: "s" } }, 2).label).toBe("s");
  expect(badgeOf({ ...check, fields: { ...check.fields, name: "" } }, 2).label).toBe("check");
});

test("json and shields", () => {
  expect(badgeJson(badgeOf(view("up", 500), 2))).toEqual({ status: "up", total: 1, grace: 1, down: 0 });
  expect(badgeJson(badgeOf(view("down"), 3))).toEqual({ status: "down", total: 1, grace: 0, down: 1 });
  expect(badgeShields(badgeOf(view("up", 500), 3))).toEqual({
    schemaVersion: 1,
    label: "n",
    message: "late",
    color: "important",
  });
});

test("an svg says the status in its colour and cannot be broken out of", () => {
  const badge: Badge = { label: `</text><script>alert("1")</script>&'\u0007`, status: "late", health: "late" };
  const svg = badgeSvg(badge);
  expect(svg).toContain("#fe7d37");
  expect(svg).toContain(": late</title>");
  expect(svg).not.toContain("<script>");
  expect(svg).not.toContain("\u0007");
  expect(svg).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
});
