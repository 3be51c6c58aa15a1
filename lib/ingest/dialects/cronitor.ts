import { isUuid } from "@/lib/core/ids";
import { detailsOf } from "../details";
import { type Dialect, decodeSegment, type RequestLine, splitTarget } from "../dialect";
import { storable, textOf } from "../json";
import type { Details, ParsedSignal, SignalKind, Target } from "../signal";
import { answerInText, methodRefusal, refuseInText } from "./text-answer";

const NAME = "cronitor";
const SHAPE = /^\/(p|ping)\/([^/]+)\/([^/]+)(?:\/(run|complete|fail|ok|tick))?\/?$/;
/** Where its older addresses have the state. Healthchecks has `fail` there, with the same meaning. */
const STATE_IN_PATH = /\/(?:run|complete|ok|tick)\/?(?:\?|$)/;
const SLUG = /^[a-z0-9_-]{1,100}$/;
const SERIES_LENGTH = 100;

/** What `state` says. A tick is a heartbeat, and `ok` sets a monitor right by hand: both are good news. */
const KINDS: ReadonlyMap<string, SignalKind> = new Map([
  ["", "success"],
  ["run", "start"],
  ["complete", "success"],
  ["ok", "success"],
  ["tick", "success"],
  ["fail", "fail"],
]);

/** The metadata whose names mean nothing more to us. */
const KEPT = ["env", "host", "stamp", "try"];

/** The exit status; null when there is none that a shell could have given. */
function exitStatusIn(query: URLSearchParams): number | null {
  const said = query.get("status_code") ?? "";
  return /^\d{1,3}$/.test(said) && Number(said) <= 255 ? Number(said) : null;
}

function detailsIn(query: URLSearchParams): Details | null {
  const kept = exitStatusIn(query) === null ? [...KEPT, "status_code"] : KEPT;
  const said = kept.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : []));
  return detailsOf({
    message: query.get("message") ?? query.get("msg"),
    duration: query.get("duration") ?? undefined,
    metadata: Object.fromEntries(said),
  });
}

/** Slugs have no capitals, as names there may. A monitor that is unknown is made, if its name can be a slug. */
function targetOf(key: string, monitor: string): Target {
  const name = storable(decodeSegment(monitor)).toLowerCase();
  return { by: "key", key: storable(decodeSegment(key)), name, create: SLUG.test(name) && !isUuid(name) };
}

type Said = Pick<ParsedSignal, "kind" | "exitStatus" | "rid" | "details">;

function saidIn(query: URLSearchParams, kind: SignalKind): Said {
  const rid = textOf(query.get("series"), SERIES_LENGTH) ?? null;
  return { kind, exitStatus: exitStatusIn(query), rid, details: detailsIn(query) };
}

type Address = { prefix: string; key: string; monitor: string; state: string | null };

/** An address with its state, which the query says before the path does. */
function addressOf(path: string, query: URLSearchParams): Address | null {
  const [, prefix = "", key = "", monitor = "", inPath = null] = SHAPE.exec(path) ?? [];
  return monitor === "" ? null : { prefix, key, monitor, state: query.get("state") ?? inPath };
}

/** `/ping/<key>/<slug>` is Cronitor's only when it has a state; a uuid has no key before it. */
function isOurs({ prefix, key, state }: Address): boolean {
  return prefix === "p" || (state !== null && !isUuid(key));
}

const mayBeOurs = (target: string): boolean =>
  target.startsWith("/p/") ||
  (target.startsWith("/ping/") && (target.includes("state=") || STATE_IN_PATH.test(target)));

function parse(line: RequestLine): ReturnType<Dialect["parse"]> {
  if (!mayBeOurs(line.target)) return null;
  const { path, query } = splitTarget(line.target);
  const address = addressOf(path, query);
  if (address === null || !isOurs(address)) return null;
  const refused = methodRefusal(line.method);
  if (refused !== null) return refused;
  const { key, monitor, state } = address;
  const kind = KINDS.get((state ?? "").toLowerCase());
  if (kind === undefined) return { status: 400, text: "unknown state" };
  return { source: NAME, target: targetOf(key, monitor), run: "named", refusal: null, ...saidIn(query, kind) };
}

/**
 * Telemetry of Cronitor: `/p/<key>/<monitor>` and `/ping/<key>/<monitor>`, with the state in the query or, as its older
 * clients have it, at the end of the path, and with `series` as the name of the run. Our clock decides, so `stamp` is only kept.
 */
export const cronitor: Dialect = {
  name: NAME,
  parse,
  refuse: refuseInText,
  answer: (verdict, { refusal }) => answerInText(verdict, refusal),
};
