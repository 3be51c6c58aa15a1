import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";
import { type Arrival, arrive } from "./arrival";
import type { Dialect, Refusal, SignalAnswer, Unread } from "./dialect";
import { problem, refuseInJson, unable } from "./dialects/json-answer";
import { answerStage, type UnreadStage } from "./dialects/pingpulse-stages";
import { take, takeStage } from "./door";
import type { Recognised } from "./grammar";
import type { ParsedSignal } from "./signal";
import type { StageSignal } from "./stages/stage-signal";

/** Bytes of a body that are looked at by dialects whose signals are in it. */
const READ_LIMIT = 1_000_000;

/** A request as both doors hand it over. `body` reads up to so many bytes of it and the rest away. */
export type Incoming = Arrival & { requestId: string; body: (limit: number) => Promise<Buffer | null> };

/** Takes what was recognised and says it in the words of its dialect. Rejects when the body breaks off. */
export function serve(found: Recognised, incoming: Incoming): Promise<SignalAnswer> {
  return found.is === "stage" ? serveStage(found.parsed, incoming) : servePing(found, incoming);
}

async function servePing(
  { dialect, parsed }: { dialect: Dialect; parsed: ParsedSignal | Unread | Refusal },
  incoming: Incoming,
): Promise<SignalAnswer> {
  const bodyLimit = env().PING_BODY_LIMIT;
  const asked = { bodyLimit, requestId: incoming.requestId };
  if ("status" in parsed) return dialect.refuse(parsed, asked);
  if (!("read" in parsed)) {
    const signal = arrive(parsed, incoming, await incoming.body(bodyLimit));
    return dialect.answer(await take(signal), signal, asked);
  }
  const bytes = await incoming.body(READ_LIMIT + 1);
  const isWhole = bytes === null || bytes.length <= READ_LIMIT;
  const read = parsed.read({ headers: incoming.headers, body: bytes, isWhole });
  if ("status" in read) return dialect.refuse(read, asked);
  const signal = arrive(read.signal, incoming, read.body?.subarray(0, bodyLimit) ?? null);
  if (read.body === null && bytes !== null) signal.text = bytes.subarray(0, bodyLimit);
  return dialect.answer(await take(signal), signal, asked);
}

async function serveStage(parsed: UnreadStage | Refusal, incoming: Incoming): Promise<SignalAnswer> {
  const { requestId, headers } = incoming;
  if ("status" in parsed) return refuseInJson(parsed, { bodyLimit: 0, requestId });
  const body = await incoming.body(READ_LIMIT + 1);
  const isWhole = body === null || body.length <= READ_LIMIT;
  let signal: StageSignal;
  try {
    signal = parsed.readStage({ headers, body, isWhole });
  } catch (error) {
    if (error instanceof AppError) return problem(error, requestId);
    throw error;
  }
  const taken = await takeStage(signal);
  return "is" in taken ? problem(unable(taken), requestId) : answerStage(taken, signal, requestId);
}
