import { env } from "@/lib/env";
import { type Arrival, arrive } from "./arrival";
import type { Dialect, Refusal, SignalAnswer, Unread } from "./dialect";
import { take } from "./door";
import type { ParsedSignal } from "./signal";

/** Bytes of a body that are looked at by dialects whose signals are in it. */
const READ_LIMIT = 1_000_000;

/** A request as both doors hand it over. `body` reads up to so many bytes of it and the rest away. */
export type Incoming = Arrival & { requestId: string; body: (limit: number) => Promise<Buffer | null> };

/** Takes what a dialect has recognised and says it in its words. Rejects when the body breaks off. */
export async function serve(
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
