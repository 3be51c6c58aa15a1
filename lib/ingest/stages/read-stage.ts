import { z } from "zod";
import { AppError, invalid } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { isObject, type JsonObject } from "@/lib/core/json-object";
import { toMicros } from "@/lib/core/money";
import { RESERVATION_ID } from "@/lib/costs/reservation-schema";
import { type CanonicalUsage, readUsage } from "@/lib/costs/usage";
import { parsePath } from "@/lib/workflows/path";
import { NAME_LENGTH } from "@/lib/workflows/schema";
import type { StepDetail } from "@/lib/workflows/step";
import type { Report } from "@/lib/workflows/work";
import type { Sent } from "../dialect";
import { isShallow, KEPT_LEVELS, storable, storableValue, textOf } from "../json";
import { readKeyed } from "../keyed";
import type { StageAddress, StageSignal } from "./stage-signal";

const STATUS_LENGTH = 100;
const REASON_LENGTH = 2000;
const MAX_TOOL_CALLS = 1000;
/** Dollars of one step, beyond which a number is a mistake and sums would lose their last digits. */
const MAX_COST_USD = 1_000_000;
const INSTANCE_ID_LENGTH = 64;

const label = (max: number) =>
  z
    .string("must be a text")
    .max(max, `must have at most ${max} characters`)
    .transform((text) => storable(text.trim()) || null)
    .nullable()
    .default(null);

const AMOUNT = "must be a number from 0";
/** Milliseconds and bytes may come with a fraction, which is not kept. */
const amount = z
  .number(AMOUNT)
  .min(0, AMOUNT)
  .max(Number.MAX_SAFE_INTEGER, AMOUNT)
  .transform(Math.round)
  .nullable()
  .default(null);

/** A tool call: what is known of it is checked, and what it says besides is kept. */
const ToolCall = z.looseObject(
  {
    tool_name: z.string("must be a text").nullish(),
    latency_ms: z.number(AMOUNT).min(0, AMOUNT).nullish(),
    success: z.boolean("must be true or false").nullish(),
  },
  "must be an object",
);

/** What a body may carry besides its payload (public contract §5). */
const Body = z.looseObject({
  model_id: label(NAME_LENGTH),
  usage: z.looseObject({}, "must be an object").nullable().default(null),
  cost_usd: z
    .number("must be a number of dollars")
    .min(0, "must not be negative")
    .max(MAX_COST_USD, `must be at most ${MAX_COST_USD}`)
    .nullable()
    .default(null),
  tool_calls: z
    .array(ToolCall, "must be a list of objects")
    .max(MAX_TOOL_CALLS, `must have at most ${MAX_TOOL_CALLS} calls`)
    .nullable()
    .default(null),
  response_time_ms: amount,
  context_size_bytes: amount,
  handoff_reason: z.string("must be a text").nullable().default(null),
});

const WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  true: true,
  "1": true,
  no: false,
  false: false,
  "0": false,
  "": false,
};
const FAILURES = new Set(["fail", "failed", "error"]);

/** Parameters that say which stage it is. In a body they count only where the address leaves them out. */
const STAGE_NAMES = ["stagePath", "stage_path", "stage", "stage_order"];

/** What an address says, and the rest of a body once that has been taken out of it. */
class Parameters {
  readonly #query: URLSearchParams;
  readonly #body: JsonObject;

  constructor(query: URLSearchParams, body: JsonObject) {
    this.#query = query;
    this.#body = { ...body };
  }

  /** The first of these that is there: in the address, else in the body, from which it is taken. */
  take(...names: string[]): unknown {
    for (const name of names) if (this.#query.get(name)) return this.#query.get(name);
    for (const name of names) {
      const { [name]: value } = this.#body;
      if (value === undefined || value === null) continue;
      delete this.#body[name];
      return value;
    }
    return null;
  }

  get rest(): JsonObject {
    return this.#body;
  }
}

/** What a parameter says, as text; null when it says nothing. Throws `invalid_input` for lists and objects. */
function plain(name: string, said: unknown): string | null {
  if (said === null) return null;
  if (["string", "number", "boolean"].includes(typeof said)) return String(said);
  throw invalid(name, "must be a text or a number");
}

function flag(parameters: Parameters, name: string): boolean {
  const meant = WORDS[plain(name, parameters.take(name))?.toLowerCase() ?? ""];
  if (meant === undefined) throw invalid(name, "must be yes or no");
  return meant;
}

function text(parameters: Parameters, name: string, max: number): string | null {
  const said = plain(name, parameters.take(name));
  if (said === null) return null;
  const written = storable(said.trim());
  if (written.length > max && [...written].length > max) throw invalid(name, `must have at most ${max} characters`);
  return written || null;
}

/** In a body another thing may be called so, as by an agent that books tables: that is payload unless it begins as ours do. */
const isOurs = (said: unknown): boolean => typeof said === "string" && said.startsWith("res_");

function reservationIn(query: URLSearchParams, parameters: Parameters): string | null {
  if (!query.get("reservation_id") && !isOurs(parameters.rest["reservation_id"])) return null;
  const said = plain("reservation_id", parameters.take("reservation_id"));
  if (said !== null && !RESERVATION_ID.test(said))
    throw invalid("reservation_id", "must be the id of a reservation, which begins with res_");
  return said;
}

function pathIn(parameters: Parameters, kind: StageAddress["kind"]): string {
  const name = kind === "static" ? "stage" : "stagePath";
  const said = plain(name, parameters.take(...STAGE_NAMES));
  if (said === null || said === "") throw invalid(name, "is required");
  const path = parsePath(said);
  if (path === null)
    throw invalid(name, "must be numbers with dots between them, of at most 20 levels, such as 2 or 2.1");
  if (kind === "static" && path.includes("."))
    throw invalid(name, "must be a whole number: this workflow has no branches");
  return path;
}

/** What is kept as the payload: what was sent as such, with all fields that have no other meaning. */
function payloadOf(rest: JsonObject): unknown {
  const { payload, ...others } = rest;
  const isAlone = Object.keys(others).length === 0;
  if (payload === undefined) return isAlone ? null : others;
  if (isAlone) return payload;
  return isObject(payload) ? { ...others, ...payload } : { ...others, payload };
}

type Said = z.output<typeof Body>;

const MAX_TAGS = 10;
const TAG_LENGTH = 100;

/** What a cost is counted under besides; they stay in the payload, where anything may stand under their name. */
function tagsIn(said: unknown): string[] {
  const tags = (Array.isArray(said) ? said : []).filter((tag) => typeof tag === "string");
  const written = tags.map((tag) => storable(tag.trim())).filter((tag) => tag !== "" && [...tag].length <= TAG_LENGTH);
  return [...new Set(written)].slice(0, MAX_TAGS);
}

type Told = { detail: StepDetail | null; used: CanonicalUsage | null };

const TELLS_NOTHING: Told = { detail: null, used: null };

function usedIn({ usage }: Said): CanonicalUsage | null {
  const { told, wrong } = readUsage(usage);
  if (wrong !== null) throw invalid(`usage.${wrong.name}`, wrong.reason);
  return told;
}

function detailOf(said: Said, used: CanonicalUsage | null, statusText: string | null): StepDetail | null {
  const { model_id, usage, cost_usd, tool_calls, response_time_ms, context_size_bytes, handoff_reason, ...rest } = said;
  const tags = tagsIn(rest["tags"]);
  const detail: StepDetail = {
    statusText,
    responseTimeMs: response_time_ms,
    modelId: model_id,
    inputTokens: used?.inputTokens ?? null,
    outputTokens: used?.outputTokens ?? null,
    costMicros: cost_usd === null ? null : toMicros(cost_usd),
    computedMicros: null,
    contextSizeBytes: context_size_bytes,
    handoffReason: textOf(handoff_reason, REASON_LENGTH) ?? null,
    usage: storableValue(usage) as object | null, // what was an object stays one
    toolCalls: storableValue(tool_calls) as object[] | null, // and a list of objects too
    tags: tags.length === 0 ? null : tags,
    payload: storableValue(payloadOf(rest)),
  };
  return Object.values(detail).every((value) => value === null) ? null : detail;
}

/** What a body says besides what the address could say. Throws `invalid_input`. */
function toldIn(rest: JsonObject, statusText: string | null): Told {
  if (statusText === null && Object.keys(rest).length === 0) return TELLS_NOTHING;
  const said = parseBody(rest);
  const used = usedIn(said);
  return { detail: detailOf(said, used, statusText), used };
}

function parseBody(rest: JsonObject): Said {
  const parsed = Body.safeParse(rest);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => ({ name: path.join("."), reason: message }));
  const [first] = wrong;
  throw new AppError("invalid_input", `${first?.name}: ${first?.reason}`, { invalidParams: wrong });
}

const KEY_LENGTH = 255;

/** What marks a request as one that may be sent again. Throws `invalid_input`. */
function onceOf({ headers }: Sent, asked: () => unknown): StageSignal["once"] {
  const key = headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || key.length === 0 || key.length > KEY_LENGTH) {
    throw invalid("Idempotency-Key", `must have 1 to ${KEY_LENGTH} characters`);
  }
  return { key: storable(key), hash: sha256(JSON.stringify(asked())) };
}

const CODES = { 400: "invalid_input", 401: "unauthenticated", 413: "payload_too_large" } as const;

/** Bytes of a body that are kept of a refused signal. */
const RAW_LIMIT = 10_000;

/** The address and the body as they came, without the key. */
function rawOf(query: URLSearchParams, body: JsonObject): object {
  const { key: _, ...asked } = Object.fromEntries([...query].map(([name, value]) => [storable(name), storable(value)]));
  if (Object.keys(body).length === 0) return { query: asked };
  const size = Buffer.byteLength(JSON.stringify(body));
  const tooLarge = { too_large: `${size} bytes were sent, ${RAW_LIMIT} are kept` };
  return { query: asked, body: size <= RAW_LIMIT ? storableValue(body) : tooLarge };
}

/**
 * What a request says of a stage (reference document `pingpulse-api`, SHK and DHK; public contract §5). Pure. Throws
 * `invalid_input` with the field that is wrong, `unauthenticated` without a key, and `payload_too_large`.
 */
export function readStage(address: StageAddress, query: URLSearchParams, sent: Sent): StageSignal {
  const keyed = readKeyed(sent, query);
  if ("status" in keyed) throw new AppError(CODES[keyed.status as keyof typeof CODES], keyed.text); // of the refusals it gives
  if (!isShallow(keyed.body, KEPT_LEVELS)) {
    throw new AppError("invalid_json", `The body is nested deeper than ${KEPT_LEVELS}.`);
  }
  const parameters = new Parameters(query, keyed.body);
  const path = pathIn(parameters, address.kind);
  const status = textOf(plain("status", parameters.take("status")), STATUS_LENGTH)?.trim() ?? null;
  const report: Omit<Report, "detail"> = {
    path,
    instanceId: text(parameters, "instance_id", INSTANCE_ID_LENGTH),
    isStart: flag(parameters, "start"),
    isFinal: flag(parameters, "final"),
    isFailure: status !== null && FAILURES.has(status.toLowerCase()),
    stageName: text(parameters, "stagename", NAME_LENGTH),
    agent: text(parameters, "agent", NAME_LENGTH),
    isThinned: false,
    raw: () => rawOf(query, keyed.body),
  };
  // Of the address alone: in a body it is payload.
  const isEnforced = flag(new Parameters(query, {}), "enforce");
  const reservationId = reservationIn(query, parameters);
  const { detail, used } = toldIn(parameters.rest, status);
  const bytes = sent.body?.length ?? 0;
  return {
    ...address,
    key: keyed.key,
    isEnforced,
    reservationId,
    bytes,
    once: onceOf(sent, () => [query.toString(), keyed.body]),
    report: { ...report, detail },
    used,
  };
}
