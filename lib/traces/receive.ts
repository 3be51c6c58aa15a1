import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import { createLimiter } from "@/lib/core/rate-limit";
import type { OwnRates } from "@/lib/costs/own-prices";
import { ownPricesOf } from "@/lib/costs/store/own-prices";
import { createBatcher } from "@/lib/db/batcher";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { holdersOf } from "@/lib/ingest/stages/holders";
import { touch } from "@/lib/sweeper/blackout";
import { commitSpans, type Refused } from "./commit";
import { type ToldSpan, tell } from "./gen-ai";
import type { SpanBatch } from "./group";
import { otlpJson } from "./otlp-json";
import { otlpProtobuf } from "./otlp-protobuf";
import { BadBody, BadSpan, type Format, type Located, MAX_SPANS } from "./span";
import { workflowOf } from "./workflow-id";

/** Spans that are decoded and stored at once, and bytes of them. */
const CHUNK_SPANS = 512;
const CHUNK_BYTES = 4_000_000;
/** Bytes that are stored in one transaction. */
const MAX_BATCH_BYTES = 8_000_000;
const MIN_WEIGHT = 4000;
const SPANS_A_MINUTE = 1_200_000;

const FORMATS: Readonly<Record<"json" | "protobuf", Format>> = { json: otlpJson, protobuf: otlpProtobuf };
export type FormatName = keyof typeof FORMATS;

/** Who sends spans. */
export type Sender = { projectId: string; actor: string };

/** How many spans were not kept, and why the first of them was not. */
export type Received = { rejected: number; reason: string | null };

const limit = createLimiter({ name: "spans", requests: SPANS_A_MINUTE, windowSeconds: 60 });

const submit = createBatcher<SpanBatch, Refused>({
  commit: commitSpans,
  keyOf: ({ projectId, workflow }) => `${projectId}/${workflow.id}`,
  // Many that are small cost their transaction as much as few that are large.
  weightOf: ({ bytes, spans }) => Math.max(bytes, spans.length * MIN_WEIGHT),
  maxWeight: MAX_BATCH_BYTES,
  maxBatch: 64,
  shareAbove: 4,
  maxInFlight: 3,
  maxWaiting: 1000,
});

/** Whose key this is. Throws `unauthenticated`, and `forbidden` for a key without the scope `ping`. */
export async function requireSender(key: string | null): Promise<Sender> {
  const challenge = { headers: { "WWW-Authenticate": 'Bearer realm="pulsetrail"' } };
  if (key === null || key.length > MAX_KEY_LENGTH) {
    throw new AppError("unauthenticated", "A key is required, such as the ping key of the project.", challenge);
  }
  const holder = (await holdersOf(pool(), [key])).get(key);
  if (holder === undefined) {
    throw new AppError("unauthenticated", "The key is unknown, revoked or expired.", challenge);
  }
  if (!holder.mayPing) throw new AppError("forbidden", "This needs a key with the scope ping.");
  return { projectId: holder.projectId, actor: holder.actor };
}
const MAX_KEY_LENGTH = 200;

async function limitSpans({ projectId }: Sender, count: number): Promise<void> {
  if (count === 0 || env().RATE_LIMITS === "off") return;
  const { exceeded, headers } = await limit(projectId, count);
  if (exceeded) throw new AppError("rate_limited", `A project may send ${SPANS_A_MINUTE} spans a minute.`, { headers });
}

/** Notes what is not kept. */
class Rejections {
  count = 0;
  reason: string | null = null;

  add(count: number, reason: string | null): void {
    this.count += count;
    if (count > 0) this.reason ??= reason;
  }
}

type Chunk = { resource: number; spans: ToldSpan[]; bytes: number };

type Decoding = { read: Format["read"]; rejected: Rejections; own: OwnRates };

/** One span as it is told; null for one that cannot be kept, which is noted. */
function decode(
  bytes: Buffer,
  [, start, end]: Located["places"][number],
  { read, rejected, own }: Decoding,
): ToldSpan | null {
  try {
    return tell(read(bytes, start, end), own);
  } catch (error) {
    if (!(error instanceof BadSpan)) throw error;
    rejected.add(1, error.message);
    return null;
  }
}

/** Whether a span belongs into another chunk. */
function isOther({ resource, spans, bytes }: Chunk, [own, start, end]: Located["places"][number]): boolean {
  return resource !== own || spans.length >= CHUNK_SPANS || bytes + end - start > CHUNK_BYTES;
}

/** Decodes spans in the order of their resources, some at a time. */
function* chunksOf(bytes: Buffer, { places }: Located, decoding: Decoding): Generator<Chunk> {
  let chunk: Chunk = { resource: -1, spans: [], bytes: 0 };
  for (const place of places) {
    if (isOther(chunk, place)) {
      if (chunk.spans.length > 0) yield chunk;
      chunk = { resource: place[0], spans: [], bytes: 0 };
    }
    const span = decode(bytes, place, decoding);
    if (span !== null) chunk.spans.push(span);
    chunk.bytes += place[2] - place[1];
  }
  if (chunk.spans.length > 0) yield chunk;
}

function locate(format: Format, bytes: Buffer): Located {
  try {
    return format.locate(bytes);
  } catch (error) {
    if (error instanceof BadBody) throw new AppError("invalid_input", error.message);
    throw error;
  }
}

/** Resources of one request are stored together, chunks of one resource one after the other. */
async function storeAll(sender: Sender, chunks: Iterable<Chunk>, { resources, rejected }: Storing): Promise<void> {
  let under: Promise<Refused>[] = [];
  const settle = async (): Promise<void> => {
    for (const { count, reason } of await Promise.all(under)) rejected.add(count, reason);
    under = [];
  };
  let bytes = 0;
  for (const { resource, spans, bytes: size } of chunks) {
    const workflow = workflowOf(resources[resource] ?? {});
    under.push(submit({ ...sender, workflow, spans, bytes: size }));
    bytes += size;
    if (bytes > CHUNK_BYTES || under.length >= 4) {
      await settle();
      bytes = 0;
      await nextTurn();
    }
  }
  await settle();
}
type Storing = { resources: Located["resources"]; rejected: Rejections };

/**
 * Takes a request of OTLP and resolves when its spans are durable, with how many were not kept. Throws `invalid_input` when
 * it cannot be understood, or none of its spans can; `rate_limited`; `unavailable` when too many wait.
 */
export async function receiveSpans(sender: Sender, name: FormatName, bytes: Buffer): Promise<Received> {
  const format = FORMATS[name];
  const located = locate(format, bytes);
  const { places, ignored, resources } = located;
  await limitSpans(sender, places.length + ignored);
  const rejected = new Rejections();
  const own = (await ownPricesOf(pool(), [sender.projectId]))(sender.projectId);
  const chunks = chunksOf(bytes, located, { read: format.read, rejected, own });
  await storeAll(sender, chunks, { resources, rejected });
  // Nobody looks at a partial success of nothing.
  if (places.length > 0 && rejected.count === places.length && rejected.reason !== null) {
    throw new AppError("invalid_input", `No span could be kept: ${rejected.reason}.`);
  }
  rejected.add(ignored, `a request may have ${MAX_SPANS} spans`);
  if (places.length > 0) touch("ingest");
  return { rejected: rejected.count, reason: rejected.reason };
}
