import { createHash } from "node:crypto";
import type { NewPing } from "@/lib/checks/store/change";
import type { CheckView } from "@/lib/checks/store/view";
import { isUuid } from "@/lib/core/ids";
import { env } from "@/lib/env";
import { badgeId } from "./badge";
import type { ApiVersion, CheckObject, PingObject, RuleObject, WritableLinks } from "./schema";
import { health, nextExpected } from "./state";

/** For whom a check is shown: the version that was called, and whether the key may write. */
export type Audience = { version: ApiVersion; canWrite: boolean };

const SECOND_PRECISION = 19;
const MILLISECOND_PRECISION = 23;

/** ISO 8601 to the second with `+00:00`, as clients of the reference expect it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, SECOND_PRECISION)}+00:00`;
}

/** ISO 8601 to the microsecond with `+00:00`. */
export function isoMicros(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, MILLISECOND_PRECISION)}000+00:00`;
}

/** Names a check for readers without its uuid: the hex SHA-1 of the first 16 hex digits of the uuid, as the reference does. */
export function uniqueKey(checkId: string): string {
  return createHash("sha1").update(checkId.replaceAll("-", "").slice(0, 16)).digest("hex");
}

/** Where a check is pinged: at the root of PING_HOST when there is one. */
export function pingUrl(checkId: string): string {
  const { BASE_URL, PING_HOST } = env();
  return PING_HOST === undefined
    ? `${BASE_URL}/ping/${checkId}`
    : `${new URL(BASE_URL).protocol}//${PING_HOST}/${checkId}`;
}

function apiUrl(version: ApiVersion, checkId: string): string {
  return `${env().BASE_URL}/api/v${version}/checks/${checkId}`;
}

/** Runs that may still end in time. */
function liveRuns({ state, seenAt }: CheckView) {
  return state.openRuns.filter((run) => run.dueAt !== null && seenAt < run.dueAt);
}

function statusOf(view: CheckView, version: ApiVersion): CheckObject["status"] {
  const { openRuns } = view.state;
  // Only the first version has a status for it, and there it outranks all but an overdue run.
  if (version === 1 && openRuns.length > 0 && liveRuns(view).length === openRuns.length) return "started";
  const status = health(view.state, view.seenAt);
  return status === "late" ? "grace" : status;
}

/** The next expected signal without grace; the start of the oldest run while one is under way. */
function nextPing({ state }: CheckView): string | null {
  const starts =
    state.status === "down" ? [] : state.openRuns.filter((run) => run.dueAt !== null).map((run) => run.startedAt);
  const moments = [nextExpected(state), ...starts].filter((moment) => moment !== null);
  return moments.length === 0 ? null : isoSeconds(Math.min(...moments));
}

function links(view: CheckView, version: ApiVersion): WritableLinks {
  const url = apiUrl(version, view.id);
  return {
    uuid: view.id,
    ping_url: pingUrl(view.id),
    update_url: url,
    heartbeat_token: view.heartbeatToken,
    process_hook_id: view.hookId,
    pause_url: `${url}/pause`,
    resume_url: `${url}/resume`,
    channels: view.channels.join(","),
  };
}

function timing({ fields }: CheckView) {
  if (fields.timeoutSeconds !== null) return { timeout: fields.timeoutSeconds };
  return fields.schedule === null ? {} : { schedule: fields.schedule, tz: fields.timeZone };
}

/** Clients of the older versions know no more than the reference. */
function rules({ fields }: CheckView, version: ApiVersion): Partial<RuleObject> {
  if (version < 3) return {};
  return {
    unscheduled: fields.timeoutSeconds === null && fields.schedule === null,
    max_misses: fields.maxMisses,
    max_run_seconds: fields.maxRunSeconds,
    min_run_seconds: fields.minRunSeconds,
    single_run: fields.singleRun,
    stuck_after: fields.stuckAfter,
    warning_exits: fields.warningExits,
    ignore_previews: fields.ignorePreviews,
    metrics: fields.metrics,
  };
}

/** A check as the management API shows it to this audience. */
export function checkObject(view: CheckView, { version, canWrite }: Audience): CheckObject {
  const { fields, state } = view;
  return {
    name: fields.name,
    slug: fields.slug,
    tags: fields.tags,
    desc: fields.description,
    grace: fields.graceSeconds,
    n_pings: view.nPings,
    status: statusOf(view, version),
    started: state.openRuns.length > 0,
    last_ping: state.lastPingAt === null ? null : isoSeconds(state.lastPingAt),
    next_ping: nextPing(view),
    manual_resume: fields.manualResume,
    methods: fields.methods,
    subject: fields.filterSubject ? fields.successKeywords : "",
    subject_fail: fields.filterSubject ? fields.failureKeywords : "",
    start_kw: fields.startKeywords,
    success_kw: fields.successKeywords,
    failure_kw: fields.failureKeywords,
    filter_subject: fields.filterSubject,
    filter_body: fields.filterBody,
    filter_http_body: fields.filterHttpBody,
    filter_default_fail: fields.filterDefaultFail,
    badge_url: `${env().BASE_URL}/b/2/${badgeId(view.id)}.svg`,
    ...(state.lastDurationMs !== null && { last_duration: Math.floor(state.lastDurationMs / 1000) }),
    ...(canWrite ? links(view, version) : { unique_key: uniqueKey(view.id) }),
    ...timing(view),
    ...rules(view, version),
  };
}

/** One recorded signal, without its body. Times are epoch milliseconds. */
export type PingView = Omit<NewPing, "body"> & { checkId: string; n: number; hasBody: boolean };

/** A ping as the management API shows it. */
export function pingObject(ping: PingView, version: ApiVersion): PingObject {
  return {
    type: ping.kind,
    date: isoMicros(ping.createdAt),
    n: ping.n,
    scheme: ping.scheme,
    remote_addr: ping.remoteAddr,
    method: ping.method,
    ua: ping.userAgent,
    // Clients of the reference expect a UUID there; other dialects name runs as they like.
    rid: ping.rid !== null && isUuid(ping.rid) ? ping.rid : null,
    run_id: ping.rid,
    exit_status: ping.exitStatus,
    message: ping.details?.message ?? null,
    status_text: ping.details?.status_text ?? null,
    metadata: ping.details?.metadata ?? null,
    out_of_bounds: ping.details?.out_of_bounds ?? null,
    reported_duration_ms: ping.details?.reported_duration_ms ?? null,
    ignored_because: ping.details?.ignored_because ?? null,
    source: ping.source,
    body_url: ping.hasBody ? `${apiUrl(version, ping.checkId)}/pings/${ping.n}/body` : null,
    ...(ping.durationMs !== null && { duration: Math.round(ping.durationMs / 10) / 100 }),
  };
}
