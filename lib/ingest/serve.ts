import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { type Arrival, arrive, BrokenOff } from "./arrival";
import type { Asked, Dialect, Refusal, SignalAnswer, Unread } from "./dialect";
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

const FAULT: Refusal = { status: 500, text: "Something went wrong on our side." };

/**
 * Takes what was recognised and says it in the words of its dialect, also that something is wrong with us. Rejects with
 * `BrokenOff` when the client does not send its body whole.
 */
export async function serve(found: Recognised, incoming: Incoming): Promise<SignalAnswer> {
  const asked = { bodyLimit: env().PING_BODY_LIMIT, requestId: incoming.requestId };
  try {
    return found.is === "stage" ? await stage(found.parsed, incoming, asked) : await ping(found, incoming, asked);
  } catch (error) {
    if (error instanceof BrokenOff) throw error;
    log.error({ err: error, requestId: asked.requestId }, "signal not answered");
    return found.is === "stage" ? refuseInJson(FAULT, asked) : found.dialect.refuse(FAULT, asked);
  }
}

type Ping = { dialect: Dialect; parsed: ParsedSignal | Unread | Refusal };

async function ping({ dialect, parsed }: Ping, incoming: Incoming, asked: Asked): Promise<SignalAnswer> {
  const { bodyLimit } = asked;
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

async function stage(parsed: UnreadStage | Refusal, { headers, body }: Incoming, asked: Asked): Promise<SignalAnswer> {
  if ("status" in parsed) return refuseInJson(parsed, asked);
  const bytes = await body(READ_LIMIT + 1);
  const isWhole = bytes === null || bytes.length <= READ_LIMIT;
  const signal = readOrRefuse(() => parsed.readStage({ headers, body: bytes, isWhole }));
  if (signal instanceof AppError) return problem(signal, asked.requestId);
  const taken = await takeStage(signal);
  return "is" in taken ? problem(unable(taken), asked.requestId) : answerStage(taken, signal, asked.requestId);
}

function readOrRefuse(read: () => StageSignal): StageSignal | AppError {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
