import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { rulesOf } from "@/lib/checks/rules";
import { DEFAULT_CHECK, scheduleOf } from "@/lib/checks/store/fields";
import type { CheckView } from "@/lib/checks/store/view";
import { MINUTE } from "@/lib/core/time";
import { settle } from "@/lib/env";
import { checkObject, isoMicros, isoSeconds, type PingView, pingObject, pingUrl, uniqueKey } from "./dto";
import type { CheckState } from "./state";

const NOW = Date.UTC(2020, 5, 9, 14, 51, 6, 987);
const ID = "f618072a-7bde-4eee-af63-71a77c5723bc";

function view(state: Partial<CheckState> = {}, fields: Partial<CheckView["fields"]> = {}): CheckView {
  const all = { ...DEFAULT_CHECK, timeoutSeconds: 3600, graceSeconds: 600, ...fields };
  const base = { schedule: scheduleOf(all), graceMs: all.graceSeconds * 1000, rules: rulesOf(all), openRuns: [] };
  const rest = {
    status: "new" as const,
    lastPingAt: null,
    lastDurationMs: null,
    dueAt: null,
    lateAt: null,
    endedNames: [],
    missed: null,
    progress: null,
  };
  return {
    id: ID,
    projectId: "p",
    fields: all,
    state: { ...rest, ...base, ...state },
    nPings: 0,
    channels: [],
    seenAt: NOW,
    statusSince: 0,
    mutedUntil: null,
    downReason: null,
    heartbeatToken: "token",
    hookId: "ph1",
  };
}

/** A check whose last signal came this long ago. */
function up(agoMs: number, more: Partial<CheckState> = {}): CheckView {
  return view({ status: "up", lastPingAt: NOW - agoMs, dueAt: NOW - agoMs + 70 * MINUTE, ...more });
}

const run = (agoMs: number, isTimedOut = false) => ({
  id: "r",
  rid: null,
  startedAt: NOW - agoMs,
  dueAt: isTimedOut ? null : NOW - agoMs + 10 * MINUTE,
});

const show = (check: CheckView, version: 1 | 2 | 3 = 3) => checkObject(check, { version, canWrite: true });

test.each([
  ["new", view(), "new", false],
  ["paused", view({ status: "paused" }), "paused", false],
  ["down", view({ status: "down" }), "down", false],
  ["in time", up(59 * MINUTE), "up", false],
  ["late", up(60 * MINUTE), "grace", false],
  ["past its deadline, not yet swept", up(70 * MINUTE), "down", false],
  ["running", up(MINUTE, { openRuns: [run(MINUTE)] }), "up", true],
  ["new and running", view({ openRuns: [run(MINUTE)] }), "new", true],
  ["running too long", up(MINUTE, { openRuns: [run(10 * MINUTE)] }), "down", true],
  ["one of two runs too long", up(MINUTE, { openRuns: [run(10 * MINUTE), run(MINUTE)] }), "down", true],
])("status of a check that is %s", (_, check, status, started) => {
  expect(show(check)).toMatchObject({ status, started });
  expect(show(check, 2)).toMatchObject({ status, started });
});

test("version 1 calls a running check started, unless a run is overdue", () => {
  expect(show(view({ openRuns: [run(MINUTE)] }), 1).status).toBe("started");
  expect(show(up(65 * MINUTE, { openRuns: [run(MINUTE)] }), 1).status).toBe("started");
  expect(show(view({ status: "down", openRuns: [run(MINUTE)] }), 1).status).toBe("started");
  expect(show(up(MINUTE, { openRuns: [run(10 * MINUTE)] }), 1).status).toBe("down");
  expect(show(view({ status: "down", openRuns: [run(20 * MINUTE, true)] }), 1).status).toBe("down");
  expect(show(up(MINUTE), 1).status).toBe("up");
});

test("the next ping is the expected one without grace, or the start of a run that is under way", () => {
  expect(show(view()).next_ping).toBeNull();
  expect(show(view({ status: "down", openRuns: [run(MINUTE)] })).next_ping).toBeNull();
  expect(show(up(10 * MINUTE)).next_ping).toBe("2020-06-09T15:41:06+00:00");
  expect(show(up(10 * MINUTE, { openRuns: [run(2 * MINUTE), run(MINUTE)] })).next_ping).toBe(
    "2020-06-09T14:49:06+00:00",
  );
  expect(show(up(10 * MINUTE, { openRuns: [run(20 * MINUTE, true)] })).next_ping).toBe("2020-06-09T15:41:06+00:00");
});

test("a check with a period, for one who may write", () => {
  const check = view(
    { lastPingAt: NOW, lastDurationMs: 1999 },
    { name: "Backup", description: "nightly", successKeywords: "OK" },
  );
  const object = checkObject({ ...check, nPings: 3, channels: ["c1", "c2"] }, { version: 2, canWrite: true });
  const url = `http://pulsetrail.test/api/v2/checks/${ID}`;
  expect(object).toEqual({
    name: "Backup",
    slug: "",
    tags: "",
    desc: "nightly",
    grace: 600,
    n_pings: 3,
    status: "new",
    started: false,
    last_ping: "2020-06-09T14:51:06+00:00",
    next_ping: null,
    manual_resume: false,
    methods: "",
    subject: "",
    subject_fail: "",
    start_kw: "",
    success_kw: "OK",
    failure_kw: "",
    filter_subject: false,
    filter_body: false,
    filter_http_body: false,
    filter_default_fail: false,
    badge_url: expect.stringMatching(/^http:\/\/pulsetrail\.test\/b\/2\/[0-9a-f-]{36}\.svg$/),
    last_duration: 1,
    uuid: ID,
    ping_url: `http://pulsetrail.test/ping/${ID}`,
    heartbeat_token: "token",
    process_hook_id: "ph1",
    update_url: url,
    pause_url: `${url}/pause`,
    resume_url: `${url}/resume`,
    channels: "c1,c2",
    timeout: 3600,
  });
});

test("a reader's view of a check with a schedule has nothing to ping it with", () => {
  const check = view(
    {},
    { timeoutSeconds: null, schedule: "0 3 * * *", timeZone: "Asia/Tokyo", filterSubject: true, successKeywords: "OK" },
  );
  const object = checkObject(check, { version: 3, canWrite: false });
  expect(object).toMatchObject({ schedule: "0 3 * * *", tz: "Asia/Tokyo", subject: "OK" });
  expect(object).toHaveProperty("unique_key", createHash("sha1").update("f618072a7bde4eee").digest("hex"));
  for (const secret of ["uuid", "ping_url", "update_url", "pause_url", "resume_url", "channels", "timeout"])
    expect(object).not.toHaveProperty(secret);
  expect(JSON.stringify(object)).not.toContain(ID);
  expect(uniqueKey(ID)).toMatch(/^[0-9a-f]{40}$/);
});

test("with a host of its own, a check is pinged at its root", () => {
  settle({ PING_HOST: "ping.example:8443" });
  expect(pingUrl(ID)).toBe(`http://ping.example:8443/${ID}`);
  settle({ PING_HOST: "" });
  expect(pingUrl(ID)).toBe(`http://pulsetrail.test/ping/${ID}`);
});

test("a check without a schedule shows neither a period nor a schedule, and says so from version 3 on", () => {
  const check = view({}, { timeoutSeconds: null, schedule: null });
  for (const name of ["timeout", "schedule", "tz"]) expect(show(check)).not.toHaveProperty(name);
  expect(show(check)).toMatchObject({ unscheduled: true, grace: 600, next_ping: null });
  expect(show(view({}, { timeoutSeconds: 60 }))).toMatchObject({ unscheduled: false, timeout: 60 });
  expect(show(check, 2)).not.toHaveProperty("unscheduled");
});

test("times as the clients of the reference expect them", () => {
  expect(isoSeconds(NOW)).toBe("2020-06-09T14:51:06+00:00");
  expect(isoMicros(NOW)).toBe("2020-06-09T14:51:06.987000+00:00");
});

test("a ping has its extras, a duration only when known, and a body address only with a body", () => {
  const ping: PingView = {
    checkId: ID,
    n: 7,
    kind: "fail",
    source: "healthchecks",
    createdAt: NOW,
    scheme: "https",
    remoteAddr: "2001:db8::1",
    method: "POST",
    userAgent: "curl",
    rid: "nightly-7",
    exitStatus: 3,
    durationMs: 1234,
    details: {
      message: "disk full",
      reported_duration_ms: 1200,
      metadata: { rows: 3 },
      out_of_bounds: [{ name: "rows", min: 4, value: 3 }],
    },
    hasBody: true,
  };
  expect(pingObject(ping, 1)).toEqual({
    type: "fail",
    date: "2020-06-09T14:51:06.987000+00:00",
    n: 7,
    scheme: "https",
    remote_addr: "2001:db8::1",
    method: "POST",
    ua: "curl",
    rid: null,
    run_id: "nightly-7",
    exit_status: 3,
    message: "disk full",
    status_text: null,
    metadata: { rows: 3 },
    out_of_bounds: [{ name: "rows", min: 4, value: 3 }],
    reported_duration_ms: 1200,
    ignored_because: null,
    source: "healthchecks",
    body_url: `http://pulsetrail.test/api/v1/checks/${ID}/pings/7/body`,
    duration: 1.23,
  });
  const bare = pingObject({ ...ping, hasBody: false, durationMs: null }, 3);
  expect(bare.body_url).toBeNull();
  expect(pingObject({ ...ping, details: null }, 3)).toMatchObject({ metadata: null, out_of_bounds: null });
  expect(bare).not.toHaveProperty("duration");
});

test("what is asked of runs is shown from version 3 on", () => {
  const check = view({}, { maxMisses: 3, maxRunSeconds: 600, warningExits: "1", metrics: [{ name: "rows", min: 1 }] });
  expect(show(check)).toMatchObject({
    max_misses: 3,
    max_run_seconds: 600,
    min_run_seconds: null,
    single_run: false,
    stuck_after: null,
    warning_exits: "1",
    ignore_previews: false,
    metrics: [{ name: "rows", min: 1 }],
  });
  expect(show(check, 2)).not.toHaveProperty("max_misses");
});
