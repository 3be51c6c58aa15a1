import type { PingKind } from "@/lib/checks/state";
import { isUuid } from "@/lib/core/ids";

/** Pure: from a request line to a signal. The same for the front door and for the route handlers. */
export type SignalKind = Exclude<PingKind, "ign">;

export type Target = { by: "uuid"; uuid: string } | { by: "slug"; pingKey: string; slug: string; create: boolean };

/** What a request line says. `refusal` is answered with 400 once the address has proved to exist. */
export type ParsedSignal = {
  target: Target;
  kind: SignalKind;
  exitStatus: number | null;
  rid: string | null;
  refusal: string | null;
};

export type Refusal = { status: 204 | 400 | 404 | 405; text: string };

export type RequestLine = { method: string; host: string; target: string; pingHost: string | undefined };

const SLUG = /^[a-z0-9_-]{1,100}$/;
const RID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KINDS: Readonly<Record<string, SignalKind>> = { start: "start", fail: "fail", log: "log" };
const NOT_FOUND: Refusal = { status: 404, text: "not found" };
const BAD_URL = "invalid url format";

/** The methods that count as a signal. */
export const SIGNAL_METHODS = ["HEAD", "GET", "POST"];

/** Splits a request target at its first `?`; every further `?` counts as `&` (public contract §2). */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf("?");
  if (at < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1).replaceAll("?", "&")) };
}

/** The path segments of a ping address, or null when the path is not one. */
function segmentsOf({ host, pingHost }: RequestLine, path: string): string[] | null {
  const isPingHost = pingHost !== undefined && [host, host.replace(/:\d+$/, "")].includes(pingHost);
  const segments = path.slice(1).replace(/\/$/, "").split("/");
  if (segments[0] === "ping") return segments.slice(1);
  return isPingHost || isUuid(segments[0] ?? "") ? segments : null;
}

type Action = { kind: SignalKind; exitStatus: number | null };

/** What the last segment asks for; null when it is no action. */
function actionOf(segment: string | undefined): Action | null {
  if (segment === undefined) return { kind: "success", exitStatus: null };
  if (Object.hasOwn(KINDS, segment)) return { kind: KINDS[segment] ?? "log", exitStatus: null };
  if (!/^[0-9]+$/.test(segment)) return null;
  const exitStatus = Number(segment);
  return { kind: exitStatus === 0 ? "success" : "fail", exitStatus };
}

function byUuid([uuid = "", suffix, ...rest]: string[]): { target: Target; action: Action } | null {
  const action = actionOf(suffix);
  return isUuid(uuid) && action !== null && rest.length === 0 ? { target: { by: "uuid", uuid }, action } : null;
}

function bySlug(
  [pingKey, slug, suffix, ...rest]: string[],
  create: boolean,
): { target: Target; action: Action } | Refusal {
  const action = actionOf(suffix);
  if (!pingKey || !slug || action === null || rest.length > 0) return NOT_FOUND;
  if (!SLUG.test(slug)) return { status: 400, text: BAD_URL };
  return { target: { by: "slug", pingKey, slug, create }, action };
}

function refusalOf(exitStatus: number | null, rid: string | undefined): string | null {
  if (exitStatus !== null && exitStatus > 255) return BAD_URL;
  return rid !== undefined && !RID.test(rid) ? "invalid uuid format" : null;
}

/**
 * Reads a request line by the Pinging API (reference documents `pinging-api-*`; public contract §3).
 * Null when the address is none of its own; a Refusal when the answer needs no look at the database.
 */
export function parseSignal(line: RequestLine): ParsedSignal | Refusal | null {
  const { path, query } = splitTarget(line.target);
  const segments = segmentsOf(line, path);
  if (segments === null) return null;
  if (line.method === "OPTIONS") return { status: 204, text: "" };
  if (!SIGNAL_METHODS.includes(line.method)) return { status: 405, text: "method not allowed" };
  const address = byUuid(segments) ?? bySlug(segments, query.getAll("create").at(-1) === "1");
  if ("status" in address) return address;
  const { kind, exitStatus } = address.action;
  const rid = query.getAll("rid").at(-1);
  const refusal = refusalOf(exitStatus, rid);
  return { target: address.target, kind, exitStatus, rid: rid?.toLowerCase() ?? null, refusal };
}
